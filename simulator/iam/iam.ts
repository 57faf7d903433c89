import type { LocalAws } from '../aws';

/** Who makes a call: an assumed role, the person or pipeline that deploys, or an AWS service acting for a resource. */
export interface Caller {
  /** As CloudTrail would show it; for a service its principal, e.g. `events.amazonaws.com`. */
  readonly arn: string;
  /** The role whose policies decide. Absent for the deployer, who may do anything, and for services. */
  readonly roleName?: string;
  /** For a service: the ARN of the resource it acts for (`aws:SourceArn`). Only a resource policy can allow it. */
  readonly sourceArn?: string;
}

/** One thing that a call needs to be allowed. */
export interface Permission {
  action: string;
  resource: string;
  /** Condition keys of the request beyond the global ones, e.g. `iam:AWSServiceName`. */
  context?: Record<string, string>;
  /** The resource's own policy, where it has one: an Allow there is enough within one account. */
  resourcePolicy?: PolicyDocument;
}

export interface PolicyDocument {
  Version: string;
  Statement: Statement[];
}

export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: unknown;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export class Iam {
  constructor(readonly aws: LocalAws) {}

  readonly deployer: Caller = { arn: 'deployer' };

  authorize(_caller: Caller, _permission: Permission): void {}
}
