import type { JsonObject } from '../aws';
import { generatedName } from '../cloudformation/generated-name';
import type { MadeResource, ResourceHandler } from '../cloudformation/resource-handler';
import { AwsError } from '../errors';
import type { Logs } from './logs';

/** The resource types of CloudWatch Logs. Source: CloudFormation Template Reference, AWS::Logs::LogGroup. */
export function logsResources(logs: Logs): ResourceHandler[] {
  const made = (name: string): MadeResource => ({ id: name, attributes: { Arn: logs.groupArn(name) } });
  return [
    {
      type: 'AWS::Logs::LogGroup',
      properties: ['LogGroupName', 'RetentionInDays', 'KmsKeyId'],
      replacedBy: ['LogGroupName'],
      attributes: ['Arn'],
      create(properties, context) {
        const name = typeof properties.LogGroupName === 'string' ? properties.LogGroupName : generatedName(logs.aws, context, 512);
        return made(logs.createGroup(name, retention(properties)).name);
      },
      update(id, properties) {
        const group = logs.state.groups[id];
        if (!group) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
        const days = retention(properties);
        if (days === undefined) delete group.retentionInDays;
        else group.retentionInDays = days;
        return made(id);
      },
      delete(id) {
        delete logs.state.groups[id];
      },
    },
  ];
}

/** Source: API Reference, PutRetentionPolicy (retentionInDays). */
const retentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

function retention({ RetentionInDays }: JsonObject): number | undefined {
  if (RetentionInDays === undefined) return undefined;
  const days = Number(RetentionInDays);
  if (!retentions.includes(days)) throw new AwsError('InvalidParameterException', `RetentionInDays: ${days} is not one of ${retentions.join(', ')}`);
  return days;
}
