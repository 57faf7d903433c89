import type { JsonObject } from '../aws';

/** An event on the default bus. Source: EventBridge User Guide, eb-events-structure. */
export interface AwsEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** ISO 8601, in whole seconds. */
  time: string;
  region: string;
  resources: string[];
  detail: JsonObject;
}
