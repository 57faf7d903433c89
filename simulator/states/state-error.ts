/** An error inside an execution, by the name that Retry and Catch match and the cause that the history shows. */
export class StateError extends Error {
  override readonly name = 'StateError';

  /**
   * @param error the error name, e.g. `States.Timeout` or `Kms.KmsException`
   * @param cause the text that the execution history shows
   */
  constructor(
    readonly error: string,
    override readonly cause: string,
  ) {
    super(`${error}: ${cause}`);
  }
}

/** An error that nothing catches. Source: Step Functions Developer Guide, concepts-error-handling (States.Runtime). */
export function runtimeError(cause: string): StateError {
  return new StateError('States.Runtime', cause);
}
