import Rule, { Target } from 'cloudform-types/types/events/rule';
import EventInvokeConfig, { DestinationConfig, OnFailure } from 'cloudform-types/types/lambda/eventInvokeConfig';
import Permission from 'cloudform-types/types/lambda/permission';
import { GetAtt, Ref } from './intrinsics';
import { IDS, lambdaId, stateMachineId } from './names';

const answering = GetAtt(lambdaId('send-cfn-response'), 'Arn');

/** Answers for a request whose execution ended without an answer, or whose function failed for good. */
export function safetyNet() {
  return {
    [IDS.unanswered]: new Rule({
      Description: 'An execution failed, and may have ended without having answered CloudFormation',
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: [Ref(stateMachineId('create-key-store')), Ref(stateMachineId('update-key-store')), Ref(stateMachineId('delete-key-store'))],
        },
      },
      Targets: [new Target({ Id: 'answer', Arn: answering })],
    }),
    [IDS.unansweredPermission]: new Permission({
      Action: 'lambda:InvokeFunction',
      FunctionName: answering,
      Principal: 'events.amazonaws.com',
      SourceArn: GetAtt(IDS.unanswered, 'Arn'),
    }),
    // An event must not outlive the operation that it belongs to (the default age is six hours): two retries, after one and two minutes more, fit in.
    [IDS.eventInvokeConfig]: new EventInvokeConfig({
      FunctionName: Ref(lambdaId('custom-resource')),
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 300,
      DestinationConfig: new DestinationConfig({ OnFailure: new OnFailure({ Destination: answering }) }),
    }),
  };
}
