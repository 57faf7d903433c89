import { ListExecutionsCommand, StartExecutionCommand, StopExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { setTimeout as sleep } from 'node:timers/promises';
import { compareAsked, executionName, SUPERSEDED } from '../../shared/src/execution-name';

/** What is started, and for whom. */
export interface NewestRequest {
  /** The ARNs of all the stack's state machines, the parents (create, update, delete) before their children. */
  machines: string[];
  requestType: string;
  requestId: string;
  responseUrl: string;
}

/** An execution of this stack, under way or over. */
interface Execution {
  arn: string;
  name: string;
  startDate: number;
  running: boolean;
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
 * @returns nothing if the request is the duplicate of one that is over, or if the same request has been made again
 * @throws Error if a later request has come already: CloudFormation has cancelled this one
 */
export async function startNewest(sfn: SFNClient, request: NewestRequest, input: (settleSeconds: number) => string): Promise<Started | undefined> {
  const name = executionName(request.requestId, request.responseUrl);
  const isOther = (execution: Execution): boolean => execution.running && execution.name !== name;
  let executions = await listExecutions(sfn, request.machines);
  if (executions.some(isOther)) {
    // One that has just answered needs a moment to end, and is no reason to wait longer.
    await sleep(ANSWERED_SECONDS * 1000);
    executions = await listExecutions(sfn, request.machines);
  }
  const later = executions.find((execution) => compareRequests(execution, name, request.requestType) > 0);
  if (later && executions.every((execution) => execution.name !== name)) {
    // Its answer might be taken for that of the later one.
    if (later.name.startsWith(request.requestId)) return undefined;
    throw new Error(`A later request for the same resource has come before this one (execution ${later.arn})`);
  }
  const others = executions.filter(isOther);
  const settle = others.length > 0 ? SETTLE_SECONDS : request.requestType === 'Create' ? 0 : LEDGER_SECONDS;
  const startDate = await startOnce(sfn, machineFor(request), name, input(settle), request.machines);
  if (startDate === undefined) return undefined;
  return { name, startDate, superseded: others.filter((execution) => isOlder(execution, name, request.requestType, startDate)).map(({ arn }) => arn) };
}

/**
 * The older executions that had started so shortly before that they were not listed yet: those of an update or create that was cancelled at once.
 * Of a request that is itself the older one, its own.
 */
export async function listSuperseded(sfn: SFNClient, { machines, requestType }: NewestRequest, { name, startDate, superseded }: Started): Promise<string[]> {
  await sleep(LIST_LAG_SECONDS * 1000);
  const executions = await listExecutions(sfn, machines);
  const isSuperseded = executions.some((execution) => compareRequests(execution, name, requestType) > 0)
    ? (execution: Execution): boolean => execution.name === name
    : (execution: Execution): boolean => execution.name !== name && isOlder(execution, name, requestType, startDate);
  return executions.filter((execution) => execution.running && isSuperseded(execution) && !superseded.includes(execution.arn)).map(({ arn }) => arn);
}

const isDelete = ({ arn }: Execution): boolean => arn.includes('-delete-key-store:');

/** How an execution stands to the request of this name: negative if it is of an older one, positive if of a later one, 0 where only the starts can tell. */
function compareRequests(execution: Execution, name: string, requestType: string): number {
  const order = compareAsked(execution.name, name);
  if (order !== 0) return order;
  // Where no date tells, a Delete is the last request of all: events may overtake each other.
  if (requestType === 'Create' && isDelete(execution)) return execution.running ? 1 : 0;
  return requestType === 'Delete' && /-(create|connect|update)-key-store:/.test(execution.arn) ? -1 : 0;
}

/** Whether an execution is of an older request than the one of this name, which has started. */
function isOlder(execution: Execution, name: string, requestType: string, startDate: number): boolean {
  const order = compareRequests(execution, name, requestType);
  return order < 0 || (order === 0 && execution.startDate <= startDate);
}

/** Stops an execution that a newer request supersedes. One that has ended meanwhile is fine. */
export async function stopSuperseded(sfn: SFNClient, executionArn: string, requestId: string): Promise<void> {
  await sfn.send(new StopExecutionCommand({ executionArn, error: SUPERSEDED, cause: `Request ${requestId} is newer` }));
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
    return (await listExecutions(sfn, machines)).find((execution) => execution.running && execution.name === name)?.startDate;
  }
}

/** The last 100 executions of each machine: Step Functions lists the newest first (API Reference, ListExecutions). */
async function listExecutions(sfn: SFNClient, machines: string[]): Promise<Execution[]> {
  const listed: Execution[] = [];
  for (const stateMachineArn of machines) {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    for (const { executionArn = '', name = '', startDate, status } of executions) {
      listed.push({ arn: executionArn, name, startDate: startDate?.getTime() ?? 0, running: status === 'RUNNING' });
    }
  }
  return listed;
}
