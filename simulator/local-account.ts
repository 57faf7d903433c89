import { LocalAws, type LocalAwsOptions } from './aws';
import { CloudFormation } from './cloudformation/cloudformation';
import { CloudHsm } from './cloudhsm/cloudhsm';
import { Ec2 } from './ec2/ec2';
import { Endpoint } from './endpoint';
import { EventBridge } from './events/event-bridge';
import { eventBridgeResources } from './events/resources';
import { iamResources } from './iam/resources';
import { Kms } from './kms/kms';
import { Lambda } from './lambda/lambda';
import { lambdaResources } from './lambda/lambda-resources';
import { Logs } from './logs/logs';
import { logsResources } from './logs/resources';
import { secretsManagerResources } from './secretsmanager/secrets-manager-resources';
import { SecretsManager } from './secretsmanager/secrets-manager';
import { ServiceQuotas } from './servicequotas/service-quotas';
import type { KeyPool } from './ssm/key-pool';
import { documentResource } from './ssm/document-resource';
import { Ssm } from './ssm/ssm';
import { stepFunctionsResources } from './states/resources';
import { StepFunctions } from './states/step-functions';

/** A local AWS account with every service that the simulator has, and CloudFormation over them. */
export class LocalAccount {
  private constructor(
    readonly aws: LocalAws,
    readonly endpoint: Endpoint,
    readonly cloudFormation: CloudFormation,
    readonly cloudHsm: CloudHsm,
    readonly ec2: Ec2,
    readonly events: EventBridge,
    readonly kms: Kms,
    readonly lambda: Lambda,
    readonly logs: Logs,
    readonly secrets: SecretsManager,
    readonly ssm: Ssm,
    readonly states: StepFunctions,
  ) {}

  /**
   * Opens an empty account. It listens on the loopback interface until `close`.
   * @param options.keyPool where instances get their RSA keys from; without it, each is made
   */
  static async open({ keyPool, ...options }: LocalAwsOptions & { keyPool?: KeyPool } = {}): Promise<LocalAccount> {
    const aws = new LocalAws(options);
    const endpoint = await Endpoint.start(aws);
    const ec2 = new Ec2(aws);
    const cloudHsm = new CloudHsm(aws, ec2);
    const kms = new Kms(aws, cloudHsm);
    new ServiceQuotas(aws, kms);
    const secrets = new SecretsManager(aws);
    const ssm = new Ssm(aws, endpoint, cloudHsm, { ...(keyPool && { keyPool }) });
    const logs = new Logs(aws);
    const lambda = new Lambda(aws, endpoint, logs);
    const events = new EventBridge(aws);
    const states = new StepFunctions(aws, (event) => events.publish(event));
    const cloudFormation = new CloudFormation(aws, {
      endpoint,
      handlers: [
        ...eventBridgeResources(events),
        ...iamResources(aws),
        ...lambdaResources(lambda),
        ...logsResources(logs),
        ...secretsManagerResources(secrets),
        ...stepFunctionsResources(states),
        documentResource(ssm),
      ],
      exists: (type, value) => type === 'AWS::EC2::Instance::Id' && ssm.state.instances.some(({ instanceId }) => instanceId === value),
    });
    return new LocalAccount(aws, endpoint, cloudFormation, cloudHsm, ec2, events, kms, lambda, logs, secrets, ssm, states);
  }

  /** What was met that the simulator does not model, wherever it was met. */
  get refusals(): readonly string[] {
    return this.aws.refusals;
  }

  /** Ends everything that runs for real. */
  async close(): Promise<void> {
    this.lambda.dispose();
    await this.ssm.dispose();
    await this.endpoint.stop();
  }
}
