import { exampleCertificates } from '../../simulator/cloudhsm/example-certificates';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'The CA certificate did not issue that of the cluster: KMS would refuse it after kmsuser was made',
  before: ({ account }) => {
    account.secrets.put('hsm/customer-ca', { SecretString: exampleCertificates.otherTrustAnchor });
  },
  findings: ['The CA certificate is another one: that in secret hsm/customer-ca', 'The CLI has another CA certificate'],
});
