import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../simulator/aws';
import { ec2QueryProtocol } from '../../simulator/ec2/query-protocol';

/** What travels: an operation's input or output. */
export type Json = Record<string, unknown>;

/** A call as it arrived: an AWS operation by `service:Operation`, or a plain request by `METHOD /path`. */
export interface WireCall {
  name: string;
  input: Json;
  /** The whole address, with its query. */
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** An error as an AWS API answers it. */
export interface WireError {
  error: string;
  message: string;
  status: number;
}

type Answer = Json | WireError | ((call: WireCall) => Json | WireError);

/** The answers by the name of the call. A list is given out in its order, each once; anything else answers every call. */
export type Script = Record<string, Answer | Answer[]>;

/** Makes the answer that an SDK shows as an error of that name. */
export function refuse(error: string, message = `${error} of the test`, status = 400): WireError {
  return { error, message, status };
}

/** No answer at all: the connection is cut. */
export const CUT: WireError = { error: 'ConnectionCut', message: '', status: 0 };

/** AWS, and CloudFormation's address for answers, as far as a test's script goes. */
export interface Wire {
  /** Every call since the last script, in the order of arrival. */
  calls: WireCall[];
  /** Every pause that the code under test took, in milliseconds; none was waited for. */
  pauses: number[];
  /** Begins a test. */
  script(answers: Script): void;
  /** The inputs of all calls of one name, in their order. */
  inputs(name: string): Json[];
  /** A presigned address for the answer to CloudFormation: PUTs to it arrive as `PUT /answer`. */
  answerUrl: string;
}

/** The part of a presigned address that must never be seen anywhere. */
export const SIGNATURE = 'X-Amz-Signature=5ca1ab1e';

/**
 * Sets up a wire for a test file, and points the AWS SDK and the clock of the code at it. Import the handler after it, with `await import`,
 * because the functions make their clients when they are loaded. A call that no script expects, or a listed answer that nobody
 * asked for, fails the test.
 * @param environment the variables that the template sets on the function
 */
export function wireFor(environment: Record<string, string>): Wire {
  let script: Script = {};
  const unexpected: string[] = [];
  const unasked: string[] = [];
  const endScript = (): void => {
    for (const [name, answers] of Object.entries(script)) if (Array.isArray(answers)) unasked.push(...answers.map(() => name));
    script = {};
  };
  const wire: Wire = {
    calls: [],
    pauses: [],
    answerUrl: '',
    script: (answers) => {
      endScript();
      script = Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, Array.isArray(answer) ? [...answer] : answer]));
      wire.calls = [];
      wire.pauses = [];
    },
    inputs: (name) => wire.calls.filter((call) => call.name === name).map(({ input }) => input),
  };

  function answer(call: WireCall): Json | WireError {
    wire.calls.push(call);
    const scripted = script[call.name];
    const next = Array.isArray(scripted) ? scripted.shift() : scripted;
    if (next !== undefined) return typeof next === 'function' ? next(call) : next;
    unexpected.push(call.name);
    return refuse('UnexpectedCall');
  }

  const server = createServer((request, response) => {
    void readCall(request).then((call) => send(response, call, answer(call)));
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    wire.answerUrl = `${url}/answer?${SIGNATURE}`;
    Object.assign(process.env, environment, {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-key',
      AWS_MAX_ATTEMPTS: '1',
    });
    replacePauses(wire);
    replaceCloudHsm(url);
    joinRealms();
  });
  afterEach(() => {
    endScript();
    expect({ unexpected: unexpected.splice(0), unasked: unasked.splice(0) }).toEqual({ unexpected: [], unasked: [] });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return wire;
}

async function readCall(request: IncomingMessage): Promise<WireCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const { url = '', method = '', headers } = request;
  // Credential=<key id>/<date>/<Region>/<service>/aws4_request. Source: IAM User Guide, reference_sigv-signing-elements.
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  if (service === 'ec2') {
    // It alone speaks its Query protocol here: a form in, XML out.
    const { operation, input } = ec2QueryProtocol.read(body);
    return { name: `ec2:${operation}`, input, url, headers, body };
  }
  // The operation's name follows the dot. Source: Smithy, AWS JSON 1.0 and 1.1 protocols.
  const operation = String(headers['x-amz-target']).split('.')[1];
  const name = service === undefined ? `${method} ${url.split('?')[0] ?? ''}` : `${service}:${operation ?? ''}`;
  return { name, input: body === '' ? {} : (JSON.parse(body) as Json), url, headers, body };
}

function send(response: ServerResponse, { name, headers }: WireCall, answer: Json | WireError): void {
  const { error, message, status = 200 } = answer as Partial<WireError>;
  if (status === CUT.status) {
    response.destroy();
    return;
  }
  const [service, operation = ''] = name.split(':');
  if (service === 'ec2') {
    response.writeHead(status, { 'content-type': ec2QueryProtocol.contentType });
    response.end(error === undefined ? ec2QueryProtocol.write(operation, answer as JsonObject, 'request-1') : ec2QueryProtocol.writeError(error, message ?? '', 'request-1'));
    return;
  }
  const json = error === undefined ? answer : { __type: error, message };
  const type = headers['content-type'];
  response.writeHead(status, { 'content-type': type === undefined || type === '' ? 'text/plain' : type });
  response.end(JSON.stringify(json));
}

/** Back-off is written down instead of waited for. */
function replacePauses(wire: Wire): void {
  jest.doMock('node:timers/promises', () => ({
    ...jest.requireActual<object>('node:timers/promises'),
    setTimeout: (milliseconds: number) => {
      wire.pauses.push(milliseconds);
      return Promise.resolve();
    },
  }));
}

/** The release of this one package that npm resolves does not read AWS_ENDPOINT_URL; the one in the Lambda runtime does. */
function replaceCloudHsm(endpoint: string): void {
  jest.doMock('@aws-sdk/client-cloudhsm-v2', () => {
    const real = jest.requireActual<typeof import('@aws-sdk/client-cloudhsm-v2')>('@aws-sdk/client-cloudhsm-v2');
    class CloudHSMV2Client extends real.CloudHSMV2Client {
      constructor() {
        super({ endpoint });
      }
    }
    return { ...real, CloudHSMV2Client };
  });
}

/** Jest gives a test its own Error, of which an error of Node itself, such as a cut connection, is no instance: the SDK would not know it. */
function joinRealms(): void {
  const ordinary = Function.prototype[Symbol.hasInstance];
  Object.defineProperty(Error, Symbol.hasInstance, {
    value(this: unknown, value: unknown) {
      return ordinary.call(this, value) || (this === Error && Object.prototype.toString.call(value) === '[object Error]');
    },
  });
}
