import type { Json, JsonObject } from '../aws';
import { AwsError, NotModelled } from '../errors';
import { onlyFields } from '../only-fields';
import { checkRule } from './choice';
import type { Definition } from './definition';
import { parseExpression } from './intrinsics';
import { fromJson, isObject, isWritable, parsePath, textOf } from './paths';
import { expressionsIn } from './payload-template';
import { parseResource } from './resource-arn';

const topLevel = ['Comment', 'StartAt', 'States', 'TimeoutSeconds', 'Version'];
const shared = ['Type', 'Comment', 'InputPath', 'OutputPath'];

/** The fields of each state type. Source: Amazon States Language specification; Developer Guide, workflow-states. */
const fieldsOf: Record<string, readonly string[]> = {
  Task: [...shared, 'Next', 'End', 'Resource', 'Parameters', 'ResultSelector', 'ResultPath', 'TimeoutSeconds', 'Retry', 'Catch'],
  Pass: [...shared, 'Next', 'End', 'Parameters', 'Result', 'ResultPath'],
  Wait: [...shared, 'Next', 'End', 'Seconds', 'SecondsPath'],
  Choice: [...shared, 'Choices', 'Default'],
  Succeed: shared,
  Fail: ['Type', 'Comment', 'Error', 'ErrorPath', 'Cause', 'CausePath'],
};
const retrierFields = ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy', 'Comment'];
const catcherFields = ['ErrorEquals', 'Next', 'ResultPath', 'Comment'];

/**
 * Reads a definition in Amazon States Language (JSONPath), and checks it as CreateStateMachine does.
 * @throws AwsError InvalidDefinition where Step Functions would refuse it
 * @throws NotModelled for a field, state type, function, operator or resource that is not modelled
 */
export function parseDefinition(text: string): Definition {
  const definition = parseJson(text);
  if (!isObject(definition)) throw invalid('The value is not an object', '/');
  onlyFields(definition, topLevel, 'a state machine');
  if (!isObject(definition.States) || Object.keys(definition.States).length === 0) throw invalid('States must have at least one state', '/States');
  const { States } = definition;
  target(States, definition.StartAt, '/StartAt');
  optionalNumber(definition.TimeoutSeconds, 1, '/TimeoutSeconds');
  for (const [name, state] of Object.entries(States)) {
    if (name.length > 80) throw invalid('A state name has at most 80 characters', `/States/${name}`);
    if (!isObject(state)) throw invalid('A state must be an object', `/States/${name}`);
    checkState(state, States, `/States/${name}`);
  }
  everyStateIsReached(definition.StartAt, States);
  // Checked field by field just above.
  return definition as unknown as Definition;
}

function parseJson(text: string): Json {
  try {
    return fromJson(text);
  } catch {
    throw invalid('The definition is not valid JSON', '/');
  }
}

function checkState(state: JsonObject, states: JsonObject, at: string): void {
  const fields = fieldsOf[textOf(state.Type)];
  if (!fields) throw new NotModelled(`state type ${textOf(state.Type)}`);
  onlyFields(state, fields, `a ${textOf(state.Type)} state`);
  for (const field of ['InputPath', 'OutputPath', 'SecondsPath']) if (typeof state[field] === 'string') parsePath(state[field]);
  if (fields.includes('Next')) onward(state, states, at);
  if (fields.includes('ResultPath')) resultPath(state.ResultPath, at);
  for (const field of ['Parameters', 'ResultSelector']) expressionsIn(state[field] ?? null);
  if (state.Type === 'Task') checkTask(state, states, at);
  if (state.Type === 'Choice') checkChoice(state, states, at);
  if (state.Type === 'Wait') checkWait(state, at);
  if (state.Type === 'Fail') checkFail(state, at);
}

function onward(state: JsonObject, states: JsonObject, at: string): void {
  if ((state.Next === undefined) === (state.End !== true)) throw invalid('Exactly one of Next and End: true is needed', at);
  if (state.Next !== undefined) target(states, state.Next, `${at}/Next`);
}

