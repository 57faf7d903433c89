import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'A secret is scheduled for deletion: it can be restored',
  before: ({ account }) => {
    account.secrets.scheduleDeletion('hsm/admin-password');
  },
  findings: ['A secret is being deleted: hsm/admin-password'],
});
