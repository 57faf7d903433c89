import type { Json, JsonObject, LocalAws } from '../aws';
import type { Release } from '../clock';
import { AwsError } from '../errors';
import { readAnswer } from './read-answer';
import type { Unknowns } from './unknowns';

/** Where custom resources PUT their answers: a plain HTTP route on the loopback interface. */
export interface CustomResourceEndpoint {
  /** For example `http://127.0.0.1:40123`. */
  url: string;
  /** Serves every path that begins with the prefix. Header names are in lower case. */
  route(
    prefix: string,
    handler: (request: { method: string; path: string; query: URLSearchParams; headers: Record<string, string>; body: string }) => Promise<{ status: number; body?: string }>,
  ): void;
}

/** What CloudFormation asks of a custom resource. */
export interface CustomResourceRequest {
  /** Which operation on the stack asks it, counted from 1. */
  operation: number;
  requestType: 'Create' | 'Update' | 'Delete';
  stackId: string;
  logicalId: string;
  type: string;
  /** With ServiceToken, every scalar a string. */
  properties: JsonObject;
  /** Absent for Create. */
  physicalId?: string;
  /** For Update only. */
  oldProperties?: JsonObject;
}

/** How a request ended, in CloudFormation's words. */
export interface CustomResourceOutcome {
  requestId: string;
  succeeded: boolean;
  reason?: string;
  physicalId?: string;
  /** What Fn::GetAtt gives. */
  data: Record<string, string>;
  /** CloudFormation stopped waiting before an answer came. */
  cancelled?: true;
}

/** One PUT to a ResponseURL. */
export interface Answer {
  requestId: string;
  time: number;
  status: string;
  reason: string;
  physicalId: string;
  /** It decided the request; a later one, or one after the deadline or cancellation, does not. */
  accepted: boolean;
}

interface SentRequest {
  /** The event, with which the function is invoked. */
  event: JsonObject;
  operation: number;
  serviceToken: string;
  signature: string;
  sentAt: number;
  open: boolean;
}

const prefix = '/custom-resource-response/';
/** Seconds that the presigned URL holds, as captured samples show. */
const urlLifetime = 7_200;
/** Seconds until CloudFormation gives up. Source: AWS::CloudFormation::CustomResource, ServiceTimeout. */
const longestTimeout = 3_600;
/** The ResponseURL leads to Amazon S3. Source: crpg-ref-requests; Amazon S3 API, ErrorResponses. */
const storageErrors: Readonly<Record<number, string>> = { 400: 'RequestTimeout', 403: 'AccessDenied', 500: 'InternalError', 503: 'SlowDown' };

/** Whether resources of the type are made by a function of the template's author. */
export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** Every scalar as a string: that is how properties reach a custom resource. Lists and maps stay. */
export function stringified(json: Json): Json {
  if (Array.isArray(json)) return json.map(stringified);
  if (typeof json !== 'object' || json === null) return String(json);
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, stringified(value)]));
}

/** Sends requests to custom resources and waits for their answers. Source: CloudFormation User Guide, crpg-ref. */
export class CustomResources {
  /**
   * `requests`: by RequestId; an earlier one whose id was used again is kept as `<id>#<operation>`.
   * `toRefuse`: how many PUTs of an answer are still refused, and with which HTTP status.
   */
  readonly state: { requests: Record<string, SentRequest>; answers: Answer[]; toRefuse: { puts: number; status: number } } = {
    requests: {},
    answers: [],
    toRefuse: { puts: 0, status: 0 },
  };
  readonly #aws: LocalAws;
  readonly #url: string;
  readonly #unknowns: Unknowns;
  /** Who waits for an open request, by its signature. */
  readonly #waiting = new Map<string, (outcome: CustomResourceOutcome) => void>();

