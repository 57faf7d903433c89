import { render } from './emit';
import { FORMS } from './sources';

/** What a file was found to be. */
export interface Verdict {
  /** Whether the source emits exactly this file. */
  emitted: boolean;
  text: string;
}

/**
 * Tells whether a file is one that this source emits, byte for byte.
 * @param file its name, for the verdict
 * @param given what is in it
 */
export function verify(file: string, given: string): Verdict {
  const rendered = FORMS.map((form) => ({ form, text: render(form) }));
  const same = rendered.find(({ text }) => text === given);
  if (same) return { emitted: true, text: `${file} is what this source emits, in its ${same.form} form.` };
  const differences = rendered.map(({ form, text }) => `  the ${form} form differs from line ${firstDifference(given, text)} on`);
  return { emitted: false, text: [`${file} is NOT what this source emits:`, ...differences].join('\n') };
}

/** The number of the first line in which two texts differ. */
function firstDifference(one: string, other: string): number {
  const others = other.split('\n');
  const index = one.split('\n').findIndex((line, number) => line !== others[number]);
  return (index < 0 ? one.split('\n').length : index) + 1;
}
