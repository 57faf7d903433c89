/** A failure that cloudhsm-cli reports in its JSON, exit code 1. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
