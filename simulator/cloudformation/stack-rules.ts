import { AwsError, NotModelled } from '../errors';
import type { CreateStackInput } from './cloudformation';
import type { Stack } from './stack';
import type { Template } from './template';

/** @throws AwsError ValidationError, AlreadyExistsException. Source: CreateStack. */
export function mayCreate({ stackName, onFailure, disableRollback }: CreateStackInput, stacks: readonly Stack[]): void {
  if (!/^[A-Za-z][-A-Za-z0-9]{0,127}$/.test(stackName))
    throw invalid(
      `1 validation error detected: Value '${stackName}' at 'stackName' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*',
    );
  if (onFailure !== undefined && disableRollback !== undefined) throw invalid('You can specify either DisableRollback or OnFailure, but not both');
  if (stacks.some(({ name, status }) => name === stackName && status !== 'DELETE_COMPLETE'))
    throw new AwsError('AlreadyExistsException', `Stack [${stackName}] already exists`);
}

/** @throws AwsError ValidationError. Source: updating-stacks and stack-failure-options. */
export function mayUpdate({ id, status, onFailure }: Stack, disableRollback: boolean): void {
  if (['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].includes(status)) return;
  if (!['CREATE_FAILED', 'UPDATE_FAILED'].includes(status)) throw invalid(`Stack:${id} is in ${status} state and can not be updated.`);
  // The wording is quoted in code-dot-org/code-dot-org#68524.
  if (status === 'CREATE_FAILED' && onFailure === 'DO_NOTHING')
    throw invalid(
      'This stack cannot be updated from [CREATE_FAILED] state because it contains [on-failure: DO_NOTHING]. ' +
        'Please use disable-rollback option instead during stack creation.',
    );
  // The wording is quoted in ansible-collections/amazon.aws#1655.
  if (!disableRollback)
    throw invalid(
      `This stack is currently in a non-terminal [${status}] state. ` +
        'To update the stack from this state, please use the disable-rollback parameter with update-stack API. ' +
        'To rollback to the last known good state, use the rollback-stack API',
    );
}

/** @throws AwsError ValidationError when a resource would change its type */
export function mayRetype(stack: Stack, template: Template): void {
  const retyped = Object.values(stack.resources).filter(({ logicalId, type }) => (template.resources[logicalId]?.type ?? type) !== type);
  if (retyped.length === 0) return;
  const names = retyped.map(({ logicalId }) => logicalId).join(', ');
  throw invalid(`Update of resource type is not permitted. The new template modifies resource type of the following resources: [${names}]`);
}

/** @throws AwsError ValidationError; NotModelled. Source: CancelUpdateStack. */
export function mayCancelUpdate({ status, disableRollback }: Stack): void {
  if (status !== 'UPDATE_IN_PROGRESS') throw invalid('CancelUpdateStack cannot be called from current stack status');
  if (disableRollback) throw new NotModelled('CancelUpdateStack for an update whose rollback is disabled');
}

/** @throws AwsError ValidationError, whose wording is not documented. Source: RollbackStack. */
export function mayRollBack({ id, status }: Stack): void {
  if (!['CREATE_FAILED', 'UPDATE_FAILED'].includes(status)) throw invalid(`Stack:${id} is in ${status} state and can not be rolled back.`);
}

/** @throws AwsError ValidationError, whose wording is not documented. Source: ContinueUpdateRollback. */
export function mayContinueRollback({ id, status, update }: Stack, resourcesToSkip: readonly string[]): void {
  if (status !== 'UPDATE_ROLLBACK_FAILED') throw invalid(`Stack:${id} is in ${status} state and can not continue its rollback.`);
  // "You can specify only resources that are in the UPDATE_FAILED state because a rollback failed."
  const wrong = resourcesToSkip.find((logicalId) => !update?.unreversed.includes(logicalId));
  if (wrong !== undefined) throw invalid(`The resource ${wrong} did not fail in the rollback and cannot be skipped`);
}

/** @throws AwsError ValidationError; NotModelled. Source: DeleteStack. */
export function mayDelete({ name, id, status, resources }: Stack, retainResources: readonly string[]): void {
  // Source: the error as aws/aws-toolkit-azure-devops#317 and aws-amplify/amplify-backend#2366 quote it: an update is cancelled first.
  if (/^UPDATE_.*IN_PROGRESS$/.test(status)) throw invalid(`Stack [${id}] cannot be deleted while in status ${status}`);
  if (status !== 'CREATE_IN_PROGRESS' && status.endsWith('_IN_PROGRESS')) throw new NotModelled(`deleting a stack that is ${status}`);
  if (retainResources.length > 0 && status !== 'DELETE_FAILED')
    throw invalid(`Invalid operation on stack [${id}]. When specifying RetainResources, the stack must be in the DELETE_FAILED state`);
  const unknown = retainResources.find((logicalId) => !resources[logicalId]);
  if (unknown !== undefined) throw invalid(`The specified resource ${unknown} does not exist in stack ${name}`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
