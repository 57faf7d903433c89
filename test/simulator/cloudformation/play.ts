import { LocalAws, type JsonObject } from '../../../simulator/aws';
import { CloudFormation } from '../../../simulator/cloudformation/cloudformation';
import type { CustomResourceEndpoint } from '../../../simulator/cloudformation/custom-resource';
import type { ResourceHandler } from '../../../simulator/cloudformation/resource-handler';
import { AwsError } from '../../../simulator/errors';
import { iamResources } from '../../../simulator/iam/resources';

export interface CustomEvent {
  RequestType: string;
  RequestId: string;
  ResponseURL: string;
  StackId: string;
  LogicalResourceId: string;
  PhysicalResourceId?: string;
  ServiceToken: string;
  ResourceProperties: JsonObject;
  OldResourceProperties?: JsonObject;
}

export interface Verdict {
  Status?: string;
  StackId?: string;
  Reason?: string;
  PhysicalResourceId?: string;
  Data?: Record<string, string>;
}

type Put = (event: CustomEvent, verdict: Verdict | string, headers?: Record<string, string>) => Promise<number>;

/** A local AWS with a scripted custom resource function, and a resource type whose properties say what happens to it. */
export function play(seed = 1) {
  const aws = new LocalAws({ seed });
  let route: Parameters<CustomResourceEndpoint['route']>[1] | undefined;
  const endpoint: CustomResourceEndpoint = {
    url: 'http://127.0.0.1:1',
    route(_prefix, handler) {
      route = handler;
    },
  };
  const requests: CustomEvent[] = [];
  const log: string[] = [];
  const put: Put = async (event, verdict, headers = {}) => {
    const url = new URL(event.ResponseURL);
    const echo = { StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId };
    const body = typeof verdict === 'string' ? verdict : JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: event.PhysicalResourceId ?? 'thing-1', ...echo, ...verdict });
    const answer = await route?.({ method: 'PUT', path: url.pathname, query: url.searchParams, headers, body });
    return answer?.status ?? 0;
  };
  const world = {
    aws,
    requests,
    log,
    put,
    /** What the function does with a request; by default it answers SUCCESS at once. */
    answer: async (event: CustomEvent): Promise<void> => {
      await put(event, {});
    },
    cloudFormation: new CloudFormation(aws, {
      endpoint,
      handlers: [thingHandler(log), ...iamResources(aws)],
      exists: (_type, value) => value === 'i-0abc',
    }),
    /** Runs virtual time until the operation is over. */
    async over<Result>(operation: Promise<Result>): Promise<Result> {
      let settled = false;
      const seen = operation.finally(() => {
        settled = true;
      });
      seen.catch(() => undefined);
      await aws.clock.runUntil(() => settled);
      return seen;
    },
  };
  aws.register({
    name: 'lambda',
    state: {},
    operations: {
      Invoke: {
        source: 'a stand-in',
        fields: ['FunctionName', 'InvocationType', 'Payload'],
        latency: 0,
        run: async (input) => {
          const event = JSON.parse(String(input.Payload)) as CustomEvent;
          requests.push(event);
          await world.answer(event);
          return {};
        },
      },
    },
  });
  return world;
}

function thingHandler(log: string[]): ResourceHandler {
  let made = 0;
  const act = (verb: string, properties: JsonObject, id: string) => {
    log.push(`${verb} ${id}`);
    if (properties.Fails === verb) throw new AwsError('InvalidRequest', `it fails to ${verb}`);
    return { id, ref: `ref-of-${id}`, attributes: { Arn: `arn:of:${id}`, Size: String(properties.Size) } };
  };
  return {
    type: 'Test::Thing',
    properties: ['Size', 'Kind', 'Fails', 'Uses'],
    replacedBy: ['Kind'],
    attributes: ['Arn', 'Size'],
    create: (properties, { logicalId }) => act('create', properties, `${logicalId}-${++made}`),
    update: (id, properties) => act('update', properties, id),
    delete: (id) => void log.push(`delete ${id}`),
  };
}

/** A template from plain data. */
export function templateOf(resources: JsonObject, rest: JsonObject = {}): string {
  return JSON.stringify({ Resources: resources, ...rest });
}

export function thing(properties: JsonObject = {}, attributes: JsonObject = {}): JsonObject {
  return { Type: 'Test::Thing', Properties: properties, ...attributes };
}

export function custom(properties: JsonObject = {}, attributes: JsonObject = {}): JsonObject {
  return { Type: 'Custom::Probe', Properties: { ServiceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:f', ...properties }, ...attributes };
}
