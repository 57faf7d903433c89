import type { JsonObject, LocalAws, Operation, Service } from '../aws';
import type { CloudHsm } from '../cloudhsm/cloudhsm';
import type { ProgramResult } from '../cloudhsm/cloudhsm-cli';
import type { Endpoint } from '../endpoint';
import { AwsError, NotModelled } from '../errors';
import { optionalNumber, optionalText, requiredText, textList } from '../request-fields';
import { takePage } from '../take-page';
import { timings } from '../timings';
import { renderScript, resolveParameters, type CommandDocument } from './command-document';
import { Host, type ScriptResult } from './host';
import type { Invocation, InvocationEnd } from './invocation';
import { parseStandInRequest, type StandInRequest } from './stand-ins';

/** Takes the place of what cloudhsm-cli prints; undefined leaves it as it is. The command itself has been carried out. */
export type CliOutput = (args: readonly string[]) => string | undefined;

/** An instance to add to the world. */
export interface NewInstance {
  instanceId: string;
  /** Default true. */
  online?: boolean;
  /** The cluster that the client is configured for. */
  clusterId: string;
  /** Whether cloudhsm-cli is installed. Default true. */
  cli?: boolean;
  /** Whether openssl is on PATH. Default true. */
  openssl?: boolean;
  cliOutput?: CliOutput;
}

/** An instance as SSM knows it. A stopped one is not registered. */
export interface Instance {
  instanceId: string;
  ping: 'Online' | 'ConnectionLost' | 'Stopped';
  clusterId: string;
  /** Where its file tree lies on this machine. */
  folder: string;
}

/** What a world decides about SSM. */
export interface SsmOptions {
  /** Older agents cut outputs at this many characters and said so (amazon-ssm-agent). Default: off. */
  agentOutputLimit?: number;
}

/** GetCommandInvocation gives the first characters of the outputs (SSM API, GetCommandInvocation). */
const stdoutLimit = 24_000;
const stderrLimit = 8_000;
const truncated = '--output truncated--';
/** SSM API, SendCommand: the default of TimeoutSeconds. */
const defaultDeliverySeconds = 3600;
/** SSM API, SendCommand: InstanceIds. */
const instanceIdPattern = /^i-(\w{8}|\w{17})$|^mi-\w{17}$/;
/** On Linux an exit code of 194 asks the agent to reboot and run the script again (SSM User Guide, send-commands-reboot). */
const rebootCode = 194;

/** AWS Systems Manager: Run Command on instances whose scripts really run. */
export class Ssm implements Service {
  readonly name = 'ssm';
  readonly state: { documents: Record<string, { versions: CommandDocument[] }>; instances: Instance[]; invocations: Invocation[] } = { documents: {}, instances: [], invocations: [] };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #hosts = new Map<string, Host>();
  readonly #cliOutputs = new Map<string, CliOutput>();

