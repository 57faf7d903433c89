import type { JsonObject } from '../aws';
import { generatedName } from '../cloudformation/generated-name';
import type { MadeResource, ResourceHandler } from '../cloudformation/resource-handler';
import { AwsError, NotModelled } from '../errors';
import type { Statement } from '../iam/iam';
import { optionalText, requiredText } from '../resource-properties';
import type { Lambda } from './lambda';

/** AWS::Lambda::Permission: a statement in a function's resource-based policy. Source: CloudFormation Template Reference; AddPermission. */
export function permissionResource(lambda: Lambda): ResourceHandler {
  const all = ['FunctionName', 'Action', 'Principal', 'SourceArn', 'SourceAccount'];
  return {
    type: 'AWS::Lambda::Permission',
    properties: all,
    // Every property but none in place: "Update requires: Replacement".
    replacedBy: all,
    attributes: ['Id'],
    create(properties, context): MadeResource {
      const fn = lambda.functionOf(requiredText(properties, 'FunctionName'));
      const id = generatedName(lambda.aws, context);
      fn.policy.Statement.push(statementOf(id, fn.arn, properties));
      return { id, attributes: { Id: id } };
    },
    update() {
      throw new NotModelled('an update in place of AWS::Lambda::Permission');
    },
    delete(id) {
      for (const fn of Object.values(lambda.state.functions)) {
        fn.policy.Statement = fn.policy.Statement.filter(({ Sid }) => Sid !== id);
      }
    },
  };
}

function statementOf(id: string, functionArn: string, properties: JsonObject): Statement {
  const action = requiredText(properties, 'Action');
  if (!action.startsWith('lambda:')) throw new AwsError('ValidationException', `Action must begin with lambda:, not ${action}`);
  const principal = requiredText(properties, 'Principal');
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(principal)) throw new NotModelled(`the Principal ${principal} of AWS::Lambda::Permission`);
  const sourceArn = optionalText(properties, 'SourceArn');
  const sourceAccount = optionalText(properties, 'SourceAccount');
  const conditions = {
    ...(sourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': sourceArn } }),
    ...(sourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': sourceAccount } }),
  };
  return {
    Sid: id,
    Effect: 'Allow',
    Principal: { Service: principal },
    Action: action,
    Resource: functionArn,
    ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
  };
}
