import type { LocalAws } from '../aws';
import type { ResourceContext } from './resource-handler';

const upperAlphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/**
 * The name that CloudFormation gives to a resource whose template names none: `<stack>-<logical id>-<12 random>`,
 * the first two cut so that it fits. Source: CloudFormation User Guide, aws-properties-name.
 * @param longest characters that the service accepts
 */
export function generatedName(aws: LocalAws, context: Pick<ResourceContext, 'stackName' | 'logicalId'>, longest = 255): string {
  const random = aws.identifier(12, upperAlphanumeric);
  const room = longest - random.length - 2;
  const half = Math.floor(room / 2);
  const whole = context.stackName.length + context.logicalId.length <= room;
  const parts = whole ? [context.stackName, context.logicalId] : [context.stackName.slice(0, half), context.logicalId.slice(0, half)];
  return [...parts, random].join('-');
}
