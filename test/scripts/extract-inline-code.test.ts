import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { render } from '../../templates/src/emit';
import { FUNCTIONS, IDS, lambdaId, STATE_MACHINES, stateMachineId } from '../../templates/src/names';
import { readSources } from '../../templates/src/sources';

const ROOT = path.join(__dirname, '../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'inline-code-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const TSX = path.join(ROOT, 'node_modules/tsx/dist/cli.mjs');
const SCRIPT = path.join(__dirname, 'extract-inline-code.ts');
const extract = (...args: string[]) => spawnSync(process.execPath, [TSX, SCRIPT, ...args], { encoding: 'utf8' });
const extracted = (...names: string[]): string => readFileSync(path.join(folder, 'code', ...names), 'utf8');

test.each(['readable', 'compact'] as const)('the code of a %s template can be taken out, and is what the template carries', (form) => {
  const file = path.join(folder, 'template.yml');
  writeFileSync(file, render(form));
  expect(extract(file, path.join(folder, 'code'))).toMatchObject({ status: 0, stderr: '' });

  const { code, script } = readSources(form);
  for (const name of FUNCTIONS) expect(extracted(lambdaId(name), 'index.js')).toBe(code[name]);
  expect(extracted(`${IDS.document}.sh`)).toBe(script);
  for (const name of STATE_MACHINES) {
    const definition = extracted(`${stateMachineId(name)}.asl.json`);
    expect(Object.keys(JSON.parse(definition) as object)).toEqual(expect.arrayContaining(['StartAt', 'States']));
    // A placeholder that is left would be taken for an ARN.
    expect(definition).not.toContain('${');
  }
});

test('a template in JSON, with long forms, is read as well', () => {
  const file = path.join(folder, 'template.json');
  const Code = { ZipFile: { 'Fn::Sub': 'console.log("${AWS::Region}")' } };
  writeFileSync(file, JSON.stringify({ Resources: { rFunction: { Type: 'AWS::Lambda::Function', Properties: { Code } } } }));
  expect(extract(file, path.join(folder, 'code')).status).toBe(0);
  expect(extracted('rFunction', 'index.js')).toBe('console.log("us-east-1")');
});

test('code that is not in the template is named, and not passed over', () => {
  const file = path.join(folder, 'template.json');
  writeFileSync(file, JSON.stringify({ Resources: { rFunction: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Bucket: 'bucket' } } } } }));
  const { status, stderr } = extract(file, path.join(folder, 'code'));
  expect(status).toBe(1);
  expect(stderr).toContain('The code of rFunction cannot be read');
});

test('how to call it is told when something is left out', () => {
  expect(extract('template.yml')).toMatchObject({ status: 2, stderr: expect.stringContaining('TEMPLATE FOLDER') as string });
});
