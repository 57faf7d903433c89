import type { JsonObject } from '../aws';
import type { RetainOrDelete } from './template';

/** A resource of a stack, as CloudFormation remembers it. */
export interface StackResource {
  logicalId: string;
  type: string;
  /** For example `CREATE_COMPLETE`. */
  status: string;
  /** Absent while nothing was made. */
  physicalId?: string;
  /** What Ref gives, where that is not the physical id. */
  ref?: string;
  attributes: Record<string, string>;
  /** Resolved; of a custom resource, every scalar a string. */
  properties: JsonObject;
  dependsOn: string[];
  deletionPolicy: RetainOrDelete;
  updateReplacePolicy: RetainOrDelete;
}

/** One line of a stack's Events tab. */
export interface StackEvent {
  /** Virtual milliseconds since the epoch. */
  time: number;
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
  reason?: string;
}

/** Where the rollback of an update leads. */
export type StableState = Pick<Stack, 'resources' | 'parameters' | 'outputs' | 'body' | 'fromS3'>;

/** An update that has not ended well yet; gone once the stack is stable. Source of "last known stable state": API Reference, RollbackStack. */
export interface UnfinishedUpdate {
  /** Absent when the create before it has failed: then there is nothing to go back to. */
  stable?: StableState;
  /** By logical id, the properties that were last sent to a resource whose change a rollback must undo. */
  changed: Record<string, JsonObject>;
  /** Resources among them that got a new physical resource. */
  superseded: string[];
  /** The old physical resources, to be deleted when the update is complete. */
  replaced: StackResource[];
  /** Physical resources that a reverse update left behind, to be deleted when the stack is stable again. */
  left: StackResource[];
  /** Resources whose reverse update failed. */
  unreversed: string[];
}

/** A stack; plain data. Source of statuses: CloudFormation User Guide, view-stack-events and cfn-console-describing-stacks. */
export interface Stack {
  name: string;
  id: string;
  status: string;
  statusReason?: string;
  body: string;
  fromS3: boolean;
  parameters: Record<string, string>;
  resources: Record<string, StackResource>;
  outputs: Record<string, string>;
  events: StackEvent[];
  /** What its create was to do when it fails. */
  onFailure: 'ROLLBACK' | 'DO_NOTHING';
  /** Whether the last create or update was to keep what was made when something fails. */
  disableRollback: boolean;
  /** How many operations a person has begun on it. */
  operations: number;
  update?: UnfinishedUpdate;
}
