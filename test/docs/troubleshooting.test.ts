import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import * as cloudhsmv2 from '@aws-sdk/client-cloudhsm-v2';
import * as ec2 from '@aws-sdk/client-ec2';
import * as kms from '@aws-sdk/client-kms';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as serviceQuotas from '@aws-sdk/client-service-quotas';
import * as stepfunctions from '@aws-sdk/client-sfn';
import * as ssm from '@aws-sdk/client-ssm';
import * as messages from '../../functions/shared/src/messages';
import { anchor, blocks, codes, headings, links, prose, section, table } from './markdown';
import { read, ROOT } from './product';

const DOCUMENT = 'TROUBLESHOOTING.md';
const text = read(DOCUMENT);

/** The words of a text up to its first slot, bracket, colon, comma or full stop: by them it is looked up. */
const firstWords = (message: string): string => (message.split(/[:.,{(]/)[0] ?? '').trim();
const beginnings: Record<string, string> = Object.fromEntries(Object.entries(messages).map(([name, message]) => [name, firstWords(message)]));
const entries = [...prose(text).matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading);

/** How a line begins that is typed into the CloudHSM CLI's own prompt. */
const PROMPT = 'aws-cloudhsm > ';
/** What can be typed into a shell: each line whole, and each part of a pipe or list on its own. */
const lines = blocks(text).flatMap((block) => block.replace(/ *\\\n */g, ' ').split('\n').map((line) => line.trim()).filter((line) => line !== ''));
const inCli = lines.flatMap((line) => (line.startsWith(PROMPT) ? [line.slice(PROMPT.length)] : []));
const shell = lines.filter((line) => !line.startsWith(PROMPT)).flatMap((line) => line.split(/ (?:\||&&) /)).map((part) => part.replace(/^sudo /, ''));
const awsCommands = [...shell, ...codes(prose(text))].filter((command) => command.startsWith('aws '));

describe('whoever looks up a reason finds it', () => {
  test('every text that a user can meet has one entry, and every entry is the first words of one', () => {
    expect([...entries].sort()).toEqual(Object.values(beginnings).sort());
  });

  test('no first words are the beginning of another text', () => {
    const words = Object.values(beginnings);
    expect(words.filter((one, index) => words.some((other, place) => place !== index && other.startsWith(one)))).toEqual([]);
  });

  test('the table of contents has every heading, in the order of the page, and leads to it', () => {
    const lead = (indent: string, heading: string, target: string) => `${indent}${heading} -> ${target}`;
    const contents = [...section(text, 'Contents').matchAll(/^( *)- \[(.+)\]\(#(.+)\)$/gm)];
    const listed = contents.map(([, indent = '', heading = '', target = '']) => lead(indent, heading, target));
    const below = [...prose(text).matchAll(/^##(#?) (?!Contents$)(.+)$/gm)];
    const present = below.map(([, deeper = '', heading = '']) => lead('  '.repeat(deeper.length), heading, anchor(heading)));
    expect(present.length).toBeGreaterThan(entries.length);
    expect(listed).toEqual(present);
  });

  test('no two headings share an anchor', () => {
    const anchors = headings(text).map(anchor);
    expect(anchors.filter((one, index) => anchors.indexOf(one) !== index)).toEqual([]);
  });

  test('every link leads somewhere', () => {
    const broken = links(text).filter((target) => {
      const [file = '', place] = target.split('#');
      if (target.startsWith('https://docs.aws.amazon.com/')) return false;
      return !existsSync(path.join(ROOT, file || DOCUMENT)) || (place !== undefined && !headings(read(file || DOCUMENT)).map(anchor).includes(place));
    });
    expect(broken).toEqual([]);
  });

  test('every entry has a command to look or to mend with', () => {
    expect(entries.filter((entry) => blocks(section(text, entry)).length === 0)).toEqual([]);
  });

  test('every connection error code of KMS leads to the entry of its text', () => {
    const ofCloudHsm = Object.keys(kms.ConnectionErrorCodeType).filter((code) => !code.startsWith('XKS_'));
    const told = table(section(text, 'Connection'), 'Code').map(([code = '', entry = '']) => [codes(code)[0] ?? '', /\[(.+)\]/.exec(entry)?.[1]]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(ofCloudHsm.map((code) => [code, beginnings[code]])));
  });

  test('every status in which a scenario leaves a failed stack says what to do', () => {
    const scenarios = readdirSync(path.join(ROOT, 'rehearsal/scenarios')).map((file) => read(`rehearsal/scenarios/${file}`));
    const failed = scenarios.flatMap((scenario) => scenario.match(/\b[A-Z_]+_(?:FAILED|ROLLBACK_COMPLETE)\b|\bROLLBACK_COMPLETE\b/g) ?? []);
    const told = table(section(text, 'In which status is the stack'), 'Status').map(([status = '']) => codes(status)[0]);
    expect(failed.length).toBeGreaterThan(5);
    expect(told).toEqual(expect.arrayContaining(failed));
  });
});

describe('whoever copies a command can run it', () => {
  const OF_LINUX = ['command', 'df', 'dnf', 'echo', 'grep', 'ls', 'printf', 'ps', 'read', 'readlink', 'rm', 'systemctl', 'tail', 'timeout', 'uptime', 'wc'];
  const TOOLS = ['aws', 'cloudhsm-cli', 'configure-cli', 'openssl', ...OF_LINUX];
  const nameOf = (command: string): string => (command.split(' ')[0] ?? '').replace('/opt/cloudhsm/bin/', '');

  test('every command is one of the tools that a manual may ask for', () => {
    expect(shell.length).toBeGreaterThan(entries.length);
    expect(shell.filter((command) => !TOOLS.includes(nameOf(command)))).toEqual([]);
  });

  /** By the names that the AWS CLI gives to services. */
  const CLIENTS: Record<string, object> = { kms, cloudhsmv2, ssm, secretsmanager, ec2, 'service-quotas': serviceQuotas, stepfunctions };
  /** Of services whose client is not installed, and what the AWS CLI has beyond the API (AWS CLI Command Reference). */
  const OTHERS: Record<string, string[]> = {
    cloudformation: [
      'continue-update-rollback',
      'delete-stack',
      'deploy',
      'describe-stack-events',
      'describe-stack-resource',
      'describe-stacks',
      'detect-stack-drift',
      'rollback-stack',
      'update-termination-protection',
      'wait stack-delete-complete',
    ],
    cloudtrail: ['lookup-events'],
    configure: ['get region'],
    health: ['describe-events'],
    iam: ['get-role'],
    lambda: ['get-account-settings'],
    logs: ['tail'],
    s3: ['ls'],
  };

  test('every command of the AWS CLI is an operation of its service', () => {
    expect(awsCommands.length).toBeGreaterThan(entries.length);
    expect(awsCommands.filter((command) => !isOperation(command))).toEqual([]);
  });

  function isOperation(command: string): boolean {
    const [, service = '', operation = '', argument = ''] = command.split(' ');
    const client = CLIENTS[service];
    if (client) return (operation === 'wait' ? `waitUntil${pascal(argument)}` : `${pascal(operation)}Command`) in client;
    return OTHERS[service]?.some((known) => `${operation} ${argument} `.startsWith(`${known} `)) ?? false;
  }

  /** What the manual asks of the CloudHSM CLI, with the options that each command takes (CloudHSM User Guide, cloudhsm_cli-reference). */
  const CLI: Record<string, string[]> = {
    '': ['version'],
    interactive: [],
    login: ['username', 'role'],
    'login mfa-token-sign': ['username', 'role', 'token'],
    logout: [],
    quit: [],
    'cluster activate': [],
    'cluster hsm-info': ['cluster-id'],
    'user list': ['cluster-id'],
    'user create': ['username', 'role'],
    'user delete': ['username', 'role'],
    'user change-password': ['username', 'role'],
    'user change-mfa token-sign': ['username', 'role', 'deregister'],
    'quorum token-sign list-quorum-values': [],
    'quorum token-sign set-quorum-value': ['service', 'value', 'approval'],
  };
  const cliCommands = [...inCli, ...shell.filter((command) => nameOf(command) === 'cloudhsm-cli').map((command) => command.split(' ').slice(1).join(' '))];

  test('every command of the CloudHSM CLI is documented, with its options', () => {
    expect(cliCommands.length).toBeGreaterThan(20);
    const unknown = cliCommands.filter((command) => {
      const options = [...command.matchAll(/--([\w-]+)/g)].map(([, option = '']) => option);
      const words = command.replace(/ ?--[\w-]+( [\w-]+)?/g, (_, value?: string) => (value === ' mfa-token-sign' ? value : '')).trim();
      return !CLI[words] || options.some((option) => !CLI[words]?.includes(option));
    });
    expect(unknown).toEqual([]);
  });

  test('no command takes a password as an argument', () => {
    expect(lines.filter((line) => /--(?:password|key-store-password|secret-string) (?!file:\/\/)/.test(line))).toEqual([]);
  });

  /** Written in capitals by AWS or in a certificate, or a variable of the shell. */
  const OTHER_CAPITALS = ['AWSCURRENT', 'BEGIN', 'CAPABILITY_NAMED_IAM', 'KMS', 'PASSWORD'];

  test('every word in capitals stands in the table of them, or is told where it is used', () => {
    const everywhere = table(section(text, 'Words in capitals'), 'Word').flatMap(([word = '']) => codes(word));
    const untold = text.split(/^##+ /m).flatMap((part) => {
      const told = [...OTHER_CAPITALS, ...everywhere, ...codes(prose(part))];
      const used = blocks(part).flatMap((block) => block.match(/(?<![\w$"'-])[A-Z]{3,}(?:_[A-Z]+)*(?![\w-])/g) ?? []);
      return used.filter((word) => !told.includes(word) && !told.includes(word.replace('OTHER_', ''))).map((word) => `${part.split('\n')[0]}: ${word}`);
    });
    expect(untold).toEqual([]);
  });
});

function pascal(words: string): string {
  return words.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
