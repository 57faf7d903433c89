import type { TaskState } from '../../simulator/states/definition';
import { isObject, textOf } from '../../simulator/states/paths';
import { integration } from '../../templates/src/integrations';
import { FUNCTIONS, pascal, STATE_MACHINES } from '../../templates/src/names';
import { serviceName } from './services';

/** What a task calls, in words: `function manage-kms-user: inspect`, `KMS: DescribeCustomKeyStores`, `machine connect-key-store`. */
export function called({ Resource, Parameters }: TaskState): string {
  const fields = isObject(Parameters) ? Parameters : {};
  const placeholder = placeholderIn(Resource);
  const api = apiOf(placeholder);
  if (api) return `${api.service}: ${api.operation}`;
  if (fields.StateMachineArn !== undefined) return `machine ${nameBehind(placeholderIn(textOf(fields.StateMachineArn)), STATE_MACHINES)}`;
  const name = `function ${nameBehind(placeholder, FUNCTIONS)}`;
  // The functions that take several steps are told which by Do.
  return typeof fields.Do === 'string' ? `${name}: ${fields.Do}` : name;
}

/** The operation of an AWS service that a placeholder stands for; undefined if it stands for something else. */
function apiOf(placeholder: string): { service: string; operation: string } | undefined {
  const [, , service = '', operation = ''] = /^(aws-sdk):(\w+):(\w+)$/.exec(integration(placeholder) ?? '') ?? [];
  return operation === '' ? undefined : { service: serviceName(service), operation: operation.replace(/^./, (letter) => letter.toUpperCase()) };
}

function placeholderIn(text: string): string {
  return /^\$\{(\w+)\}$/.exec(text)?.[1] ?? text;
}

function nameBehind(placeholder: string, names: readonly string[]): string {
  return names.find((name) => pascal(name) === placeholder) ?? placeholder;
}
