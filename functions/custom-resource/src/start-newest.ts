import { ListExecutionsCommand, StartExecutionCommand, StopExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is started, and for whom. */
export interface NewestRequest {
  /** The ARNs of all the stack's state machines, the parents (create, update, delete) before their children. */
  machines: string[];
  requestType: string;
  requestId: string;
  responseUrl: string;
}

/** An execution of this stack that is under way. */
interface Running {
  arn: string;
  name: string;
  startDate: number;
}

/** How long what a stopped execution had in flight may still act: a function's time-out of 30 s, twice. */
const SETTLE_SECONDS = 60;
/** How long an execution goes on after its answer, at most. */
const ANSWERED_SECONDS = 2;
/** Without anything stopped: long enough that the ledger's last version is the one that is read. */
const LEDGER_SECONDS = 5;

/**
 * Starts the execution of a request: the newest request wins. A duplicate of a request that is over starts nothing.
 * @returns the ARNs of the stack's older executions, parents before their children, which must now be stopped
 */
export async function startNewest(sfn: SFNClient, request: NewestRequest, input: (settleSeconds: number) => string): Promise<string[]> {
  // CloudFormation re-uses a RequestId when a failed operation is retried; the URL tells the two apart (aws-cdk#35957).
  const name = `${request.requestId}-${createHash('sha256').update(request.responseUrl).digest('hex').slice(0, 32)}`;
  let running = await listRunning(sfn, request.machines);
  if (running.some((execution) => execution.name !== name)) {
    // One that has just answered needs a moment to end, and is no reason to wait longer.
    await sleep(ANSWERED_SECONDS * 1000);
    running = await listRunning(sfn, request.machines);
  }
  const others = running.filter((execution) => execution.name !== name);
  const settle = others.length > 0 ? SETTLE_SECONDS : request.requestType === 'Create' ? 0 : LEDGER_SECONDS;
  const startDate = await startOnce(sfn, machineFor(request), name, input(settle), running);
  if (startDate === undefined) return [];
  return others.filter((execution) => execution.startDate <= startDate).map(({ arn }) => arn);
}

/** Stops an execution that a newer request supersedes. One that has ended meanwhile is fine. */
export async function stopSuperseded(sfn: SFNClient, executionArn: string, requestId: string): Promise<void> {
  await sfn.send(new StopExecutionCommand({ executionArn, error: 'Superseded', cause: `Request ${requestId} is newer` }));
}

function machineFor({ machines, requestType }: NewestRequest): string {
  const machine = machines.find((arn) => arn.endsWith(`-${requestType.toLowerCase()}-key-store`));
  if (machine === undefined) throw new Error(`There is no state machine for a request of type ${requestType}`);
  return machine;
}

/** @returns when the execution of this name started, in milliseconds, or nothing if it is already over */
async function startOnce(sfn: SFNClient, machine: string, name: string, input: string, running: Running[]): Promise<number | undefined> {
  try {
    const { startDate } = await sfn.send(new StartExecutionCommand({ stateMachineArn: machine, name, input }));
    return startDate?.getTime();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error;
    return running.find((execution) => execution.name === name)?.startDate;
  }
}

async function listRunning(sfn: SFNClient, machines: string[]): Promise<Running[]> {
  const running: Running[] = [];
  for (const stateMachineArn of machines) {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }));
    for (const { executionArn = '', name = '', startDate } of executions) {
      running.push({ arn: executionArn, name, startDate: startDate?.getTime() ?? 0 });
    }
  }
  return running;
}
