import { COULD_NOT_LOOK } from '../../shared/src/messages';
import { Refused } from '../../shared/src/refused';
import { say } from '../../shared/src/say';
import { isTransient, LAST_ATTEMPT } from '../../shared/src/transient';

/** Looks at one thing after the other, and collects what keeps a key store from being made. */
export class Survey {
  readonly findings: string[] = [];

  /** @param attempt how often this survey was tried before: what may go away by itself is waited out, until the last attempt */
  constructor(readonly attempt: number) {}

  find(...findings: (string | undefined)[]): void {
    this.findings.push(...findings.filter((finding) => finding !== undefined));
  }

  /**
   * Asks for something. That it could not be looked at is a finding of its own, and told apart from what is wrong.
   * @param what named so that "could not be looked at" may follow
   * @param denied the finding if AWS denies the look for good
   * @returns undefined if there is no answer
   * @throws the error itself if it may go away by itself and this is not the last attempt
   */
  async look<Value>(what: string, ask: () => Promise<Value>, denied?: (error: string) => string): Promise<Value | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Refused) this.find(error.message);
      else if (!(error instanceof Error) || (isTransient(error) && this.attempt < LAST_ATTEMPT)) throw error;
      else {
        const told = `${error.name}: ${error.message}`;
        this.find(denied && error.name === 'AccessDeniedException' ? denied(told) : say(COULD_NOT_LOOK, { what, error: told }));
      }
      return undefined;
    }
  }
}
