import { KeyPool } from '../../simulator/ssm/key-pool';
import { addKeyStoreOfOthers } from '../by-hand';
import { remember, type Before } from '../promises/promises';
import { openWorld, STACK, type World } from '../world';
import type { Lifecycle } from './lifecycle';
import { Recorder, statesOf } from './recorder';
import type { Site } from './site';
import { restore, takeSnapshot, type Snapshot } from './snapshot';

/** What a lifecycle comes by without a fault. */
export interface Recording {
  lifecycle: string;
  sites: Site[];
  /** Every state of the stack's machines, whether it was entered or not. */
  states: string[];
}

/** The seed of worlds that begin empty, and of those that go on from a snapshot, whose new names must be others. */
const SEED = 1;
const SEED_AFTER = 2;
/** Virtual milliseconds after which all that was begun has come to its end. */
const REST = 10 * 60_000;

/** Where cases are played: one template, the keys and the worlds that they share. */
export class Stage {
  readonly #keyPool = new KeyPool();
  /** Of stacks that were created, by their parameters. */
  readonly #snapshots = new Map<string, Promise<Snapshot>>();

  /** The fingerprints of worlds from which all that a person does afterwards went well: from one like it nothing need be played again. */
  readonly fine = new Set<string>();

  constructor(readonly templateBody: string) {}

  /** Opens the world in which a lifecycle's operation begins. It must be closed. */
  async open({ created, step }: Lifecycle): Promise<{ world: World; before: Before }> {
    const opened = created ? await restore(await this.#snapshot(created), SEED_AFTER, this.#keyPool) : await this.#openEmpty();
    await step.before?.(opened.world);
    return opened;
  }

  /** Plays a lifecycle's operation. @returns how the stack ended */
  async operate(world: World, { created = {}, step }: Pick<Lifecycle, 'created' | 'step'>): Promise<string> {
    const { aws, cloudFormation } = world.account;
    const parameters = { ...world.parameters, ...created, ...step.parameters };
    const input = { stackName: STACK, templateBody: this.templateBody, fromS3: true, parameters };
    const operations = {
      create: () => cloudFormation.createStack(input),
      update: () => cloudFormation.updateStack(input),
      delete: () => cloudFormation.deleteStack(STACK),
    };
    const { during } = step;
    const meanwhile = async (): Promise<void> => {
      if (!during) return;
      await (typeof during.when === 'number' ? aws.clock.sleep(during.when * 1000) : entered(world, during.when));
      // It is over already where a fault ended it early.
      if (cloudFormation.stack(STACK).status.endsWith('_IN_PROGRESS')) await during.happens(world);
    };
    await aws.clock.runUntilSettled(Promise.all([operations[step.do](), meanwhile()]));
    return cloudFormation.stack(STACK).status;
  }

  /** Plays a lifecycle without a fault. @throws Error if it ends in another status than it should, or comes by nothing that could be struck */
  async record(lifecycle: Lifecycle): Promise<Recording> {
    const { world } = await this.open(lifecycle);
    try {
      const recorder = new Recorder(world, lifecycle.since, lifecycle.until);
      // A delete takes the machines along.
      let states: string[] = [];
      world.account.states.onStateEntered(() => {
        if (states.length === 0) states = statesOf(world);
      });
      const ended = await this.operate(world, lifecycle);
      await rest(world);
      const sites = recorder.all();
      if (ended !== lifecycle.ends) throw new Error(`ends ${ended}, not ${lifecycle.ends}`);
      if (sites.every(({ kind }) => kind === 'operation')) throw new Error('comes by no call, function or state');
      return { lifecycle: lifecycle.name, sites, states };
    } finally {
      await world.account.close();
    }
  }

  #snapshot(created: Record<string, string>): Promise<Snapshot> {
    const key = JSON.stringify(created);
    const known = this.#snapshots.get(key) ?? this.#create(created);
    this.#snapshots.set(key, known);
    return known;
  }

  async #create(created: Record<string, string>): Promise<Snapshot> {
    const { world, before } = await this.#openEmpty();
    try {
      const ended = await this.operate(world, { step: { do: 'create', parameters: created } });
      if (ended !== 'CREATE_COMPLETE') throw new Error(`The stack from which lifecycles begin is ${ended}`);
      await rest(world);
      return takeSnapshot(world, before);
    } finally {
      await world.account.close();
    }
  }

  async #openEmpty(): Promise<{ world: World; before: Before }> {
    const world = await openWorld({ seed: SEED, keyPool: this.#keyPool });
    await addKeyStoreOfOthers(world, 'somebody-elses');
    world.templateBody = this.templateBody;
    return { world, before: remember(world) };
  }
}

/** Lets time pass until all that was begun has come to its end. */
export async function rest({ account: { aws } }: World): Promise<void> {
  await aws.clock.runTo(aws.clock.now + REST);
}

/** Waits until a state is entered, or the operation has ended without it. */
function entered({ account: { cloudFormation, states } }: World, wanted: string): Promise<void> {
  return new Promise((resolve) => {
    states.onStateEntered((_execution, state) => {
      if (state === wanted) resolve();
    });
    cloudFormation.onEvent(({ type, status }) => {
      if (type === 'AWS::CloudFormation::Stack' && !status.endsWith('_IN_PROGRESS')) resolve();
    });
  });
}
