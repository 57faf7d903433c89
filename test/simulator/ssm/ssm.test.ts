import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalAws, type JsonObject } from '../../../simulator/aws';
import { CloudHsm } from '../../../simulator/cloudhsm/cloudhsm';
import { Endpoint } from '../../../simulator/endpoint';
import type { Permission } from '../../../simulator/iam/iam';
import { documentResource } from '../../../simulator/ssm/document-resource';
import { KeyPool } from '../../../simulator/ssm/key-pool';
import { Ssm, type NewInstance, type SsmOptions } from '../../../simulator/ssm/ssm';
import { timings } from '../../../simulator/timings';

const instanceId = 'i-0123456789abcdef0';
const context = { stackName: 'stack', stackId: 'arn:stack', logicalId: 'rDocument' };
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function content(lines: string[], { timeoutSeconds = '600', parameters = {} }: { timeoutSeconds?: string; parameters?: JsonObject } = {}): JsonObject {
  return {
    schemaVersion: '2.2',
    description: 'A test',
    parameters,
    mainSteps: [{ action: 'aws:runShellScript', name: 'runScript', precondition: { StringEquals: ['platformType', 'Linux'] }, inputs: { timeoutSeconds, runCommand: lines } }],
  };
}

async function world(options: SsmOptions & { instance?: Partial<NewInstance>; adminPassword?: string } = {}) {
  const aws = new LocalAws();
  const endpoint = await Endpoint.start(aws);
  const cloudHsm = new CloudHsm(aws);
  const clusterId = cloudHsm.addCluster({ zones: ['eu-central-1a', 'eu-central-1b'], adminPassword: options.adminPassword ?? 'secret-password' });
  const ssm = new Ssm(aws, endpoint, cloudHsm, options);
  const { folder } = ssm.addInstance({ instanceId, clusterId, ...options.instance });
  closing.push(async () => {
    await ssm.dispose();
    await endpoint.stop();
  });
  const documents = documentResource(ssm);
  const document = async (documentContent: JsonObject) => (await documents.create({ Content: documentContent, DocumentType: 'Command', DocumentFormat: 'JSON', TargetType: '/AWS::EC2::Instance', UpdateMethod: 'NewVersion' }, context)).id;
  const call = (operation: string, input: JsonObject) => aws.clock.runUntilSettled(aws.call(aws.iam.deployer, 'ssm', operation, input));
  const send = async (name: string, more: JsonObject = {}) => String(((await call('SendCommand', { InstanceIds: [instanceId], DocumentName: name, ...more }))['Command'] as JsonObject)['CommandId']);
  const invocation = (commandId: string) => call('GetCommandInvocation', { CommandId: commandId, InstanceId: instanceId });
  const ended = async (commandId: string) => {
    const record = ssm.state.invocations.find((other) => other.commandId === commandId);
    await aws.clock.runUntil(() => record?.endedAt !== undefined && record.visibleFrom <= aws.clock.now);
    return invocation(commandId);
  };
  const pass = (milliseconds: number) => aws.clock.runTo(aws.clock.now + milliseconds);
  /** Sends a script and gives its invocation when it has ended. */
  const run = async (lines: string[], more: Parameters<typeof content>[1] & { send?: JsonObject } = {}) => ended(await send(await document(content(lines, more)), more.send));
  return { aws, endpoint, cloudHsm, clusterId, ssm, folder, documents, document, call, send, invocation, ended, pass, run };
}

