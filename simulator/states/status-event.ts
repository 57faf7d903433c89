import type { LocalAws } from '../aws';
import type { AwsEvent } from '../events/aws-event';
import type { ExecutionRecord } from './execution-record';

/** Escaped input and output above this leave the event. Source: Developer Guide, eventbridge-integration (248 KiB). */
const longestData = 248 * 1024;

/** The event that tells of an execution's status. Source: Step Functions Developer Guide, eventbridge-integration. */
export function statusEvent(aws: LocalAws, record: ExecutionRecord): AwsEvent {
  const { arn, machineArn, name, status, startTime, stopTime, input, output } = record;
  const included = Buffer.byteLength(JSON.stringify([input, output ?? ''])) <= longestData;
  return {
    version: '0',
    id: aws.uuid(),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: aws.account,
    time: `${new Date(aws.clock.now).toISOString().slice(0, 19)}Z`,
    region: aws.region,
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn: machineArn,
      name,
      status,
      startDate: startTime,
      stopDate: stopTime ?? null,
      input: included ? input : null,
      inputDetails: { included },
      output: included ? (output ?? null) : null,
      outputDetails: output === undefined ? null : { included },
      error: record.error ?? null,
      cause: record.cause ?? null,
    },
  };
}
