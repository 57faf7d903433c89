import type { JsonObject } from '../aws';
import { generatedName } from '../cloudformation/generated-name';
import type { MadeResource, ResourceHandler } from '../cloudformation/resource-handler';
import { AwsError, NotModelled } from '../errors';
import { waitForRole } from '../iam/wait-for-role';
import { objectOf, optionalInteger, optionalText, requiredText } from '../resource-properties';
import type { FunctionRecord } from './function-record';
import type { Lambda } from './lambda';

const runtimes = ['nodejs22.x', 'nodejs24.x'];

/** Source: Lambda Developer Guide, configuration-envvars: names that a function may not set. */
const reservedVariables = /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_REGION|AWS_DEFAULT_REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_.*|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR)$/;

/** AWS::Lambda::Function with its code inline. Source: CloudFormation Template Reference; Lambda API, CreateFunction (limits, errors). */
export function functionResource(lambda: Lambda): ResourceHandler {
  const { aws, state } = lambda;

  const made = (fn: FunctionRecord): MadeResource => ({ id: fn.name, attributes: { Arn: fn.arn } });

  const checkRole = (fn: FunctionRecord): Promise<void> =>
    waitForRole(aws, 'InvalidParameterValueException', () => {
      try {
        lambda.roleOf(fn);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        throw new AwsError('InvalidParameterValueException', 'The role defined for the function cannot be assumed by Lambda.');
      }
    });

  return {
    type: 'AWS::Lambda::Function',
    properties: [
      'FunctionName',
      'Description',
      'Runtime',
      'Handler',
      'Code',
      'Role',
      'Timeout',
      'MemorySize',
      'Environment',
      'LoggingConfig',
      'ReservedConcurrentExecutions',
      'Architectures',
      'TracingConfig',
    ],
    replacedBy: ['FunctionName'],
    attributes: ['Arn'],
    async create(properties, context) {
      const name = optionalText(properties, 'FunctionName') ?? generatedName(aws, context, 64);
      if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
        throw new AwsError('InvalidParameterValueException', `The function name ${name} must have 1 to 64 characters of letters, digits, - and _`);
      }
      if (state.functions[name]) throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
      const fn: FunctionRecord = { name, arn: lambda.arnOf(name), ...settingsOf(name, properties), revision: ++state.revisions, policy: { Version: '2012-10-17', Statement: [] } };
      await checkRole(fn);
      state.functions[name] = fn;
      return made(fn);
    },
    async update(id, properties) {
      const old = lambda.functionOf(id);
      const { name, arn, policy, eventInvokeConfig } = old;
      const fn: FunctionRecord = {
        name,
        arn,
        ...settingsOf(id, properties),
        revision: ++state.revisions,
        policy,
        ...(eventInvokeConfig ? { eventInvokeConfig } : {}),
      };
      if (fn.role !== old.role) await checkRole(fn);
      state.functions[id] = fn;
      return made(fn);
    },
    delete(id) {
      // Invocations in flight go on: their environments have their own copy.
      delete state.functions[id];
    },
  };
}

/** @throws AwsError for what Lambda refuses; NotModelled for what it would take but the simulator does not */
function settingsOf(name: string, properties: JsonObject): Omit<FunctionRecord, 'name' | 'arn' | 'revision' | 'policy' | 'eventInvokeConfig' | 'activeAt'> {
  const runtime = requiredText(properties, 'Runtime');
  if (!runtimes.includes(runtime)) throw new NotModelled(`the runtime ${runtime}`);
  const handler = requiredText(properties, 'Handler');
  // Inline code is the file index.js. Source: AWS::Lambda::Function Code, ZipFile.
  if (!/^index\.\w+$/.test(handler)) throw new NotModelled(`the handler ${handler}: inline code is in index.js`);
  const code = requiredText(objectOf(properties['Code'], 'Code', ['ZipFile']), 'ZipFile');
  if (Buffer.byteLength(code) > 4 * 1024 * 1024) throw new AwsError('InvalidRequestException', 'ZipFile must be at most 4 MB');
  for (const architecture of architecturesOf(properties['Architectures'])) {
    if (architecture !== 'x86_64' && architecture !== 'arm64') throw new AwsError('ValidationError', `Architectures: ${String(architecture)}`);
  }
  objectOf(properties['TracingConfig'], 'TracingConfig', ['Mode']);
  const logging = objectOf(properties['LoggingConfig'], 'LoggingConfig', ['LogGroup', 'LogFormat']);
  const logFormat = optionalText(logging, 'LogFormat') ?? 'Text';
  if (logFormat !== 'Text' && logFormat !== 'JSON') throw new AwsError('ValidationError', `LogFormat must be Text or JSON, not ${logFormat}`);
  const description = optionalText(properties, 'Description');
  if (description !== undefined && description.length > 256) throw new AwsError('ValidationError', 'Description must have at most 256 characters');
  const reservedConcurrency = optionalInteger(properties, 'ReservedConcurrentExecutions', 0, 1000);
  return {
    ...(description === undefined ? {} : { description }),
    runtime,
    handler,
    code,
    role: requiredText(properties, 'Role'),
    timeout: optionalInteger(properties, 'Timeout', 1, 900) ?? 3,
    memorySize: optionalInteger(properties, 'MemorySize', 128, 10_240) ?? 128,
    environment: environmentOf(properties),
    logGroup: optionalText(logging, 'LogGroup') ?? `/aws/lambda/${name}`,
    logFormat,
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
  };
}

function architecturesOf(list: JsonObject[string] | undefined): readonly unknown[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw new AwsError('ValidationError', 'Architectures must be a list');
  return list;
}

function environmentOf(properties: JsonObject): Record<string, string> {
  const given = objectOf(objectOf(properties['Environment'], 'Environment', ['Variables'])['Variables'], 'Environment.Variables');
  const variables = Object.fromEntries(Object.keys(given).map((key) => [key, requiredText(given, key)]));
  for (const key of Object.keys(variables)) {
    if (!/^[a-zA-Z]\w+$/.test(key)) throw new AwsError('InvalidParameterValueException', `The environment variable ${key} has a name that Lambda does not accept`);
    if (reservedVariables.test(key)) {
      throw new AwsError('InvalidParameterValueException', `Reserved keys used in this request: ${key}`);
    }
  }
  // Source: Lambda quotas: environment variables 4 KB in aggregate.
  if (Buffer.byteLength(JSON.stringify(variables)) > 4096) {
    throw new AwsError('InvalidParameterValueException', 'Environment variables exceeded the 4 KB limit');
  }
  return variables;
}