describe('a script on an instance', () => {
  it('runs, and its output, errors and exit code are told', async () => {
    const { run } = await world();
    expect(await run(['#!/bin/bash', 'echo out; echo err >&2; exit 3'])).toMatchObject({
      Status: 'Failed',
      StatusDetails: 'Failed',
      ResponseCode: 3,
      StandardOutputContent: 'out\n',
      StandardErrorContent: 'err\n',
      PluginName: 'runScript',
    });
  });

  it('is Success with exit code 0', async () => {
    const { run } = await world();
    expect(await run(['exit 0'])).toMatchObject({ Status: 'Success', StatusDetails: 'Success', ResponseCode: 0 });
  });

  it.each([
    ['by its first line', ['#!/bin/bash', 'echo "${BASH_VERSION:+bash}"'], 'bash\n'],
    ['as sh without one', ['echo "${BASH_VERSION:+bash}"'], '\n'],
    ['as sh when the shebang is not on the first line', ['', '#!/bin/bash', 'echo "${BASH_VERSION:+bash}"'], '\n'],
  ])('is interpreted %s', async (_title, lines, output) => {
    const { run } = await world();
    expect((await run(lines))['StandardOutputContent']).toBe(output);
  });

  it('has no terminal, no input, and few variables', async () => {
    process.env['LEAKED'] = 'yes';
    const { run, folder } = await world();
    const { StandardOutputContent: output } = await run(['#!/bin/bash', '[ -t 0 ] || echo no tty', 'cat', 'echo "[${LEAKED-}${LANG-}${CLOUDHSM_PIN-}]"', 'echo "$HOME"']);
    delete process.env['LEAKED'];
    expect(output).toBe(`no tty\n[]\n${folder}/root\n`);
  });

  it('sees the paths of a Linux host inside the folder of its instance, and only whole ones', async () => {
    const { run, folder } = await world();
    const { StandardOutputContent: output } = await run(['#!/bin/bash', 'd=/x; echo /run/lock "/dev/shm/a" /opt/cloudhsm/run /var/run /running "$d/run"']);
    expect(output).toBe(`${folder}/run/lock ${folder}/dev/shm/a ${folder}/opt/cloudhsm/run /var/run /running /x/run\n`);
  });

  it('lies in a file that only its owner may read', async () => {
    const { run } = await world();
    expect((await run(['#!/bin/bash', 'stat -c %a "$0"; basename "$0"']))['StandardOutputContent']).toBe('700\n_script.sh\n');
  });

  it('gets the parameters as bare text', async () => {
    const { run } = await world();
    const parameters = { Word: { type: 'String', default: 'none', allowedPattern: '^[a-z$() ]+$' } };
    expect(await run(['#!/bin/bash', 'echo {{ Word }} "{{Word}}"'], { parameters, send: { Parameters: { Word: ['$(echo injected)'] } } })).toMatchObject({ StandardOutputContent: 'injected injected\n' });
    expect(await run(['echo {{Word}}'], { parameters })).toMatchObject({ StandardOutputContent: 'none\n' });
  });

  it('asks for the time and sleeps in virtual time', async () => {
    const { run, aws } = await world();
    const real = process.hrtime.bigint();
    const { StandardOutputContent: output } = await run(['#!/bin/bash', 'a=$(date +%s); sleep 120; b=$(date +%s); echo $((b - a)) "$b"']);
    expect(output).toBe(`120 ${Math.floor(aws.clock.now / 1000)}\n`);
    expect(Number(process.hrtime.bigint() - real) / 1e9).toBeLessThan(20);
  });

  it('makes real keys with openssl, which take virtual time', async () => {
    const { run, aws } = await world();
    const { StandardOutputContent: output } = await run(['#!/bin/bash', 'openssl genrsa 1024 2>/dev/null | openssl rsa -pubout 2>/dev/null | head -1']);
    expect(output).toBe('-----BEGIN PUBLIC KEY-----\n');
    const pickedUp = aws.spans.find(({ what }) => what === 'SSM pick-up');
    expect(aws.spans.some(({ what }) => what.includes('key'))).toBe(false);
    expect(aws.clock.now - (pickedUp?.to ?? 0)).toBeGreaterThanOrEqual(timings.keyGeneration);
  });

  it('may get real keys from a pool: another one each time, the same ones for every account, each after its virtual time', async () => {
    const keyPool = new KeyPool();
    const script = [
      '#!/bin/bash',
      'openssl genrsa -out /run/key 1024 2>/dev/null; stat -c %a /run/key',
      'openssl rsa -in /run/key -pubout 2>/dev/null; openssl genrsa 1024 | openssl rsa -check -noout',
    ];
    const made: unknown[] = [];
    for (const _account of ['one', 'other']) {
      const { run, aws } = await world({ keyPool });
      made.push((await run(script))['StandardOutputContent']);
      expect(aws.clock.now - (aws.spans.find(({ what }) => what === 'SSM pick-up')?.to ?? 0)).toBeGreaterThanOrEqual(2 * timings.keyGeneration);
      made.push((await run(script))['StandardOutputContent']);
    }
    expect(made[0]).toMatch(/^600\n-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\nRSA key ok\n$/);
    expect(made[1]).not.toBe(made[0]);
    expect(made.slice(2)).toEqual(made.slice(0, 2));
  });

  it('writes no key from a pool into what a restart meanwhile has emptied', async () => {
    const { aws, document, send, ended, pass, ssm, folder } = await world({ keyPool: new KeyPool() });
    const commandId = await send(await document(content(['#!/bin/bash', 'mkdir /run/keys; openssl genrsa -out /run/keys/key 1024'])));
    await pass(timings.ssmPickUp + timings.keyGeneration / 2);
    await ssm.reboot(instanceId);
    expect(await ended(commandId)).toMatchObject({ Status: 'Failed' });
    await pass(60_000);
    expect([readdirSync(join(folder, 'run')), aws.refusals]).toEqual([[], []]);
  });

  it('prints the same fingerprint of a certificate with a pool of keys as without one', async () => {
    const script = ['#!/bin/bash', 'for file in /opt/cloudhsm/etc/customerCA.crt /no/such.crt; do openssl x509 -in "$file" -noout -fingerprint -sha256 2>/dev/null; echo "$?"; done'];
    const printed: unknown[] = [];
    for (const options of [{}, { keyPool: new KeyPool() }]) printed.push((await (await world(options)).run(script))['StandardOutputContent']);
    expect(printed[0]).toMatch(/^sha256 Fingerprint=([0-9A-F]{2}:){31}[0-9A-F]{2}\n0\n1\n$/);
    expect(printed[1]).toBe(printed[0]);
  });

  it('shares the instance with another that runs at the same time', async () => {
    const { document, send, ended } = await world();
    const wait = await send(await document(content(['#!/bin/bash', 'until [ -e /run/flag ]; do sleep 1; done; echo seen'])));
    const make = await send(await document(content(['#!/bin/bash', 'sleep 5; : > /run/flag'])));
    expect((await ended(wait))['StandardOutputContent']).toBe('seen\n');
    expect((await ended(make))['Status']).toBe('Success');
  });
});

