import type Template from 'cloudform-types/types/template';
import type { ResourceBase } from 'cloudform-types/types/resource';
import { document } from './document';
import { functions } from './functions';
import { conditions, keyStore, outputs } from './key-store';
import { logs } from './logs';
import { IDS, type FunctionName, type StateMachineName } from './names';
import { parameterInterface, parameters } from './parameters';
import { references } from './references';
import { safetyNet } from './safety-net';
import { secrets } from './secrets';
import { stateMachines } from './state-machines';

/** The texts that the template carries inline. */
export interface Sources {
  code: Record<FunctionName, string>;
  definitions: Record<StateMachineName, string>;
  script: string;
}

/** What holds data says what becomes of it: it is the stack's own, and goes with the stack. Delete is CloudFormation's default; scanners ask for the words. */
const HOLDS_DATA = ['AWS::SecretsManager::Secret', 'AWS::Logs::LogGroup'];
const DELETED = { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' };

/** The whole template as plain data: what CloudFormation calls JSON, without shared references. */
export function template({ code, definitions, script }: Sources): Template {
  const support: Record<string, ResourceBase<object>> = {
    ...functions(code),
    ...stateMachines(definitions),
    ...document(script),
    ...secrets(),
    ...safetyNet(),
    ...logs(),
  };
  for (const resource of Object.values(support)) if (HOLDS_DATA.includes(resource.Type)) Object.assign(resource, DELETED);
  const resources = { [IDS.keyStore]: keyStore(), ...support };
  const plain: Template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Creates, connects, updates and deletes an AWS KMS CloudHSM key store (custom key store) on an existing CloudHSM cluster.',
    Metadata: { 'AWS::CloudFormation::Interface': parameterInterface() },
    Parameters: parameters(),
    Conditions: conditions(),
    Resources: resources,
    Outputs: outputs(),
  };
  const copy = JSON.parse(JSON.stringify(plain)) as Template & { Resources: Record<string, { DependsOn?: string[] }> };
  const keyStoreResource = copy.Resources[IDS.keyStore];
  // Made last and deleted first: what the key store does not reach by itself must still be there while it is deleted.
  if (keyStoreResource) keyStoreResource.DependsOn = unreached(copy.Resources);
  return copy;
}

/**
 * The resources that the key store must name because it does not reach them by Ref, GetAtt or Sub, in one step or several;
 * what one of them reaches needs no naming.
 */
function unreached(resources: Record<string, unknown>): string[] {
  const reached = reachedFrom(IDS.keyStore, resources);
  const left = Object.keys(resources).filter((id) => !reached.has(id));
  return left.filter((id) => !left.some((other) => other !== id && reachedFrom(other, resources).has(id)));
}

function reachedFrom(start: string, resources: Record<string, unknown>, reached = new Set<string>()): Set<string> {
  if (reached.has(start)) return reached;
  reached.add(start);
  for (const id of references(resources[start])) if (id in resources) reachedFrom(id, resources, reached);
  return reached;
}
