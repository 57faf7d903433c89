import type { InvocationStatus } from './invocation';

/**
 * The Status of each StatusDetails of a command that did not end by itself. Source: SSM User Guide, monitor-commands; SSM API, CommandInvocation.
 * That Undeliverable is Failed was seen [C]; nothing shows those of Access Denied, Invalid Platform and Terminated [U].
 */
const statuses = {
  'Access Denied': 'Failed',
  Undeliverable: 'Failed',
  Terminated: 'Cancelled',
  'Invalid Platform': 'Failed',
  'Delivery Timed Out': 'TimedOut',
  'Execution Timed Out': 'TimedOut',
  Cancelled: 'Cancelled',
} as const satisfies Record<string, InvocationStatus>;

/** How Systems Manager may end a command. The API's reference writes the words with blanks, its answers are also seen without [C]. */
export type CommandFailure = keyof typeof statuses | 'AccessDenied' | 'InvalidPlatform' | 'DeliveryTimedOut' | 'ExecutionTimedOut';

/** A failure that awaits an instance's next command. */
export interface AwaitedFailure {
  failure: CommandFailure;
  /** The script runs all the same, and nobody is told. */
  ran: boolean;
}

/** The Status that belongs to a failure's StatusDetails. */
export function statusOf(failure: CommandFailure): InvocationStatus {
  const [, status = 'Failed'] = Object.entries(statuses).find(([details]) => withoutBlanks(details) === withoutBlanks(failure)) ?? [];
  return status;
}

/** Whether the service waits for its own deadline before it ends a command so. */
export function isTimeOut(failure: CommandFailure): boolean {
  return statusOf(failure) === 'TimedOut';
}

/** Whether a command that ends so was never given to the agent. */
export function isBeforeDelivery(failure: CommandFailure): boolean {
  return withoutBlanks(failure) === 'DeliveryTimedOut';
}

function withoutBlanks(text: string): string {
  return text.replaceAll(' ', '');
}
