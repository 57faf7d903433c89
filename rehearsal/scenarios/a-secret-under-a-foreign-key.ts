import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The secret is encrypted with a KMS key that the roles of the stack may not use',
  before: ({ account }) => {
    account.secrets.encryptUnder('hsm/admin-password', account.aws.arn('kms', 'key/11112222-3333-4444-5555-666677778888'));
  },
  findings: ['A secret may not be read: hsm/admin-password'],
  denies: [/kms:Decrypt/],
});
