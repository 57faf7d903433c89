import type { JsonObject, LocalAws, Operation, Service } from '../aws';
import { AwsError } from '../errors';
import { timings } from '../timings';
import type { AwsEvent } from './aws-event';
import { matchesPattern } from './event-pattern';

export interface RuleTarget {
  id: string;
  /** A Lambda function's ARN. */
  arn: string;
  maximumRetryAttempts: number;
  /** Seconds. */
  maximumEventAge: number;
}

export interface Rule {
  name: string;
  arn: string;
  enabled: boolean;
  pattern: JsonObject;
  targets: RuleTarget[];
}

/** One try to hand an event to a target. */
export interface Delivery {
  time: number;
  rule: string;
  target: string;
  eventId: string;
  /** The error's code if Lambda refused it. */
  error?: string;
}

/** EventBridge's default bus, with rules that invoke Lambda functions. */
export class EventBridge implements Service {
  readonly name = 'events';
  readonly state: { rules: Record<string, Rule>; deliveries: Delivery[] } = { rules: {}, deliveries: [] };
  /** Nobody here calls its API: services publish through `publish`, CloudFormation makes the rules. */
  readonly operations: Readonly<Record<string, Operation>> = {};
  /** How many times each event comes once more: "at least once" (User Guide, eb-event-delivery). */
  duplicates = 0;

  constructor(readonly aws: LocalAws) {
    aws.register(this);
  }

  /** Takes an event to every target of every rule that it matches, some time later. */
  publish(event: AwsEvent): void {
    for (const rule of Object.values(this.state.rules)) {
      if (!rule.enabled || !matchesPattern(rule.pattern, { ...event })) continue;
      for (const target of rule.targets) {
        for (let copy = 0; copy <= this.duplicates; copy++) {
          this.#deliver(rule, target, event).catch((error: unknown) => this.aws.refuse(error, `a delivery of rule ${rule.name}`));
        }
      }
    }
  }

  /** Tries until Lambda has accepted the event, its age or the tries run out. Source: User Guide, eb-rule-retry-policy. */
  async #deliver(rule: Rule, target: RuleTarget, event: AwsEvent): Promise<void> {
    const { clock, random } = this.aws;
    const giveUp = clock.now + target.maximumEventAge * 1000;
    await clock.sleep(timings.eventDelivery * (0.5 + random()));
    for (let attempt = 0; ; attempt++) {
      const delivery: Delivery = { time: clock.now, rule: rule.name, target: target.id, eventId: event.id };
      this.state.deliveries.push(delivery);
      try {
        await this.aws.call({ arn: 'events.amazonaws.com', sourceArn: rule.arn }, 'lambda', 'Invoke', {
          FunctionName: target.arn,
          InvocationType: 'Event',
          Payload: JSON.stringify(event),
        });
        return;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        delivery.error = error.code;
        // Only what may pass is retried: "some errors, such as lack of permissions, … are not" (eb-rule-dlq).
        const mayPass = error.statusCode >= 500 || error.code === 'TooManyRequestsException' || error.code === 'ThrottlingException';
        if (!mayPass || attempt >= target.maximumRetryAttempts) return;
      }
      // "Exponential back off and jitter" (eb-rule-retry-policy); the figures are not documented. [U]
      await clock.sleep(1_000 * 2 ** Math.min(attempt, 8) * (0.5 + random()));
      if (clock.now >= giveUp) return;
    }
  }
}