  constructor(aws: LocalAws, endpoint: CustomResourceEndpoint, unknowns: Unknowns) {
    this.#aws = aws;
    this.#unknowns = unknowns;
    this.#url = endpoint.url;
    endpoint.route(prefix, (request) => Promise.resolve(this.#receive(request)));
  }

  /**
   * Invokes the function and waits for its answer, or the deadline.
   * @param cancelled ends the wait: a later answer is then recorded and ignored
   * @throws NotModelled when the invocation meets something that is not modelled
   */
  send(request: CustomResourceRequest, cancelled = new Promise<void>(() => undefined)): Promise<CustomResourceOutcome> {
    const requestId = this.#retried(request) ?? this.#aws.uuid();
    const signature = this.#aws.identifier(64);
    const event = this.#eventOf(request, requestId, signature);
    const serviceToken = String(request.properties.ServiceToken);
    const sent: SentRequest = { event, operation: request.operation, serviceToken, signature, sentAt: this.#aws.clock.now, open: true };
    const earlier = this.state.requests[requestId];
    if (earlier) this.state.requests[`${requestId}#${earlier.operation}`] = earlier;
    this.state.requests[requestId] = sent;
    return new Promise((resolve, reject) => {
      const alarms: Release[] = [];
      const close = (): void => {
        for (const release of alarms) release();
        this.#waiting.delete(signature);
        sent.open = false;
      };
      const settle = (outcome: CustomResourceOutcome): void => {
        close();
        resolve(outcome);
      };
      const fail = (reason: string): void => {
        settle({ requestId, succeeded: false, reason, data: {} });
      };
      this.#waiting.set(signature, settle);
      void cancelled.then(() => {
        settle({ requestId, succeeded: false, data: {}, cancelled: true });
      });
      alarms.push(
        this.#aws.clock.after(1_000 * timeoutOf(request.properties), () => {
          fail(
            'Custom Resource failed to stabilize in expected time. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.',
          );
        }),
      );
      // An asynchronous invocation: how late it is delivered is Lambda's matter.
      this.#aws.clock.after(0, () => {
        this.#deliver(sent).catch((error: unknown) => {
          if (error instanceof AwsError) {
            fail(error.message);
            return;
          }
          close();
          reject(error instanceof Error ? error : new Error(String(error)));
        });
      });
    });
  }

  /** Invokes the function with the event of a request again: asynchronous delivery is "at least once". @throws AwsError of Invoke */
  async redeliver(requestId: string): Promise<void> {
    const sent = this.state.requests[requestId];
    if (!sent) throw new Error(`No request ${requestId} was sent`);
    await this.#deliver(sent);
  }

  /**
   * The id of the same request of the operation before. Source: aws-cdk#35957: CloudFormation uses a RequestId again when a failed operation is retried.
   * Only the same request can come in two operations in a row, and only if the first of them has failed. Which retries are meant is not said: here all. [U]
   */
  #retried(request: CustomResourceRequest): string | undefined {
    const content = (event: JsonObject): string => JSON.stringify({ ...event, RequestId: '', ResponseURL: '' });
    const wanted = content(this.#eventOf(request, '', ''));
    const same = Object.values(this.state.requests).find(({ event, operation }) => operation === request.operation - 1 && content(event) === wanted);
    return same && String(same.event.RequestId);
  }

  async #deliver(sent: SentRequest): Promise<void> {
    const input = { FunctionName: sent.serviceToken, InvocationType: 'Event', Payload: JSON.stringify(sent.event) };
    await this.#aws.call(this.#aws.iam.deployer, 'lambda', 'Invoke', input);
  }

  #eventOf(request: CustomResourceRequest, requestId: string, signature: string): JsonObject {
    const stack = request.stackId.split('/').at(-1) ?? '';
    // The fields and their order as in captured events; the date is that of the request, to the second.
    const query = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Date': new Date(this.#aws.clock.now).toISOString().replace(/\.\d+|[:-]/g, ''),
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Expires': String(urlLifetime),
      'X-Amz-Signature': signature,
    });
    const { ServiceToken, ServiceTimeout } = request.properties;
    return {
      RequestType: request.requestType,
      ServiceToken: ServiceToken ?? '',
      ...(ServiceTimeout !== undefined && { ServiceTimeout }),
      ResponseURL: `${this.#url}${prefix}${stack}/${request.logicalId}/${requestId}?${query.toString()}`,
      StackId: request.stackId,
      RequestId: requestId,
      LogicalResourceId: request.logicalId,
      ...(request.physicalId !== undefined && { PhysicalResourceId: request.physicalId }),
      ResourceType: request.type,
      ResourceProperties: request.properties,
      ...(request.oldProperties && { OldResourceProperties: request.oldProperties }),
    };
  }

  #receive({ method, path, query, headers, body }: Parameters<Parameters<CustomResourceEndpoint['route']>[1]>[0]): { status: number; body?: string } {
    const sent = Object.values(this.state.requests).find(({ signature }) => signature === query.get('X-Amz-Signature'));
    // The URL is presigned for a PUT without a content type. Source: crpg-ref-responses and the cfn-response module.
    const ownPath = sent && new URL(String(sent.event.ResponseURL)).pathname;
    const signed = sent && method === 'PUT' && path === ownPath && (headers['content-type'] ?? '') === '';
    if (!signed) return { status: 403, body: '<Error><Code>SignatureDoesNotMatch</Code></Error>' };
    if (this.#aws.clock.now > sent.sentAt + 1_000 * urlLifetime) return { status: 403, body: '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>' };
    const { toRefuse } = this.state;
    if (toRefuse.puts > 0) {
      toRefuse.puts--;
      return { status: toRefuse.status, body: `<Error><Code>${storageErrors[toRefuse.status] ?? 'InternalError'}</Code></Error>` };
    }
    const requestId = String(sent.event.RequestId);
    const outcome = readAnswer(body, requestId, sent.event);
    const answered = (this.#unknowns.earlierUrlAnswers ? this.state.requests[requestId] : undefined) ?? sent;
    this.state.answers.push({
      requestId,
      time: this.#aws.clock.now,
      status: outcome.succeeded ? 'SUCCESS' : 'FAILED',
      reason: outcome.reason ?? '',
      physicalId: outcome.physicalId ?? '',
      accepted: answered.open,
    });
    this.#waiting.get(answered.signature)?.(outcome);
    return { status: 200 };
  }
}

function timeoutOf(properties: JsonObject): number {
  if (properties.ServiceTimeout === undefined) return longestTimeout;
  return Math.min(Number(properties.ServiceTimeout), longestTimeout);
}