describe('programs of an instance', () => {
  it.each([['a b  c'], [`it's "quoted"`], ['$(id) `id` $HOME'], ['*?[a-z]{a,b}~'], ['back\\slash\\n'], ['größe-€-漢字'], ['tab\there; & | < >'], ['  edges  ']])('cloudhsm-cli takes the admin password %j as it is', async (password) => {
    const { run, cloudHsm, folder } = await world({ adminPassword: password });
    writeFileSync(join(folder, 'root', 'pin'), `admin:${password}`);
    const invocation = await run(['#!/bin/bash', 'pin=$(<"$HOME/pin")', 'CLOUDHSM_ROLE=admin CLOUDHSM_PIN="$pin" /opt/cloudhsm/bin/cloudhsm-cli user list']);
    expect(invocation['ResponseCode']).toBe(0);
    expect(cloudHsm.state.logins).toMatchObject([{ username: 'admin', accepted: true }]);
  });

  it('cloudhsm-cli prints what the HSMs answer, and ends with its code', async () => {
    const { run, cloudHsm } = await world();
    const { StandardOutputContent: output, ResponseCode: code } = await run(['#!/bin/bash', '/opt/cloudhsm/bin/cloudhsm-cli user delete --username "no one" --role crypto-user']);
    expect(JSON.parse(String(output))).toMatchObject({ error_code: 1 });
    expect(code).toBe(1);
    expect(cloudHsm.state.logins).toEqual([]);
  });

  it('cloudhsm-cli may be missing', async () => {
    const { run } = await world({ instance: { cli: false } });
    expect((await run(['[ -x /opt/cloudhsm/bin/cloudhsm-cli ] || echo missing']))['StandardOutputContent']).toBe('missing\n');
  });

  it('cloudhsm-cli may print nonsense', async () => {
    const { run } = await world({ instance: { cliOutput: ([first]) => (first === 'user' ? '<html>' : undefined) } });
    const { StandardOutputContent: output } = await run(['#!/bin/bash', '/opt/cloudhsm/bin/cloudhsm-cli user list; echo; /opt/cloudhsm/bin/cloudhsm-cli cluster hsm-info | head -1']);
    expect(output).toBe('<html>\n{\n');
  });

  it('openssl may be missing, and nothing else with it', async () => {
    const { run } = await world({ instance: { openssl: false } });
    expect((await run(['command -v openssl || echo missing; command -v cat >/dev/null && echo there']))['StandardOutputContent']).toBe('missing\nthere\n');
  });

  it('can be changed while the instance is there', async () => {
    const { run, ssm } = await world();
    const look = [
      '#!/bin/bash',
      'for p in openssl flock cat; do command -v $p >/dev/null && echo $p; done',
      '/opt/cloudhsm/bin/cloudhsm-cli --version 2>/dev/null || echo no cli',
    ];
    expect((await run(look))['StandardOutputContent']).toBe('openssl\nflock\ncat\ncloudhsm-cli 5.17.2\n');
    ssm.changeClient(instanceId, { openssl: false, flock: false, cliVersion: '5.18.1' });
    expect((await run(look))['StandardOutputContent']).toBe('cat\ncloudhsm-cli 5.18.1\n');
    ssm.changeClient(instanceId, { openssl: true, cli: false });
    expect((await run(look))['StandardOutputContent']).toBe('openssl\ncat\nno cli\n');
  });

  it('the client’s configuration lists each cluster’s HSMs, and names a certificate that is there', async () => {
    const { run, ssm, cloudHsm, clusterId } = await world();
    const other = cloudHsm.addCluster({ zones: ['eu-central-1a'], adminPassword: 'x' });
    ssm.changeClient(instanceId, { clusters: [clusterId, other] });
    const lines = [
      '#!/bin/bash',
      'cfg=/opt/cloudhsm/etc/cloudhsm-cli.cfg',
      'ca=$(sed -n \'s/.*"hsm_ca_file": "\\([^"]*\\)".*/\\1/p\' "$cfg" | head -1)',
      'grep -o \'"hostname": "[^"]*"\' "$cfg"; openssl x509 -in "$ca" -noout -subject | grep -o Customer.CA',
    ];
    const addresses = [clusterId, other].flatMap((id) => cloudHsm.cluster(id).hsms.map(({ eniIp }) => `"hostname": "${eniIp}"\n`));
    expect((await run(lines))['StandardOutputContent']).toBe(`${addresses.join('')}Customer CA\n`);
  });

  it('the client may have another certificate, or none, and was perhaps never configured', async () => {
    const { run, ssm } = await world();
    const look = ['cd /opt/cloudhsm/etc; cat customerCA.crt 2>/dev/null || echo none; grep -c hostname cloudhsm-cli.cfg; grep -c %%HSM_IP_ADDRESS%% cloudhsm-cli.cfg'];
    ssm.changeClient(instanceId, { customerCa: 'nonsense\n' });
    expect((await run(look))['StandardOutputContent']).toBe('nonsense\n2\n0\n');
    ssm.changeClient(instanceId, { customerCa: '', clusters: [] });
    expect((await run(look))['StandardOutputContent']).toBe('none\n1\n1\n');
  });

  it.each(['date', 'sleep 1m', '/opt/cloudhsm/bin/cloudhsm-cli key list'])('%s is refused, and the refusal is kept', async (command) => {
    const { run, aws } = await world();
    expect(await run([command])).toMatchObject({ ResponseCode: 70 });
    expect(aws.refusals).toEqual([expect.stringContaining('does not model')]);
  });
});

