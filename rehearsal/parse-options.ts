import { parseArgs, type ParseArgsConfig } from 'node:util';

/** An option is wrong, or a program is missing; the message is for a person. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the options of a command.
 * @param help the command that prints its usage
 * @throws UsageError for an option that there is not
 */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(args: string[], options: Options, help: string) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    const [firstSentence = ''] = String(error instanceof Error ? error.message : error).split('. ');
    throw new UsageError(`${firstSentence}: see ${help}`);
  }
}