  constructor(
    readonly aws: LocalAws,
    readonly endpoint: Endpoint,
    readonly cloudHsm: CloudHsm,
    readonly options: SsmOptions = {},
  ) {
    this.operations = {
      DescribeInstanceInformation: {
        source: 'SSM API, DescribeInstanceInformation',
        fields: ['Filters', 'MaxResults', 'NextToken'],
        permissions: () => [{ action: 'ssm:DescribeInstanceInformation', resource: '*' }],
        latency: timings.apiCall,
        run: (input) => this.#describeInstances(input),
      },
      SendCommand: {
        source: 'SSM API, SendCommand; Service Authorization Reference: both the document and every instance',
        fields: ['InstanceIds', 'DocumentName', 'DocumentVersion', 'Parameters', 'TimeoutSeconds', 'Comment'],
        permissions: (input) => [
          { action: 'ssm:SendCommand', resource: this.#documentArn(requiredText(input, 'DocumentName')) },
          ...textList(input['InstanceIds'], 'InstanceIds').map((id) => ({ action: 'ssm:SendCommand', resource: aws.arn('ec2', `instance/${id}`) })),
        ],
        latency: timings.apiCall,
        run: (input) => this.#sendCommand(input),
      },
      GetCommandInvocation: {
        source: 'SSM API, GetCommandInvocation',
        fields: ['CommandId', 'InstanceId', 'PluginName'],
        permissions: () => [{ action: 'ssm:GetCommandInvocation', resource: '*' }],
        latency: timings.apiCall,
        run: (input) => this.#getInvocation(input),
      },
    };
    endpoint.route('/host/', async ({ path, body }) => {
      const [, , instanceId = '', commandId = '', program = ''] = path.split('/');
      const { exitCode, stdout, stderr } = await this.#serve(instanceId, commandId, program, parseStandInRequest(body));
      return { status: 200, body: `${exitCode}\0${stdout}\0${stderr}\0` };
    });
    aws.register(this);
  }

  /** Adds a Linux instance with a file tree of its own in a temporary folder; `dispose` removes it. */
  addInstance(options: NewInstance): Instance {
    const host = Host.make(this.aws.clock, new URL(this.endpoint.url).port, { cli: options.cli ?? true, openssl: options.openssl ?? true });
    const instance: Instance = { instanceId: options.instanceId, ping: options.online === false ? 'ConnectionLost' : 'Online', clusterId: options.clusterId, folder: host.folder };
    this.#hosts.set(options.instanceId, host);
    if (options.cliOutput) this.#cliOutputs.set(options.instanceId, options.cliOutput);
    this.state.instances.push(instance);
    return instance;
  }

  /** Runs configure-cli on the instance for another cluster. */
  configureClient(instanceId: string, clusterId: string): void {
    this.#instance(instanceId).clusterId = clusterId;
  }

  /** The agent's connection comes or goes; scripts run on. Coming back, the agent fetches what waits and reports what ended. */
  setOnline(instanceId: string, online: boolean): void {
    this.#instance(instanceId).ping = online ? 'Online' : 'ConnectionLost';
    if (!online) return;
    for (const invocation of this.state.invocations) if (invocation.instanceId === instanceId && invocation.status === 'Pending') this.#pickUpLater(invocation);
  }

  /** Kills running scripts and empties /run and /dev/shm; the instance is online afterwards. What ran is Failed. [U] */
  async reboot(instanceId: string): Promise<void> {
    const host = this.#host(instanceId);
    await host.killAll();
    host.clearMemory();
    this.setOnline(instanceId, true);
  }

  /** Stops the instance: SSM no longer lists it. Running scripts are killed, and their commands time out. */
  async stop(instanceId: string): Promise<void> {
    this.#instance(instanceId).ping = 'Stopped';
    const host = this.#host(instanceId);
    await host.killAll();
    host.clearMemory();
  }

  /** Kills running scripts and removes the file trees. */
  async dispose(): Promise<void> {
    for (const host of this.#hosts.values()) {
      await host.killAll();
      host.remove();
    }
    this.#hosts.clear();
  }

  /** SSM API, DescribeInstanceInformation: stopped instances are not listed. */
  #describeInstances(input: JsonObject): JsonObject {
    const wanted = readInstanceFilter(input['Filters']);
    const found = this.state.instances.filter(({ instanceId, ping }) => ping !== 'Stopped' && (wanted?.includes(instanceId) ?? true));
    const page = takePage(found, optionalText(input, 'NextToken'), optionalNumber(input, 'MaxResults', 5, 50) ?? 50, () => {
      throw new AwsError('InvalidNextToken', 'The specified token is not valid');
    });
    return {
      InstanceInformationList: page.items.map(({ instanceId, ping }) => ({
        InstanceId: instanceId,
        PingStatus: ping,
        PlatformType: 'Linux',
        PlatformName: 'Amazon Linux',
        PlatformVersion: '2023',
        AgentVersion: '3.3.2746.0',
        ResourceType: 'EC2Instance',
      })),
      ...(page.next !== undefined && { NextToken: page.next }),
    };
  }

