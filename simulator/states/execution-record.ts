import type { JsonObject } from '../aws';
import { fromJson } from './paths';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface HistoryEvent {
  /** Virtual milliseconds since the epoch. */
  time: number;
  /** As GetExecutionHistory names it, e.g. `TaskStateEntered`. */
  type: string;
  details: JsonObject;
}

/** What is remembered of one execution: plain data. */
export interface ExecutionRecord {
  arn: string;
  name: string;
  machineArn: string;
  machineName: string;
  /** Tells machines apart that had the same name one after the other. */
  machineId: string;
  status: ExecutionStatus;
  input: string;
  output?: string;
  error?: string;
  cause?: string;
  startTime: number;
  stopTime?: number;
  /** The names of the states entered, in order. */
  path: string[];
  history: HistoryEvent[];
}

/** One state machine: plain data. */
export interface StateMachine {
  arn: string;
  name: string;
  id: string;
  roleArn: string;
  /** After substitutions. */
  definition: string;
  deleting: boolean;
}

/** An execution as DescribeExecution answers. Source: Step Functions API Reference, DescribeExecution. */
export function describeExecution(record: ExecutionRecord): JsonObject {
  const { arn, machineArn, name, status, input, output, error, cause, startTime, stopTime } = record;
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    // awsJson1.0 carries times as seconds.
    startDate: startTime / 1000,
    ...(stopTime !== undefined && { stopDate: stopTime / 1000 }),
    input,
    inputDetails: { included: true },
    ...(output !== undefined && { output, outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    redriveCount: 0,
  };
}

/**
 * An execution as the nested integration shows it: PascalCase names in alphabetical order, times in milliseconds.
 * Input and Output are JSON values in `.sync:2`. Source: Developer Guide, connect-stepfunctions.
 */
export function nestedExecution(record: ExecutionRecord): JsonObject {
  const { startTime, stopTime = startTime, output, error, cause } = record;
  const input = fromJson(record.input);
  const result = output === undefined ? undefined : fromJson(output);
  return {
    ...(cause !== undefined && { Cause: cause }),
    ...(error !== undefined && { Error: error }),
    ExecutionArn: record.arn,
    Input: input,
    InputDetails: { Included: true },
    Name: record.name,
    ...(result !== undefined && { Output: result, OutputDetails: { Included: true } }),
    RedriveCount: 0,
    StartDate: startTime,
    StateMachineArn: record.machineArn,
    Status: record.status,
    StopDate: stopTime,
  };
}
