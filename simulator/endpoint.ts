import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { alphabets } from './alphabets';
import type { LocalAws } from './aws';
import { RealWork } from './clock';
import { AwsError, NotModelled } from './errors';
import { ConnectionLost } from './faults';
import type { Caller } from './iam/iam';
import { jsonProtocol } from './json-protocol';

/** A plain HTTP request to a route. Header names are in lower case. */
export interface RouteRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: string;
}

export interface RouteAnswer {
  status: number;
  body?: string;
}

export type RouteHandler = (request: RouteRequest) => Promise<RouteAnswer>;

/** Told of each request of a session, so that whoever runs its code knows what the code waits for. */
export interface SessionObserver {
  requestReceived(): void;
  requestAnswered(): void;
}

/** Credentials for code that runs for real, tied to the work that holds virtual time while the code runs. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** The same credentials go on with other work: a warm function keeps its credentials. */
  resume(work: RealWork, observer?: SessionObserver): void;
  /** The credentials end. What is still asked with them gets no answer. */
  close(): void;
}

interface OpenSession {
  caller: Caller;
  work: RealWork;
  observer: SessionObserver | undefined;
}

/** The header by which code of a session shows who it is where it does not sign: its access key id. Routes do not see it. */
export const sessionHeader = 'x-simulator-session';

/** AWS's endpoints on the loopback interface: the AWS APIs in their protocols, and plain routes for other folders. */
export class Endpoint {
  readonly #aws: LocalAws;
  readonly #server: Server;
  readonly #sessions = new Map<string, OpenSession>();
  readonly #routes = new Map<string, RouteHandler>();
  #requests = 0;

  private constructor(aws: LocalAws) {
    this.#aws = aws;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        this.#aws.refuse(error, requested(request));
        response.destroy();
      });
    });
  }

  /** Listens on 127.0.0.1, on a port that the system chooses. */
  static async start(aws: LocalAws): Promise<Endpoint> {
    const endpoint = new Endpoint(aws);
    await new Promise<void>((resolve, reject) => {
      endpoint.#server.once('error', reject);
      endpoint.#server.listen(0, '127.0.0.1', resolve);
    });
    return endpoint;
  }

  /** For example `http://127.0.0.1:40123`. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Closes it with every connection, kept alive or not. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Makes credentials with which real code calls as `caller`; virtual time stands still while `work` does not wait. */
  openSession(caller: Caller, work: RealWork, observer?: SessionObserver): Session {
    const accessKeyId = `ASIA${this.#aws.identifier(16, alphabets.base32)}`;
    this.#sessions.set(accessKeyId, { caller, work, observer });
    return {
      accessKeyId,
      secretAccessKey: this.#aws.identifier(40),
      sessionToken: this.#aws.identifier(64),
      resume: (nextWork, nextObserver) => {
        this.#sessions.set(accessKeyId, { caller, work: nextWork, observer: nextObserver });
      },
      close: () => {
        this.#sessions.delete(accessKeyId);
      },
    };
  }

  /** Serves every path that begins with `prefix`; of two prefixes the longer wins. */
  route(prefix: string, handler: RouteHandler): void {
    this.#routes.set(prefix, handler);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const authorization = request.headers.authorization;
    if (authorization?.startsWith('AWS4-HMAC-SHA256 ')) await this.#serveApi(authorization, request, body, response);
    else await this.#serveRoute(request, body, response);
  }

  /** Only the scope of the signature is read; the signature itself is the SDK's business, not checked here. */
  async #serveApi(authorization: string, request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    // Credential=<access key id>/<date>/<Region>/<service>/aws4_request. Source: IAM User Guide, reference_sigv-signing-elements.
    const [, accessKeyId = '', service = ''] = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(authorization) ?? [];
    const session = this.#sessions.get(accessKeyId);
    const wire = this.#aws.wireOf(service) ?? jsonProtocol(request);
    const requestId = `00000000-0000-4000-8000-${String(++this.#requests).padStart(12, '0')}`;
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': wire.contentType, 'x-amzn-requestid': requestId });
      response.end(text);
    };
    if (!session) {
      // Source: Common Errors of the JSON APIs (KMS, Lambda): UnrecognizedClientException.
      answer(403, wire.writeError('UnrecognizedClientException', 'The security token included in the request is invalid.', requestId));
      return;
    }
    session.observer?.requestReceived();
    try {
      const { operation, input } = wire.read(body);
      const output = await session.work.wait(this.#aws.call(session.caller, service, operation, input));
      session.observer?.requestAnswered();
      answer(200, wire.write(operation, output, requestId));
    } catch (error) {
      session.observer?.requestAnswered();
      if (error instanceof ConnectionLost) response.destroy();
      else if (error instanceof AwsError) answer(error.statusCode, wire.writeError(error.code, error.message, requestId));
      else {
        this.#aws.refuse(error, requested(request));
        const message = error instanceof Error ? error.message : String(error);
        answer(501, wire.writeError(error instanceof NotModelled ? 'NotModelled' : 'SimulatorFault', message, requestId));
      }
    }
  }

  async #serveRoute(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const { [sessionHeader]: accessKeyId, ...headers } = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
    );
    const prefix = [...this.#routes.keys()].filter((start) => url.pathname.startsWith(start)).sort((a, b) => b.length - a.length)[0];
    const handler = prefix === undefined ? undefined : this.#routes.get(prefix);
    const session = accessKeyId === undefined ? undefined : this.#sessions.get(accessKeyId);
    if (accessKeyId !== undefined && !session) {
      // The code that asked was stopped; nobody is left to answer to.
      response.destroy();
      return;
    }
    session?.observer?.requestReceived();
    const work = session?.work ?? new RealWork(this.#aws.clock);
    try {
      if (!handler) throw new NotModelled(`address ${url.pathname}`);
      const carried = handler({ method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, headers, body });
      const { status, body: answerBody } = await work.wait(carried);
      session?.observer?.requestAnswered();
      response.writeHead(status).end(answerBody ?? '');
    } catch (error) {
      session?.observer?.requestAnswered();
      this.#aws.refuse(error, requested(request));
      response.writeHead(501).end(error instanceof Error ? error.message : String(error));
    } finally {
      if (!session) work.end();
    }
  }
}

/** A request by its method and path; a query can hold a signature. */
function requested(request: IncomingMessage): string {
  return `${request.method ?? ''} ${(request.url ?? '').replace(/\?.*/s, '')}`;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}
