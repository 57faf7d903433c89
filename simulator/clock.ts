/** Cancels or releases what it was returned for; calling it again does nothing. */
export type Release = () => void;

interface Alarm {
  time: number;
  sequence: number;
  action: () => void;
}

/**
 * Virtual time: one queue of events, in order of time and then of registration.
 *
 * Time moves only when no real work (a worker running code, a shell script) is in flight: whoever starts real work
 * holds the clock until it ends or waits for the simulator itself. Code that waits for virtual time awaits `sleep`.
 */
export class Clock {
  #now: number;
  #sequence = 0;
  #alarms: Alarm[] = [];
  #holds = 0;
  #wake: (() => void) | undefined;

  /** @param start milliseconds since the epoch at which virtual time begins */
  constructor(start: number) {
    this.#now = start;
  }

  /** Virtual milliseconds since the epoch. */
  get now(): number {
    return this.#now;
  }

  /** Runs the action when virtual time reaches `time` (milliseconds since the epoch); the result takes it back. */
  at(time: number, action: () => void): Release {
    const alarm = { time: Math.max(time, this.#now), sequence: this.#sequence++, action };
    const index = this.#alarms.findIndex((other) => other.time > alarm.time);
    this.#alarms.splice(index === -1 ? this.#alarms.length : index, 0, alarm);
    return () => {
      const place = this.#alarms.indexOf(alarm);
      if (place !== -1) this.#alarms.splice(place, 1);
    };
  }

  /** Runs the action `milliseconds` from now; the result takes it back. */
  after(milliseconds: number, action: () => void): Release {
    return this.at(this.#now + milliseconds, action);
  }

  /** Resolves when `milliseconds` of virtual time have passed. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  /** Virtual time stands still until the result is called. */
  hold(): Release {
    this.#holds++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds--;
      if (this.#holds === 0) this.#wake?.();
    };
  }

  /**
   * Plays events until `done` answers true.
   * @throws Error when nothing is left to happen and `done` still answers false: something waits for ever
   */
  async runUntil(done: () => boolean): Promise<void> {
    for (;;) {
      await this.#settle();
      if (done()) return;
      const next = this.#alarms.shift();
      if (!next) throw new Error(`At ${new Date(this.#now).toISOString()} nothing is left to happen, and what was waited for has not come`);
      this.#now = next.time;
      next.action();
    }
  }

  /**
   * Plays events until the promise has settled, and gives its value.
   * @throws what the promise is rejected with; Error when nothing is left to happen and it still has not settled
   */
  async runUntilSettled<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const note = (): void => {
      settled = true;
    };
    promise.then(note, note);
    await this.runUntil(() => settled);
    return promise;
  }

  /** Plays every event up to and including `time`, and leaves virtual time there. */
  async runTo(time: number): Promise<void> {
    let reached = false;
    this.at(time, () => {
      reached = true;
    });
    await this.runUntil(() => reached);
  }

  /** Lets promise chains run on, and real work end, before time may move. */
  async #settle(): Promise<void> {
    do {
      if (this.#holds > 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#holds > 0);
  }
}

/**
 * Real work (a worker's code, a shell script) that holds virtual time while it runs,
 * and lets it move while the work itself waits for the simulator.
 */
export class RealWork {
  readonly #clock: Clock;
  #release: Release | undefined;
  #waiting = 0;
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#release = clock.hold();
  }

  /** Waits for what the simulator does for this work; virtual time may move meanwhile. */
  async wait<T>(forSimulator: Promise<T>): Promise<T> {
    this.#waiting++;
    this.#release?.();
    this.#release = undefined;
    try {
      return await forSimulator;
    } finally {
      this.#waiting--;
      if (this.#waiting === 0 && !this.#ended) this.#release = this.#clock.hold();
    }
  }

  /** The work is over, or was killed. */
  end(): void {
    this.#ended = true;
    this.#release?.();
    this.#release = undefined;
  }
}
