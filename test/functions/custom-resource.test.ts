import { unseal } from '../../functions/shared/src/seal';
import { createHash } from 'node:crypto';
import { NOT_STARTED } from '../../functions/shared/src/messages';
import type { MachineInput, Request } from '../../functions/shared/src/request';
import { say } from '../../functions/shared/src/say';
import { PROPERTIES, request } from './requests';
import { Secrets } from './secrets';
import { refuse, SIGNATURE, wireFor, type Json, type Script } from './wire';

const machine = (name: string) => `arn:aws:states:eu-central-1:111122223333:stateMachine:cloudhsm-1-${name}-key-store`;
const [CREATE, UPDATE, DELETE, CONNECT, DISCONNECT] = ['create', 'update', 'delete', 'connect', 'disconnect'].map(machine);

const wire = wireFor({ SEAL: 'seal', MACHINES: JSON.stringify([CREATE, UPDATE, DELETE, CONNECT, DISCONNECT]) });
const secrets = new Secrets().put('seal', 'generated-key');
const sealKey = createHash('sha256').update('generated-key').digest();

/** An execution, as states:ListExecutions shows it: one that runs if nothing else is said. */
interface Execution {
  machine: string | undefined;
  name: string;
  /** Seconds since the epoch. */
  startDate: number;
  status?: string;
}

const OLD = 1_700_000_000;
const arnOf = ({ machine: of = '', name }: Execution) => `${of.replace('stateMachine', 'execution')}:${name}`;

/** What Step Functions answers in an account where these executions run. */
function running(...executions: Execution[]): Script {
  return {
    ...secrets.answers,
    'states:ListExecutions': ({ input }) => ({
      executions: executions
        .filter((execution) => execution.machine === input['stateMachineArn'])
        .map((execution) => ({ executionArn: arnOf(execution), status: 'RUNNING', ...execution })),
    }),
    'states:StopExecution': { stopDate: OLD },
    'states:StartExecution': [{ executionArn: 'started', startDate: OLD + 1000 }],
  };
}

/** What Step Functions answers when every look at the executions shows other ones; the last look stays. */
function listedOver(...looks: Execution[][]): Script {
  let asked = 0;
  const look = () => looks[Math.min(Math.floor(asked++ / 5), looks.length - 1)] ?? [];
  const list = (executions: Execution[]) => running(...executions)['states:ListExecutions'];
  return {
    ...running(),
    'states:ListExecutions': (call) => {
      const answer = list(look());
      return typeof answer === 'function' ? answer(call) : {};
    },
  };
}

async function deliver(type: Request['RequestType'], more: Json = {}): Promise<void> {
  const { handler } = await import('../../functions/custom-resource/src/index');
  await handler({ ...request(type), ResponseURL: wire.answerUrl, ...more });
}

function started(): { stateMachineArn: string; name: string; input: MachineInput; text: string } {
  const input = wire.inputs('states:StartExecution')[0] ?? {};
  const text = String(input['input']);
  return { stateMachineArn: String(input['stateMachineArn']), name: String(input['name']), input: JSON.parse(text) as MachineInput, text };
}

const stopped = () => wire.inputs('states:StopExecution').map((input) => input['executionArn']);
const answers = () => wire.inputs('PUT /answer');

/** The name that the request of these tests gives its execution. */
async function ownName(): Promise<string> {
  wire.script(running());
  await deliver('Create');
  return started().name;
}

