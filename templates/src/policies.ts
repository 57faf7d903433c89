import Role from 'cloudform-types/types/iam/role';
import { Policy } from 'cloudform-types/types/iam/role';
import type { Value } from 'cloudform-types/types/dataTypes';
import { PREFIX } from './names';
import { Ref, sub } from './intrinsics';

/** One Allow: actions, what they may be done to, and when. */
export interface Grant {
  actions: string | string[];
  on: Value<string> | Value<string>[];
  when?: Record<string, Record<string, Value<string>>>;
}

const VERSION = '2012-10-17';

/** An IAM policy document that allows what the grants say and nothing else. */
export function policyDocument(grants: Grant[]) {
  return {
    Version: VERSION,
    Statement: grants.map(({ actions, on, when }) => ({ Effect: 'Allow', Action: actions, Resource: on, ...(when && { Condition: when }) })),
  };
}

/**
 * The role of one function or state machine.
 * @param name the function's or the machine's name, without prefix
 * @param service who may assume it
 * @param shared the managed policies that all of its kind have
 */
export function role(name: string, service: 'lambda' | 'states', shared: string, grants: Grant[]): Role {
  return new Role({
    // A role's name is global: the Region is a part of it.
    RoleName: sub(`${PREFIX}-\${AWS::Region}-${name}`),
    AssumeRolePolicyDocument: {
      Version: VERSION,
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: `${service}.amazonaws.com` },
          // Step Functions tells for whom it assumes a role (Developer Guide, prevent cross-service confused deputy issue); Lambda does not say so.
          ...(service === 'states' && { Condition: { StringEquals: { 'aws:SourceAccount': Ref('AWS::AccountId') } } }),
        },
      ],
    },
    ManagedPolicyArns: [Ref(shared)],
    ...(grants.length > 0 && { Policies: [new Policy({ PolicyName: name, PolicyDocument: policyDocument(grants) })] }),
  });
}
