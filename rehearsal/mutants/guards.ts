import type { PlainMachine } from './machine-mutants';
import { onlyReached } from './machine-mutants';
import type { Tests } from './run-tests';

/** A guard of the product that has a name, and how it is taken away. */
export interface Guard {
  /** What the product lacks without it. */
  lacks: string;
  /** The file that is changed, by its path in the project. */
  file: string;
  /** @throws Error if the text is not as it must be for the change */
  change: (text: string) => string;
  /** What must notice it: a scenario, a case of the fault sweep by its id, or tests. */
  noticedBy: { scenario: string } | { sweep: string } | Tests;
}

/** A change of one place in a text. */
function replace(before: string, after: string): (text: string) => string {
  return (text) => {
    const times = text.split(before).length - 1;
    if (times !== 1) throw new Error(`This must stand there exactly once, and stands there ${times} times: ${before}`);
    return text.replace(before, () => after);
  };
}

/** Several changes, one after the other. */
function both(...changes: ((text: string) => string)[]): (text: string) => string {
  return (text) => changes.reduce((changed, change) => change(changed), text);
}

/** A machine that goes on without a task, as if it had answered `Result`. */
function skip(task: string, Result: unknown): (text: string) => string {
  return (text) => {
    const machine = JSON.parse(text) as PlainMachine;
    const { Next, ResultPath, Type } = machine.States[task] ?? {};
    if (Type !== 'Task' || Next === undefined || ResultPath === undefined) throw new Error(`There is no task ${task} with a Next and a ResultPath`);
    return JSON.stringify(onlyReached({ ...machine, States: { ...machine.States, [task]: { Type: 'Pass', Result, ResultPath, Next } } }), undefined, 2);
  };
}

const FUNCTION_TESTS = 'test/functions';