function checkTask(state: JsonObject, states: JsonObject, at: string): void {
  if (typeof state.Resource !== 'string') throw invalid('Resource must be a string', `${at}/Resource`);
  if (!parseResource(state.Resource)) throw invalid('Value is not a valid resource ARN', `${at}/Resource`);
  optionalNumber(state.TimeoutSeconds, 1, `${at}/TimeoutSeconds`);
  for (const retrier of errorRules(state.Retry, `${at}/Retry`)) {
    onlyFields(retrier, retrierFields, 'a retrier');
    optionalNumber(retrier.IntervalSeconds, 1, `${at}/Retry/IntervalSeconds`);
    optionalNumber(retrier.MaxAttempts, 0, `${at}/Retry/MaxAttempts`);
    optionalNumber(retrier.BackoffRate, 1, `${at}/Retry/BackoffRate`);
    optionalNumber(retrier.MaxDelaySeconds, 1, `${at}/Retry/MaxDelaySeconds`);
    if (!['NONE', 'FULL', undefined].includes(retrier.JitterStrategy as string | undefined)) throw invalid('JitterStrategy is NONE or FULL', `${at}/Retry`);
  }
  for (const catcher of errorRules(state.Catch, `${at}/Catch`)) {
    onlyFields(catcher, catcherFields, 'a catcher');
    target(states, catcher.Next, `${at}/Catch/Next`);
    resultPath(catcher.ResultPath, `${at}/Catch`);
  }
}

/** The retriers or catchers of a state, with the rule that `States.ALL` stands alone and last. Source: concepts-error-handling. */
function errorRules(list: Json | undefined, at: string): JsonObject[] {
  if (list === undefined) return [];
  if (!Array.isArray(list) || !list.every(isObject)) throw invalid('A list of objects is needed', at);
  list.forEach(({ ErrorEquals }, index) => {
    if (!Array.isArray(ErrorEquals) || ErrorEquals.length === 0 || !ErrorEquals.every((error) => typeof error === 'string')) throw invalid('ErrorEquals must list error names', at);
    if (ErrorEquals.includes('States.ALL') && (ErrorEquals.length > 1 || index < list.length - 1)) throw invalid('States.ALL must stand alone and in the last rule', at);
  });
  return list;
}

function checkChoice(state: JsonObject, states: JsonObject, at: string): void {
  if (!Array.isArray(state.Choices) || state.Choices.length === 0 || !state.Choices.every(isObject)) throw invalid('Choices must have at least one rule', at);
  for (const rule of state.Choices) {
    checkRule(rule);
    target(states, rule.Next, `${at}/Choices/Next`);
  }
  if (state.Default !== undefined) target(states, state.Default, `${at}/Default`);
}

function checkWait(state: JsonObject, at: string): void {
  if ((state.Seconds === undefined) === (state.SecondsPath === undefined)) throw invalid('Exactly one of Seconds and SecondsPath is needed', at);
  optionalNumber(state.Seconds, 0, `${at}/Seconds`);
}

function checkFail(state: JsonObject, at: string): void {
  for (const field of ['Error', 'Cause']) {
    if (state[field] !== undefined && state[`${field}Path`] !== undefined) throw invalid(`At most one of ${field} and ${field}Path`, at);
    if (state[`${field}Path`] !== undefined) parseExpression(textOf(state[`${field}Path`]));
  }
}

function everyStateIsReached(start: Json | undefined, states: JsonObject): void {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    const state = states[name];
    if (isObject(state)) for (const next of nextNames(state)) visit(next);
  };
  visit(textOf(start));
  const unreached = Object.keys(states).find((name) => !reached.has(name));
  if (unreached !== undefined) throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: State "${unreached}" is not reachable. at /States/${unreached}'`);
}

function nextNames(state: JsonObject): string[] {
  const rules = [state.Choices, state.Catch].flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []));
  return [state.Next, state.Default, ...rules.map((rule) => rule.Next)].filter((name) => typeof name === 'string');
}

function target(states: JsonObject, name: Json | undefined, at: string): void {
  if (typeof name !== 'string' || !Object.hasOwn(states, name)) {
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing '${at.split('/').pop() ?? ''}' target: ${textOf(name)} at ${at}'`);
  }
}

function resultPath(path: Json | undefined, at: string): void {
  if (path === undefined || path === null) return;
  if (typeof path !== 'string' || !isWritable(path)) throw invalid('ResultPath must be a reference path', `${at}/ResultPath`);
}

function optionalNumber(value: Json | undefined, least: number, at: string): void {
  if (value !== undefined && !(typeof value === 'number' && value >= least)) throw invalid(`The value must be a number from ${least}`, at);
}

function invalid(what: string, at: string): AwsError {
  return new AwsError('InvalidDefinition', `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ${what} at ${at}'`);
}
