import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition, TaskState } from '../../simulator/states/definition';
import { isObject, textOf } from '../../simulator/states/paths';
import { parseDefinition } from '../../simulator/states/parse-definition';
import { integration } from '../../templates/src/integrations';
import type { Assumptions, Facts } from './bounds';
import { followData, type Shape } from './data-flow';

const folder = join(__dirname, '../../statemachines');
const accountArn = (service: string, resource: string): string => `arn:aws:${service}:eu-central-1:111122223333:${resource}`;
const pascal = (name: string): string => name.replace(/(?:^|-)(\w)/g, (_whole, letter: string) => letter.toUpperCase());

/** The names of the state machines, as their files have them. */
export const machineNames = readdirSync(folder).flatMap((file) => (file.endsWith('.asl.json') ? [file.slice(0, -'.asl.json'.length)] : []));

/** Those that CloudFormation's requests start: each must answer. */
export const topLevel = ['create-key-store', 'update-key-store', 'delete-key-store'];

/** What a placeholder of the definitions stands for here. */
function valueOf(placeholder: string): string {
  const resource = integration(placeholder);
  if (resource !== undefined) return `arn:aws:states:::${resource}`;
  if (placeholder === 'ClientInstanceId') return 'i-0123456789abcdef0';
  const machine = machineNames.find((name) => pascal(name) === placeholder);
  return machine === undefined ? functionArn(placeholder) : accountArn('states', `stateMachine:${machine}`);
}

/** The ARN that stands for a function's placeholder. */
export function functionArn(placeholder: string): string {
  return accountArn('lambda', `function:${placeholder}`);
}

/** A definition with its placeholders replaced, as JSON. */
export function readDefinition(name: string): string {
  return readFileSync(join(folder, `${name}.asl.json`), 'utf8').replace(/\$\{(\w+)\}/g, (_whole, placeholder: string) => valueOf(placeholder));
}

/** @throws as `parseDefinition` */
export function loadMachine(name: string): Definition {
  return parseDefinition(readDefinition(name));
}

/** The machine that a nested task starts. */
export function childOf({ Parameters }: TaskState): string | undefined {
  const arn = isObject(Parameters) ? Parameters.StateMachineArn : undefined;
  return typeof arn === 'string' ? arn.split(':').pop() : undefined;
}

const request: Shape = {
  RequestType: true,
  RequestId: true,
  StackId: true,
  LogicalResourceId: true,
  ResourceProperties: {
    KeyStoreName: true,
    DeleteKeyStoreUponStackDeletion: true,
    CloudHsmClusterId: true,
    CloudHsmAdminPasswordSecretName: true,
    CloudHsmCustCaCertSecretName: true,
    ClientInstanceId: true,
  },
};
const command: Shape = { Step: true, CommandId: true, Ledger: true, Wait: { Count: true } };

/** What each machine is certainly started with: `MachineInput` at the top, and the Input of the nested tasks. */
export function inputOf(name: string): Shape {
  if (topLevel.includes(name)) return { Request: request, SealedResponseUrl: true, SettleSeconds: true, PhysicalResourceId: true, Command: command };
  return { KeyStoreId: true, ...(name === 'connect-key-store' ? { Looks: true } : { Update: true }) };
}

const plan: Shape = { KeyStoreId: true, Ledger: true, Reset: true, Disconnect: true, Change: true, Connect: true };

/** What each function certainly answers, by its placeholder, and by the step (`Do`) where it takes more than one. */
const answers: Record<string, Shape> = {
  ManageKmsUser: command,
  CheckPrerequisites: { Met: true },
  'ManageKeyStore create': { KeyStoreId: true, Ledger: true },
  'ManageKeyStore complete': { Ledger: true },
  'ManageKeyStore find': { KeyStoreId: true, Delete: true, KmsUser: true, Ledger: true },
  'ManageKeyStore plan': plan,
  'ManageKeyStore change': plan,
  'ManageKeyStore check': {},
  SendCfnResponse: { Status: true, Reason: true },
};

/** What each API certainly answers here. `ConnectionErrorCode` is there only in the state FAILED (KMS API Reference). */
const apis: Record<string, Shape> = {
  describeCustomKeyStores: { CustomKeyStores: [{ CustomKeyStoreId: true, CustomKeyStoreName: true, CloudHsmClusterId: true, ConnectionState: true }] },
  connectCustomKeyStore: {},
  disconnectCustomKeyStore: {},
  deleteCustomKeyStore: {},
  getCommandInvocation: { CommandId: true, InstanceId: true, Status: true, StatusDetails: true, ResponseCode: true },
};

/** What a task certainly answers. @throws Error for a task that the tables do not know */
export function resultOf(state: string, task: TaskState): Shape {
  const child = childOf(task);
  if (child !== undefined) {
    const Output = followData(loadMachine(child), inputOf(child), resultOf).output ?? true;
    return { ExecutionArn: true, Input: true, Name: true, Output, StartDate: true, StateMachineArn: true, Status: true, StopDate: true };
  }
  const name = task.Resource.split(':').pop() ?? '';
  const shape = task.Resource.includes(':aws-sdk:') ? apis[name] : (answers[`${name} ${stepOf(task)}`] ?? answers[name]);
  if (shape === undefined) throw new Error(`machines.ts does not know what ${state} (${name} ${stepOf(task)}) answers`);
  return shape;
}

function stepOf({ Parameters }: TaskState): string {
  return isObject(Parameters) ? textOf(Parameters.Do ?? '') : '';
}

/**
 * What the functions tell that a Choice in a loop asks. `manage-kms-user`: `Step` is the step that was sent, or `done`.
 * `check-prerequisites`: Met is false only while nobody has waited for the command, at Count 0.
 */
function loopFacts(task: TaskState, before: Facts): Facts[] {
  if (task.Resource.endsWith(':CheckPrerequisites')) return [{ '$.Met': true }, ...(before['$.Command.Wait.Count'] === 0 ? [{ '$.Met': false }] : [])];
  if (!task.Resource.endsWith(':ManageKmsUser')) return [{}];
  const step = stepOf(task);
  const sent = { '$.Step': step, '$.Wait.Count': 0 };
  const done = { '$.Step': 'done', '$.Wait.Count': 0 };
  return { prepare: [sent], inspect: [sent], create: [sent], reset: [sent], delete: [sent, done], confirm: [done] }[step] ?? [{}];
}

/** What a nested task's Input makes certain for the machine that it starts. */
export function childFacts({ Parameters }: TaskState): Facts {
  const input = isObject(Parameters) && isObject(Parameters.Input) ? Parameters.Input : {};
  return Object.fromEntries(Object.entries(input).flatMap(([name, value]) => (typeof value === 'number' ? [[`$.${name}`, value]] : [])));
}

/** The settle time of a new request is 90 s at most (design, "Bounds in minutes: settle 1.5"). */
export const assumptions: Assumptions = { results: loopFacts, longestWait: 90, facts: { '$.Command.Step': 'done', '$.Command.Wait.Count': 0 } };
