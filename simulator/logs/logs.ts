import type { LocalAws, Operation, Service } from '../aws';
import { AwsError } from '../errors';
import type { Caller } from '../iam/iam';

export interface LogMessage {
  /** Virtual milliseconds since the epoch. */
  time: number;
  stream: string;
  message: string;
}

export interface LogGroup {
  name: string;
  retentionInDays?: number;
  streams: string[];
  messages: LogMessage[];
}

/** CloudWatch Logs: groups and what AWS services write into them for a role. */
export class Logs implements Service {
  readonly name = 'logs';
  readonly state: { groups: Record<string, LogGroup>; lost: number } = { groups: {}, lost: 0 };
  /** Nobody here calls its API: services write through `write`, CloudFormation makes the groups. */
  readonly operations: Readonly<Record<string, Operation>> = {};

  constructor(readonly aws: LocalAws) {
    aws.register(this);
  }

  /**
   * Makes a group. Source: API Reference, CreateLogGroup.
   * @throws AwsError ResourceAlreadyExistsException
   */
  createGroup(name: string, retentionInDays?: number): LogGroup {
    if (this.state.groups[name]) throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    const group = { name, streams: [], messages: [], ...(retentionInDays !== undefined && { retentionInDays }) };
    this.state.groups[name] = group;
    return group;
  }

  /** The ARN that policies and Fn::GetAtt use: with `:*` at its end (Template Reference, AWS::Logs::LogGroup, Arn). */
  groupArn(name: string): string {
    return `${this.aws.arn('logs', `log-group:${name}`)}:*`;
  }

  /**
   * Writes a line for a role, as Lambda does for its function: what the role does not allow is lost without a word.
   * Source: Lambda Developer Guide, monitoring-cloudwatchlogs (logs:CreateLogGroup, CreateLogStream, PutLogEvents).
   */
  write(caller: Caller, groupName: string, stream: string, message: string): void {
    try {
      const group = this.state.groups[groupName] ?? this.#made(caller, groupName);
      const resource = `${this.aws.arn('logs', `log-group:${groupName}`)}:log-stream:${stream}`;
      if (!group.streams.includes(stream)) {
        this.aws.iam.authorize(caller, { action: 'logs:CreateLogStream', resource });
        group.streams.push(stream);
      }
      this.aws.iam.authorize(caller, { action: 'logs:PutLogEvents', resource });
      group.messages.push({ time: this.aws.clock.now, stream, message });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.state.lost++;
    }
  }

  #made(caller: Caller, name: string): LogGroup {
    this.aws.iam.authorize(caller, { action: 'logs:CreateLogGroup', resource: this.groupArn(name) });
    return this.createGroup(name);
  }
}
