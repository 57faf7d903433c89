/** An error that an AWS API answers: `code` is the API's own name of it, as SDK v3 shows it in `err.name`. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  /**
   * @param code the API's name of the error, e.g. `CustomKeyStoreNotFoundException`
   * @param statusCode HTTP status: 400 for a caller's fault, 500 for the service's
   */
  constructor(
    readonly code: string,
    message: string,
    readonly statusCode = 400,
  ) {
    super(message);
  }
}

/** The simulator was asked for something that it does not model. It refuses rather than guess. */
export class NotModelled extends Error {
  override readonly name = 'NotModelled';

  /** @param what the thing by name, e.g. `resource type AWS::EC2::Instance` */
  constructor(what: string) {
    super(`The simulator does not model ${what}`);
  }
}
