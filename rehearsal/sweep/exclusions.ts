import type { SweepCase } from './case';

/** Something that a case may break, and why that is no broken promise. */
export interface Exclusion {
  /** In one line, for the table. */
  reason: string;
  /** The ids of the cases. */
  cases: RegExp;
  /** What is excused of what they break. */
  excuses: RegExp;
}

/** Few, and each must be needed: one that excuses nothing in a whole sweep is an error. */
export const EXCLUSIONS: readonly Exclusion[] = [
  {
    reason: 'a server error to SendCommand leaves open whether a login was spent, and one that may be spent is final (P15)',
    cases: /\/ssm:SendCommand@[^/]*\.(Create|Delete|Reset)KmsUser#\w+\/server-error$/,
    excuses: /^ended (DELETE_FAILED|(UPDATE_)?ROLLBACK_(COMPLETE|FAILED)), .*: The admin login is spent: /,
  },
  {
    reason: 'the custom-resource function runs into its time-out when its stack is gone: its last log lines have no role any more',
    cases: /^(create-|delete)[^/]*\/[^/]*@custom-resource#\w+\/slow$/,
    excuses: /^P11: \S+custom-resource may not logs:/,
  },
  {
    reason: 'while the seal of the answer’s address cannot be read at all, nobody can answer: CloudFormation gives up after its hour',
    cases: /\/secretsmanager:GetSecretValue@([^/]*\.SendCfnResponse|send-cfn-response)#\w+\/throttled-for-ever$/,
    excuses: /^P1: \w+ \S+ was never answered$/,
  },
  {
    reason: 'Step Functions itself reads how a nested execution has ended, and no document tells how a failure of that read looks [U]',
    cases: /\/states:DescribeExecution@[^/]*\.(Connect|Disconnect)KeyStore#\w+\/(throttled-once|server-error|denied-at-first)$/,
    excuses: /^ended .*ExecutionAlreadyExists/,
  },
  {
    reason: 'the key of an inspection is taken off the client as well as can be: it lies in memory, for root alone, and is refused after ten minutes',
    cases: /@[^/]*\.ForgetKey#\w+\/(?!throttled-once$|server-error$|denied-at-first$)|^[^/]*\/state@[^/]*\/(client-offline|aborted)$/,
    excuses: /^P4: left over: file \S+\.pem on the client$/,
  },
];

/** What a case has broken, without what is excused; and by which exclusions, by their numbers. */
export function withoutExcused({ id }: Pick<SweepCase, 'id'>, broken: readonly string[], exclusions = EXCLUSIONS): { broken: string[]; excusedBy: number[] } {
  const applying = [...exclusions.entries()].filter(([, { cases }]) => cases.test(id));
  const excuses = (line: string): number[] => applying.filter(([, exclusion]) => exclusion.excuses.test(line)).map(([number]) => number);
  return { broken: broken.filter((line) => excuses(line).length === 0), excusedBy: [...new Set(broken.flatMap(excuses))] };
}
