import type { World } from '../world';

/** Collects what happens in a world from now on, to be told in order. */
export class Timeline {
  readonly #began: number;
  readonly #callsBefore: number;
  readonly #runsBefore: number;
  readonly #answersBefore: number;
  readonly #notes: { time: number; text: string }[] = [];

  constructor(readonly world: World) {
    const { aws, cloudFormation, cloudHsm, lambda, states } = world.account;
    this.#began = aws.clock.now;
    this.#callsBefore = aws.calls.length;
    this.#runsBefore = lambda.runs.length;
    this.#answersBefore = cloudFormation.answers.length;
    cloudFormation.onEvent(({ logicalId, type, status, reason }) => {
      // The stack itself, and what the product's own code makes.
      if (type === 'AWS::CloudFormation::Stack' || type.startsWith('Custom::')) this.note(`stack     ${status} ${logicalId}${after(': ', reason)}`);
    });
    states.onStateEntered(({ machineName }, state) => this.note(`state     ${machineName} ${state}`));
    const run = cloudHsm.run.bind(cloudHsm);
    cloudHsm.run = async (configuration, args, env) => {
      const result = await run(configuration, args, env);
      // Options may be secrets.
      this.note(`client    cloudhsm-cli ${args.slice(0, 2).join(' ')}: exit ${result.exitCode}`);
      return result;
    };
  }

  note(text: string): void {
    this.#notes.push({ time: this.world.account.aws.clock.now, text });
  }

  /** All that happened, a line each, in order of virtual time. */
  lines(): string[] {
    const { aws, cloudFormation, lambda } = this.world.account;
    const calls = aws.calls.slice(this.#callsBefore).filter(({ caller }) => caller !== aws.iam.deployer.arn);
    const entries = [
      ...this.#notes,
      ...calls.map(({ time, caller, service, operation, error, fault }) => ({
        time,
        text: `call      ${service}:${operation} by ${caller.split('/')[1] ?? caller}${after(': ', error)}${after('   <== FAULT: ', fault)}`,
      })),
      ...lambda.runs.slice(this.#runsBefore).map(({ time, name, requests, error }) => ({
        time,
        text: `function  ${name}: ${requests} requests${after(', ', error)}`,
      })),
      ...cloudFormation.answers.slice(this.#answersBefore).map(({ time, status, reason, physicalId, accepted }) => ({
        time,
        text: `answer    ${status} ${physicalId}${accepted ? '' : ' (too late, or a second one)'}${reason === '' ? '' : `: ${reason}`}`,
      })),
    ];
    return entries.sort((one, other) => one.time - other.time).map(({ time, text }) => `${((time - this.#began) / 1000).toFixed(2).padStart(9)}  ${text}`);
  }
}

/** A text with what stands before it, or nothing. */
function after(before: string, text: string | undefined): string {
  return text === undefined ? '' : `${before}${text}`;
}
