import type Parameter from 'cloudform-types/types/parameter';

/** A parameter of the template, with what the console shows of it. */
interface TemplateParameter extends Parameter {
  label: string;
  group: string;
}

const NAMES = 'Names';
const KEY_STORE = 'Key store';
const CLUSTER = 'CloudHSM cluster';
const CLIENT = 'CloudHSM client';

const SECRET_NAME = { Type: 'String', AllowedPattern: '[a-zA-Z0-9/_+=.@-]+', MinLength: 1, MaxLength: 512 };

/** The parameters: the interface with the user. Lengths leave room for the longest derived name (an IAM role's 64 characters). */
const TEMPLATE_PARAMETERS: Record<string, TemplateParameter> = {
  pSystem: {
    label: 'System',
    group: NAMES,
    Type: 'String',
    Default: 'cloudhsm',
    AllowedPattern: '[a-zA-Z][a-zA-Z0-9-]*',
    MinLength: 1,
    MaxLength: 14,
    Description: 'First part of the names of most resources.',
    ConstraintDescription: '1 to 14 letters, digits and hyphens, a letter first',
  },
  pEnvPurpose: {
    label: 'Environment purpose',
    group: NAMES,
    Type: 'String',
    Default: '1',
    AllowedPattern: '[a-zA-Z0-9-]+',
    MinLength: 1,
    MaxLength: 12,
    Description: 'Second part of these names. It tells several stacks in one account apart.',
    ConstraintDescription: '1 to 12 letters, digits and hyphens',
  },
  pKeyStoreName: {
    label: 'Key store name',
    group: KEY_STORE,
    Type: 'String',
    Default: 'cloudhsm-key-store',
    AllowedPattern: '[^\\s](.*[^\\s])?',
    MinLength: 1,
    MaxLength: 256,
    Description: 'Name of the key store, unique in the account and Region. It can be changed without an outage.',
    ConstraintDescription: '1 to 256 characters that do not begin or end with a space',
  },
  pDeleteKeyStoreUponStackDeletion: {
    label: 'Delete key store with the stack',
    group: KEY_STORE,
    Type: 'String',
    Default: 'false',
    AllowedValues: ['true', 'false'],
    Description: 'true: delete the key store with the stack. false: disconnect and keep it. A key store that holds KMS keys is always kept.',
    ConstraintDescription: 'true or false',
  },
  pKmsUserPasswordRotation: {
    label: 'Rotation of the password of kmsuser',
    group: KEY_STORE,
    Type: 'String',
    Default: '',
    AllowedPattern: '[a-zA-Z0-9-]*',
    MaxLength: 64,
    Description: 'A new text here, such as the date, gives kmsuser a new password, and connects a disconnected key store. Its keys cannot be used for some minutes.',
    ConstraintDescription: 'up to 64 letters, digits and hyphens, or nothing',
  },
  pCloudHsmClusterId: {
    label: 'Cluster id',
    group: CLUSTER,
    Type: 'String',
    AllowedPattern: 'cluster-[2-7a-zA-Z]{11,16}',
    MinLength: 19,
    MaxLength: 24,
    Description: 'CloudHSM cluster to connect to: ACTIVE, with active HSMs in two Availability Zones. A new key store needs one without a kmsuser.',
    ConstraintDescription: 'a cluster id such as cluster-abcdefghijk',
  },
  pCloudHsmAdminPasswordSecretName: {
    label: 'Name of the secret with the admin password',
    group: CLUSTER,
    ...SECRET_NAME,
    Description: 'Secrets Manager secret with the password of the HSM admin (CO): the bare password, or JSON with a "password" key. A string, not binary.',
    ConstraintDescription: 'the name of a secret, not its ARN',
  },
  pCloudHsmCustCaCertSecretName: {
    label: 'Name of the secret with the customer CA certificate',
    group: CLUSTER,
    ...SECRET_NAME,
    Description: 'Secrets Manager secret with the certificate that the cluster was initialized with (customerCA.crt), PEM.',
    ConstraintDescription: 'the name of a secret, not its ARN',
  },
  pClientInstanceId: {
    label: 'Client instance id',
    group: CLIENT,
    Type: 'AWS::EC2::Instance::Id',
    Description: 'Running EC2 instance with cloudhsm-cli, configured for the cluster, and managed by Systems Manager.',
    ConstraintDescription: 'the id of an EC2 instance in this account and Region',
  },
};

/** The Parameters section. */
export function parameters(): Record<string, Parameter> {
  return Object.fromEntries(Object.entries(TEMPLATE_PARAMETERS).map(([name, { label: _label, group: _group, ...parameter }]) => [name, parameter]));
}

/** How the console groups and labels the parameters (AWS::CloudFormation::Interface). */
export function parameterInterface() {
  const entries = Object.entries(TEMPLATE_PARAMETERS);
  const groups = [...new Set(entries.map(([, { group }]) => group))];
  return {
    ParameterGroups: groups.map((group) => ({
      Label: { default: group },
      Parameters: entries.filter(([, parameter]) => parameter.group === group).map(([name]) => name),
    })),
    ParameterLabels: Object.fromEntries(entries.map(([name, { label }]) => [name, { default: label }])),
  };
}
