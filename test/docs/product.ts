import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Json, JsonObject } from '../../simulator/aws';
import { loadTemplate } from '../../simulator/cloudformation/load-template';
import type { Definition } from '../../simulator/states/definition';
import { isObject } from '../../simulator/states/paths';
import { FUNCTIONS, lambdaId, roleId, STATE_MACHINES, stateMachineId } from '../../templates/src/names';
import { loadMachine } from '../statemachines/machines';

/** The repository's folder. */
export const ROOT = path.join(__dirname, '../..');

/** Reads a file by its path in the repository. */
export function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

const TEMPLATE_FILE = 'templates/cloudhsm-key-store.yml';
/** The bytes of the emitted template. */
export const templateBytes = Buffer.byteLength(read(TEMPLATE_FILE));
const template = loadTemplate(read(TEMPLATE_FILE), true);

/** A top-level section of the emitted template, by the names in it. */
export function templateSection(name: 'Parameters' | 'Resources' | 'Outputs'): Record<string, JsonObject> {
  const content = objectIn(template, name);
  return Object.fromEntries(Object.keys(content).map((key) => [key, objectIn(content, key)]));
}

/** The Properties of a resource of the template. */
export function properties(logicalId: string): JsonObject {
  const resource = templateSection('Resources')[logicalId];
  if (!resource) throw new Error(`The template has no ${logicalId}`);
  return objectIn(resource, 'Properties');
}

/** The logical id of each function's and each state machine's role, by the function's or machine's name. */
export const roles: Readonly<Record<string, string>> = {
  ...Object.fromEntries(FUNCTIONS.map((name) => [name, roleId(lambdaId(name))])),
  ...Object.fromEntries(STATE_MACHINES.map((name) => [name, roleId(stateMachineId(name))])),
};

/** What a role's own policies allow: each statement's actions, and its Resource as JSON. */
export function grants(role: string): { actions: string[]; on: string }[] {
  return list(properties(role).Policies)
    .flatMap((policy) => list(objectIn(policy, 'PolicyDocument').Statement))
    .map((statement) => ({ actions: list(field(statement, 'Action')).map(String), on: JSON.stringify(field(statement, 'Resource')) }));
}

/**
 * Everything that bounds a wait: seconds and numbers of looks, by machine or function, state (`–` for the whole) and field.
 */
export function bounds(): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const machine of STATE_MACHINES) Object.assign(found, machineBounds(machine, loadMachine(machine)));
  for (const name of FUNCTIONS) found[`${name} – Timeout`] = [Number(properties(lambdaId(name)).Timeout)];
  return found;
}

function machineBounds(machine: string, { TimeoutSeconds, States }: Definition): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  const note = (state: string, name: string, value: number): void => {
    (found[`${machine} ${state} ${name}`] ??= []).push(value);
  };
  if (TimeoutSeconds !== undefined) note('–', 'TimeoutSeconds', TimeoutSeconds);
  for (const [name, state] of Object.entries(States)) {
    if (state.Type === 'Task' && state.TimeoutSeconds !== undefined) note(name, 'TimeoutSeconds', state.TimeoutSeconds);
    for (const [, looks] of JSON.stringify(state).matchAll(/"Looks":(\d+)/g)) note(name, 'Looks', Number(looks));
    // A counter goes up by one; what is more is how far off a bound is.
    for (const [, more] of JSON.stringify(state).matchAll(/"States\.MathAdd\([^,]+, (\d+)\)"/g)) if (Number(more) > 1) note(name, 'States.MathAdd', Number(more));
    if (state.Type === 'Wait' && state.Seconds !== undefined) note(name, 'Seconds', state.Seconds);
    if (state.Type !== 'Choice') continue;
    for (const [, operator = '', limit] of JSON.stringify(state.Choices).matchAll(/"(Numeric\w+)":(\d+)/g)) note(name, operator, Number(limit));
  }
  return found;
}

/** Each different retrier of the state machines: the errors, then interval, attempts and back-off. */
export function retriers(): string[] {
  const all = STATE_MACHINES.flatMap((machine) => Object.values(loadMachine(machine).States))
    .flatMap((state) => (state.Type === 'Task' ? (state.Retry ?? []) : []))
    .map(({ ErrorEquals, IntervalSeconds, MaxAttempts, BackoffRate }) => [ErrorEquals.join(' '), IntervalSeconds, MaxAttempts, BackoffRate].join(' '));
  return [...new Set(all)].sort();
}

function field(from: Json, name: string): Json {
  if (!isObject(from) || from[name] === undefined) throw new Error(`There is no ${name} in ${JSON.stringify(from).slice(0, 80)}`);
  return from[name];
}

function objectIn(from: Json, name: string): JsonObject {
  const value = field(from, name);
  if (!isObject(value)) throw new Error(`${name} is not an object`);
  return value;
}

/** CloudFormation and IAM take one value in place of a list. */
function list(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
