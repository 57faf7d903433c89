import type { World } from '../world';

/** P11: no call was denied, but to a role that was too new. */
export function checkPermissions({ account: { aws } }: World, denies: readonly RegExp[]): string[] {
  return aws.iam.denials
    .filter(({ transient }) => !transient)
    .map(({ role, action, resource }) => `${role} may not ${action} on ${resource}`)
    .filter((line) => !denies.some((one) => one.test(line)))
    .map((line) => `P11: ${line}`);
}
