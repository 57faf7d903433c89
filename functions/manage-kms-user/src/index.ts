import { CloudHSMV2Client } from '@aws-sdk/client-cloudhsm-v2';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { ClientCommand } from '../../shared/src/request';
import { retryable } from '../../shared/src/transient';
import { confirm } from './confirm';
import { createKmsUser } from './create-kms-user';
import { deleteKmsUser } from './delete-kms-user';
import { forget, inspect } from './look-and-forget';
import { prepareReset, resetKmsUser } from './reset-kms-user';
import type { Clients, KmsUserEvent } from './step';

const clients: Clients = { cloudHsm: new CloudHSMV2Client({}), secrets: new SecretsManagerClient({}), ssm: new SSMClient({}) };
const steps = { inspect, prepare: prepareReset, create: createKmsUser, reset: resetKmsUser, delete: deleteKmsUser, forget, confirm };

/**
 * Takes the next step towards a kmsuser that is there, or gone: sends a command to the client instance, or reads what one has done.
 * Called by the states InspectClient, InspectAgain, CreateKmsUser, ResetKmsUser, DeleteKmsUser, ForgetKey and ConfirmKmsUser of the create, update and delete machines.
 * @returns the command to wait for; Step is `done` when there is none
 */
export const handler = retryable((event: KmsUserEvent): Promise<ClientCommand> => steps[event.Do](clients, event));
