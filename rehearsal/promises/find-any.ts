/** Texts of fewer characters are not searched for: they would be found by chance. */
export const SHORTEST = 7;

const TABLE = 4_096;

/**
 * Makes a search for many texts at once, which skips most characters (Wu and Manber, A fast algorithm for multi-pattern searching, 1994):
 * it runs over megabytes after each of thousands of lives.
 * @param needles of at least `SHORTEST` characters each
 * @returns a function that gives those of the needles that a text holds
 */
export function findAny(needles: readonly string[]): (text: string) => Set<string> {
  const short = needles.find(({ length }) => length < SHORTEST);
  if (short !== undefined) throw new Error(`Too short to be searched for: ${short.length} characters`);
  const last = SHORTEST - 1;
  const shifts = new Uint8Array(TABLE).fill(last);
  const candidates = new Map<number, string[]>();
  for (const needle of needles) {
    for (let place = 1; place <= last; place++) {
      const hash = hashAt(needle, place);
      shifts[hash] = Math.min(shifts[hash] ?? last, last - place);
    }
    const hash = hashAt(needle, last);
    candidates.set(hash, [...(candidates.get(hash) ?? []), needle]);
  }
  return (text) => {
    const found = new Set<string>();
    for (let place = last; place < text.length; ) {
      const hash = hashAt(text, place);
      const shift = shifts[hash] ?? 1;
      if (shift === 0) for (const needle of candidates.get(hash) ?? []) if (text.startsWith(needle, place - last)) found.add(needle);
      place += shift || 1;
    }
    return found;
  };
}

/** Of the character at a place and the one before it. */
function hashAt(text: string, place: number): number {
  return ((text.charCodeAt(place - 1) << 5) ^ text.charCodeAt(place)) & (TABLE - 1);
}