describe('the execution that is started', () => {
  it.each([
    ['Create', CREATE],
    ['Update', UPDATE],
    ['Delete', DELETE],
  ] as const)('%s starts the state machine of its kind', async (type, arn) => {
    wire.script(running());
    await deliver(type);
    expect(started().stateMachineArn).toBe(arn);
  });

  it('has an input without the address for the answer, except sealed for this request', async () => {
    wire.script(running());
    await deliver('Create');
    const { input, text } = started();
    expect(text).not.toContain('127.0.0.1');
    expect(text).not.toContain('Signature');
    expect(unseal(sealKey, input.SealedResponseUrl, request('Create'))).toBe(wire.answerUrl);
  });

  it.each([
    ['the request id', { RequestId: 'another' }],
    ['the address for the answer', { ResponseURL: 'https://other.example/?signature' }],
  ])('has another name when %s is another', async (_what, more) => {
    const own = await ownName();
    wire.script(running());
    await deliver('Create', more);
    expect(started().name).not.toBe(own);
  });

  it('has the same name for a duplicate, one that Step Functions accepts', async () => {
    const own = await ownName();
    expect(await ownName()).toBe(own);
    expect(own).toMatch(/^[0-9A-Za-z_-]{1,80}$/);
  });

  it('is told the properties without those of CloudFormation itself', async () => {
    wire.script(running());
    const delivered = { ...PROPERTIES, ServiceToken: 'arn:of:the:function', ServiceTimeout: '3600' };
    await deliver('Update', { PhysicalResourceId: 'cks-1', ResourceProperties: delivered, OldResourceProperties: { ...delivered, KeyStoreName: 'old' } });
    const { Request: told } = started().input;
    expect(told.ResourceProperties).toEqual(PROPERTIES);
    expect(told.OldResourceProperties).toEqual({ ...PROPERTIES, KeyStoreName: 'old' });
  });

  it.each([
    ['Create', {}, 'key-store-not-created'],
    ['Delete', { PhysicalResourceId: 'cks-1' }, 'cks-1'],
    ['Delete', { PhysicalResourceId: 'made-up-by-cloudformation' }, 'made-up-by-cloudformation'],
  ] as const)('%s with %j answers with the id %s until it knows better', async (type, more, id) => {
    wire.script(running());
    await deliver(type, more);
    expect(started().input.PhysicalResourceId).toBe(id);
  });

  it.each([
    { type: 'Create', while: 'nothing', machines: [], seconds: 0 },
    { type: 'Update', while: 'nothing', machines: [], seconds: 5 },
    { type: 'Delete', while: 'nothing', machines: [], seconds: 5 },
    { type: 'Create', while: 'an update', machines: [UPDATE], seconds: 60 },
    { type: 'Delete', while: 'a create', machines: [CREATE], seconds: 60 },
    { type: 'Delete', while: 'a connect', machines: [CONNECT], seconds: 60 },
  ] as const)('$type, while $while runs, waits $seconds seconds for what may be in flight', async ({ type, machines, seconds }) => {
    wire.script(running(...machines.map((of) => ({ machine: of, name: 'older', startDate: OLD }))));
    await deliver(type);
    expect(started().input.SettleSeconds).toBe(seconds);
  });

  it('waits no longer for an execution that ends in the moment after its answer', async () => {
    wire.script(listedOver([{ machine: CREATE, name: 'ending', startDate: OLD }], []));
    await deliver('Delete');
    expect(wire.pauses[0]).toBe(2000);
    expect(started().input.SettleSeconds).toBe(5);
    expect(stopped()).toEqual([]);
  });
});

