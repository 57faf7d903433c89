import type { Acceptance } from './acceptance';

/** CloudFormation: what AWS's validator says, beside what cfn-lint says too. */
const CLOUDFORMATION_VALIDATE: Omit<Acceptance, 'tool'>[] = [
  {
    rule: 'W2509',
    at: ['pCloudHsmAdminPasswordSecretName', 'pCloudHsmCustCaCertSecretName'],
    reason: 'The name of a secret, not what is in it. An operator has to see which secret a stack uses.',
  },
  { rule: 'W2509', at: ['pKmsUserPasswordRotation'], reason: 'Any new text, which asks for a rotation. The password itself is made by the stack, and is in no parameter.' },
  {
    rule: 'I9001',
    reason: 'It says that another value replaces the resource. Supporting resources may be replaced; what must not be has no name that could change.',
  },
  { rule: 'I9040', reason: 'CloudFormation passes the tags of a stack on to every resource that takes tags (User Guide, resource tags).' },
];

/** JavaScript. The same code is found in the bundles and in the sources, where it has types. */
const ESLINT: Omit<Acceptance, 'tool' | 'rule'>[] = [
  { at: ['process.env[name]'], reason: 'The name of the variable is a constant in our code.' },
  {
    at: ['values[name]', '(values as Record<string, string | number>)[name]'],
    reason: 'The name is a slot of one of our own texts, and the value only becomes text.',
  },
  { at: ['wanted[name]', 'created[name]'], reason: 'The names are those of the properties, and the values are only compared.' },
  { at: ['LEAST[hsmType]'], reason: 'The type is what CloudHSM says of the cluster, and what is found is compared.' },
];

/** Every finding that stays, with its reason. A suppression in the template's Metadata counts as well, for cfn_nag. */
export const ACCEPTED: Acceptance[] = [
  ...CLOUDFORMATION_VALIDATE.map((acceptance) => ({ tool: 'cloudformation-validate', ...acceptance })),
  ...ESLINT.map((acceptance) => ({ tool: 'eslint-plugin-security', rule: 'security/detect-object-injection', ...acceptance })),
];
