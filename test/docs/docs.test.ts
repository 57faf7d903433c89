import { existsSync } from 'node:fs';
import path from 'node:path';
import { withParameterTable } from '../../docs/src/write-parameter-table';
import { FUNCTIONS, STATE_MACHINES } from '../../templates/src/names';
import { loadMachine } from '../statemachines/machines';
import { anchor, blocks, codes, headings, links, section, table } from './markdown';
import { bounds, grants, properties, read, retriers, roles, ROOT, templateBytes, templateSection } from './product';

const DOCUMENTS = ['README.md', 'TROUBLESHOOTING.md', 'INTERNALS.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'security/README.md', 'security/threat-model.md'];
const readme = read('README.md');
const internals = read('INTERNALS.md');

interface PackageFile {
  version: string;
  engines: { node: string };
  scripts: Record<string, string>;
}
const packageFile = JSON.parse(read('package.json')) as PackageFile;

/** A cell that is one code, or empty for the dash that stands for nothing. */
const oneCode = (cell = ''): string => codes(cell)[0] ?? '';

/** The `name=value` words of a command's parameter overrides, as names. */
const overrides = (command: string): string[] => [...command.matchAll(/\b(p\w+)=/g)].map(([, name = '']) => name);

describe('what the README says about the template is so', () => {
  const parameters = Object.entries(templateSection('Parameters'));
  const required = parameters.filter(([, { Default }]) => Default === undefined).map(([name]) => name);
  const updateRows = table(section(readme, 'Update'), 'Change');
  const ofKeyStore = Object.keys(properties('rKmsCloudHsmKeyStore'))
    .filter((property) => property !== 'ServiceToken')
    .map((property) => `p${property}`);

  test('the table of parameters is what the template gives', () => {
    expect(withParameterTable(readme)).toBe(readme);
  });

  test('every parameter has a row, with its default or as required, and no other', () => {
    const rows = table(section(readme, 'Review the parameters'), 'Parameter').map(([name, isRequired, value]) => [oneCode(name), isRequired, oneCode(value)]);
    expect(rows).toEqual(parameters.map(([name, { Default }]) => [name, Default === undefined ? 'yes' : 'no', Default ?? '']));
  });

  test('what an update does is the same in the table of parameters and under Update', () => {
    for (const [name, , , , , update = ''] of table(section(readme, 'Review the parameters'), 'Parameter')) {
      const [, what = ''] = updateRows.find(([change]) => codes(change ?? '').includes(oneCode(name))) ?? [];
      const told = { Renames: 'renamed', Rotates: 'rotated', Moves: 'moves', Replaces: 'replaces', In: 'In force from then on' }[update.split(/[ ,]/)[0] ?? ''];
      expect(what).toContain(told);
    }
  });

  test('the states of an outage are states of the update machine, in its order', () => {
    const named = table(section(readme, 'How long keys are out of service'), 'What happens').flatMap(([, states]) => codes(states ?? ''));
    const states = Object.keys(loadMachine('update-key-store').States);
    expect(named.length).toBeGreaterThan(4);
    expect(states.filter((state) => named.includes(state))).toEqual(named);
  });

  test('the deployer is told of a right for every kind of resource', () => {
    const listed = table(section(readme, 'You, the deployer'), 'For').map(([kind]) => kind);
    const kinds = Object.values(templateSection('Resources')).map(({ Type }) => String(Type).split('::').slice(0, 2).join('::'));
    expect([...new Set(kinds)].filter((kind) => !kind.startsWith('Custom::') && !listed.includes(kind))).toEqual([]);
  });

  test('the states to watch are states of the create machine, in its order', () => {
    const watched = table(section(readme, 'Watch'), 'What happens').flatMap(([, states]) => codes(states ?? ''));
    const states = Object.keys(loadMachine('create-key-store').States);
    expect(watched.length).toBeGreaterThan(4);
    expect(states.filter((state) => watched.includes(state))).toEqual(watched);
  });

  test('our names beside those of the sample are names of the template', () => {
    const rows = table(section(readme, 'The AWS sample and this template'), 'What');
    const ours = rows.flatMap(([, , cell]) => codes(cell ?? ''));
    const known = JSON.stringify([templateSection('Parameters'), templateSection('Resources'), templateSection('Outputs')]);
    expect(ours.length).toBeGreaterThan(8);
    expect(ours.filter((name) => name !== 'password' && !known.includes(name.replace('…', '')))).toEqual([]);
    expect(rows.flatMap(([what]) => /^Default of `(\w+)`$/.exec(what ?? '')?.[1] ?? [])).toEqual(['pSystem', 'pKeyStoreName']);
  });

  test('the logs are kept as long as it says', () => {
    const [, days] = /logs are kept for (\d+) days/.exec(readme) ?? [];
    expect(['rLogGroupLambda', 'rLogGroupStateMachine'].map((id) => properties(id).RetentionInDays)).toEqual([Number(days), Number(days)]);
  });

  test('the command that creates a stack gives each required parameter and no unknown one', () => {
    const create = blocks(section(readme, 'On the command line')).find((block) => block.includes('cloudformation deploy')) ?? '';
    expect(overrides(create).sort()).toEqual([...required].sort());
  });

  test('a bucket is asked for as long as the template is larger than CloudFormation takes without one', () => {
    // CloudFormation quotas: 51,200 bytes in a request.
    expect(readme.includes('--s3-bucket')).toBe(templateBytes > 51_200);
  });

  test('every output of the template is listed, and no other', () => {
    const outputs = table(section(readme, 'What it makes'), 'Output').map(([name]) => oneCode(name));
    expect(outputs).toEqual(Object.keys(templateSection('Outputs')));
  });

  test('what an update of each property of the key store does is listed', () => {
    expect(updateRows.flatMap(([change]) => codes(change ?? ''))).toEqual(expect.arrayContaining(ofKeyStore));
  });

  test('the parameters that never reach the key store are listed as leaving it alone', () => {
    const untouched = updateRows.find(([change, what]) => codes(change ?? '').length > 0 && what?.includes('replaces the supporting resources'));
    expect(codes(untouched?.[0] ?? '').sort()).toEqual(parameters.map(([name]) => name).filter((name) => !ofKeyStore.includes(name)).sort());
  });

  test('each role may do what is listed and nothing else', () => {
    const listed = Object.fromEntries(table(section(readme, 'Security'), 'Role of').map(([name, actions]) => [oneCode(name), codes(actions ?? '').sort()]));
    const allowed = Object.entries(roles).map(([name, role]) => [name, [...new Set(grants(role).flatMap(({ actions }) => actions))].sort()]);
    expect(listed).toEqual(Object.fromEntries(allowed));
  });

  test('each secret is read by the functions that are listed and by nothing else', () => {
    for (const [secret, , readers] of table(section(readme, 'Security'), 'Secret')) {
      const reads = ({ actions, on }: { actions: string[]; on: string }) => actions.includes('secretsmanager:GetSecretValue') && on.includes(oneCode(secret));
      const allowed = Object.entries(roles).filter(([, role]) => grants(role).some(reads));
      expect([oneCode(secret), codes(readers ?? '').sort()]).toEqual([oneCode(secret), allowed.map(([name]) => name).sort()]);
    }
  });

  test('every secret of the stack is in the list of secrets', () => {
    const ofStack = Object.entries(templateSection('Resources')).flatMap(([id, { Type }]) => (Type === 'AWS::SecretsManager::Secret' ? [id] : []));
    expect(table(section(readme, 'Security'), 'Secret').map(([secret]) => oneCode(secret))).toEqual(expect.arrayContaining(ofStack));
  });

  test('the log groups have the names that the default parameters give', () => {
    const names = ['rLogGroupLambda', 'rLogGroupStateMachine'].map((id) => {
      const { 'Fn::Sub': name } = properties(id).LogGroupName as { 'Fn::Sub': string };
      return parameters.reduce((text, [parameter, { Default }]) => text.replace(`\${${parameter}}`, String(Default)), name);
    });
    expect(codes(section(readme, 'When it fails'))).toEqual(expect.arrayContaining(names));
  });
});

describe('the two commands', () => {
  test('there are exactly two, and they are all that a developer types', () => {
    const [commands] = blocks(section(readme, 'Develop'));
    expect(commands?.trim().split('\n')).toEqual(['npm ci && npm start', 'npm ci && npm test']);
  });

  test('the README asks for the Node.js that package.json asks for', () => {
    const [, version] = /Node (\d+) or later/.exec(section(readme, 'Develop').replaceAll('\n', ' ')) ?? [];
    expect(packageFile.engines.node).toBe(`>=${version}`);
  });
});

describe('INTERNALS describes every state machine and every function', () => {
  const machinesPart = section(internals, 'State machines');
  const functionsPart = section(internals, 'Functions');

  test('each state machine has a section, and each section a state machine', () => {
    expect(headings(machinesPart).map(oneCode).sort()).toEqual([...STATE_MACHINES].sort());
  });

  test('each function has a section, and each section a function', () => {
    expect(headings(functionsPart).map(oneCode).sort()).toEqual([...FUNCTIONS].sort());
  });

  test.each(STATE_MACHINES)('%s: every state is mentioned in its section', (machine) => {
    const mentioned = codes(section(machinesPart, `\`${machine}\``));
    expect(Object.keys(loadMachine(machine).States).filter((state) => !mentioned.includes(state))).toEqual([]);
  });

  test.each(STATE_MACHINES)('%s: no state is mentioned that no machine has', (machine) => {
    const states = STATE_MACHINES.flatMap((name) => Object.keys(loadMachine(name).States));
    const definition = JSON.stringify(loadMachine(machine));
    const mentioned = codes(section(machinesPart, `\`${machine}\``)).filter((code) => /^[A-Z][a-z]\w*\??$/.test(code));
    // A name that a path of the machine ends with is one of its data.
    expect(mentioned.filter((code) => !states.includes(code) && !definition.includes(`.${code}"`))).toEqual([]);
  });

  test('the steps of a function are those that its section names', () => {
    for (const [name, file] of [['manage-kms-user', 'functions/manage-kms-user/src/step.ts'], ['manage-key-store', 'functions/manage-key-store/src/step.ts']] as const) {
      const [, union = ''] = /Do: ([^;]+);/.exec(read(file)) ?? [];
      const steps = [...union.matchAll(/'(\w+)'/g)].map(([, step = '']) => step);
      expect(steps.length).toBeGreaterThan(1);
      expect(codes(section(functionsPart, `\`${name}\``))).toEqual(expect.arrayContaining(steps));
    }
  });
});

describe('the tables of INTERNALS', () => {
  test('bounds are those of the state machines and functions, and none is missing', () => {
    const actual = bounds();
    const listed: Record<string, number[]> = {};
    const others: Record<string, number[]> = {};
    for (const [where = '', state = '', field = '', value = ''] of table(section(internals, 'Waits and bounds'), 'Where')) {
      const values = value.split(', ').map(Number);
      for (const name of codes(where)) {
        if (state === 'every other task') others[name] = values;
        else listed[`${name} ${oneCode(state) || '–'} ${oneCode(field)}`] = values;
      }
    }
    const unlisted = Object.keys(actual).filter((key) => key.endsWith(' TimeoutSeconds') && !(key in listed));
    expect({ ...listed, ...Object.fromEntries(unlisted.map((key) => [key, others[key.split(' ')[0] ?? '']])) }).toEqual(actual);
  });

  test('retries are those of the state machines, and none is missing', () => {
    const listed = table(section(internals, 'Retries'), 'Errors').map(([errors = '', ...numbers]) => [...codes(errors), ...numbers].join(' '));
    expect(listed.sort()).toEqual(retriers());
  });

  test('the ledger has the entries that are listed', () => {
    const [, body = ''] = /interface Ledger \{\n([^]*?)\n\}/.exec(read('functions/shared/src/ledger.ts')) ?? [];
    const entries = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, entry = '']) => entry);
    expect(table(section(internals, 'The ledger'), 'Entry').map(([entry]) => oneCode(entry)).sort()).toEqual(entries.sort());
  });

  test('the document takes the actions that are listed', () => {
    const [, allowed = ''] = /"Action":\{[^}]*"allowedValues":\[([^\]]*)\]/.exec(JSON.stringify(properties('rDocumentManageKmsUser'))) ?? [];
    const actions = [...allowed.matchAll(/"(\w+)"/g)].map(([, action = '']) => action);
    expect(table(section(internals, 'The client'), '`Action`').map(([action]) => oneCode(action)).sort()).toEqual(actions.sort());
  });

  test('the script answers with the outcomes that are listed', () => {
    const script = read('documents/manage-kms-user.sh');
    const reported = [...script.matchAll(/\b(?:(?:report|fail|cli_failed) |done=)"?((?:not-)?\$\{action\}d|[a-z]+(?:-[a-z]+)*)/g)].map(([, outcome = '']) => outcome);
    const outcomes = reported.flatMap((outcome) => (outcome.includes('$') ? ['create', 'delete'].map((action) => outcome.replace('${action}', action)) : [outcome]));
    const listed = table(section(internals, 'The client'), 'Outcome').flatMap(([cell]) => codes(cell ?? ''));
    expect(listed.sort()).toEqual([...new Set(outcomes)].sort());
  });

  test('no figure of a command’s output is copied', () => {
    expect(section(internals, 'Numbers')).not.toMatch(/\d/);
  });
});

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document);

  test('every npm command exists', () => {
    const commands = [...text.matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g)].map(([, script, short]) => script ?? short ?? '');
    expect(commands.filter((command) => !(command in packageFile.scripts))).toEqual([]);
  });

  test('every scenario exists', () => {
    const named = [...text.matchAll(/--scenario ([\w-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !existsSync(path.join(ROOT, 'rehearsal/scenarios', `${name}.ts`)))).toEqual([]);
  });

  test('every relative link leads somewhere', () => {
    const broken = links(text).filter((target) => {
      const [file = '', place] = target.split('#');
      if (target.startsWith('https:')) return false;
      const there = file === '' ? document : path.join(path.dirname(document), file);
      return !existsSync(path.join(ROOT, there)) || (place !== undefined && !headings(read(there)).map(anchor).includes(place));
    });
    expect(broken).toEqual([]);
  });

  test('no path of somebody’s machine is in it', () => {
    expect(text).not.toMatch(/\/(?:work|tmp|home|root|Users)\//);
  });

  test('every code block and every backtick is closed', () => {
    expect(text.match(/^ *```/gm)?.length ?? 0).toBe(blocks(text).length * 2);
    const paragraphs = text.replace(/^ *```[^]*?^ *```$/gm, '').split(/\n\s*\n/);
    expect(paragraphs.filter((paragraph) => (paragraph.match(/`/g)?.length ?? 0) % 2 === 1)).toEqual([]);
  });
});

test('the changelog’s newest entry is the version of the package', () => {
  const [newest] = headings(read('CHANGELOG.md')).filter((heading) => heading.startsWith('['));
  expect(newest).toMatch(`[${packageFile.version}]`);
});

test('what shows that a threat is met is there', () => {
  const rows = table(read('security/threat-model.md'), 'Who');
  expect(rows.length).toBeGreaterThan(8);
  expect(rows.filter(([, , , shown]) => !existsSync(path.join(ROOT, oneCode(shown))))).toEqual([]);
});
