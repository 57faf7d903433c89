/** Changes to the template's text that make one part of it fail. Each throws if it finds nothing to change. */
type Change = (body: string) => string;

function replaceIn(body: string, logicalId: string, from: RegExp | string, to: string): string {
  const [before = '', rest] = body.split(`\n  ${logicalId}:\n`);
  if (rest === undefined) throw new Error(`The template has no ${logicalId}`);
  const end = rest.search(/\n {2}r[A-Z]\w+:\n/);
  const section = rest.slice(0, end);
  const changed = section.replace(from, () => to);
  if (changed === section) throw new Error(`${logicalId} has nothing like ${String(from)}`);
  return `${before}\n  ${logicalId}:\n${changed}${rest.slice(end)}`;
}

/** A role without one of the actions that it is granted by a statement of their own. */
export const withoutGrant =
  (roleId: string, action: string): Change =>
  (body) =>
    replaceIn(body, roleId, `Action: ${action}\n`, 'Action: sns:Publish\n');

/** A function whose handler is another one; in `handler` the real one is called `handler`. */
export const withHandler =
  (lambdaId: string, handler: string): Change =>
  (body) =>
    replaceIn(body, lambdaId, 'module.exports = { handler };', `let calls = 0; module.exports = { handler: ${handler} };`);

/** A state machine that tries nothing again. */
export const withoutRetries =
  (machineId: string): Change =>
  (body) =>
    replaceIn(body, machineId, /"MaxAttempts": \d+/g, '"MaxAttempts": 0');

/** A state machine that may run for so many seconds only. */
export const withTimeout =
  (machineId: string, seconds: number): Change =>
  (body) =>
    replaceIn(body, machineId, /^( {8,}"TimeoutSeconds": )\d+/m, `        "TimeoutSeconds": ${seconds}`);
