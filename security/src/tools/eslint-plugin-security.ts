import { Linter } from 'eslint';
import security from 'eslint-plugin-security';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import tseslint from 'typescript-eslint';
import type { Finding } from '../finding';
import { packageVersion } from '../package-version';
import { ROOT } from '../root';
import type { Tool } from '../tool';

/** The rules as the plugin recommends them; no comment in the code turns one off. */
const CONFIG: Linter.Config[] = [
  { linterOptions: { noInlineConfig: true } },
  { files: ['**/*.js'], languageOptions: { sourceType: 'commonjs' } },
  { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } },
  security.configs.recommended,
];

/** eslint-plugin-security on every function, as the template carries it and as it is written. */
export const eslintPluginSecurity: Tool = {
  name: 'eslint-plugin-security',
  scan: ({ code }) => ({
    version: packageVersion('eslint-plugin-security'),
    runs: [
      {
        call: 'eslint with its recommended rules on the index.js of each function in FILE',
        findings: Object.entries(code.functions).flatMap(([id, text]) => eslintFindings(`${id}/index.js`, text)),
      },
      {
        call: 'eslint with its recommended rules on functions/*/src/*.ts',
        findings: sources().flatMap((file) => eslintFindings(file, readFileSync(path.join(ROOT, file), 'utf8'))),
      },
    ],
  }),
};

function sources(): string[] {
  const files = readdirSync(path.join(ROOT, 'functions'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /^[^/\\]+[/\\]src[/\\].*\.ts$/.test(file)).map((file) => path.posix.join('functions', ...file.split(path.sep)));
}

/** What the rules find in one file; each finding is about the code that it names. */
export function eslintFindings(file: string, text: string): Finding[] {
  const lines = text.split('\n');
  return new Linter().verify(text, CONFIG, { filename: file }).map(({ ruleId, line, column, endLine, endColumn, message }) => ({
    rule: ruleId ?? 'eslint',
    at: lines[line - 1]?.slice(column - 1, endLine === line && endColumn ? endColumn - 1 : undefined).trim() ?? file,
    where: `${file}, line ${line}`,
    message,
  }));
}
