import { GetCommandInvocationCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { environment } from './environment';
import {
  CLIENT_ANSWER_UNKNOWN,
  CLIENT_BUSY,
  CLIENT_KEY_GONE,
  CLIENT_LACKS,
  CLIENT_NOT_LINUX,
  CLIENT_SCRIPT_FAILED,
  CLIENT_UNREADABLE,
  CLIENT_UNSAFE,
  CLI_CLUSTER_UNLISTED,
  CLI_FAILED,
  COMMAND_CANCELLED,
  COMMAND_DENIED,
  COMMAND_NOT_ENDED,
  COMMAND_NOT_TAKEN,
  COMMAND_NO_RESULT,
} from './messages';
import { say } from './say';

/** The one line that the client script prints: see documents/manage-kms-user.sh. */
export interface ClientResult {
  outcome: string;
  [field: string]: string | undefined;
}

/**
 * Reads what a command of this stack answered on the client instance. It takes the command's own record, never what
 * a caller passes on, and only from this stack's instance and document.
 * @returns what the script printed; where it printed nothing, the outcome `no-answer` with the command's status as detail
 * @throws Error for a command that is not this stack's
 */
export async function readClientResult(ssm: SSMClient, commandId: string): Promise<ClientResult> {
  const { DocumentName = '', StandardOutputContent = '', StatusDetails = '' } = await ssm.send(
    new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: environment('INSTANCE') }),
  );
  if (DocumentName !== environment('DOCUMENT')) throw new Error(`Command ${commandId} ran document ${DocumentName}, which is not this stack's`);
  return parse(StandardOutputContent) ?? { outcome: 'no-answer', detail: StatusDetails };
}

function parse(output: string): ClientResult | undefined {
  // What the agent prints in place of a step whose platform is another.
  if (output.startsWith('Step execution skipped')) return { outcome: 'not-linux' };
  try {
    const value: unknown = JSON.parse(output);
    return typeof value === 'object' && value !== null && 'outcome' in value ? (value as ClientResult) : undefined;
  } catch {
    return undefined;
  }
}

/** Says for a person what is wrong on the client and what to do, for every outcome that is a failure of the client itself. */
export function describeFailure({ outcome, detail = 'nothing', cluster = '' }: ClientResult): string {
  const instance = environment('INSTANCE');
  switch (outcome) {
    case 'no-answer':
      return describeStatus(instance, detail);
    case 'not-linux':
      return say(CLIENT_NOT_LINUX, { instance, platform: 'another platform' });
    case 'lacks':
      return say(CLIENT_LACKS, { instance, programs: detail });
    case 'cluster-unlisted':
      return say(CLI_CLUSTER_UNLISTED, { instance, cluster });
    case 'cli-failed':
      return say(CLI_FAILED, { instance, detail });
    case 'busy':
      return say(CLIENT_BUSY, { instance });
    case 'no-key':
      return say(CLIENT_KEY_GONE, { instance });
    case 'bad-envelope':
    case 'bad-parameters':
      return say(CLIENT_UNREADABLE, { instance, outcome });
    case 'unsafe-directory':
      return say(CLIENT_UNSAFE, { instance });
    case 'script-failed':
      return say(CLIENT_SCRIPT_FAILED, { instance });
    default:
      return say(CLIENT_ANSWER_UNKNOWN, { instance, outcome });
  }
}

/** What the StatusDetails of a command that gave no answer mean; they are spelled with and without blanks (Systems Manager User Guide, monitor-commands). */
const STATUSES = [
  [/deliver/i, COMMAND_NOT_TAKEN],
  [/execution ?timed ?out|pending|progress|delayed/i, COMMAND_NOT_ENDED],
  [/cancel|terminated/i, COMMAND_CANCELLED],
  [/access ?denied/i, COMMAND_DENIED],
] as const;

function describeStatus(instance: string, status: string): string {
  if (/invalid ?platform/i.test(status)) return describeFailure({ outcome: 'not-linux' });
  const [, text = COMMAND_NO_RESULT] = STATUSES.find(([pattern]) => pattern.test(status)) ?? [];
  return say(text, { instance, status });
}