describe('the newest request wins', () => {
  it('stops the executions of older requests, parents before children', async () => {
    const child = { machine: CONNECT, name: 'older', startDate: OLD + 1 };
    const parent = { machine: CREATE, name: 'older', startDate: OLD };
    wire.script(running(child, parent));
    await deliver('Delete');
    expect(stopped()).toEqual([arnOf(parent), arnOf(child)]);
  });

  it('stops one that had started so shortly before that it is listed only two seconds later', async () => {
    const late = { executionArn: 'late', name: 'late', startDate: OLD, status: 'RUNNING' };
    const nothing = { executions: [] };
    wire.script({ ...running(), 'states:ListExecutions': [...Array.from({ length: 5 }, () => nothing), nothing, { executions: [late] }, nothing, nothing, nothing] });
    await deliver('Update');
    expect(stopped()).toEqual(['late']);
    expect(started().input.SettleSeconds).toBe(5);
  });

  it('answers nothing when the list of what it supersedes is refused: the request is under way', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation();
    const nothing = { executions: [] };
    wire.script({ ...running(), 'states:ListExecutions': [...Array.from({ length: 5 }, () => nothing), refuse('ValidationException')] });
    await deliver('Update');
    expect(answers()).toEqual([]);
    expect(log).toHaveBeenCalledTimes(1);
    log.mockRestore();
  });

  it('a Delete stops a create that its event overtook, although that started later', async () => {
    const create = { machine: CREATE, name: 'overtaken', startDate: OLD + 2000 };
    wire.script(running(create));
    await deliver('Delete');
    expect(stopped()).toEqual([arnOf(create)]);
  });

  it('a Create that comes when a delete is running starts nothing, and says so', async () => {
    wire.script({ ...running({ machine: DELETE, name: 'newer', startDate: OLD }), 'states:StartExecution': [], 'PUT /answer': [{}] });
    await deliver('Create');
    expect(stopped()).toEqual([]);
    expect(answers()[0]).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('A later request for the same resource has come before this one') as string });
  });

  it('a Create that finds itself beside a delete two seconds later stops itself, not the delete', async () => {
    const own = { machine: CREATE, name: await ownName(), startDate: OLD + 1000 };
    wire.script(listedOver([], [own, { machine: DELETE, name: 'newer', startDate: OLD }]));
    await deliver('Create');
    expect(stopped()).toEqual([arnOf(own)]);
    expect(answers()).toEqual([]);
  });

  it('starts its own execution before it stops any other', async () => {
    wire.script(running({ machine: CREATE, name: 'older', startDate: OLD }));
    await deliver('Delete');
    const names = wire.calls.map(({ name }) => name);
    expect(names.indexOf('states:StartExecution')).toBeLessThan(names.indexOf('states:StopExecution'));
  });

  it('says in a stopped execution why it was stopped', async () => {
    wire.script(running({ machine: CREATE, name: 'older', startDate: OLD }));
    await deliver('Delete');
    expect(wire.inputs('states:StopExecution')[0]).toMatchObject({ error: 'Superseded', cause: `Request ${request('Delete').RequestId} is newer` });
  });

  it('a duplicate of a request that is over stops nothing and answers nothing', async () => {
    wire.script({ ...running({ machine: UPDATE, name: 'newer', startDate: OLD }), 'states:StartExecution': [refuse('ExecutionAlreadyExists')] });
    await deliver('Create');
    expect(stopped()).toEqual([]);
    expect(answers()).toEqual([]);
  });

  it('a duplicate of a request that is under way stops what is older, and not what is newer', async () => {
    const own = { machine: CREATE, name: await ownName(), startDate: OLD + 10 };
    const older = { machine: UPDATE, name: 'older', startDate: OLD };
    const newer = { machine: UPDATE, name: 'newer', startDate: OLD + 20 };
    wire.script({ ...running(own, older, newer), 'states:StartExecution': [refuse('ExecutionAlreadyExists')] });
    await deliver('Create');
    expect(stopped()).toEqual([arnOf(older)]);
    expect(answers()).toEqual([]);
  });

  it('stops an older execution that was not listed yet when this one started, and not one that is newer', async () => {
    const unlisted = { machine: CREATE, name: 'older', startDate: OLD + 999 };
    const newer = { machine: DELETE, name: 'newer', startDate: OLD + 1001 };
    wire.script(listedOver([], [unlisted, newer]));
    await deliver('Update');
    expect(stopped()).toEqual([arnOf(unlisted)]);
  });

  it('of a start whose answer was lost goes on as if it had come', async () => {
    const older = { machine: UPDATE, name: 'older', startDate: OLD };
    const own = { machine: CREATE, name: await ownName(), startDate: OLD + 10 };
    const lost = { ...listedOver([older], [older], [older], [older], [older, own]), 'states:StartExecution': [refuse('InternalFailure', 'broken', 500), refuse('ExecutionAlreadyExists')] };
    wire.script(lost);
    await deliver('Create');
    expect(stopped()).toEqual([arnOf(older)]);
    expect(answers()).toEqual([]);
  });

  it('never stops its own execution, nor the children that carry its name', async () => {
    const name = await ownName();
    const own = { machine: CREATE, name, startDate: OLD + 10 };
    wire.script({ ...running(own, { machine: CONNECT, name, startDate: OLD + 12 }), 'states:StartExecution': [refuse('ExecutionAlreadyExists')] });
    await deliver('Create');
    expect(stopped()).toEqual([]);
  });
});

