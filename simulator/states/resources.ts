import type { JsonObject } from '../aws';
import { generatedName } from '../cloudformation/generated-name';
import type { MadeResource, ResourceHandler } from '../cloudformation/resource-handler';
import { AwsError, NotModelled } from '../errors';
import { waitForRole } from '../iam/wait-for-role';
import type { StateMachine } from './execution-record';
import { isObject, textOf } from './paths';
import type { MachineSettings, StepFunctions } from './step-functions';

/** The resource types of Step Functions. Source: CloudFormation Template Reference, AWS::StepFunctions::StateMachine. */
export function stepFunctionsResources(stepFunctions: StepFunctions): ResourceHandler[] {
  const { aws } = stepFunctions;
  const whenRoleWorks = async (make: () => StateMachine): Promise<MadeResource> => {
    const { arn, name } = await waitForRole(aws, 'AccessDeniedException', make);
    return { id: arn, attributes: { Arn: arn, Name: name } };
  };
  return [
    {
      type: 'AWS::StepFunctions::StateMachine',
      properties: ['StateMachineName', 'DefinitionString', 'DefinitionSubstitutions', 'RoleArn', 'StateMachineType', 'LoggingConfiguration', 'TracingConfiguration'],
      replacedBy: ['StateMachineName', 'StateMachineType'],
      attributes: ['Arn', 'Name'],
      create(properties, context) {
        const name = typeof properties.StateMachineName === 'string' ? properties.StateMachineName : generatedName(aws, context, 80);
        return whenRoleWorks(() => stepFunctions.createMachine({ name, ...settings(properties) }));
      },
      update(id, properties) {
        return whenRoleWorks(() => stepFunctions.updateMachine(id, settings(properties)));
      },
      delete(id) {
        return stepFunctions.deleteMachine(id);
      },
    },
  ];
}

function settings(properties: JsonObject): Omit<MachineSettings, 'name'> {
  const { DefinitionString, DefinitionSubstitutions = {}, RoleArn, StateMachineType = 'STANDARD', LoggingConfiguration, TracingConfiguration } = properties;
  if (StateMachineType !== 'STANDARD') throw new NotModelled(`state machine type ${textOf(StateMachineType)}`);
  if (isObject(TracingConfiguration) && TracingConfiguration.Enabled === true) throw new NotModelled('X-Ray tracing of a state machine');
  if (typeof DefinitionString !== 'string' || typeof RoleArn !== 'string') throw new AwsError('ValidationException', 'DefinitionString and RoleArn are needed');
  const definition = substitute(DefinitionString, isObject(DefinitionSubstitutions) ? DefinitionSubstitutions : {});
  return { definition, roleArn: RoleArn, ...(isObject(LoggingConfiguration) && { logging: LoggingConfiguration }) };
}

/** Replaces `${Name}` in the definition's text by its value. Source: Template Reference, DefinitionSubstitutions. */
function substitute(definition: string, values: JsonObject): string {
  return definition.replace(/\$\{([^}]*)\}/g, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: nothing is substituted for ${placeholder}'`);
    return textOf(value);
  });
}
