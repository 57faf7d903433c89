import validate from 'asl-validator';
import type { Finding } from '../finding';
import { packageVersion } from '../package-version';
import type { Tool } from '../tool';

/** asl-validator on every state machine that the template carries. */
export const aslValidator: Tool = {
  name: 'asl-validator',
  scan: ({ code }) => ({
    version: packageVersion('asl-validator'),
    runs: [{ call: 'validate(definition) for each state machine', findings: Object.entries(code.machines).flatMap(([id, text]) => aslFindings(id, text)) }],
  }),
};

/** What is wrong with one definition. */
export function aslFindings(id: string, definition: string): Finding[] {
  const { errors } = validate(JSON.parse(definition) as object) as { errors: Record<string, unknown>[] };
  return errors.map((error) => ({
    rule: String(error['Error code'] ?? 'SCHEMA_VALIDATION_FAILED'),
    at: id,
    where: String(error['instancePath'] ?? ''),
    message: String(error['Message'] ?? error['message'] ?? JSON.stringify(error)),
  }));
}