/** The guards, by name. */
export const GUARDS: Record<string, Guard> = {
  'disconnect-before-delete': {
    lacks: 'the disconnection of the key store before it is deleted',
    file: 'statemachines/delete-key-store.asl.json',
    change: skip('DisconnectKeyStore', { KeyStoreExists: true }),
    noticedBy: { scenario: 'create-connect-and-delete' },
  },
  'ledger-ahead-of-create/kmsuser': {
    lacks: "the note of kmsuser's password before the command that creates kmsuser is sent: it is made afterwards",
    file: 'functions/manage-kms-user/src/spend-login.ts',
    change: both(
      replace('const Ledger = await writeLedger(secrets, { ...ledger, login: { step, version: login.version } });', ''),
      replace(
        'return await sendCommand(ssm, { Step: step, Ledger }, ClusterId, change);',
        `const sent = await sendCommand(ssm, { Step: step, Ledger: '' }, ClusterId, change);
         return { ...sent, Ledger: await writeLedger(secrets, { ...ledger, login: { step, version: login.version } }) };`,
      ),
    ),
    noticedBy: { sweep: 'create/ssm:SendCommand@create-key-store.CreateKmsUser#first/slow' },
  },
  'ledger-ahead-of-create/key-store': {
    lacks: 'the note of the key store before KMS is asked to create it',
    file: 'functions/manage-key-store/src/create-key-store.ts',
    change: replace('await writeLedgerOnce(secrets, { ...ledger, storing }, version);', ''),
    noticedBy: { file: `${FUNCTION_TESTS}/manage-key-store.test.ts` },
  },
  'coverage/cli': {
    lacks: "the look at what the CLI says of kmsuser's coverage",
    file: 'functions/manage-kms-user/src/confirm.ts',
    change: replace("if (coverage === 'full' && Number(hsms) === active) return;", 'if (Number(hsms) === active) return;'),
    noticedBy: { file: `${FUNCTION_TESTS}/manage-kms-user.test.ts` },
  },
  'coverage/hsms': {
    lacks: 'the comparison of the HSMs that answer with those that are ACTIVE',
    file: 'functions/manage-kms-user/src/confirm.ts',
    change: replace("if (coverage === 'full' && Number(hsms) === active) return;", "if (coverage === 'full') return;"),
    noticedBy: { scenario: 'an-hsm-joins-during-the-change' },
  },
  'coverage/delete': {
    lacks: 'the doubt of a kmsuser that seems gone while an HSM does not answer',
    file: 'functions/manage-kms-user/src/check-all-seen.ts',
    change: replace('if (Number(hsms) < active) throw', 'if (Number(hsms) < 0) throw'),
    noticedBy: { sweep: 'delete/state@delete-key-store.Settle#first/hsm-joins' },
  },
  'cli-error-code/list': {
    lacks: "the look at the CLI's error_code when it lists",
    file: 'documents/manage-kms-user.sh',
    change: replace(' && has //error_code=0 && ', ' && '),
    noticedBy: { file: 'test/documents/manage-kms-user.test.ts', titled: 'is refused before any login when it has error_code' },
  },
  'cli-error-code/reset': {
    lacks: "the look at the CLI's error_code when it changes kmsuser's password",
    file: 'documents/manage-kms-user.sh',
    change: replace(' && has //error_code=0; }', '; }'),
    noticedBy: { file: 'test/documents/manage-kms-user.test.ts', titled: 'reset' },
  },
  'cli-exit-status/list': {
    lacks: "the look at the CLI's exit status when it lists",
    file: 'documents/manage-kms-user.sh',
    change: replace('((status == 0)) && parse && has //error_code=0 && ', 'parse && has //error_code=0 && '),
    noticedBy: { file: 'test/documents/manage-kms-user.test.ts', titled: 'is refused before any login when it has error_code' },
  },
  'cli-exit-status/reset': {
    lacks: "the look at the CLI's exit status when it changes kmsuser's password",
    file: 'documents/manage-kms-user.sh',
    change: replace('((status == 0)) && parse && has //error_code=0; }', 'parse && has //error_code=0; }'),
    noticedBy: { file: 'test/documents/manage-kms-user.test.ts', titled: 'reset' },
  },
  'made-up-id': {
    lacks: 'the look into the ledger for an id that is not its: the request is believed',
    file: 'functions/manage-key-store/src/find-key-store.ts',
    change: replace("KeyStoreId: disagree ? '' : ours", 'KeyStoreId: disagree ? PhysicalResourceId : ours'),
    noticedBy: { file: `${FUNCTION_TESTS}/manage-key-store.test.ts` },
  },
  'foreign-store-of-the-same-name/cluster': {
    lacks: "the comparison of the cluster of a key store that has our name: somebody else's is taken for ours",
    file: 'functions/manage-key-store/src/our-key-store.ts',
    change: replace('CloudHsmClusterId === storing.clusterId && ', 'CloudHsmClusterId !== undefined && '),
    noticedBy: { file: `${FUNCTION_TESTS}/manage-key-store.test.ts` },
  },
  'foreign-store-of-the-same-name/date': {
    lacks: 'the comparison of the creation date of a key store that has our name: an older one is taken for ours',
    file: 'functions/manage-key-store/src/our-key-store.ts',
    change: replace(' && CreationDate.getTime() > Date.parse(storing.at) - CLOCK_TOLERANCE', ''),
    noticedBy: { file: `${FUNCTION_TESTS}/manage-key-store.test.ts` },
  },
  'seal/address': {
    lacks: 'the encryption of the ResponseURL: it goes through the state machines as it is',
    file: 'functions/shared/src/seal.ts',
    change: both(
      replace("return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');", "return sealed.length > 0 ? text : '';"),
      replace("const bytes = Buffer.from(sealed, 'base64');", "if (sealed.startsWith('http')) return sealed; const bytes = Buffer.from(sealed, 'base64');"),
    ),
    noticedBy: { file: 'test/rehearsal/secrets.test.ts' },
  },
  'seal/request': {
    lacks: 'the binding of a sealed ResponseURL to its request',
    file: 'functions/shared/src/seal.ts',
    change: replace('return Buffer.from(`${StackId} ${RequestId}`);', "return Buffer.from((StackId + RequestId).slice(0, 0));"),
    noticedBy: { file: `${FUNCTION_TESTS}/shared/seal.test.ts` },
  },
  'net/executions': {
    lacks: 'the rule that answers for an execution which ended without an answer',
    file: 'templates/src/safety-net.ts',
    change: replace("source: ['aws.states'],", "source: ['aws.nothing'],"),
    noticedBy: { scenario: 'somebody-stops-the-create' },
  },
  'net/timed-out': {
    lacks: 'the answer for an execution that ran into its time-out',
    file: 'templates/src/safety-net.ts',
    change: replace("status: ['FAILED', 'TIMED_OUT', 'ABORTED'],", "status: ['FAILED', 'ABORTED'],"),
    noticedBy: { file: 'test/rehearsal/adversary.test.ts', titled: 'when the state machine runs into its time-out' },
  },
  'net/function': {
    lacks: 'the answer for a request whose function failed for good',
    file: 'templates/src/safety-net.ts',
    change: replace('DestinationConfig: new DestinationConfig({ OnFailure: new OnFailure({ Destination: answering }) }),', ''),
    noticedBy: { file: 'test/rehearsal/adversary.test.ts', titled: 'when the function that CloudFormation calls throws' },
  },
  'refused-login-is-final': {
    lacks: 'the refusal of a login with a version of the secret that is spent',
    file: 'functions/manage-kms-user/src/admin-login.ts',
    change: replace('if (stored.version === spentVersion) throw', "if (stored.version === `${spentVersion} `) throw"),
    noticedBy: { file: 'test/rehearsal/after-a-failure.test.ts', titled: 'costs one refused login for that version of the secret' },
  },
  'newest-request-wins/listed': {
    lacks: 'the stop of the executions that a newer request finds',
    file: 'functions/custom-resource/src/index.ts',
    change: replace('await stopAll(event, () => Promise.resolve(superseded));', ''),
    noticedBy: { file: `${FUNCTION_TESTS}/custom-resource.test.ts` },
  },
  'newest-request-wins/late': {
    lacks: 'the stop of the executions that are listed late',
    file: 'functions/custom-resource/src/index.ts',
    change: replace('await stopAll(event, () => listSuperseded(sfn, newest(event), started));', ''),
    noticedBy: { file: `${FUNCTION_TESTS}/custom-resource.test.ts` },
  },
  'newest-request-wins/dated': {
    lacks: 'the date of a request, which tells that it comes after a later one',
    file: 'functions/custom-resource/src/start-newest.ts',
    change: replace('if (order !== 0) return order;', 'if (order < 0) return order;'),
    // The plan of an update refuses such a request, too: only the function's own tests see what it would have started.
    noticedBy: { file: `${FUNCTION_TESTS}/custom-resource.test.ts`, titled: 'the date in the address for the answer' },
  },
  'newest-request-wins/taken-over': {
    lacks: 'the look whether a later update has planned, before a step that changes something',
    file: 'functions/shared/src/check-newest.ts',
    change: replace('if (shown === execution) return;', 'if (shown !== undefined) return;'),
    noticedBy: { file: 'test/rehearsal/after-a-failure.test.ts', titled: 'under other names, in the state InspectClient' },
  },
  'settle-wait/taken-over': {
    lacks: 'the wait for what an update that was taken over from may still have in flight',
    file: 'functions/manage-key-store/src/take-over.ts',
    change: replace('const SETTLE = 60_000;', 'const SETTLE = 0;'),
    noticedBy: { file: `${FUNCTION_TESTS}/manage-key-store.test.ts` },
  },
  'settle-wait/stopped': {
    lacks: 'the wait for what a stopped execution may still have in flight',
    file: 'functions/custom-resource/src/start-newest.ts',
    change: replace('const SETTLE_SECONDS = 60;', 'const SETTLE_SECONDS = 0;'),
    noticedBy: { file: 'test/rehearsal/adversary.test.ts', titled: 'deleted in the middle of its create leaves nothing' },
  },
  'settle-wait/ledger': {
    lacks: 'the wait until a read shows the last version of the ledger',
    file: 'functions/custom-resource/src/start-newest.ts',
    change: replace('const LEDGER_SECONDS = 5;', 'const LEDGER_SECONDS = 0;'),
    noticedBy: { file: `${FUNCTION_TESTS}/custom-resource.test.ts` },
  },
};

/** The guard that a mutant of this id lacks. @throws Error if there is none */
export function guardOf(id: string): Guard {
  const guard = GUARDS[id.replace(/^guard\//, '')];
  if (!guard) throw new Error(`There is no ${id}`);
  return guard;
}
