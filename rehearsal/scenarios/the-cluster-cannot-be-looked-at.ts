import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'A service control policy keeps the stack from looking at clusters: that is told apart from a cluster that does not exist',
  before: ({ account }) => {
    account.aws.failCalls({ service: 'cloudhsm', operation: 'DescribeClusters', code: 'CloudHsmAccessDeniedException', times: Infinity, caller: 'check-prerequisites' });
  },
  findings: ['Not known: cluster cluster-'],
});
