import type { Json, JsonObject } from '../aws';
import { AwsError, NotModelled } from '../errors';
import { onlyFields } from '../only-fields';
import type { PolicyDocument, Statement } from './iam';
import { conditionOperators } from './policy-matching';

/** An identity-based policy belongs to a role, a resource policy to a resource, a trust policy to a role as resource. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

const statementElements = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

/**
 * Reads a policy document and checks all of it, so that a wrong one fails where it is made.
 * Source: IAM User Guide, reference_policies_elements and reference_policies_grammar.
 * @param where names the policy in errors
 * @throws AwsError MalformedPolicyDocument as IAM would; NotModelled for an element, operator or variable that is not modelled
 */
export function parsePolicy(json: Json | undefined, kind: PolicyKind, where: string): PolicyDocument {
  const document = objectOf(json, where);
  onlyFields(document, ['Version', 'Statement'], where);
  if (document.Version !== '2012-10-17') throw new NotModelled(`the policy version ${JSON.stringify(document.Version)} in ${where}`);
  const statements = document.Statement;
  const list = Array.isArray(statements) ? statements : [statements];
  if (list.length === 0) throw malformed(`${where} has no statement`);
  const parsed = list.map((statement, index) => parseStatement(statement, kind, `${where}, statement ${index + 1}`));
  const sids = parsed.flatMap(({ Sid }) => Sid ?? []);
  if (new Set(sids).size < sids.length) throw malformed(`Statement IDs (SID) in a single policy must be unique. (${where})`);
  return { Version: document.Version, Statement: parsed };
}

function parseStatement(json: Json | undefined, kind: PolicyKind, where: string): Statement {
  const statement = objectOf(json, where);
  onlyFields(statement, statementElements, where);
  const { Effect, Sid } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed(`Invalid effect: ${JSON.stringify(Effect)} (${where})`);
  if (Sid !== undefined && (typeof Sid !== 'string' || !/^[A-Za-z0-9]*$/.test(Sid)))
    throw malformed(`Statement IDs (SID) must be alpha-numeric. (${where})`);
  const parsed: Statement = { Effect, Action: actionsOf(statement.Action, where) };
  if (Sid !== undefined) parsed.Sid = Sid;
  if (kind === 'identity' && statement.Principal !== undefined) throw malformed(`Policy document should not specify a principal. (${where})`);
  if (kind !== 'identity') parsed.Principal = principalsOf(statement.Principal, where);
  if (kind === 'trust' && statement.Resource !== undefined) throw malformed(`Has prohibited field Resource (${where})`);
  if (kind !== 'trust') parsed.Resource = resourcesOf(statement.Resource, where);
  if (statement.Condition !== undefined) parsed.Condition = conditionsOf(statement.Condition, where);
  return parsed;
}

function actionsOf(json: Json | undefined, where: string): string[] {
  const actions = stringsOf(json, `Action of ${where}`);
  const bad = actions.find((action) => action !== '*' && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/i.test(action));
  if (bad !== undefined) throw malformed(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.: ${bad} (${where})`);
  return actions;
}

function resourcesOf(json: Json | undefined, where: string): string[] {
  const resources = stringsOf(json, `Resource of ${where}`);
  const bad = resources.find((resource) => resource !== '*' && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/.test(resource));
  if (bad !== undefined) throw malformed(`Resource ${bad} must be in ARN format or "*". (${where})`);
  return resources;
}

function principalsOf(json: Json | undefined, where: string): Record<string, string[]> {
  if (json === undefined) throw malformed(`Missing required field Principal (${where})`);
  if (typeof json === 'string') throw new NotModelled(`the Principal ${json} in ${where}`);
  const principal = objectOf(json, where);
  onlyFields(principal, ['AWS', 'Service'], `${where}, Principal`);
  const parsed = Object.fromEntries(Object.entries(principal).map(([kind, names]) => [kind, stringsOf(names, `Principal of ${where}`)]));
  if (Object.values(parsed).some((names) => names.includes('*'))) throw new NotModelled(`the Principal * in ${where}`);
  return parsed;
}

function conditionsOf(json: Json, where: string): NonNullable<Statement['Condition']> {
  return Object.fromEntries(
    Object.entries(objectOf(json, where)).map(([operator, keys]) => {
      if (!conditionOperators[operator]) throw new NotModelled(`the condition operator ${operator} in ${where}`);
      const values = Object.entries(objectOf(keys, where)).map(([key, value]) => [key, stringsOf(value, `${key} of ${where}`)] as const);
      return [operator, Object.fromEntries(values)];
    }),
  );
}

function stringsOf(json: Json | undefined, where: string): string[] {
  const values = (Array.isArray(json) ? json : [json]).map((value) => {
    // A Bool condition may be written as a JSON boolean.
    if (typeof value === 'boolean') return String(value);
    if (typeof value !== 'string' || value === '') throw malformed(`Syntax errors in policy. (${where})`);
    if (value.includes('${')) throw new NotModelled(`the policy variable ${value} in ${where}`);
    return value;
  });
  if (values.length === 0) throw malformed(`Syntax errors in policy. (${where} is empty)`);
  return values;
}

function objectOf(json: Json | undefined, where: string): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw malformed(`Syntax errors in policy. (${where})`);
  return json;
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message);
}
