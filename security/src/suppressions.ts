import type { Acceptance } from './acceptance';
import type { Template } from './template';

/** What the template's own Metadata tells cfn_nag to pass over, with the reasons that stand there; one without a reason does not count. */
export function suppressions({ Resources }: Template): Acceptance[] {
  return Object.entries(Resources).flatMap(([id, { Metadata }]) =>
    (Metadata?.cfn_nag?.rules_to_suppress ?? []).flatMap(({ id: rule, reason }) =>
      reason ? [{ tool: 'cfn_nag', rule, at: [id], reason: `${reason} (in the template's Metadata)` }] : [],
    ),
  );
}