describe('the date in the address for the answer', () => {
  /** What CloudFormation asks at a second of a minute, and the name of its execution. */
  const dated = (second: number, RequestId: string) => ({ RequestId, ResponseURL: `${wire.answerUrl}&X-Amz-Date=20261125T1000${second}Z&X-Amz-Expires=7199` });
  const nameOf = (second: number, requestId: string) => `${requestId}-20261125T1000${second}Z-0123456789abcdef`;
  const [first = '', second = ''] = ['1', '2'].map((digit) => `${digit.repeat(8)}-2222-4333-8444-555566667777`);

  it('stands in the name, which is no longer than Step Functions accepts', async () => {
    wire.script(running());
    await deliver('Update', dated(10, first));
    expect(started().name).toMatch(/^1{8}-2222-4333-8444-555566667777-20261125T100010Z-[0-9a-f]{16}$/);
  });

  it.each([
    ['that is over', 'SUCCEEDED'],
    ['that runs', 'RUNNING'],
  ])('keeps a request back that comes late, beside a later one %s', async (_what, status) => {
    wire.script({ ...running({ machine: UPDATE, name: nameOf(20, second), startDate: OLD, status }), 'states:StartExecution': [], 'PUT /answer': [{}] });
    await deliver('Update', dated(10, first));
    expect(stopped()).toEqual([]);
    expect(answers()[0]).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('A later request for the same resource has come before this one') as string });
  });

  it('lets a late request end without an answer if a retry has its id: the answer might be taken for that of the retry', async () => {
    wire.script({ ...running({ machine: UPDATE, name: nameOf(20, first), startDate: OLD, status: 'SUCCEEDED' }), 'states:StartExecution': [] });
    await deliver('Update', dated(10, first));
    expect(answers()).toEqual([]);
  });

  it('lets a late duplicate of a request that was answered end without an answer', async () => {
    wire.script(running());
    await deliver('Update', dated(10, first));
    const own = { machine: UPDATE, name: started().name, startDate: OLD, status: 'SUCCEEDED' };
    wire.script({ ...running(own, { machine: UPDATE, name: nameOf(20, second), startDate: OLD + 10 }), 'states:StartExecution': [refuse('ExecutionAlreadyExists')] });
    await deliver('Update', dated(10, first));
    expect(stopped()).toEqual([]);
    expect(answers()).toEqual([]);
  });

  it('tells which of two is older, whichever started first', async () => {
    const older = { machine: UPDATE, name: nameOf(10, first), startDate: OLD + 2000 };
    wire.script(running(older, { machine: CREATE, name: nameOf(5, first), startDate: OLD, status: 'FAILED' }));
    await deliver('Update', dated(20, second));
    expect(stopped()).toEqual([arnOf(older)]);
  });

  it('makes a request stop itself that finds a later one two seconds after its start', async () => {
    wire.script(running());
    await deliver('Update', dated(10, first));
    const own = { machine: UPDATE, name: started().name, startDate: OLD + 1000 };
    wire.script(listedOver([], [own, { machine: UPDATE, name: nameOf(20, second), startDate: OLD + 999 }]));
    await deliver('Update', dated(10, first));
    expect(stopped()).toEqual([arnOf(own)]);
  });

  it('of the same second leaves it to the start which is older', async () => {
    const older = { machine: UPDATE, name: nameOf(20, first), startDate: OLD };
    wire.script(running(older));
    await deliver('Update', dated(20, second));
    expect(stopped()).toEqual([arnOf(older)]);
  });
});