describe('a Windows instance', () => {
  it('is shown as one, and skips a step for Linux, which is a success', async () => {
    const { run, call } = await world({ instance: { platform: 'Windows' } });
    expect(await call('DescribeInstanceInformation', {})).toMatchObject({ InstanceInformationList: [{ PlatformType: 'Windows', PingStatus: 'Online' }] });
    expect(await run(['echo never'])).toMatchObject({
      Status: 'Success',
      StatusDetails: 'Success',
      ResponseCode: 0,
      StandardOutputContent: 'Step execution skipped due to incompatible platform. Step name: runScript',
    });
  });
});

describe('the life of a command', () => {
  it('is Pending, then In Progress, then over; before that it may not be found', async () => {
    const { document, send, call, invocation, pass, aws, ssm } = await world();
    const commandId = await send(await document(content(['sleep 10; echo done'])));
    const record = ssm.state.invocations[0];
    if (!record) throw new Error('no invocation');
    record.visibleFrom = aws.clock.now + 500;
    await expect(invocation(commandId)).rejects.toMatchObject({ code: 'InvocationDoesNotExist' });
    await pass(500);
    expect(await invocation(commandId)).toMatchObject({ Status: 'Pending', StatusDetails: 'Pending', ResponseCode: -1, StandardOutputContent: '' });
    await pass(timings.ssmPickUp);
    expect(await invocation(commandId)).toMatchObject({ Status: 'InProgress', StatusDetails: 'In Progress', ResponseCode: -1, StandardOutputContent: '' });
    await pass(10_000);
    expect(await invocation(commandId)).toMatchObject({ Status: 'Success', ResponseCode: 0, StandardOutputContent: 'done\n' });
    await expect(call('GetCommandInvocation', { CommandId: commandId, InstanceId: instanceId, PluginName: 'other' })).rejects.toMatchObject({ code: 'InvalidPluginName' });
  });

  it('is unknown for one or two seconds at most', async () => {
    const { document, send, ssm } = await world();
    const name = await document(content(['exit 0']));
    for (let count = 0; count < 20; count++) await send(name);
    const late = ssm.state.invocations.map(({ visibleFrom, requestedAt }) => visibleFrom - requestedAt);
    expect(Math.max(...late)).toBeLessThanOrEqual(2_000);
    expect(Math.max(...late)).toBeGreaterThan(1_000);
  });

  it('times out in virtual time, and the whole process group is killed', async () => {
    const { run, folder, pass } = await world();
    const before = Date.now();
    const invocation = await run(['#!/bin/bash', '(sleep 300; : > /run/survivor) &', 'echo begun; sleep 400; echo never'], { timeoutSeconds: '60' });
    expect(invocation).toMatchObject({ Status: 'TimedOut', StatusDetails: 'Execution Timed Out', ResponseCode: 137, StandardOutputContent: 'begun\n' });
    await pass(600_000);
    expect(existsSync(join(folder, 'run/survivor'))).toBe(false);
    expect(Date.now() - before).toBeLessThan(20_000);
  });

  it('is not delivered while the agent has no connection, and times out', async () => {
    const { document, send, ended, folder, aws } = await world({ instance: { online: false } });
    const started = aws.clock.now;
    const invocation = await ended(await send(await document(content([': > /run/ran'])), { TimeoutSeconds: 30 }));
    expect(invocation).toMatchObject({ Status: 'TimedOut', StatusDetails: 'Delivery Timed Out', ResponseCode: -1 });
    expect(aws.clock.now - started).toBeGreaterThanOrEqual(30_000);
    expect(existsSync(join(folder, 'run/ran'))).toBe(false);
  });

  it('is delivered late when the agent comes back in time, also if its document is gone', async () => {
    const { document, documents, send, ended, ssm, pass } = await world({ instance: { online: false } });
    const name = await document(content(['echo late']));
    const commandId = await send(name, { TimeoutSeconds: 60 });
    await documents.delete(name, context);
    await pass(40_000);
    ssm.setOnline(instanceId, true);
    expect(await ended(commandId)).toMatchObject({ Status: 'Success', StandardOutputContent: 'late\n' });
  });

  it('runs on when the connection is lost, and is told when it is back', async () => {
    const { document, send, invocation, pass, ssm } = await world();
    const commandId = await send(await document(content(['sleep 10; echo done'])));
    await pass(5_000);
    ssm.setOnline(instanceId, false);
    await pass(60_000);
    expect(await invocation(commandId)).toMatchObject({ Status: 'InProgress', StandardOutputContent: '' });
    ssm.setOnline(instanceId, true);
    await pass(5_000);
    expect(await invocation(commandId)).toMatchObject({ Status: 'Success', StandardOutputContent: 'done\n' });
  });

  it('ends with a reboot, which empties /run and /dev/shm', async () => {
    const { document, send, ended, pass, ssm, folder } = await world();
    const commandId = await send(await document(content(['#!/bin/bash', ': > /run/key; : > /dev/shm/key; : > "$HOME/kept"; sleep 100'])));
    await pass(5_000);
    expect(readdirSync(join(folder, 'run'))).toEqual(['key']);
    await ssm.reboot(instanceId);
    expect(await ended(commandId)).toMatchObject({ Status: 'Failed' });
    expect([readdirSync(join(folder, 'run')), readdirSync(join(folder, 'dev/shm')), readdirSync(join(folder, 'root'))]).toEqual([[], [], ['kept']]);
  });

  it('is Undeliverable to an instance that was stopped meanwhile; further commands are refused', async () => {
    const { document, send, ended, call, ssm } = await world();
    const name = await document(content(['exit 0']));
    const commandId = await send(name, { TimeoutSeconds: 30 });
    await ssm.stop(instanceId);
    expect(await ended(commandId)).toMatchObject({ Status: 'Failed', StatusDetails: 'Undeliverable', ResponseCode: -1 });
    await expect(send(name)).rejects.toMatchObject({ code: 'InvalidInstanceId' });
    expect(await call('DescribeInstanceInformation', {})).toEqual({ InstanceInformationList: [] });
  });

  it.each([
    ['Access Denied', 'Failed'],
    ['Undeliverable', 'Failed'],
    ['Terminated', 'Cancelled'],
    ['Invalid Platform', 'Failed'],
    ['Delivery Timed Out', 'TimedOut'],
    ['DeliveryTimedOut', 'TimedOut'],
    ['Execution Timed Out', 'TimedOut'],
    ['ExecutionTimedOut', 'TimedOut'],
    ['Cancelled', 'Cancelled'],
  ] as const)('may be ended by the service as %s, which is %s, without an output; the next one is not', async (failure, status) => {
    const { document, send, ended, ssm, folder, aws } = await world();
    ssm.failNextCommand(instanceId, failure);
    const name = await document(content([': > /run/ran']));
    const started = aws.clock.now;
    const invocation = await ended(await send(name, { TimeoutSeconds: 30 }));
    expect(invocation).toMatchObject({ Status: status, StatusDetails: failure, ResponseCode: -1, StandardOutputContent: '' });
    if (status === 'TimedOut') expect(aws.clock.now - started).toBeGreaterThanOrEqual(30_000);
    expect(existsSync(join(folder, 'run/ran'))).toBe(false);
    expect(await ended(await send(name))).toMatchObject({ Status: 'Success' });
  });

  it.each(['Undeliverable', 'Delivery Timed Out', 'Execution Timed Out'] as const)('may have run although the service says %s', async (failure) => {
    const { document, send, ended, ssm, folder, pass } = await world();
    ssm.failNextCommand(instanceId, failure, true);
    const name = await document(content(['sleep 5; : > /run/ran']));
    expect(await ended(await send(name, { TimeoutSeconds: 30 }))).toMatchObject({ StatusDetails: failure, ResponseCode: -1 });
    await pass(10_000);
    expect(existsSync(join(folder, 'run/ran'))).toBe(true);
  });

  it('is Cancelling, then Cancelled when a person cancels it, and its script is killed', async () => {
    const { document, send, ended, call, invocation, pass, folder } = await world();
    const commandId = await send(await document(content(['echo begun; sleep 60; : > /run/survived'])));
    await pass(5_000);
    await call('CancelCommand', { CommandId: commandId });
    expect(await invocation(commandId)).toMatchObject({ Status: 'Cancelling' });
    expect(await ended(commandId)).toMatchObject({ Status: 'Cancelled', StatusDetails: 'Cancelled', StandardOutputContent: 'begun\n' });
    await pass(100_000);
    expect(existsSync(join(folder, 'run/survived'))).toBe(false);
  });

  it('is Cancelled at once while it waits, and stays as it is when it has ended', async () => {
    const { document, send, ended, call, ssm } = await world({ instance: { online: false } });
    const name = await document(content(['exit 0']));
    const waiting = await send(name);
    await call('CancelCommand', { CommandId: waiting, InstanceIds: [instanceId] });
    ssm.setOnline(instanceId, true);
    expect(await ended(waiting)).toMatchObject({ Status: 'Cancelled', ResponseCode: -1 });
    const over = await send(name);
    await ended(over);
    await call('CancelCommand', { CommandId: over });
    expect(await ended(over)).toMatchObject({ Status: 'Success' });
    await expect(call('CancelCommand', { CommandId: '00000000-0000-0000-0000-000000000000' })).rejects.toMatchObject({ code: 'InvalidCommandId' });
  });

  it.each([
    ['as it is', {}, 24_000, 8_000, 'o'],
    ['by an old agent', { agentOutputLimit: 2_500 }, 2_500, 2_500, '--output truncated--'],
  ])('has its output cut %s', async (_title, options, out, err, tail) => {
    const { run } = await world(options);
    const { StandardOutputContent: stdout, StandardErrorContent: stderr } = await run(['#!/bin/bash', `printf 'o%.0s' {1..30000}; printf 'e%.0s' {1..30000} >&2`]);
    expect([String(stdout).length, String(stderr).length]).toEqual([out, err]);
    expect(String(stdout).endsWith(tail)).toBe(true);
  });

  it('refuses to go on after exit code 194, which would reboot', async () => {
    const { run, aws } = await world();
    expect(await run(['exit 194'])).toMatchObject({ Status: 'Failed' });
    expect(aws.refusals).toEqual([expect.stringContaining('194')]);
  });
});

