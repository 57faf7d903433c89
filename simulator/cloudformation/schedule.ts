/** What is to be done, and in which order it may be. */
export interface Plan {
  /** What each item waits for; names that are not items of the plan count as done. */
  waitsFor: ReadonlyMap<string, readonly string[]>;
  /** Does one item; false when it failed, and then what waits for it is not done. */
  work: (item: string) => Promise<boolean>;
  /** No further item starts once this answers true. Default: never. */
  halted?: () => boolean;
  /** Items that start as soon as they may; the others may be put off while something else runs. */
  eager: (item: string) => boolean;
  random: () => number;
}

/**
 * Does the items of a plan, independent ones at the same time, in an order that the declared dependencies allow and the seed decides.
 * It is unkind on purpose: CloudFormation promises no order beyond the dependencies, so an item that is not eager may start
 * only when everything else has ended.
 */
export async function schedule({ waitsFor, work, halted = () => false, eager, random }: Plan): Promise<void> {
  const waiting = new Set(shuffle([...waitsFor.keys()], random));
  const unfinished = new Set(waiting);
  const running = new Map<string, Promise<string>>();
  const start = (item: string): void => {
    waiting.delete(item);
    running.set(
      item,
      work(item).then((succeeded) => {
        if (succeeded) unfinished.delete(item);
        return item;
      }),
    );
  };
  for (;;) {
    if (!halted()) {
      const ready = [...waiting].filter((item) => (waitsFor.get(item) ?? []).every((other) => !unfinished.has(other)));
      const late = ready.filter((item) => !eager(item));
      ready.filter(eager).forEach(start);
      late.filter(() => random() < 0.5).forEach(start);
      const [first] = late;
      if (running.size === 0 && first !== undefined) start(first);
    }
    if (running.size === 0) return;
    running.delete(await Promise.race(running.values()));
  }
}

function shuffle<Item>(items: Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((left, right) => left.place - right.place)
    .map(({ item }) => item);
}
