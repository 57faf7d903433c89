import type { ClientCommand, KeyStoreProperties, Request } from '../../functions/shared/src/request';

/** The properties of a custom resource, as CloudFormation delivers them. */
export const PROPERTIES: KeyStoreProperties = {
  KeyStoreName: 'my-store',
  DeleteKeyStoreUponStackDeletion: 'false',
  CloudHsmClusterId: 'cluster-abcdefghijk',
  CloudHsmAdminPasswordSecretName: 'admin-secret',
  CloudHsmCustCaCertSecretName: 'ca-secret',
  ClientInstanceId: 'i-0123456789abcdef0',
};

/** A request of CloudFormation, without its ResponseURL. */
export function request(type: Request['RequestType'], more: Partial<Request> = {}): Request {
  return {
    RequestType: type,
    RequestId: '7f1f9d1e-0000-4000-8000-000000000001',
    StackId: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/cloudhsm/0a1b2c3d-0000-4000-8000-00000000000a',
    LogicalResourceId: 'rKmsCloudHsmKeyStore',
    ResourceProperties: PROPERTIES,
    ...more,
  };
}

/** A command to the client, as the state machines carry it. */
export function command(more: Partial<ClientCommand> = {}): ClientCommand {
  return { Step: 'inspect', CommandId: 'command-1', Ledger: '', Wait: { Count: 1 }, ...more };
}

/** The stack's document. */
export const DOCUMENT = 'stack-rDocumentManageKmsUser-1A2B3C';

/** What ssm:GetCommandInvocation answers when the script of the stack's document printed `answer`. */
export function invocation(answer: Record<string, string>): Record<string, unknown> {
  return { DocumentName: DOCUMENT, StatusDetails: 'Success', StandardOutputContent: `${JSON.stringify(answer)}\n` };
}

/** The addresses of a cluster's first HSMs, as the client script prints those that the CLI is configured for. */
export const hosts = (count: number): string => Array.from({ length: count }, (_, index) => address(index)).join(' ');
const address = (index: number) => `10.0.${String(index)}.10`;

/** What cloudhsmv2:DescribeClusters answers for a cluster with an active HSM in each of these Availability Zones. */
export function clusterWith(zones: string[], more: Record<string, unknown> = {}): Record<string, unknown> {
  const Hsms = zones.map((zone, index) => ({ HsmId: `hsm-${String(index)}`, AvailabilityZone: zone, EniIp: address(index), State: 'ACTIVE' }));
  return { Clusters: [{ ClusterId: PROPERTIES.CloudHsmClusterId, State: 'ACTIVE', Hsms, ...more }] };
}

/** The error that a promise ended with, or a failure of the test if it did not. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('It did not fail');
}
