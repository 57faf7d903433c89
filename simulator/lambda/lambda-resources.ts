import type { ResourceHandler } from '../cloudformation/resource-handler';
import { eventInvokeConfigResource } from './event-invoke-config-resource';
import { functionResource } from './function-resource';
import type { Lambda } from './lambda';
import { permissionResource } from './permission-resource';

/** The resource types of Lambda. Source: CloudFormation Template Reference, AWS::Lambda. */
export function lambdaResources(lambda: Lambda): ResourceHandler[] {
  return [functionResource(lambda), permissionResource(lambda), eventInvokeConfigResource(lambda)];
}
