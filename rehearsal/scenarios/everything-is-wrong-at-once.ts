import { exampleCertificates } from '../../simulator/cloudhsm/example-certificates';
import { addKeyStoreOfOthers, makeKeyStore, subnetsOf } from '../by-hand';
import { unmetPrerequisite } from '../unmet-prerequisite';

export const scenario = unmetPrerequisite({
  shows: 'Nearly everything that can be wrong is wrong: one answer tells all of it, and nothing of it is cut',
  before: async (world) => {
    const { aws, cloudHsm, ec2, secrets, ssm } = world.account;
    const { clusterId, instanceId, adminPassword } = world;
    await makeKeyStore(world, 'cloudhsm-key-store', clusterId);
    for (let number = 1; number <= 9; number++) await addKeyStoreOfOthers(world, `other-${number}`);
    const cluster = cloudHsm.cluster(clusterId);
    const [first] = cluster.hsms;
    if (first) cloudHsm.setHsmState(clusterId, first.hsmId, 'DEGRADED');
    cloudHsm.addHsm(clusterId, `${aws.region}a`, { state: 'CREATE_IN_PROGRESS' });
    cloudHsm.addHsm(clusterId, `${aws.region}b`, { knownToClient: false });
    cluster.hsmType = 'hsm2m.medium';
    cluster.quorum = 2;
    const [one = '', other = ''] = subnetsOf(world);
    ec2.deleteSubnet(one);
    ec2.setFreeAddresses(other, 0);
    ec2.revokeRules(cluster.securityGroup, 'inbound');
    ec2.revokeRules(cluster.securityGroup, 'outbound');
    cloudHsm.putUser(clusterId, { username: 'admin', role: 'admin', password: adminPassword, refusedLogins: 5, mfa: true });
    secrets.put('hsm/customer-ca', { SecretString: exampleCertificates.otherTrustAnchor });
    ssm.changeClient(instanceId, { cliVersion: '5.8.0' });
  },
  findings: [
    'The name is taken',
    'The quota is reached',
    'The cluster has too few HSMs: 2 ACTIVE in 1',
    'An HSM is changing',
    'An HSM is degraded',
    'The cluster is taken',
    'A subnet is gone',
    'A subnet is full',
    'The security group is closed: sg-',
    'The security group is closed: sg-',
    'The CA certificate is another one',
    'The CLI has another CA certificate',
    'The CLI is too old',
    'The CLI cannot ask the cluster',
  ],
  keyStore: 'DISCONNECTED',
  leaves: [/^key store cks-/, 'user kmsuser in the cluster'],
  within: 150,
});
