import type { IncomingMessage } from 'node:http';
import type { JsonObject } from './aws';
import { NotModelled } from './errors';
import type { WireProtocol } from './wire-protocol';

/** The protocol of a request that comes in AWS JSON 1.0 or 1.1. Source: Smithy, AWS JSON 1.0 and 1.1 protocols. */
export function jsonProtocol({ headers }: IncomingMessage): WireProtocol {
  return {
    contentType: headers['content-type'] ?? 'application/x-amz-json-1.1',
    read: (body) => {
      const target = headers['x-amz-target'];
      // The operation's name follows the dot of X-Amz-Target.
      const operation = typeof target === 'string' ? target.split('.')[1] : undefined;
      if (operation === undefined) throw new NotModelled('an API call without X-Amz-Target');
      // An empty body stands for no input.
      return { operation, input: JSON.parse(body === '' ? '{}' : body) as JsonObject };
    },
    write: (_operation, output) => JSON.stringify(output),
    writeError: (code, message) => JSON.stringify({ __type: code, message }),
  };
}
