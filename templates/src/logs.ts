import ManagedPolicy from 'cloudform-types/types/iam/managedPolicy';
import LogGroup from 'cloudform-types/types/logs/logGroup';
import { GetAtt, sub } from './intrinsics';
import { IDS, PREFIX } from './names';
import { policyDocument } from './policies';

const RETENTION_DAYS = 90;

/** The log groups, and the policies that let the functions and the state machines write to them. */
export function logs() {
  return {
    [IDS.lambdaLogs]: new LogGroup({ LogGroupName: sub(`/aws/lambda/${PREFIX}-key-store`), RetentionInDays: RETENTION_DAYS }),
    // Vended logs do not count against the size of the account's log resource policy (Step Functions Developer Guide, logging).
    [IDS.stateMachineLogs]: new LogGroup({ LogGroupName: sub(`/aws/vendedlogs/states/${PREFIX}-key-store`), RetentionInDays: RETENTION_DAYS }),
    // No logs:CreateLogGroup: a late invocation must not bring back a group that was deleted with the stack.
    [IDS.writeLogs]: new ManagedPolicy({
      // With a log group of another name comes another policy: functions that a rollback takes away write their log until then.
      ManagedPolicyName: sub(`${PREFIX}-\${AWS::Region}-write-logs`),
      PolicyDocument: policyDocument([{ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: GetAtt(IDS.lambdaLogs, 'Arn') }]),
    }),
    // None of these actions can be narrowed to a log group (Step Functions Developer Guide, logging).
    [IDS.deliverLogs]: new ManagedPolicy({
      PolicyDocument: policyDocument([
        {
          actions: [
            'logs:CreateLogDelivery',
            'logs:GetLogDelivery',
            'logs:UpdateLogDelivery',
            'logs:DeleteLogDelivery',
            'logs:ListLogDeliveries',
            'logs:PutResourcePolicy',
            'logs:DescribeResourcePolicies',
            'logs:DescribeLogGroups',
          ],
          on: '*',
        },
      ]),
    }),
  };
}
