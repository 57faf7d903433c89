import { findingsOf } from '../../rehearsal/play';
import * as messages from '../../functions/shared/src/messages';

/** The names of the texts for the user, as functions/shared/src/messages.ts has them. */
export const MESSAGES: Record<string, string> = { ...messages };

/** What AWS's own words are added with, behind what to do; and what CloudFormation adds to a reason. */
const ADDED = /( \(RequestId: [0-9a-f-]{36}\))?$/;

/** A text with anything in its slots; AWS's own words may follow it in brackets. */
function patternOf(text: string): RegExp {
  const parts = text.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*?')}(\\. \\([\\s\\S]*\\))?$`);
}

const PATTERNS = Object.entries(MESSAGES).map(([name, text]): [string, RegExp] => [name, patternOf(text)]);

/**
 * Tells of which texts a reason is made.
 * @throws Error if a part of it is none of them, or might be two: each has first words of its own
 */
export function messagesIn(reason: string): string[] {
  const text = reason.replace(ADDED, '');
  if (text.startsWith('Nothing was changed. (1) ')) return ['NOTHING_CHANGED', ...findingsOf(text).map((finding) => only(finding.replace(/\.$/, '')))];
  return [only(text)];
}

function only(text: string): string {
  const [name, ...others] = PATTERNS.filter(([, pattern]) => pattern.test(text)).map(([found]) => found);
  if (name === undefined || others.length > 0) throw new Error(`Not exactly one message: ${[name, ...others].join(', ')}: ${text}`);
  return name;
}