describe('SendCommand', () => {
  const parameters = {
    Word: { type: 'String', default: 'abc', allowedPattern: '^[a-z]+$', minChars: 2, maxChars: 5 },
    Choice: { type: 'String', allowedValues: ['one', 'two'], default: 'one' },
  };

  it.each<[string, string, JsonObject]>([
    ['InvalidParameters', 'a value against the pattern', { Parameters: { Word: ['a;b'] } }],
    ['InvalidParameters', 'a value that is too short', { Parameters: { Word: ['a'] } }],
    ['InvalidParameters', 'a value that is too long', { Parameters: { Word: ['abcdef'] } }],
    ['InvalidParameters', 'a value that is not allowed', { Parameters: { Choice: ['three'] } }],
    ['InvalidParameters', 'an unknown parameter', { Parameters: { Other: ['x'] } }],
    ['InvalidDocument', 'an unknown document', { DocumentName: 'nothing' }],
    ['InvalidDocumentVersion', 'an unknown version', { DocumentVersion: '7' }],
    ['InvalidInstanceId', 'an unknown instance', { InstanceIds: ['i-0fffffffffffffff0'] }],
    ['ValidationException', 'a delivery time-out under 30 s', { TimeoutSeconds: 29 }],
  ])('refuses with %s %s', async (code, _title, more) => {
    const { document, send } = await world();
    await expect(send(await document(content(['exit 0'], { parameters })), more)).rejects.toMatchObject({ code });
  });

  it('needs a permission for the document and one for the instance', async () => {
    const { document, send, invocation, call, aws, pass } = await world();
    const name = await document(content(['exit 0']));
    const asked: Permission[] = [];
    jest.spyOn(aws.iam, 'authorize').mockImplementation((_caller, permission) => void asked.push(permission));
    const commandId = await send(name);
    await pass(2_000);
    await invocation(commandId);
    await call('DescribeInstanceInformation', {});
    expect(asked.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `ssm:SendCommand arn:aws:ssm:eu-central-1:111122223333:document/${name}`,
      `ssm:SendCommand arn:aws:ec2:eu-central-1:111122223333:instance/${instanceId}`,
      'ssm:GetCommandInvocation *',
      'ssm:DescribeInstanceInformation *',
    ]);
  });
});

