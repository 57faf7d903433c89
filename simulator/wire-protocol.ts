import type { JsonObject } from './aws';

/** How the calls of a service travel over HTTP. */
export interface WireProtocol {
  contentType: string;
  /** @throws NotModelled for a request that is not one of this protocol */
  read: (body: string) => { operation: string; input: JsonObject };
  write: (operation: string, output: JsonObject, requestId: string) => string;
  writeError: (code: string, message: string, requestId: string) => string;
}
