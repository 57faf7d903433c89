import { request as httpRequest } from 'node:http';
import { LocalAws, type JsonObject } from '../../simulator/aws';
import { RealWork } from '../../simulator/clock';
import { Endpoint, sessionHeader } from '../../simulator/endpoint';
import { AwsError } from '../../simulator/errors';

let aws: LocalAws;
let endpoint: Endpoint;

beforeEach(async () => {
  aws = new LocalAws();
  endpoint = await Endpoint.start(aws);
  aws.register({
    name: 'states',
    state: {},
    operations: {
      Echo: { source: 'test', fields: ['a'], latency: 5_000, run: (input) => ({ echo: input }) },
      Fail: {
        source: 'test',
        fields: [],
        latency: 0,
        run: () => {
          throw new AwsError('KMSInternalException', 'broken', 500);
        },
      },
    },
  });
});

afterEach(async () => {
  await endpoint.stop();
});

interface Answered {
  status: number;
  type: string | null;
  body: string;
}

async function send(path: string, init: RequestInit): Promise<Answered> {
  let answered: Answered | undefined;
  const sent = fetch(endpoint.url + path, init).then(async (response) => {
    answered = { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  });
  // The request travels in real time before the simulator knows of it.
  const release = aws.clock.hold();
  setTimeout(release, 50);
  await aws.clock.runUntil(() => {
    if (!answered) aws.clock.after(1, () => undefined);
    return answered !== undefined;
  });
  await sent;
  if (!answered) throw new Error('No answer');
  return answered;
}

function call(operation: string, input: JsonObject, { accessKeyId = '', service = 'states' } = {}): Promise<Answered> {
  return send('/', {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260105/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      'x-amz-target': `Anything.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
    },
    body: JSON.stringify(input),
  });
}

function session(): string {
  const work = new RealWork(aws.clock);
  // Stands for real code that is waiting for what it asked.
  void work.wait(new Promise(() => undefined));
  return endpoint.openSession(aws.iam.deployer, work).accessKeyId;
}

test('an API call is carried out for the caller whose key signed it, in the protocol it came in', async () => {
  const answered = await call('Echo', { a: 1 }, { accessKeyId: session() });
  expect(answered).toEqual({ status: 200, type: 'application/x-amz-json-1.0', body: '{"echo":{"a":1}}' });
  expect(aws.calls).toMatchObject([{ caller: 'deployer', service: 'states', operation: 'Echo' }]);
});

test('an error travels with its code and status', async () => {
  const { status, body } = await call('Fail', {}, { accessKeyId: session() });
  expect([status, JSON.parse(body)]).toEqual([500, { __type: 'KMSInternalException', message: 'broken' }]);
  expect(aws.refusals).toEqual([]);
});

test.each([
  ['an unknown field', 'Echo', { b: 1 }, 'states', 'field b of states:Echo'],
  ['an unknown operation', 'Nothing', {}, 'states', 'operation states:Nothing'],
  ['an unknown service', 'Echo', {}, 's3', 'service s3'],
])('%s is refused by name, and the refusal remembered', async (_what, operation, input, service, name) => {
  const { status, body } = await call(operation, input, { accessKeyId: session(), service });
  expect(status).toBe(501);
  expect(JSON.parse(body)).toMatchObject({ __type: 'NotModelled' });
  expect(aws.refusals).toEqual([`The simulator does not model ${name} (asked by deployer)`]);
});

test('unknown credentials are refused', async () => {
  const { status, body } = await call('Echo', {}, { accessKeyId: 'ASIAUNKNOWN' });
  expect([status, JSON.parse(body)]).toMatchObject([403, { __type: 'UnrecognizedClientException' }]);
});

test('credentials end with their session', async () => {
  const work = new RealWork(aws.clock);
  const opened = endpoint.openSession(aws.iam.deployer, work);
  work.end();
  opened.close();
  expect((await call('Echo', {}, { accessKeyId: opened.accessKeyId })).status).toBe(403);
});

test('a route gets the request as it was, without the session header', async () => {
  let headers: Record<string, string> = {};
  endpoint.route('/answers/', async (request) => {
    headers = request.headers;
    await aws.clock.sleep(1_000);
    return { status: 202, body: [request.method, request.path, request.query.get('q'), request.body].join(' ') };
  });
  endpoint.route('/', () => Promise.resolve({ status: 500 }));
  const answered = await send('/answers/x?q=1', { method: 'PUT', headers: { 'content-type': '', [sessionHeader]: session() }, body: 'text' });
  expect(answered).toMatchObject({ status: 202, body: 'PUT /answers/x 1 text' });
  expect(headers['content-type']).toBe('');
  expect(headers).not.toHaveProperty(sessionHeader);
});

test('a route serves who has no session, too', async () => {
  endpoint.route('/free', async () => {
    await aws.clock.sleep(1_000);
    return { status: 200, body: 'ok' };
  });
  expect(await send('/free', {})).toMatchObject({ status: 200, body: 'ok' });
});

test('an address that nobody serves is refused, and the refusal remembered', async () => {
  expect((await send('/nowhere?secret', {})).status).toBe(501);
  expect(aws.refusals).toEqual(['The simulator does not model address /nowhere (GET /nowhere)']);
});

test('it stops with connections open', async () => {
  endpoint.route('/free', () => Promise.resolve({ status: 200 }));
  await new Promise<void>((resolve) => {
    httpRequest(`${endpoint.url}/free`, { headers: { connection: 'keep-alive' } }, (response) => {
      response.resume();
      response.on('end', resolve);
    }).end();
  });
  const url = endpoint.url;
  await endpoint.stop();
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  endpoint = await Endpoint.start(aws);
});
