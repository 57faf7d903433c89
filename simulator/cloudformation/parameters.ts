import type { Json, JsonObject } from '../aws';
import { AwsError, NotModelled } from '../errors';

const types = ['String', 'Number', 'AWS::EC2::Instance::Id'];
const attributes = [
  'Type',
  'Default',
  'Description',
  'AllowedValues',
  'AllowedPattern',
  'MinLength',
  'MaxLength',
  'ConstraintDescription',
  'NoEcho',
];

/**
 * Checks the Parameters section itself. Source: CloudFormation User Guide, parameters-section-structure.
 * @throws NotModelled for an attribute or type that is not modelled
 */
export function checkParameterDeclarations(declarations: JsonObject): void {
  if (Object.keys(declarations).length > 200) throw invalid('Template format error: Number of parameters is greater than maximum allowed 200');
  for (const [name, declaration] of Object.entries(declarations)) {
    const unknown = Object.keys(declarationOf(declaration)).find((key) => !attributes.includes(key));
    if (unknown !== undefined) throw new NotModelled(`the attribute ${unknown} of parameter ${name}`);
    const type = declarationOf(declaration).Type;
    if (typeof type !== 'string' || !types.includes(type)) throw new NotModelled(`the type ${String(type)} of parameter ${name}`);
  }
}

/**
 * Gives every declared parameter its value, or its default, and checks it.
 * @param exists whether a value of an AWS type names something that is there
 * @throws AwsError ValidationError in CloudFormation's words
 */
export function parameterValues(
  declarations: JsonObject,
  given: Readonly<Record<string, string>>,
  exists: (type: string, value: string) => boolean,
): Record<string, string> {
  const undeclared = Object.keys(given).filter((name) => !Object.hasOwn(declarations, name));
  if (undeclared.length > 0) throw invalid(`Parameters: [${undeclared.join(', ')}] do not exist in the template`);
  const missing = Object.keys(declarations).filter((name) => given[name] === undefined && declarationOf(declarations[name]).Default === undefined);
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(', ')}] must have values`);
  return Object.fromEntries(
    Object.entries(declarations).map(([name, json]) => {
      const declaration = declarationOf(json);
      const value = given[name] ?? String(declaration.Default);
      checkValue(name, value, declaration, exists);
      return [name, value];
    }),
  );
}

function checkValue(name: string, value: string, declaration: JsonObject, exists: (type: string, value: string) => boolean): void {
  const { Type, AllowedValues, AllowedPattern, MinLength, MaxLength, ConstraintDescription } = declaration;
  const broken = (constraint: string): AwsError =>
    invalid(
      typeof ConstraintDescription === 'string'
        ? `Parameter '${name}' failed to satisfy constraint: ${ConstraintDescription}`
        : `Parameter '${name}' must ${constraint}`,
    );
  // Source: CloudFormation quotas: 4,096 bytes in a parameter value.
  if (Buffer.byteLength(value) > 4_096) throw invalid(`Parameter '${name}' must not be longer than 4096 bytes`);
  if (Type === 'Number' && (value.trim() === '' || Number.isNaN(Number(value)))) throw invalid(`Parameter '${name}' must be a number.`);
  if (Array.isArray(AllowedValues) && !AllowedValues.map(String).includes(value)) throw broken(`be one of AllowedValues`);
  if (MinLength !== undefined && value.length < Number(MinLength)) throw broken(`contain at least ${String(MinLength)} characters`);
  if (MaxLength !== undefined && value.length > Number(MaxLength)) throw broken(`contain at most ${String(MaxLength)} characters`);
  // The pattern has to match the whole value.
  if (typeof AllowedPattern === 'string' && !new RegExp(`^(?:${AllowedPattern})$`).test(value)) throw broken(`match pattern ${AllowedPattern}`);
  if (typeof Type === 'string' && Type.startsWith('AWS::') && !exists(Type, value))
    throw invalid(`Parameter validation failed: parameter value ${value} for parameter name ${name} does not exist`);
}

function declarationOf(json: Json | undefined): JsonObject {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid('Template format error: Any Parameters member must be an object.');
  return json;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
