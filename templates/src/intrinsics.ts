import { GetAtt, Ref } from 'cloudform-types/types/functions';
import { IntrinsicFunction } from 'cloudform-types/types/dataTypes';

export { GetAtt, Ref };

/** Fn::Sub of a text alone: cloudform-types' own would add a null, which CloudFormation refuses. */
export function sub(text: string): IntrinsicFunction {
  return new IntrinsicFunction('Fn::Sub', text);
}

/** The ARN of a resource in this partition, Region and account, for Fn::Sub. */
export function arn(service: string, resource: string): IntrinsicFunction {
  return sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);
}
