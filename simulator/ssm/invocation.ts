import type { AwaitedFailure } from './command-failure';
import type { CommandDocument } from './command-document';

/** States of a command on one instance (SSM API, CommandInvocationStatus), as far as they occur here. */
export type InvocationStatus = 'Pending' | 'InProgress' | 'Success' | 'TimedOut' | 'Failed' | 'Cancelling' | 'Cancelled';

/** One command on one instance, as SSM remembers it. Times are milliseconds since the epoch. */
export interface Invocation {
  commandId: string;
  instanceId: string;
  documentName: string;
  documentVersion: number;
  comment: string;
  parameters: Record<string, string>;
  /** What the agent is to run: a command goes on when its document is changed or deleted. */
  step: CommandDocument['step'];
  requestedAt: number;
  /** GetCommandInvocation does not know it before. */
  visibleFrom: number;
  /** The delivery time-out of SendCommand, in seconds. */
  deliverySeconds: number;
  status: InvocationStatus;
  /** The finer status that the console shows (SSM User Guide, monitor-commands). */
  statusDetails: string;
  /** How the service, not the script, will end it. */
  awaits?: AwaitedFailure;
  /** -1 until the script has ended. */
  responseCode: number;
  stdout: string;
  stderr: string;
  startedAt?: number;
  endedAt?: number;
}

/** Whether a command has not ended yet. */
export function isUnfinished({ status }: Invocation): boolean {
  return status === 'Pending' || isWithAgent(status);
}

/** Whether the agent has the command, and has not told how it ended. */
export function isWithAgent(status: InvocationStatus): boolean {
  return status === 'InProgress' || status === 'Cancelling';
}

/** How an invocation ends. */
export type InvocationEnd = Pick<Invocation, 'status' | 'statusDetails'> & Partial<Pick<Invocation, 'responseCode' | 'stdout' | 'stderr'>>;