describe('DescribeInstanceInformation', () => {
  it.each([
    [true, 'Online'],
    [false, 'ConnectionLost'],
  ])('shows an instance whose agent is connected: %s', async (online, status) => {
    const { call } = await world({ instance: { online } });
    expect(await call('DescribeInstanceInformation', { Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] })).toMatchObject({
      InstanceInformationList: [{ InstanceId: instanceId, PingStatus: status, PlatformType: 'Linux' }],
    });
    expect(await call('DescribeInstanceInformation', { Filters: [{ Key: 'InstanceIds', Values: ['i-0fffffffffffffff0'] }] })).toEqual({ InstanceInformationList: [] });
  });
});

describe('AWS::SSM::Document', () => {
  it('gets a name from stack and logical id', async () => {
    const { document } = await world();
    expect(await document(content(['exit 0']))).toMatch(/^stack-rDocument-[A-Za-z0-9]{12}$/);
  });

  it('makes a new default version of a changed document', async () => {
    const { document, documents, send, ended } = await world();
    const name = await document(content(['echo one']));
    await documents.update(name, { Content: content(['echo two']), DocumentType: 'Command', UpdateMethod: 'NewVersion' }, context);
    expect(await ended(await send(name))).toMatchObject({ StandardOutputContent: 'two\n', DocumentVersion: '2' });
    expect(await ended(await send(name, { DocumentVersion: '1' }))).toMatchObject({ StandardOutputContent: 'one\n' });
  });

  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['is replaced when its content changes', { Content: content(['one']) }, { Content: content(['two']) }, true],
    ['stays when its content does', { Content: content(['one']) }, { Content: content(['one']), TargetType: '/AWS::EC2::Instance' }, false],
    ['gets a new version with UpdateMethod NewVersion', { Content: content(['one']) }, { Content: content(['two']), UpdateMethod: 'NewVersion' }, false],
  ])('%s', async (_title, before, after, replaced) => {
    const { documents } = await world();
    expect(documents.replacedWhen?.(before, after)).toBe(replaced);
  });

  it.each<[string, JsonObject]>([
    ['schemaVersion', { ...content(['x']), schemaVersion: '0.3' }],
    ['field files', { ...content(['x']), files: {} }],
    ['StringList', content(['x'], { parameters: { List: { type: 'StringList' } } })],
    ['interpolationType', content(['x'], { parameters: { One: { type: 'String', interpolationType: 'ENV_VAR' } } })],
    ['ssm:name', content(['echo {{ssm:name}}'])],
  ])('does not model %s', async (what, documentContent) => {
    const { document } = await world();
    await expect(document(documentContent)).rejects.toThrow(what);
  });

  it.each<[string, string, JsonObject]>([
    ['InvalidDocumentContent', 'a parameter that is used but not defined', content(['echo {{ Nothing }}'])],
    ['InvalidDocumentContent', 'a repeat that the agent’s RE2 refuses', content(['x'], { parameters: { One: { type: 'String', allowedPattern: '^a{1,1001}$' } } })],
    ['MaxDocumentSizeExceeded', 'more than 64 KB', content(['x'.repeat(65_536)])],
  ])('refuses with %s %s', async (code, _title, documentContent) => {
    const { document } = await world();
    await expect(document(documentContent)).rejects.toMatchObject({ code });
  });
});

it('leaves no folder behind', async () => {
  const { ssm, folder } = await world();
  expect(existsSync(folder)).toBe(true);
  await ssm.dispose();
  expect(existsSync(folder)).toBe(false);
});
