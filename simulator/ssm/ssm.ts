import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject, LocalAws, Operation, Service } from '../aws';
import type { CloudHsm } from '../cloudhsm/cloudhsm';
import type { ProgramResult } from '../cloudhsm/cloudhsm-cli';
import type { Endpoint } from '../endpoint';
import { AwsError, NotModelled } from '../errors';
import { optionalNumber, optionalText, requiredText, textList } from '../request-fields';
import { takePage } from '../take-page';
import { timings } from '../timings';
import type { ClientFacts } from './client-facts';
import { renderScript, resolveParameters, type CommandDocument } from './command-document';
import { isBeforeDelivery, isTimeOut, statusOf, type AwaitedFailure, type CommandFailure } from './command-failure';
import { Host, type ScriptResult } from './host';
import { isUnfinished, isWithAgent, type Invocation, type InvocationEnd } from './invocation';
import type { KeyPool } from './key-pool';
import { printFingerprint } from './print-fingerprint';
import { parseStandInRequest, standInAnswer, type StandInRequest } from './stand-ins';

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
  /** Default `Linux`. */
  platform?: Platform;
}

/** The platforms of instances here, by SSM's names (SSM API, InstanceInformation). */
export type Platform = 'Linux' | 'Windows';

/** An instance as SSM knows it. A stopped one is not registered. */
export interface Instance {
  instanceId: string;
  ping: 'Online' | 'ConnectionLost' | 'Stopped';
  platform: Platform;
  client: ClientFacts;
  /** Where its file tree lies on this machine. */
  folder: string;
}

