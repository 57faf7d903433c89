import type { Json, JsonObject, LocalAws } from '../aws';
import { generatedName } from '../cloudformation/generated-name';
import type { MadeResource, ResourceHandler } from '../cloudformation/resource-handler';
import { AwsError, NotModelled } from '../errors';
import { onlyFields } from '../only-fields';
import { isObject, textOf } from '../states/paths';
import type { EventBridge, RuleTarget } from './event-bridge';
import { checkPattern } from './event-pattern';

/** The resource types of EventBridge. Source: CloudFormation Template Reference, AWS::Events::Rule. */
export function eventBridgeResources(eventBridge: EventBridge): ResourceHandler[] {
  const { aws } = eventBridge;
  const put = (name: string, { EventPattern, State = 'ENABLED', Targets = [] }: JsonObject): MadeResource => {
    if (!isObject(EventPattern)) throw new NotModelled('a rule without an EventPattern');
    if (State !== 'ENABLED' && State !== 'DISABLED') throw new NotModelled(`rule state ${textOf(State)}`);
    checkPattern(EventPattern);
    const arn = aws.arn('events', `rule/${name}`);
    const targets = (Array.isArray(Targets) ? Targets.filter(isObject) : []).map((target) => readTarget(aws, target));
    eventBridge.state.rules[name] = { name, arn, enabled: State === 'ENABLED', pattern: EventPattern, targets };
    return { id: name, attributes: { Arn: arn } };
  };
  return [
    {
      type: 'AWS::Events::Rule',
      properties: ['Name', 'Description', 'State', 'EventPattern', 'Targets'],
      replacedBy: ['Name'],
      attributes: ['Arn'],
      create(properties, context) {
        const name = typeof properties.Name === 'string' ? properties.Name : generatedName(aws, context, 64);
        if (!/^[.\w-]{1,64}$/.test(name)) throw new AwsError('ValidationException', `Rule name ${name} is not valid`);
        if (eventBridge.state.rules[name]) throw new AwsError('AlreadyExists', `${name} already exists`);
        return put(name, properties);
      },
      update: (id, properties) => put(id, properties),
      delete(id) {
        delete eventBridge.state.rules[id];
      },
    },
  ];
}

function readTarget(aws: LocalAws, target: JsonObject): RuleTarget {
  onlyFields(target, ['Id', 'Arn', 'RetryPolicy'], 'a rule target');
  const { Id, Arn, RetryPolicy = {} } = target;
  if (typeof Id !== 'string' || typeof Arn !== 'string') throw new AwsError('ValidationException', 'A target needs Id and Arn');
  if (!Arn.startsWith(aws.arn('lambda', 'function:'))) throw new NotModelled(`rule target ${Arn}`);
  const policy = isObject(RetryPolicy) ? RetryPolicy : {};
  onlyFields(policy, ['MaximumRetryAttempts', 'MaximumEventAgeInSeconds'], 'a RetryPolicy');
  // Defaults: 185 attempts, 24 hours (User Guide, eb-rule-retry-policy).
  return { id: Id, arn: Arn, maximumRetryAttempts: within(policy.MaximumRetryAttempts ?? 185, 0, 185), maximumEventAge: within(policy.MaximumEventAgeInSeconds ?? 86_400, 60, 86_400) };
}

/** Source: EventBridge API Reference, RetryPolicy. */
function within(value: Json, least: number, most: number): number {
  const number = Number(value);
  if (!(number >= least && number <= most)) throw new AwsError('ValidationException', `RetryPolicy: ${number} is not from ${least} to ${most}`);
  return number;
}
