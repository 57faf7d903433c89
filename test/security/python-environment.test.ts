import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pythonEnvironment } from '../../security/src/python-environment';
import { ToolMissing } from '../../security/src/tool-missing';

const { PATH } = process.env;
let folder: string;

/** A python3 on PATH that does what a shell script says, with its arguments as they are. */
function stub(script: string): void {
  const python = path.join(folder, 'python3');
  writeFileSync(python, `#!/bin/sh\n${script}\n`);
  chmodSync(python, 0o755);
  process.env['PATH'] = `${folder}:${PATH}`;
}

/** `python3 -m venv FOLDER` as it should be, and a python in it that can do no more than fail. */
const venv = (fails: string): string => `mkdir -p "$3/bin" && printf '#!/bin/sh\\n${fails}\\n' > "$3/bin/python" && chmod +x "$3/bin/python"`;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'python-'));
});

afterEach(() => {
  process.env['PATH'] = PATH;
  rmSync(folder, { recursive: true });
});

test.each([
  ['venv', 'echo "Error: no ensurepip" >&2; exit 1', /^python3 cannot make a virtual environment \(Error: no ensurepip\): install Python/],
  ['pip', venv('echo "No module named pip" >&2; exit 1'), /^pip cannot install security\/requirements.txt \(No module named pip\)/],
  ['the network', venv('echo "ERROR: No matching distribution found" >&2; exit 1'), /\(ERROR: No matching distribution found\): it needs the network, once$/],
])('without %s the environment cannot be made, which is said, and nothing is left over', (_what, script, message) => {
  stub(script);
  const cache = path.join(folder, 'cache');
  const make = () => pythonEnvironment(cache);
  expect(make).toThrow(ToolMissing);
  expect(make).toThrow(message);
  expect(readdirSync(cache)).toEqual([]);
});

test('an environment is made once', () => {
  stub(venv('exit 0'));
  const bin = pythonEnvironment(folder);
  expect(readdirSync(bin)).toEqual(['python']);
  stub('exit 1');
  expect(pythonEnvironment(folder)).toBe(bin);
});