/** What a world decides about SSM. */
export interface SsmOptions {
  /** Older agents cut outputs at this many characters and said so (amazon-ssm-agent). Default: off. */
  agentOutputLimit?: number;
  /** Where `openssl genrsa` gets its keys from. Default: it makes each. */
  keyPool?: KeyPool;
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
  #keysGiven = 0;
  readonly #failures = new Map<string, AwaitedFailure[]>();

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
      CancelCommand: {
        source: 'SSM API, CancelCommand',
        fields: ['CommandId', 'InstanceIds'],
        permissions: () => [{ action: 'ssm:CancelCommand', resource: '*' }],
        latency: timings.apiCall,
        run: (input) => this.#cancelCommand(input),
      },
    };
    endpoint.route('/host/', async ({ path, body }) => {
      const [, , instanceId = '', commandId = '', program = ''] = path.split('/');
      return { status: 200, body: standInAnswer(await this.#serve(instanceId, commandId, program, parseStandInRequest(body))) };
    });
    aws.register(this);
  }

  /** Adds an instance with a file tree of its own in a temporary folder; `dispose` removes it. */
  addInstance({ instanceId, online = true, clusterId, cli = true, openssl = true, cliOutput, platform = 'Linux' }: NewInstance): Instance {
    const host = Host.make(this.aws.clock, new URL(this.endpoint.url).port, this.options.keyPool !== undefined);
    const customerCa = this.cloudHsm.findCluster(clusterId)?.trustAnchor ?? '';
    const client: ClientFacts = { cli, openssl, flock: true, cliVersion: '5.17.2', customerCa, clusters: [clusterId] };
    const instance: Instance = { instanceId, ping: online ? 'Online' : 'ConnectionLost', platform, client, folder: host.folder };
    this.#hosts.set(instanceId, host);
    if (cliOutput) this.#cliOutputs.set(instanceId, cliOutput);
    this.state.instances.push(instance);
    host.equip(client);
    this.#configure(instance);
    return instance;
  }

  /** Changes what is installed and configured on an instance; what is not named stays. */
  changeClient(instanceId: string, changes: Partial<ClientFacts>): void {
    const instance = this.#instance(instanceId);
    instance.client = { ...instance.client, ...changes };
    this.#host(instanceId).equip(instance.client);
    this.#configure(instance);
  }

  /**
   * The next command to the instance ends so, by the service; called twice, also the one after it.
   * @param ran whether the script runs all the same: what the service tells of a lost command is no proof that nothing ran [C]
   */
  failNextCommand(instanceId: string, failure: CommandFailure, ran = false): void {
    this.#failures.set(instanceId, [...(this.#failures.get(instanceId) ?? []), { failure, ran }]);
  }

  #configure({ instanceId, client }: Instance): void {
    const host = this.#host(instanceId);
    const addressesOf = (clusterId: string): string[] =>
      (this.cloudHsm.findCluster(clusterId)?.hsms ?? []).filter(({ knownToClient }) => knownToClient).map(({ eniIp }) => eniIp);
    host.configureCli(client.clusters.map((clusterId) => ({ clusterId, addresses: addressesOf(clusterId) })));
    host.putCustomerCa(client.customerCa);
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
      InstanceInformationList: page.items.map(({ instanceId, ping, platform }) => ({
        InstanceId: instanceId,
        PingStatus: ping,
        PlatformType: platform,
        ...(platform === 'Linux'
          ? { PlatformName: 'Amazon Linux', PlatformVersion: '2023' }
          : { PlatformName: 'Microsoft Windows Server 2022 Datacenter', PlatformVersion: '10.0.20348' }),
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
    const awaits = this.#failures.get(instanceId)?.shift();
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
      ...(awaits && { awaits }),
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
      this.#endAs(invocation, invocation.awaits?.failure ?? (stopped ? 'Undeliverable' : 'Delivery Timed Out'));
    });
    // An agent that never reports leaves it InProgress until delivery and execution time are both over.
    clock.after((invocation.deliverySeconds + invocation.step.timeoutSeconds) * 1000, () => {
      if (isWithAgent(invocation.status)) this.#endAs(invocation, 'Execution Timed Out');
    });
  }

  #pickUpLater(invocation: Invocation): void {
    this.aws.clock.after(timings.ssmPickUp, () => {
      if (invocation.status !== 'Pending' || this.#instance(invocation.instanceId).ping !== 'Online') return;
      if (invocation.awaits) {
        this.#failAs(invocation, invocation.awaits);
        return;
      }
      this.aws.span('SSM pick-up', invocation.requestedAt);
      this.#execute(invocation).catch((error: unknown) => {
        this.aws.refuse(error, `command ${invocation.commandId}`);
        this.#end(invocation, { status: 'Failed', statusDetails: 'Failed' });
      });
    });
  }

  /** Lets the service end the command as a person or a test has asked for. */
  #failAs(invocation: Invocation, { failure, ran }: AwaitedFailure): void {
    if (!isBeforeDelivery(failure)) this.#begin(invocation);
    if (ran) this.#play(invocation).catch((error: unknown) => this.aws.refuse(error, `command ${invocation.commandId}`));
    if (!isTimeOut(failure)) this.#endAs(invocation, failure);
    else if (!isBeforeDelivery(failure)) this.aws.clock.after(invocation.step.timeoutSeconds * 1000, () => this.#endAs(invocation, failure));
  }

  #endAs(invocation: Invocation, failure: CommandFailure): void {
    this.#end(invocation, { status: statusOf(failure), statusDetails: failure });
  }

  #begin(invocation: Invocation): void {
    invocation.status = 'InProgress';
    invocation.statusDetails = 'In Progress';
    invocation.startedAt = this.aws.clock.now;
  }

  async #execute(invocation: Invocation): Promise<void> {
    this.#begin(invocation);
    const end = await this.#play(invocation);
    this.#report(invocation, end);
  }

  /** Runs the script, and gives how it ended. */
  async #play(invocation: Invocation): Promise<InvocationEnd> {
    const { commandId, instanceId } = invocation;
    const { step } = invocation;
    const instance = this.#instance(instanceId);
    if (instance.platform === 'Windows') {
      if (!step.onlyOnLinux) throw new NotModelled('aws:runShellScript on Windows');
      return { status: 'Success', statusDetails: 'Success', responseCode: 0, stdout: skipped(step.name) };
    }
    const script = renderScript(step, invocation.parameters);
    const host = this.#host(instanceId);
    this.#configure(instance);
    const result = await host.run(commandId, script, `/host/${instanceId}/${commandId}`, step.timeoutSeconds * 1000);
    if (result.exitCode === rebootCode) throw new NotModelled('exit code 194, which asks the agent to reboot');
    return this.#endOf(result);
  }

  /** The agent tells how it ended as soon as it has a connection; a stopped instance never does. */
  #report(invocation: Invocation, end: InvocationEnd): void {
    const { ping } = this.#instance(invocation.instanceId);
    if (ping === 'Online') this.#end(invocation, end);
    else if (ping === 'ConnectionLost' && isWithAgent(invocation.status)) this.aws.clock.after(timings.ssmPickUp, () => this.#report(invocation, end));
  }

  #endOf({ exitCode, stdout, stderr, killed }: ScriptResult): InvocationEnd {
    const outputs = { responseCode: exitCode, stdout: this.#cut(stdout, stdoutLimit), stderr: this.#cut(stderr, stderrLimit) };
    if (killed === 'timeout') return { status: 'TimedOut', statusDetails: 'Execution Timed Out', ...outputs };
    // The exit code of a script that was killed for a person is undocumented. [U]
    if (killed === 'cancel') return { status: 'Cancelled', statusDetails: 'Cancelled', ...outputs };
    return exitCode === 0 ? { status: 'Success', statusDetails: 'Success', ...outputs } : { status: 'Failed', statusDetails: 'Failed', ...outputs };
  }

  #cut(output: string, limit: number): string {
    const { agentOutputLimit } = this.options;
    if (agentOutputLimit !== undefined && output.length > agentOutputLimit) return output.slice(0, agentOutputLimit - truncated.length) + truncated;
    return output.slice(0, limit);
  }

  /** The first end counts. */
  #end(invocation: Invocation, end: InvocationEnd): void {
    if (!isUnfinished(invocation)) return;
    Object.assign(invocation, end, { endedAt: this.aws.clock.now });
  }

  /** It attempts to cancel, and promises nothing (SSM API, CancelCommand); a command that has ended stays as it is. */
  #cancelCommand(input: JsonObject): JsonObject {
    const commandId = requiredText(input, 'CommandId', { min: 36, max: 36 });
    const wanted = input['InstanceIds'] === undefined ? undefined : textList(input['InstanceIds'], 'InstanceIds');
    const found = this.state.invocations.filter((other) => other.commandId === commandId);
    if (found.length === 0) throw new AwsError('InvalidCommandId', `The command ID ${commandId} isn't valid`);
    for (const invocation of found) {
      if (!isUnfinished(invocation) || !(wanted?.includes(invocation.instanceId) ?? true)) continue;
      if (invocation.status === 'Pending') this.#endAs(invocation, 'Cancelled');
      else this.#cancelLater(invocation);
    }
    return {};
  }

  /** The agent kills the script when it hears of it. */
  #cancelLater(invocation: Invocation): void {
    invocation.status = 'Cancelling';
    invocation.statusDetails = 'Cancelling';
    this.aws.clock.after(timings.ssmPickUp, () => {
      const { ping } = this.#instance(invocation.instanceId);
      if (ping === 'Online') this.#host(invocation.instanceId).cancel(invocation.commandId);
      else if (ping === 'ConnectionLost' && isUnfinished(invocation)) this.#cancelLater(invocation);
    });
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
        const { cliVersion: version, customerCa, clusters } = instance.client;
        const configuration = { version, customerCa: customerCa === '' ? undefined : customerCa, clusters };
        const env = { ...(role !== undefined && { CLOUDHSM_ROLE: role }), ...(pin !== undefined && { CLOUDHSM_PIN: pin }) };
        const result = await this.cloudHsm.run(configuration, args, env);
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
        if (first === 'x509') return printFingerprint(args);
        await clock.sleep(timings.keyGeneration);
        return printed(this.options.keyPool ? await this.#giveKey(this.options.keyPool, args) : '');
      default:
        throw new NotModelled(`program ${program}`);
    }
  }

  /** Does the work of `openssl genrsa [-out file] bits`; gives what it prints. */
  async #giveKey(pool: KeyPool, args: readonly string[]): Promise<string> {
    const [, out, bits] = /^genrsa\0(?:-out\0([^\0]+)\0)?(\d+)$/.exec(args.join('\0')) ?? [];
    if (bits === undefined) throw new NotModelled(`openssl ${args.join(' ')} with a pool of keys`);
    // A key may still have to be made, in real time.
    const release = this.aws.clock.hold();
    try {
      const key = await pool.key(Number(bits), this.#keysGiven++);
      if (out === undefined) return key;
      // Only the owner may read it, as openssl leaves private keys. A restart meanwhile has killed openssl, and emptied what is in memory.
      if (existsSync(path.dirname(out))) writeFileSync(out, key, { mode: 0o600 });
      return '';
    } finally {
      release();
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

/** What the agent says of a step whose precondition is not met; the command is a success all the same (amazon-ssm-agent, runpluginutil). [C] */
function skipped(step: string): string {
  return `Step execution skipped due to incompatible platform. Step name: ${step}`;
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