  #sendCommand(input: JsonObject): JsonObject {
    const instanceIds = textList(input['InstanceIds'], 'InstanceIds');
    if (instanceIds.length !== 1) throw new NotModelled('a command to other than one instance');
    const [instanceId = ''] = instanceIds;
    if (!instanceIdPattern.test(instanceId)) throw new AwsError('ValidationException', `Value '${instanceId}' at 'instanceIds' failed to satisfy constraint`);
    const deliverySeconds = optionalNumber(input, 'TimeoutSeconds', 30, 2_592_000) ?? defaultDeliverySeconds;
    const comment = optionalText(input, 'Comment', { min: 0, max: 100 }) ?? '';
    const documentName = this.#documentName(requiredText(input, 'DocumentName', { pattern: /^[a-zA-Z0-9_\-.:/]{3,128}$/ }));
    const { document, version } = this.#document(documentName, optionalText(input, 'DocumentVersion') ?? '$DEFAULT');
    const instance = this.state.instances.find((other) => other.instanceId === instanceId);
    // Not registered, or the agent is not running (SSM API, SendCommand).
    if (!instance || instance.ping === 'Stopped') throw new AwsError('InvalidInstanceId', `Instances [[${instanceId}]] not in a valid state for account ${this.aws.account}`);
    const given = readParameters(input['Parameters']);
    const { now } = this.aws.clock;
    const invocation: Invocation = {
      commandId: this.aws.uuid(),
      instanceId,
      documentName,
      documentVersion: version,
      comment,
      parameters: resolveParameters(document, given),
      step: document.step,
      requestedAt: now,
      // Eventually consistent (InvocationDoesNotExist): for the first one or two seconds it may not be found. [U]
      visibleFrom: now + this.aws.random() * 2_000,
      deliverySeconds,
      status: 'Pending',
      statusDetails: 'Pending',
      responseCode: -1,
      stdout: '',
      stderr: '',
    };
    this.state.invocations.push(invocation);
    this.#watch(invocation);
    this.#pickUpLater(invocation);
    return {
      Command: {
        CommandId: invocation.commandId,
        DocumentName: documentName,
        DocumentVersion: String(version),
        Comment: comment,
        Parameters: given,
        InstanceIds: [instanceId],
        RequestedDateTime: now / 1000,
        ExpiresAfter: now / 1000 + deliverySeconds,
        TimeoutSeconds: deliverySeconds,
        Status: 'Pending',
        StatusDetails: 'Pending',
      },
    };
  }

  /** The service's own deadlines: for delivery, and for the whole (SSM User Guide, monitor-commands). */
  #watch(invocation: Invocation): void {
    const { clock } = this.aws;
    clock.after(invocation.deliverySeconds * 1000, () => {
      if (invocation.status !== 'Pending') return;
      const stopped = this.#instance(invocation.instanceId).ping === 'Stopped';
      this.#end(invocation, { status: 'TimedOut', statusDetails: stopped ? 'Undeliverable' : 'Delivery Timed Out' });
    });
    // An agent that never reports leaves it InProgress until delivery and execution time are both over.
    clock.after((invocation.deliverySeconds + invocation.step.timeoutSeconds) * 1000, () => {
      if (invocation.status === 'InProgress') this.#end(invocation, { status: 'TimedOut', statusDetails: 'Execution Timed Out' });
    });
  }

  #pickUpLater(invocation: Invocation): void {
    this.aws.clock.after(timings.ssmPickUp, () => {
      if (invocation.status !== 'Pending' || this.#instance(invocation.instanceId).ping !== 'Online') return;
      this.aws.span('SSM pick-up', invocation.requestedAt);
      this.#execute(invocation).catch((error: unknown) => {
        this.aws.refuse(error, `command ${invocation.commandId}`);
        this.#end(invocation, { status: 'Failed', statusDetails: 'Failed' });
      });
    });
  }

  async #execute(invocation: Invocation): Promise<void> {
    invocation.status = 'InProgress';
    invocation.statusDetails = 'In Progress';
    invocation.startedAt = this.aws.clock.now;
    const { commandId, instanceId } = invocation;
    const { step } = invocation;
    const script = renderScript(step, invocation.parameters);
    const host = this.#host(instanceId);
    host.configureCli(this.#configuredAddresses(instanceId));
    const result = await host.run(commandId, script, `/host/${instanceId}/${commandId}`, step.timeoutSeconds * 1000);
    if (result.exitCode === rebootCode) throw new NotModelled('exit code 194, which asks the agent to reboot');
    this.#report(invocation, this.#endOf(result));
  }

  /** The addresses that configure-cli was run with: those of the HSMs that the client knows. */
  #configuredAddresses(instanceId: string): string[] {
    const { hsms = [] } = this.cloudHsm.findCluster(this.#instance(instanceId).clusterId) ?? {};
    return hsms.filter(({ knownToClient }) => knownToClient).map(({ eniIp }) => eniIp);
  }

  /** The agent tells how it ended as soon as it has a connection; a stopped instance never does. */
  #report(invocation: Invocation, end: InvocationEnd): void {
    const { ping } = this.#instance(invocation.instanceId);
    if (ping === 'Online') this.#end(invocation, end);
    else if (ping === 'ConnectionLost' && invocation.status === 'InProgress') this.aws.clock.after(timings.ssmPickUp, () => this.#report(invocation, end));
  }

  #endOf({ exitCode, stdout, stderr, killed }: ScriptResult): InvocationEnd {
    const outputs = { responseCode: exitCode, stdout: this.#cut(stdout, stdoutLimit), stderr: this.#cut(stderr, stderrLimit) };
    if (killed === 'timeout') return { status: 'TimedOut', statusDetails: 'Execution Timed Out', ...outputs };
    return exitCode === 0 ? { status: 'Success', statusDetails: 'Success', ...outputs } : { status: 'Failed', statusDetails: 'Failed', ...outputs };
  }

  #cut(output: string, limit: number): string {
    const { agentOutputLimit } = this.options;
    if (agentOutputLimit !== undefined && output.length > agentOutputLimit) return output.slice(0, agentOutputLimit - truncated.length) + truncated;
    return output.slice(0, limit);
  }

  /** The first end counts. */
  #end(invocation: Invocation, end: InvocationEnd): void {
    if (invocation.status !== 'Pending' && invocation.status !== 'InProgress') return;
    Object.assign(invocation, end, { endedAt: this.aws.clock.now });
  }

  #getInvocation(input: JsonObject): JsonObject {
    const commandId = requiredText(input, 'CommandId', { min: 36, max: 36 });
    const instanceId = requiredText(input, 'InstanceId', { pattern: instanceIdPattern });
    const pluginName = optionalText(input, 'PluginName', { min: 4 });
    const invocation = this.state.invocations.find((other) => other.commandId === commandId && other.instanceId === instanceId);
    if (!invocation || invocation.visibleFrom > this.aws.clock.now) throw new AwsError('InvocationDoesNotExist', 'An error occurred (InvocationDoesNotExist) when calling the GetCommandInvocation operation');
    const { name: step } = invocation.step;
    if (pluginName !== undefined && pluginName !== step) throw new AwsError('InvalidPluginName', `The plugin name ${pluginName} is not valid`);
    return {
      CommandId: commandId,
      InstanceId: instanceId,
      Comment: invocation.comment,
      DocumentName: invocation.documentName,
      DocumentVersion: String(invocation.documentVersion),
      PluginName: step,
      ResponseCode: invocation.responseCode,
      ExecutionStartDateTime: isoTime(invocation.startedAt),
      ExecutionEndDateTime: isoTime(invocation.endedAt),
      Status: invocation.status,
      StatusDetails: invocation.statusDetails,
      StandardOutputContent: invocation.stdout,
      StandardOutputUrl: '',
      StandardErrorContent: invocation.stderr,
      StandardErrorUrl: '',
    };
  }

  /** Serves a stand-in program of a running script; virtual time may move only while the script waits here. */
  #serve(instanceId: string, commandId: string, program: string, request: StandInRequest): Promise<ProgramResult> {
    const work = this.#hosts.get(instanceId)?.work(commandId);
    if (!work) throw new NotModelled(`program ${program} of a script that does not run`);
    return work.wait(this.#runProgram(this.#instance(instanceId), program, request));
  }

  async #runProgram(instance: Instance, program: string, { args, role, pin }: StandInRequest): Promise<ProgramResult> {
    const { clock } = this.aws;
    const [first = ''] = args;
    switch (program) {
      case 'cloudhsm-cli': {
        const result = await this.cloudHsm.run(instance.clusterId, args, { ...(role !== undefined && { CLOUDHSM_ROLE: role }), ...(pin !== undefined && { CLOUDHSM_PIN: pin }) });
        const output = this.#cliOutputs.get(instance.instanceId)?.(args);
        return output === undefined ? result : { ...result, stdout: output };
      }
      case 'date':
        if (args.length !== 1 || first !== '+%s') throw new NotModelled(`date ${args.join(' ')}`);
        return printed(`${Math.floor(clock.now / 1000)}\n`);
      case 'sleep':
        if (args.length !== 1 || !/^\d+(\.\d+)?$/.test(first)) throw new NotModelled(`sleep ${args.join(' ')}`);
        await clock.sleep(Number(first) * 1000);
        return printed('');
      case 'openssl':
        await clock.sleep(timings.keyGeneration);
        return printed('');
      default:
        throw new NotModelled(`program ${program}`);
    }
  }

  #documentArn(nameOrArn: string): string {
    return nameOrArn.startsWith('arn:') ? nameOrArn : this.aws.arn('ssm', `document/${nameOrArn}`);
  }

  #documentName(nameOrArn: string): string {
    const own = this.aws.arn('ssm', 'document/');
    return nameOrArn.startsWith(own) ? nameOrArn.slice(own.length) : nameOrArn;
  }

  #document(name: string, wanted: string): { document: CommandDocument; version: number } {
    const versions = this.state.documents[name]?.versions;
    if (!versions) throw new AwsError('InvalidDocument', `Document with name ${name} does not exist.`);
    const version = wanted === '$DEFAULT' || wanted === '$LATEST' ? versions.length : Number(wanted);
    const document = versions[version - 1];
    if (!document) throw new AwsError('InvalidDocumentVersion', `Document ${name} has no version ${wanted}`);
    return { document, version };
  }

  #instance(instanceId: string): Instance {
    const instance = this.state.instances.find((other) => other.instanceId === instanceId);
    if (!instance) throw new Error(`There is no instance ${instanceId}`);
    return instance;
  }

  #host(instanceId: string): Host {
    const host = this.#hosts.get(instanceId);
    if (!host) throw new Error(`Instance ${instanceId} was disposed of, or never added`);
    return host;
  }
}

function printed(stdout: string): ProgramResult {
  return { exitCode: 0, stdout, stderr: '' };
}

/** These two are ISO texts on the wire, empty while they have not come. */
function isoTime(time: number | undefined): string {
  return time === undefined ? '' : new Date(time).toISOString();
}

function readInstanceFilter(filters: JsonObject[string] | undefined): string[] | undefined {
  if (filters === undefined) return undefined;
  if (!Array.isArray(filters)) throw new AwsError('InvalidFilterKey', 'Filters must be a list');
  const [filter] = filters;
  if (filters.length === 0) return undefined;
  if (filters.length > 1 || typeof filter !== 'object' || filter === null || Array.isArray(filter) || filter['Key'] !== 'InstanceIds')
    throw new NotModelled('a filter of DescribeInstanceInformation other than InstanceIds');
  return textList(filter['Values'], 'Filters.Values');
}

function readParameters(parameters: JsonObject[string] | undefined): Record<string, string[]> {
  if (parameters === undefined) return {};
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) throw new AwsError('InvalidParameters', 'Parameters must be a map');
  return Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, textList(values, `Parameters.${name}`)]));
}
