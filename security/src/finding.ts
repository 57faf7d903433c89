/** One thing that a tool has to say about a template. */
export interface Finding {
  rule: string;
  /** What it is about, in words that do not change when lines move: a logical id, or the code itself. */
  at: string;
  /** Where it stands now. */
  where: string;
  message: string;
}

/** A finding in one line. */
export function describeFinding({ rule, at, where, message }: Finding): string {
  return `${rule} ${at}${where === '' ? '' : ` (${where})`}: ${message}`;
}
