import type { Json, JsonObject } from '../aws';
import { AwsError } from '../errors';
import { timings } from '../timings';
import type { FunctionRecord } from './function-record';
import type { Lambda } from './lambda';
import type { Outcome } from './worker-messages';

interface QueuedEvent {
  arn: string;
  payload: Json;
  requestId: string;
  acceptedAt: number;
  /** How often the function was run for it. */
  attempts: number;
  throttles: number;
  lastOutcome?: Outcome;
}

type Condition = 'RetriesExhausted' | 'EventAgeExceeded';

const defaults = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 21_600 };

/**
 * The queue of asynchronous invocations: delivered at least once, retried after errors, handed to a destination in the end.
 * Source: Lambda Developer Guide, invocation-async-error-handling and invocation-async-retain-records.
 */
export class EventQueue {
  constructor(readonly lambda: Lambda) {}

  /** Takes an event; it is delivered in a while, each time it is delivered. */
  accept(fn: FunctionRecord, payload: Json, requestId: string): void {
    const { aws } = this.lambda;
    for (let delivery = 0; delivery <= this.lambda.duplicateAsync; delivery++) {
      const event: QueuedEvent = { arn: fn.arn, payload, requestId, acceptedAt: aws.clock.now, attempts: 0, throttles: 0 };
      this.#deliverAfter(timings.eventDelivery * (0.5 + aws.random()), event);
    }
  }

  #deliverAfter(milliseconds: number, event: QueuedEvent): void {
    this.lambda.aws.clock.after(milliseconds, () => {
      this.#deliver(event).catch((error: unknown) => {
        // Nobody awaits a delivery, so a fault of the simulator must be told in another way.
        this.lambda.aws.refuse(error, `the delivery of an event to ${event.arn}`);
      });
    });
  }

  async #deliver(event: QueuedEvent): Promise<void> {
    const { aws } = this.lambda;
    const fn = Object.values(this.lambda.state.functions).find(({ arn }) => arn === event.arn);
    // With the function its queue is gone.
    if (!fn) return;
    const config = fn.eventInvokeConfig ?? defaults;
    const tooOldAt = event.acceptedAt + config.maximumEventAgeInSeconds * 1000;
    if (aws.clock.now > tooOldAt) {
      await this.#giveUp(fn, event, 'EventAgeExceeded');
      return;
    }
    let outcome: Outcome | undefined;
    try {
      outcome = await this.lambda.run(fn, event.payload, event.requestId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
    if (!outcome) {
      // Throttles and system errors are tried again after 1 s, growing to 5 minutes, as long as the event is young enough.
      const pause = Math.min(1000 * 2 ** event.throttles++, 300_000);
      this.#deliverAfter(Math.min(pause, tooOldAt + 1 - aws.clock.now), event);
      return;
    }
    event.attempts++;
    event.lastOutcome = outcome;
    if (!('error' in outcome)) return;
    if (event.attempts > config.maximumRetryAttempts) {
      await this.#giveUp(fn, event, 'RetriesExhausted');
      return;
    }
    // One minute before the first retry, two before the second; not beyond the event's age.
    const pause = event.attempts * 60_000;
    this.#deliverAfter(Math.min(pause, Math.max(tooOldAt + 1 - aws.clock.now, 0)), event);
  }

  async #giveUp(fn: FunctionRecord, event: QueuedEvent, condition: Condition): Promise<void> {
    const { aws } = this.lambda;
    const destination = this.lambda.state.functions[fn.name]?.eventInvokeConfig?.onFailure;
    if (destination === undefined) return;
    const record: JsonObject = {
      version: '1.0',
      timestamp: new Date(aws.clock.now).toISOString(),
      requestContext: {
        requestId: event.requestId,
        functionArn: `${fn.arn}:$LATEST`,
        condition,
        approximateInvokeCount: event.attempts,
      },
      requestPayload: event.payload,
    };
    if (event.lastOutcome && 'error' in event.lastOutcome) {
      record['responseContext'] = { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' };
      record['responsePayload'] = { ...event.lastOutcome.error };
    }
    try {
      // Lambda sends with the function's own role. Source: invocation-async-retain-records, "execution role permissions".
      await aws.call(this.lambda.roleOf(fn), 'lambda', 'Invoke', { FunctionName: destination, InvocationType: 'Event', Payload: JSON.stringify(record) });
    } catch (error) {
      // A refused record is dropped (CloudWatch counts it in DestinationDeliveryFailures); the refused call is on record.
      if (!(error instanceof AwsError)) throw error;
    }
  }
}
