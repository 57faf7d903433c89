import { GetCommandInvocationCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { environment } from './environment';

/** The one line that the client script prints: see documents/manage-kms-user.sh. */
export interface ClientResult {
  outcome: string;
  [field: string]: string | undefined;
}

/** The client has not done what was asked. */
export class ClientCommandFailed extends Error {
  override readonly name = 'ClientCommandFailed';
}

/**
 * Reads what a command of this stack answered on the client instance. It takes the command's own record, never what
 * a caller passes on, and only from this stack's instance and document.
 * @returns what the script printed; where it printed nothing, the outcome `undelivered` or `no-answer` with the command's status as detail
 * @throws ClientCommandFailed for a command that is not this stack's
 */
export async function readClientResult(ssm: SSMClient, commandId: string): Promise<ClientResult> {
  const instance = environment('INSTANCE');
  const invocation = await ssm.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instance }));
  if (invocation.DocumentName !== environment('DOCUMENT')) {
    throw new ClientCommandFailed(`Command ${commandId} ran document ${invocation.DocumentName}, which is not this stack's`);
  }
  const { StandardOutputContent = '', StatusDetails: detail = '' } = invocation;
  // "Delivery Timed Out" and "Undeliverable": the script has not run, and so has spent no login.
  const unanswered = /deliver/i.test(detail) ? { outcome: 'undelivered', logins: '0', detail } : { outcome: 'no-answer', detail };
  return parse(StandardOutputContent) ?? unanswered;
}

function parse(output: string): ClientResult | undefined {
  try {
    const value: unknown = JSON.parse(output);
    return typeof value === 'object' && value !== null && 'outcome' in value ? (value as ClientResult) : undefined;
  } catch {
    return undefined;
  }
}

/** Says for a person what is wrong on the client and what to do, for every outcome that is a failure of the client itself. */
export function describeFailure({ outcome, detail }: ClientResult): string {
  const instance = `Client instance ${environment('INSTANCE')}`;
  const said = detail ? ` (it said: ${detail})` : '';
  switch (outcome) {
    case 'undelivered':
    case 'no-answer':
      return (
        `${instance} gave no answer: its command is "${detail}". ` +
        'Check that the instance is running and that its SSM Agent is Online (aws ssm describe-instance-information), then try again'
      );
    case 'no-cli':
      return `${instance} has no /opt/cloudhsm/bin/cloudhsm-cli: install the CloudHSM CLI`;
    case 'no-openssl':
    case 'no-flock':
      return `${instance} has no ${outcome.slice('no-'.length)}: install it`;
    case 'cli-failed':
      return `${instance}: cloudhsm-cli could not list the users of the cluster${said}: run configure-cli with the address of every HSM, check the security group, and try "cloudhsm-cli user list"`;
    case 'busy':
      return `${instance} is still busy with an earlier command of this template: try again in a few minutes`;
    case 'no-key':
      return `${instance} has no key for this command: it came too late, came twice, or the instance restarted: try again`;
    case 'bad-envelope':
    case 'bad-parameters':
      return `${instance} could not read the command (${outcome}): try again`;
    case 'unsafe-directory':
      return `${instance}: /run/cloudhsm-key-store is a symbolic link, which this template does not make: remove it, and find out who made it`;
    case 'script-failed':
      return `${instance}: the script of the SSM document stopped unexpectedly: see its output (aws ssm list-command-invocations --details), and try again`;
    default:
      return `${instance} answered ${outcome}${said}, which this version of the template does not know`;
  }
}
