import { LocalAws, type Json, type JsonObject } from '../../../simulator/aws';
import { Endpoint } from '../../../simulator/endpoint';
import { Lambda } from '../../../simulator/lambda/lambda';
import { lambdaResources } from '../../../simulator/lambda/lambda-resources';
import { workerPool } from '../../../simulator/lambda/worker-pool';
import type { MadeResource, ResourceHandler } from '../../../simulator/cloudformation/resource-handler';
import { SecretsManager } from '../../../simulator/secretsmanager/secrets-manager';

/** A local AWS with a role `worker` that Lambda may assume, and what the tests do with functions. */
export class FunctionWorld {
  readonly logged: { group: string; stream: string; message: string }[] = [];
  readonly secrets: SecretsManager;
  readonly lambda: Lambda;
  readonly roleArn: string;

  private constructor(
    readonly aws: LocalAws,
    readonly endpoint: Endpoint,
  ) {
    this.lambda = new Lambda(aws, endpoint, { write: (_caller, group, stream, message) => this.logged.push({ group, stream, message }) });
    this.secrets = new SecretsManager(aws);
    this.roleArn = aws.iam.createRole('worker', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }).arn;
  }

  static async start(): Promise<FunctionWorld> {
    const aws = new LocalAws();
    return new FunctionWorld(aws, await Endpoint.start(aws));
  }

  async stop(): Promise<void> {
    this.lambda.dispose();
    workerPool.close();
    await this.endpoint.stop();
  }

  /** Lets virtual time go until the promise has settled. */
  settle<T>(promise: Promise<T>): Promise<T> {
    return this.aws.clock.runUntilSettled(promise);
  }

  async grant(action: string, resource = '*'): Promise<void> {
    this.aws.iam.putInlinePolicies('worker', `test ${action}`, [
      { name: action.replace(':', '-'), document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] } },
    ]);
    await this.aws.clock.runTo(this.aws.clock.now + 60_000);
  }

  handler(type: string): ResourceHandler {
    const handler = lambdaResources(this.lambda).find((other) => other.type === type);
    if (!handler) throw new Error(`No handler of ${type}`);
    return handler;
  }

  make(type: string, properties: JsonObject, logicalId = 'Thing'): Promise<MadeResource> {
    return this.settle(Promise.resolve().then(() => this.handler(type).create(properties, { stackName: 'stack', stackId: 'arn:stack', logicalId })));
  }

  makeFunction(FunctionName: string, code: string, more: JsonObject = {}): Promise<MadeResource> {
    return this.make('AWS::Lambda::Function', {
      FunctionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: this.roleArn,
      Code: { ZipFile: code },
      Timeout: 30,
      ...more,
    });
  }

  invokeLater(FunctionName: string, payload: Json = {}, InvocationType = 'RequestResponse'): Promise<JsonObject> {
    return this.aws.call(this.aws.iam.deployer, 'lambda', 'Invoke', { FunctionName, InvocationType, Payload: JSON.stringify(payload) });
  }

  /** Invokes and waits for the end; the payload that comes back is parsed. */
  async invoke(functionName: string, payload: Json = {}): Promise<{ failed: boolean; payload: Json }> {
    const answer = await this.settle(this.invokeLater(functionName, payload));
    return { failed: answer.FunctionError !== undefined, payload: JSON.parse(String(answer.Payload)) as Json };
  }

  messages(group: string): string[] {
    return this.logged.filter((line) => line.group === group).map(({ message }) => message);
  }
}
