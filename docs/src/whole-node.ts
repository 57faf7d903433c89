import { textOf } from '../../simulator/states/paths';
import { FUNCTIONS, lambdaId, STATE_MACHINES, stateMachineId } from '../../templates/src/names';
import type { PictureNode, Words } from './picture';
import { object, type Resource } from './template-parts';
import { CLIENT, CLOUD_FORMATION, CLUSTER, looksAt, runsCli } from './whole-edges';

/** The parameters that name what the user has already, and the thing in the user's words. */
const GIVEN: Record<string, string> = {
  pCloudHsmAdminPasswordSecretName: 'admin’s password',
  pCloudHsmCustCaCertSecretName: 'customer CA certificate',
  [CLIENT]: 'client instance',
  [CLUSTER]: 'CloudHSM cluster',
};

/** Names without the prefix that every stack gives them. */
const NAMES = new Map<string, string>([
  ...FUNCTIONS.map((name) => [lambdaId(name), name] as const),
  ...STATE_MACHINES.map((name) => [stateMachineId(name), name] as const),
]);

/** How a resource, or what a stack does not make, stands in the picture of the whole. */
export function wholeNode(id: string, resources: Resource[]): PictureNode {
  const resource = resources.find((candidate) => candidate.id === id);
  if (!resource) return outside(id, resources);
  const looks = looksAt(resource, resources);
  const lines = [...aboutResource(resource), ...(looks.length > 0 ? [`looks at ${looks.join(', ')}`] : [])];
  return { id, kind: KINDS[resource.type] ?? 'outside', shape: 'box', column: columnOf(resource.type), words: words(NAMES.get(id) ?? plainName(id), lines) };
}

const KINDS: Record<string, string> = {
  'AWS::Lambda::Function': 'function',
  'AWS::StepFunctions::StateMachine': 'machine',
  'AWS::SSM::Document': 'document',
  'AWS::SecretsManager::Secret': 'secret',
  'AWS::Events::Rule': 'net',
};

/** What acts stands in the first column, what is acted on in the second. */
function columnOf(type: string): 0 | 1 {
  return ['AWS::SSM::Document', 'AWS::SecretsManager::Secret'].includes(type) ? 1 : 0;
}

const WORDS: Record<string, string> = {
  'AWS::Lambda::Function': 'function',
  'AWS::StepFunctions::StateMachine': 'state machine',
  'AWS::SSM::Document': 'SSM document',
  'AWS::SecretsManager::Secret': 'secret of the stack',
  'AWS::Events::Rule': 'EventBridge rule',
};

function aboutResource({ type, properties }: Resource): string[] {
  const what = WORDS[type] ?? type;
  const told = properties.Description ?? object(properties.Content).description;
  return type === 'AWS::StepFunctions::StateMachine' || told === undefined ? [what] : [`${what}: ${textOf(told)}`];
}

/** What the stack does not make: CloudFormation, services, and what the user names in a parameter. */
function outside(id: string, resources: Resource[]): PictureNode {
  if (id === CLOUD_FORMATION) {
    const custom = resources.filter(({ type }) => type.startsWith('Custom::')).map((resource) => `makes, updates and deletes ${resource.id}`);
    return { id, kind: 'outside', shape: 'pill', words: words(id, custom) };
  }
  const lines = [...(id === CLIENT && runsCli(resources) ? ['runs cloudhsm-cli'] : []), ...(GIVEN[id] === undefined ? [] : [id])];
  return { id, kind: id.endsWith('SecretName') ? 'secret' : 'outside', shape: 'pill', column: 1, words: words(GIVEN[id] ?? id, lines) };
}

/** `DocumentManageKmsUser` as `manage-kms-user`: what the id says beside the kind. */
function plainName(id: string): string {
  return id
    .replace(/^r[A-Z][a-z]+/, '')
    .replace(/(?!^)(?=[A-Z])/g, '-')
    .toLowerCase();
}

function words(name: string, lines: string[]): Words[] {
  return [{ text: name, style: 'name' }, ...lines.map((text): Words => ({ text, style: 'comment' }))];
}
