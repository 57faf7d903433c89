import { PORT } from './ports';

/** From where to where a lane runs, by its name. */
export type Spans = Map<string, readonly [top: number, bottom: number]>;

/** Gives each lane its place, counted from the boxes outwards: short ones first, two in one place if they do not meet. */
export function placeLanes(spans: Spans): Map<string, number> {
  const places = new Map<string, number>();
  for (const [lane, [top, bottom]] of [...spans].sort(([, a], [, b]) => a[1] - a[0] - (b[1] - b[0]))) {
    const meets = [...places].filter(([other]) => {
      const [otherTop, otherBottom] = spans.get(other) ?? [0, 0];
      return top - PORT < otherBottom && otherTop - PORT < bottom;
    });
    const taken = new Set(meets.map(([, place]) => place));
    let place = 0;
    while (taken.has(place)) place += 1;
    places.set(lane, place);
  }
  return places;
}
