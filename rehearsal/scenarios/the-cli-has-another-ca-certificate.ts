import { exampleCertificates } from '../../simulator/cloudhsm/example-certificates';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The customerCA.crt on the client instance is another one: the CLI trusts no HSM',
  before: ({ account, instanceId }) => {
    account.ssm.changeClient(instanceId, { customerCa: exampleCertificates.otherTrustAnchor });
  },
  finding: 'The CLI has another CA certificate',
  within: 150,
});
