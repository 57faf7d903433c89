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
/** How long ListExecutions, which is eventually consistent, may not show an execution that has started. */
const LIST_LAG_SECONDS = 2.2;
/** Without anything stopped: long enough that the ledger's last version is the one that is read, and that what `listSuperseded` finds has done nothing yet. */
const LEDGER_SECONDS = 5;

/** The execution of a request, and the older ones that it supersedes, parents before their children: they must now be stopped. */
export interface Started {
  name: string;
  startDate: number;
  superseded: string[];
}

/**
 * Starts the execution of a request: the newest request wins.
 * @returns nothing if the request is the duplicate of one that is over
 * @throws Error for a Create beside a Delete: CloudFormation has cancelled it already
 */
export async function startNewest(sfn: SFNClient, request: NewestRequest, input: (settleSeconds: number) => string): Promise<Started | undefined> {
  // CloudFormation re-uses a RequestId when a failed operation is retried; the URL tells the two apart (aws-cdk#35957).
  const name = `${request.requestId}-${createHash('sha256').update(request.responseUrl).digest('hex').slice(0, 32)}`;
  let running = await listRunning(sfn, request.machines);
  if (running.some((execution) => execution.name !== name)) {
    // One that has just answered needs a moment to end, and is no reason to wait longer.
    await sleep(ANSWERED_SECONDS * 1000);
    running = await listRunning(sfn, request.machines);
  }
  const others = running.filter((execution) => execution.name !== name);
  if (request.requestType === 'Create' && others.length === running.length && others.some(isDelete)) throw new Error('A delete of the same resource is still running, and goes before this create');
  const settle = others.length > 0 ? SETTLE_SECONDS : request.requestType === 'Create' ? 0 : LEDGER_SECONDS;
  const startDate = await startOnce(sfn, machineFor(request), name, input(settle), request.machines);
  if (startDate === undefined) return undefined;
  return { name, startDate, superseded: others.filter((execution) => isOlder(execution, request.requestType, startDate)).map(({ arn }) => arn) };
}

/**
 * The older executions that had started so shortly before that they were not listed yet: those of an update or create that was cancelled at once.
 * Of a Create that is itself beside a Delete, its own.
 */
export async function listSuperseded(sfn: SFNClient, { machines, requestType }: NewestRequest, { name, startDate, superseded }: Started): Promise<string[]> {
  await sleep(LIST_LAG_SECONDS * 1000);
  const running = await listRunning(sfn, machines);
  const others = running.filter((execution) => execution.name !== name);
  const older = requestType === 'Create' && others.some(isDelete) ? running.filter((execution) => execution.name === name) : others.filter((execution) => isOlder(execution, requestType, startDate));
  return older.map(({ arn }) => arn).filter((arn) => !superseded.includes(arn));
}

const isDelete = ({ arn }: Running): boolean => arn.includes('-delete-key-store:');

/** Whether an execution is of an older request. A Delete is the last request of all, whichever of two started first: events may overtake each other. */
function isOlder(execution: Running, requestType: string, startDate: number): boolean {
  if (requestType === 'Create' && isDelete(execution)) return false;
  if (requestType === 'Delete' && /-(create|connect|update)-key-store:/.test(execution.arn)) return true;
  return execution.startDate <= startDate;
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
async function startOnce(sfn: SFNClient, machine: string, name: string, input: string, machines: string[]): Promise<number | undefined> {
  try {
    const { startDate } = await sfn.send(new StartExecutionCommand({ stateMachineArn: machine, name, input }));
    return startDate?.getTime();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error;
    // A duplicate; or our own start, whose answer was lost, and which may not be listed yet.
    await sleep(LIST_LAG_SECONDS * 1000);
    return (await listRunning(sfn, machines)).find((execution) => execution.name === name)?.startDate;
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
