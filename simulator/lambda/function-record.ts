import type { PolicyDocument } from '../iam/iam';

/** One Lambda function, as AWS::Lambda::Function describes it. */
export interface FunctionRecord {
  name: string;
  arn: string;
  description?: string;
  runtime: string;
  handler: string;
  /** The text of index.js. */
  code: string;
  role: string;
  /** Seconds. */
  timeout: number;
  /** MB. */
  memorySize: number;
  environment: Record<string, string>;
  logGroup: string;
  logFormat: 'Text' | 'JSON';
  reservedConcurrency?: number;
  /** Of one that was Inactive: from when on it is Active again (virtual milliseconds since the epoch), Infinity until somebody calls it. */
  activeAt?: number;
  /** Grows with every change: older environments are not used any more. */
  revision: number;
  /** The resource-based policy. */
  policy: PolicyDocument;
  eventInvokeConfig?: EventInvokeConfig;
}

/** How Lambda handles asynchronous events of a function. Source: PutFunctionEventInvokeConfig. */
export interface EventInvokeConfig {
  maximumRetryAttempts: number;
  maximumEventAgeInSeconds: number;
  /** ARN of the function that gets the events which failed. */
  onFailure?: string;
}
