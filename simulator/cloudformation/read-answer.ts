import type { Json, JsonObject } from '../aws';
import type { CustomResourceOutcome } from './custom-resource';

/** Bytes of a response object. Source: CloudFormation User Guide, crpg-ref-responses. */
const longestAnswer = 4_096;

/**
 * Reads an answer as CloudFormation does. Source: crpg-ref-responses; the wording is not documented but seen in issue threads.
 */
export function readAnswer(body: string, requestId: string, event: JsonObject): CustomResourceOutcome {
  const wrong = (reason: string): CustomResourceOutcome => ({ requestId, succeeded: false, reason, data: {} });
  if (Buffer.byteLength(body) > longestAnswer) return wrong('Response object is too long.');
  const answer = parseObject(body);
  if (!answer) return wrong('Invalid response object: the body is not a JSON object');
  const { Status, Reason, PhysicalResourceId, Data } = answer;
  for (const key of ['StackId', 'RequestId', 'LogicalResourceId'] as const) {
    if (answer[key] === undefined) return wrong(`Vendor response doesn't contain ${key} attribute`);
    if (answer[key] !== event[key]) return wrong(`Invalid response object: Value of property ${key} does not match the request`);
  }
  if (Status !== 'SUCCESS' && Status !== 'FAILED') return wrong('Invalid response object: Value of property Status must be SUCCESS or FAILED');
  if (typeof PhysicalResourceId !== 'string' || PhysicalResourceId === '' || Buffer.byteLength(PhysicalResourceId) > 1_024)
    return wrong('Invalid PhysicalResourceId');
  if (Status === 'FAILED') {
    if (typeof Reason !== 'string' || Reason === '') return { ...wrong("Vendor response doesn't contain Reason attribute"), physicalId: PhysicalResourceId };
    const reason = `Received response status [FAILED] from custom resource. Message returned: ${Reason} (RequestId: ${requestId})`;
    return { requestId, succeeded: false, reason, physicalId: PhysicalResourceId, data: {} };
  }
  const data = dataOf(Data);
  if (!data) return { ...wrong('Invalid response object: Value of property Data must be an object of scalars'), physicalId: PhysicalResourceId };
  return { requestId, succeeded: true, physicalId: PhysicalResourceId, data };
}

function dataOf(json: Json | undefined): Record<string, string> | undefined {
  if (json === undefined || json === null) return {};
  if (typeof json !== 'object' || Array.isArray(json)) return undefined;
  const entries = Object.entries(json);
  if (entries.some(([, value]) => typeof value === 'object')) return undefined;
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}

function parseObject(body: string): JsonObject | undefined {
  try {
    const json = JSON.parse(body) as Json;
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
