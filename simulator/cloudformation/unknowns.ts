/** What no document says of CloudFormation and what a template's author must be safe against, whichever is true: play both. [U] */
export interface Unknowns {
  /**
   * Whether a custom resource that replaced itself in an update gets a reverse Update, for its new physical id, before the rollback restores the old one.
   * Known is only the Delete for the new one after it: AWS Knowledge Center, best-practices-custom-cf-lambda.
   */
  reversesReplaced: boolean;
  /**
   * Whether an answer at the ResponseURL of a failed request decides the retry that has the same RequestId.
   * Captured URLs differ in their query only: the object that they lead to is named by stack, logical id and RequestId.
   */
  earlierUrlAnswers: boolean;
}

/** What the player takes for true unless it is told otherwise. */
export function usualUnknowns(): Unknowns {
  return { reversesReplaced: false, earlierUrlAnswers: false };
}
