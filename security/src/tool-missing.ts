/** A tool cannot run on this machine. The message says what is lacking, and how to get it. */
export class ToolMissing extends Error {
  override readonly name = 'ToolMissing';
}
