import { exampleCertificates } from '../../simulator/cloudhsm/example-certificates';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The customerCA.crt on the client instance is another one: the CLI trusts no HSM',
  before: ({ account, instanceId }) => {
    account.ssm.changeClient(instanceId, { customerCa: exampleCertificates.otherTrustAnchor });
  },
  findings: ['The CLI has another CA certificate', 'The CLI cannot ask the cluster'],
  within: 150,
});
