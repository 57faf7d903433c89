import { unmetPrerequisite } from '../unmet-prerequisite';

/** IAM is asked before there is a secret or none: to a role that may read one of that name, a missing one is denied. */
export const scenario = unmetPrerequisite({
  shows: 'There is no secret of that name: the answer says that it is missing or may not be read',
  parameters: { pCloudHsmAdminPasswordSecretName: 'hsm/no-such-secret' },
  findings: ['A secret may not be read: hsm/no-such-secret does not exist'],
  denies: [/GetSecretValue on .*hsm.no-such-secret/],
});
