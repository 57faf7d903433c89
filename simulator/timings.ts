/**
 * How long things take, in milliseconds of virtual time: the one place for these constants.
 * [U] marks a figure that no document gives; it is an assumption that the benchmark also plays doubled.
 */
export const timings = {
  /** Lambda: a cold start with the SDK of the runtime, and a warm one. [U] */
  lambdaCold: 600,
  lambdaWarm: 50,
  /** Lambda: until an Inactive function that was called is Active: 40 to 106 seconds were seen. [C] */
  lambdaActivation: 100_000,
  /** Step Functions: from one state to the next. [U] */
  stateTransition: 30,
  /** Step Functions: starting a nested execution and returning from it, together. [U] */
  nestedExecution: 500,
  /** An RSA-3072 key on a small instance: measured with `openssl genrsa 3072`, mean over 20 keys. */
  keyGeneration: 700,
  /** A control-plane API call. [U] */
  apiCall: 100,
  /** SSM: from SendCommand until an online agent starts the script. [U] */
  ssmPickUp: 2_000,
  /** A cloudhsm-cli run that reads, and one that logs in and changes. [U] */
  cliRead: 3_000,
  cliChange: 5_000,
  /** KMS: connect takes "up to 20 minutes" (KMS Developer Guide, connect-keystore); practitioners report 5 to 30. */
  connect: 8 * 60_000,
  /** KMS: disconnect; undocumented. [U] */
  disconnect: 60_000,
  /** IAM: until a new role or policy takes effect; "seconds" (IAM User Guide, troubleshoot: eventual consistency). [U] */
  rolePropagation: 8_000,
  /** CloudFormation: making or deleting one resource. [U] */
  cloudFormationResource: 2_000,
  /** EventBridge and asynchronous Lambda events: until delivered. [U] */
  eventDelivery: 500,
};