describe('an older execution that cannot be stopped', () => {
  const parent = { machine: CREATE, name: 'older', startDate: OLD };
  const child = { machine: CONNECT, name: 'older', startDate: OLD + 1 };

  it('at once is tried again', async () => {
    wire.script({ ...running(parent), 'states:StopExecution': [refuse('ThrottlingException'), { stopDate: OLD }] });
    await deliver('Delete');
    expect(stopped()).toEqual([arnOf(parent), arnOf(parent)]);
    expect(wire.pauses).toEqual([2000, 1000, 2200]);
  });

  it('is logged, and no second verdict is sent: the request is under way', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation();
    wire.script({ ...running(parent, child), 'states:StopExecution': [refuse('ExecutionDoesNotExist', 'No such execution'), { stopDate: OLD }] });
    await deliver('Delete');
    expect(answers()).toEqual([]);
    expect(stopped()).toEqual([arnOf(parent), arnOf(child)]);
    expect(log.mock.calls).toEqual([[expect.stringContaining('ExecutionDoesNotExist: No such execution')]]);
    expect(JSON.stringify(log.mock.calls)).not.toContain(SIGNATURE);
    log.mockRestore();
  });
});

describe('a request that cannot be started', () => {
  it.each(['ThrottlingException', 'AccessDeniedException', 'TooManyRequestsException'])('is tried again after %s', async (error) => {
    wire.script({ ...running(), 'states:StartExecution': [refuse(error), refuse(error), { startDate: OLD }] });
    await deliver('Create');
    expect(wire.pauses).toEqual([1000, 2000, 2200]);
    expect(answers()).toEqual([]);
  });

  it('is tried for half a minute while the role takes effect, then answered', async () => {
    wire.script({ ...running(), 'states:StartExecution': refuse('AccessDeniedException'), 'PUT /answer': [{}] });
    await deliver('Create');
    expect(wire.inputs('states:StartExecution')).toHaveLength(6);
    expect(wire.pauses.reduce((sum, pause) => sum + pause, 0)).toBe(30_000);
    expect(answers()[0]).toMatchObject({ Status: 'FAILED' });
  });

  it.each([
    ['a refused start', { 'states:StartExecution': [refuse('StateMachineDoesNotExist', 'No such machine')] }, 'StateMachineDoesNotExist: No such machine'],
    ['a lost seal key', { 'secretsmanager:GetSecretValue': refuse('ResourceNotFoundException', 'No value'), 'states:StartExecution': [] }, 'ResourceNotFoundException: No value'],
  ])('after %s is answered FAILED, with the reason, what to do, and nothing of the address', async (_what, script, reason) => {
    wire.script({ ...running(), ...script, 'PUT /answer': [{}] });
    await deliver('Create');
    const { StackId, RequestId, LogicalResourceId } = request('Create');
    const [answer = {}] = answers();
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'key-store-not-created', StackId, RequestId, LogicalResourceId });
    expect(answer['Reason']).toBe(say(NOT_STARTED, { error: reason }));
    expect(JSON.stringify(answer)).not.toContain(SIGNATURE);
  });

  it('of a Delete is answered with the id that CloudFormation asked for', async () => {
    wire.script({ ...running(), 'states:StartExecution': [refuse('InvalidName')], 'PUT /answer': [{}] });
    await deliver('Delete', { PhysicalResourceId: 'cks-1' });
    expect(answers()[0]).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'cks-1' });
  });

  it('of a kind that has no state machine is answered FAILED', async () => {
    wire.script({ ...running(), 'states:StartExecution': [], 'PUT /answer': [{}] });
    await deliver('Create', { RequestType: 'Import' });
    expect(answers()[0]).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('no state machine for a request of type Import') as string });
  });

  it('is answered to the signed address, with an empty content type and the right length', async () => {
    wire.script({ ...running(), 'states:StartExecution': [refuse('InvalidName', 'Kein Schlüssel 🔑')], 'PUT /answer': [{}] });
    await deliver('Create');
    const put = wire.calls.at(-1);
    expect(put?.url).toContain(SIGNATURE);
    expect(put?.headers['content-type']).toBe('');
    expect(put?.headers['content-length']).toBe(String(Buffer.byteLength(put?.body ?? '')));
  });
});
