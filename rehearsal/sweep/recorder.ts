import type { JsonObject } from '../../simulator/aws';
import type { World } from '../world';
import type { Site } from './site';

/** How long the same question counts as asked a moment before, in virtual milliseconds. */
const STALE = {
  // "Usually seconds" (KMS Developer Guide, programming-eventual-consistency).
  kms: 10_000,
  // Nothing tells how long. [U]
  cloudhsm: 10_000,
  secretsmanager: 2_000,
  states: 2_000,
} as const satisfies Record<string, number>;

/** Notes every site that an operation comes by, from now on. */
export class Recorder {
  readonly #sites: Site[] = [];
  /** The label of the state that was entered last, by the ARN of its machine, and by what its task calls. */
  readonly #current = new Map<string, string>();
  readonly #visits = new Map<string, number>();
  #begun = false;
  #over = false;
  readonly #asked = new Map<string, number>();
  readonly #runsBefore: number;
  /** Where each run was, by its place in the list of runs. */
  readonly #runs = new Map<number, string>();

  /**
   * @param since when the sites begin that are to be struck; what comes after counts too
   * @param until when they end
   */
  constructor(
    readonly world: World,
    readonly since: (world: World) => boolean = () => true,
    readonly until: (world: World) => boolean = () => false,
  ) {
    const { aws, lambda, states } = world.account;
    this.#runsBefore = lambda.runs.length;
    states.onStateEntered(({ machineArn, machineName }, state) => {
      const label = `${this.#short(machineName)}.${state}`;
      this.#current.set(machineArn, label);
      this.#current.set(this.#resourceOf(machineArn, state), label);
      this.#note({ kind: 'state', machine: machineName, state, where: label, index: this.#count(`state ${machineName} ${state}`) });
    });
    const call = aws.call.bind(aws);
    aws.call = (caller, service, operation, input) => {
      if (caller.roleName !== undefined) this.#noteCall(caller.roleName, service, operation, input);
      return call(caller, service, operation, input);
    };
    const run = lambda.run.bind(lambda);
    lambda.run = (fn, payload, requestId) => {
      if (this.#counts()) this.#runs.set(lambda.runs.length, this.#current.get(fn.arn) ?? this.#short(fn.role.split('/').at(-1) ?? ''));
      return run(fn, payload, requestId);
    };
  }

  /** The sites, with those of the functions' runs; to be asked when all is over. */
  all(): Site[] {
    const { runs } = this.world.account.lambda;
    const ofRuns = runs.slice(this.#runsBefore).flatMap(({ name, requests }, number): Site[] => {
      const index = this.#count(`run ${name}`);
      const where = this.#runs.get(this.#runsBefore + number);
      return where === undefined ? [] : [{ kind: 'run', functionName: name, where, index, requests }];
    });
    return [{ kind: 'operation' }, ...this.#sites, ...ofRuns];
  }

  #counts(): boolean {
    this.#begun ||= this.since(this.world);
    this.#over ||= this.#begun && this.until(this.world);
    return this.#begun && !this.#over;
  }

  #note(site: Site): void {
    if (this.#counts()) this.#sites.push(site);
  }

  #noteCall(role: string, service: string, operation: string, input: JsonObject): void {
    const { aws, lambda, states } = this.world.account;
    const ofFunction = Object.values(lambda.state.functions).find((fn) => fn.role.endsWith(`/${role}`));
    const caller = ofFunction?.arn ?? Object.values(states.state.machines).find(({ roleArn }) => roleArn.endsWith(`/${role}`))?.arn;
    const question = `${service}:${operation} ${JSON.stringify(input)}`;
    const lag = Object.entries(STALE).find(([name]) => name === service)?.[1] ?? 0;
    // A version of a secret never changes.
    const mayBeStale = /^(Describe|Get|List)/.test(operation) && input['VersionId'] === undefined && aws.clock.now - (this.#asked.get(question) ?? 0) < lag;
    this.#asked.set(question, aws.clock.now);
    this.#note({
      kind: 'call',
      service,
      operation,
      role,
      where: this.#current.get(caller ?? '') ?? this.#short(role),
      index: this.#count(`call ${role} ${service}:${operation}`),
      mayBeStale,
    });
  }

  #short(name: string): string {
    return shortName(name, this.world.account.aws.region);
  }

  #count(what: string): number {
    const count = this.#visits.get(what) ?? 0;
    this.#visits.set(what, count + 1);
    return count;
  }

  /** What the task of a state calls, as its definition has it. */
  #resourceOf(machineArn: string, state: string): string {
    const { definition = '{}' } = this.world.account.states.state.machines[machineArn] ?? {};
    const { States } = JSON.parse(definition) as { States?: Record<string, { Resource?: string }> };
    return States?.[state]?.Resource ?? '';
  }
}

/** The name of a machine or a function without what is the stack's and the Region's. */
export function shortName(name: string, region: string): string {
  return name.replace(`-${region}`, '').replace(`${region}-`, '').replace(/^[a-z]+-\w+-(?=\w+-)/, '');
}

/** Every state of a world's machines, as sites name them. */
export function statesOf({ account: { aws, states } }: World): string[] {
  return Object.values(states.state.machines).flatMap(({ name, definition }) => {
    const { States } = JSON.parse(definition) as { States: object };
    return Object.keys(States).map((state) => `${shortName(name, aws.region)}.${state}`);
  });
}
