import type { Finding } from './finding';

/** A finding that stays, and why. */
export interface Acceptance {
  tool: string;
  rule: string;
  /** What the findings are about, each of them; without it, whatever the rule finds. */
  at?: string[];
  reason: string;
}

/** A tool's findings, each with the reason for which it is accepted, if it is; and what is accepted although the tool does not find it. */
export interface Judgement {
  findings: { finding: Finding; reason: string | undefined }[];
  stale: string[];
}

/** Holds the findings of one tool against what is accepted. */
export function judge(tool: string, findings: Finding[], accepted: Acceptance[]): Judgement {
  const ours = accepted.filter((acceptance) => acceptance.tool === tool);
  const covers = ({ rule, at }: Acceptance, finding: Finding): boolean => rule === finding.rule && (at?.includes(finding.at) ?? true);
  return {
    findings: findings.map((finding) => ({ finding, reason: ours.find((acceptance) => covers(acceptance, finding))?.reason })),
    stale: ours.flatMap(({ rule, at }) => {
      const found = findings.filter((finding) => finding.rule === rule).map((finding) => finding.at);
      if (!at) return found.length > 0 ? [] : [rule];
      return at.filter((subject) => !found.includes(subject)).map((subject) => `${rule} ${subject}`);
    }),
  };
}
