import { NotModelled } from '../errors';
import type { Permission, PolicyDocument, Statement } from './iam';

/** Who asks, as a policy sees it, and the condition keys that the request carries. */
export interface PolicyRequest extends Pick<Permission, 'action' | 'resource'> {
  /** Condition keys and their values; an absent key is absent here. */
  context: Record<string, string>;
}

/** The principals that a caller is, for a resource or trust policy. */
export interface Principals {
  kind: 'AWS' | 'Service';
  names: readonly string[];
}

/** Everything that the elements of a statement may say, as lists. */
export function listed(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

const globs = new Map<string, RegExp>();

/** Whether the text matches a pattern with `*` (any characters) and `?` (one). Source: IAM User Guide, reference_policies_elements_resource. */
export function matchesWildcards(pattern: string, text: string, ignoreCase = false): boolean {
  const key = `${ignoreCase ? 'i' : 's'}${pattern}`;
  let expression = globs.get(key);
  if (!expression) {
    const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
    globs.set(key, expression);
  }
  return expression.test(text);
}

/** The six parts of an ARN, the last with its own colons. */
function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** ArnEquals and ArnLike behave alike: each of the six parts is matched by itself. Source: reference_policies_elements_condition_operators. */
function matchesArn(pattern: string, arn: string): boolean {
  const parts = arnParts(arn);
  return arnParts(pattern).every((part, index) => matchesWildcards(part, parts[index] ?? ''));
}

/** The condition operators that are modelled. Source: IAM User Guide, reference_policies_elements_condition_operators. */
export const conditionOperators: Readonly<Record<string, (expected: string, actual: string) => boolean>> = {
  StringEquals: (expected, actual) => expected === actual,
  StringLike: (expected, actual) => matchesWildcards(expected, actual),
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
};

/**
 * All operators and keys must hold, any one value of each is enough, and an absent key does not match. Keys ignore case.
 * Source: IAM User Guide, reference_policies_condition-logic-multiple-context-keys-or-values.
 */
function matchesConditions(statement: Statement, context: Record<string, string>): boolean {
  const present = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) => {
    const matches = conditionOperators[operator];
    if (!matches) throw new NotModelled(`the condition operator ${operator}`);
    return Object.entries(keys).every(([key, expected]) => {
      const actual = present.get(key.toLowerCase());
      return actual !== undefined && listed(expected).some((value) => matches(value, actual));
    });
  });
}

function principalsOf(statement: Statement, kind: Principals['kind']): string[] {
  const principal = statement.Principal;
  if (typeof principal !== 'object' || principal === null) throw new NotModelled(`the Principal ${JSON.stringify(principal)}`);
  const names: unknown = Object.entries(principal).find(([name]) => name === kind)?.[1];
  return (Array.isArray(names) ? names : [names]).filter((name) => typeof name === 'string');
}

/** Whether an identity-based statement speaks of the request. Actions ignore case, resources do not (reference_policies_elements_action, _resource). */
export function matchesStatement(statement: Statement, request: PolicyRequest): boolean {
  return (
    listed(statement.Action).some((pattern) => matchesWildcards(pattern, request.action, true)) &&
    listed(statement.Resource).some((pattern) => matchesWildcards(pattern, request.resource)) &&
    matchesConditions(statement, request.context)
  );
}

/** What a resource or trust policy says of the request: the first Deny, else an Allow, else nothing. */
export function decideByResourcePolicy(
  policy: PolicyDocument,
  request: PolicyRequest,
  caller: Principals,
  accountRoot: string,
): Statement['Effect'] | undefined {
  const matching = policy.Statement.filter((statement) => {
    const named = principalsOf(statement, caller.kind);
    // An account as principal only hands the decision to the account's own policies, so it allows nothing by itself;
    // a Deny for it holds for all in it. Source: IAM User Guide, reference_policies_elements_principal, "AWS account principals".
    const names = statement.Effect === 'Deny' && caller.kind === 'AWS' ? [...caller.names, accountRoot] : caller.names;
    return (
      named.some((name) => names.includes(name)) &&
      listed(statement.Action).some((pattern) => matchesWildcards(pattern, request.action, true)) &&
      // A trust policy has no Resource: it speaks of its own role.
      (statement.Resource === undefined || listed(statement.Resource).some((pattern) => matchesWildcards(pattern, request.resource))) &&
      matchesConditions(statement, request.context)
    );
  });
  return matching.find((statement) => statement.Effect === 'Deny')?.Effect ?? matching[0]?.Effect;
}
