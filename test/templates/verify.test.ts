import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FILES } from '../../templates/src/emit';
import { FORMS } from '../../templates/src/sources';
import { runVerify } from '../../templates/src/verify-command';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'verify-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Verifies a file with this text: what was printed, and the exit status. */
function verify(...args: string[]): { text: string; status: number } {
  const printed: string[] = [];
  const status = runVerify(args, (text) => printed.push(text));
  return { text: printed.join('\n'), status };
}

function fileWith(text: string): string {
  const file = path.join(folder, 'template.yml');
  writeFileSync(file, text);
  return file;
}

describe('npm run verify', () => {
  it.each(FORMS)('knows the %s form by its bytes, whatever the file is called', (form) => {
    const { text, status } = verify(fileWith(readFileSync(FILES[form], 'utf8')));
    expect(text).toMatch(new RegExp(`is what this source emits, in its ${form} form\\.$`));
    expect(status).toBe(0);
  });

  it.each([
    ['one character is another', (text: string) => text.replace("Default: '1'", "Default: '2'")],
    ['a line is added at the end', (text: string) => `${text}# approved\n`],
    ['the line ends are those of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
    ['it is empty', () => ''],
  ])('tells that a file is not what is emitted when %s, and from which line on', (_title, change) => {
    const text = readFileSync(FILES.readable, 'utf8');
    expect(change(text)).not.toBe(text);
    const verdict = verify(fileWith(change(text)));
    expect(verdict.text).toMatch(/is NOT what this source emits:\n {2}the readable form differs from line \d+ on\n {2}the compact form differs from line \d+ on$/);
    expect(verdict.status).toBe(1);
  });

  it('names the first line that differs', () => {
    const text = readFileSync(FILES.readable, 'utf8');
    const line = text.slice(0, text.indexOf("Default: '1'")).split('\n').length;
    expect(verify(fileWith(text.replace("Default: '1'", "Default: '2'"))).text).toContain(`the readable form differs from line ${line} on`);
  });

  it.each([
    ['no file', [], 'Name one file: npm run verify -- FILE'],
    ['two files', ['a.yml', 'b.yml'], 'Name one file: npm run verify -- FILE'],
    ['a file that is not there', ['no-such-file.yml'], 'no-such-file.yml cannot be read: '],
  ])('answers %s with one line, and status 2', (_title, args, line) => {
    const { text, status } = verify(...args);
    expect(text).toContain(line);
    expect(text).not.toContain('\n');
    expect(status).toBe(2);
  });
});
