import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The id is that of no cluster here: the answer says so, whatever the client is configured for',
  parameters: { pCloudHsmClusterId: 'cluster-notthereatall' },
  findings: ['The cluster does not exist'],
});
