import { textOf } from '../../simulator/states/paths';
import { references } from '../../templates/src/references';
import type { PictureEdge } from './picture';
import { serviceName } from './services';
import { allowedTo, list, object, type Resource } from './template-parts';

/** Where requests come from and answers go. */
export const CLOUD_FORMATION = 'CloudFormation';
/** The client instance: what the user has already goes by the name of its parameter. */
export const CLIENT = 'pClientInstanceId';
/** The CloudHSM cluster. */
export const CLUSTER = 'pCloudHsmClusterId';

/** What keeps the rest running and tells nothing of who does what: IAM for a service-linked role, EventBridge for nested executions. */
const SUPPORT = ['iam', 'events'];

/** Every arrow of the whole, from what the template says: references, roles, rules and code. */
export function wholeEdges(resources: Resource[]): PictureEdge[] {
  return [
    ...resources.flatMap(requests),
    ...resources.flatMap((resource) => allowedTo(resource, resources).flatMap(({ actions, on }) => calls(resource, actions, on, resources))),
    ...resources.flatMap(onFailure),
    ...resources.flatMap(onUnanswered),
    ...resources.filter(answers).map((resource): PictureEdge => ({ from: resource.id, to: CLOUD_FORMATION, ...answerOf(resource, resources) })),
    // The script says where it runs the CLI; the CLI's own configuration, which cluster it speaks to.
    ...(runsCli(resources) ? [{ from: CLIENT, to: CLUSTER, kind: 'way' } as const] : []),
    // KMS Developer Guide, "AWS CloudHSM key stores": KMS logs in to the cluster as kmsuser. No resource says so: it is what the key store is.
    { from: serviceName('kms'), to: CLUSTER, kind: 'way', label: 'logs in as kmsuser' },
  ];
}

function requests({ type, properties }: Resource): PictureEdge[] {
  return type.startsWith('Custom::') ? references(properties.ServiceToken).map((to) => ({ from: CLOUD_FORMATION, to, kind: 'way', label: 'request' })) : [];
}

/** What a grant tells of who calls whom. Looking is not drawn: `looksAt` tells it. */
function calls({ id, type }: Resource, actions: string[], granted: string[], resources: Resource[]): PictureEdge[] {
  // An ARN also holds the partition, Region and account.
  const on = granted.filter((reference) => !reference.startsWith('AWS::'));
  const acting = actions.filter((action) => !isLook(action) && !SUPPORT.includes(serviceOf(action)));
  const typeOf = (target: string): string => resources.find((resource) => resource.id === target)?.type ?? '';
  if (actions.includes('secretsmanager:GetSecretValue')) return on.map((to) => ({ from: id, to, kind: 'data' }));
  if (acting.includes('ssm:SendCommand')) {
    // The document stands between who sends it and the instance that runs it.
    const documents = on.filter((target) => typeOf(target) === 'AWS::SSM::Document');
    const instances = on.filter((target) => typeOf(target) === '');
    return documents.flatMap((to) => [{ from: id, to, kind: 'way' }, ...instances.map((instance): PictureEdge => ({ from: to, to: instance, kind: 'way' }))]);
  }
  if (acting.includes('states:StartExecution')) return on.map((to) => ({ from: id, to, kind: 'way' }));
  // A function that may invoke another does so as its destination for failures, which onFailure tells.
  if (acting.includes('lambda:InvokeFunction')) return type === 'AWS::StepFunctions::StateMachine' ? on.map((to) => ({ from: id, to, kind: 'way' })) : [];
  // Stopping is a part of starting: of a nested execution, or of the newest request in place of an older one.
  const services = new Set(acting.filter((action) => action !== 'states:StopExecution').map(serviceOf));
  return [...services].map((service) => ({ from: id, to: serviceName(service), kind: 'way' }));
}

function onFailure({ type, properties }: Resource): PictureEdge[] {
  if (type !== 'AWS::Lambda::EventInvokeConfig') return [];
  const targets = references(object(properties.DestinationConfig).OnFailure);
  return references(properties.FunctionName).flatMap((from) => targets.map((to): PictureEdge => ({ from, to, kind: 'error', label: 'if it fails for good' })));
}

function onUnanswered({ id, type, properties }: Resource): PictureEdge[] {
  if (type !== 'AWS::Events::Rule') return [];
  const targets = list(properties.Targets).flatMap(references);
  return [
    ...references(properties.EventPattern).map((from): PictureEdge => ({ from, to: id, kind: 'error', label: 'if it ends without an answer' })),
    ...targets.map((to): PictureEdge => ({ from: id, to, kind: 'error' })),
  ];
}

/** Whoever answers does it at a URL, over which no role has a say: the code tells. */
function answers({ type, properties }: Resource): boolean {
  return type === 'AWS::Lambda::Function' && textOf(object(properties.Code).ZipFile).includes('fetch(');
}

/** The function that takes the requests answers only what it cannot pass on. */
function answerOf({ id }: Resource, resources: Resource[]): Pick<PictureEdge, 'kind' | 'label'> {
  const asked = resources.flatMap(requests).some(({ to }) => to === id);
  return asked ? { kind: 'error', label: 'FAILED, if none can be started' } : { kind: 'way', label: 'answer' };
}

/** Whether the stack's document runs the CloudHSM CLI. */
export function runsCli(resources: Resource[]): boolean {
  return resources.some(({ type, properties }) => type === 'AWS::SSM::Document' && JSON.stringify(properties).includes('cloudhsm-cli'));
}

/** The services that a resource only looks at, by the grants of its role. */
export function looksAt(resource: Resource, resources: Resource[]): string[] {
  const looks = allowedTo(resource, resources).flatMap(({ actions }) => actions.filter((action) => isLook(action) && !SUPPORT.includes(serviceOf(action))));
  return [...new Set(looks.filter((action) => !/^(secretsmanager|states):/.test(action)).map((action) => serviceName(serviceOf(action))))];
}

function isLook(action: string): boolean {
  return /:(Get|List|Describe)/.test(action);
}

function serviceOf(action: string): string {
  return action.split(':')[0] ?? action;
}
