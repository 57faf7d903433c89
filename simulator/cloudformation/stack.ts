import type { JsonObject } from '../aws';
import type { RetainOrDelete } from './template';

/** A resource of a stack, as CloudFormation remembers it. */
export interface StackResource {
  logicalId: string;
  type: string;
  /** For example `CREATE_COMPLETE`. */
  status: string;
  /** Absent while nothing was made. */
  physicalId?: string;
  /** What Ref gives, where that is not the physical id. */
  ref?: string;
  attributes: Record<string, string>;
  /** Resolved; of a custom resource, every scalar a string. */
  properties: JsonObject;
  dependsOn: string[];
  deletionPolicy: RetainOrDelete;
  updateReplacePolicy: RetainOrDelete;
}

/** One line of a stack's Events tab. */
export interface StackEvent {
  /** Virtual milliseconds since the epoch. */
  time: number;
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
  reason?: string;
}

/** A stack; plain data. Source of statuses: CloudFormation User Guide, view-stack-events and cfn-console-describing-stacks. */
export interface Stack {
  name: string;
  id: string;
  status: string;
  statusReason?: string;
  body: string;
  fromS3: boolean;
  parameters: Record<string, string>;
  resources: Record<string, StackResource>;
  /** Physical resources of an update whose rollback failed; they go when the stack is deleted. */
  leftovers: StackResource[];
  outputs: Record<string, string>;
  events: StackEvent[];
}
