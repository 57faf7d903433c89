import type { Json, JsonObject } from '../aws';

/** A state machine's definition, as `parseDefinition` accepts it. */
export interface Definition {
  Comment?: string;
  StartAt: string;
  States: Record<string, State>;
  TimeoutSeconds?: number;
  Version?: string;
}

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: 'NONE' | 'FULL';
}

export interface Catcher {
  ErrorEquals: string[];
  Next: string;
  ResultPath?: string | null;
}

interface Common {
  Comment?: string;
  InputPath?: string | null;
  OutputPath?: string | null;
}

interface Onward {
  Next?: string;
  End?: boolean;
}

export interface TaskState extends Common, Onward {
  Type: 'Task';
  Resource: string;
  Parameters?: Json;
  ResultSelector?: Json;
  ResultPath?: string | null;
  TimeoutSeconds?: number;
  Retry?: Retrier[];
  Catch?: Catcher[];
}

export interface PassState extends Common, Onward {
  Type: 'Pass';
  Parameters?: Json;
  Result?: Json;
  ResultPath?: string | null;
}

export interface WaitState extends Common, Onward {
  Type: 'Wait';
  Seconds?: number;
  SecondsPath?: string;
}

export interface ChoiceState extends Common {
  Type: 'Choice';
  Choices: JsonObject[];
  Default?: string;
}

export interface SucceedState extends Common {
  Type: 'Succeed';
}

export interface FailState {
  Type: 'Fail';
  Comment?: string;
  Error?: string;
  ErrorPath?: string;
  Cause?: string;
  CausePath?: string;
}

export type State = TaskState | PassState | WaitState | ChoiceState | SucceedState | FailState;
