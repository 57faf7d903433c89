import { buildSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FUNCTIONS, STATE_MACHINES, type FunctionName, type StateMachineName } from './names';
import type { Sources } from './template';

/** `readable` is for the person who reads the template, `compact` for whoever wants fewer bytes. */
export const FORMS = ['readable', 'compact'] as const;
export type Form = (typeof FORMS)[number];

const ROOT = path.join(__dirname, '../..');

/** Reads and bundles everything that the template carries inline. */
export function readSources(form: Form): Sources {
  return {
    code: Object.fromEntries(FUNCTIONS.map((name) => [name, bundle(name, form)])) as Record<FunctionName, string>,
    definitions: Object.fromEntries(STATE_MACHINES.map((name) => [name, definition(name, form)])) as Record<StateMachineName, string>,
    script: script(form),
  };
}

/** One function as a CommonJS index.js. */
function bundle(name: FunctionName, form: Form): string {
  // A stub that assigns module.exports spares esbuild's wrapper for exports, about a kilobyte a function.
  return bundleOf(`import { handler } from './${name}/src/index'; module.exports = { handler };`, form);
}

/** The code of all functions in one bundle: what there is of it if nothing stands there twice. */
export function bundleOfAll(form: Form): string {
  const imports = FUNCTIONS.map((name, index) => `import { handler as handler${index} } from './${name}/src/index';`);
  return bundleOf(`${imports.join('')} module.exports = [${FUNCTIONS.map((_, index) => `handler${index}`).join(',')}];`, form);
}

/** A bundle in CommonJS, the AWS SDK left to the Lambda runtime. */
function bundleOf(contents: string, form: Form): string {
  const { outputFiles } = buildSync({
    stdin: {
      contents,
      sourcefile: 'index.js',
      resolveDir: path.join(ROOT, 'functions'),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['@aws-sdk/*'],
    charset: 'utf8',
    minifyWhitespace: form === 'compact',
    minifySyntax: form === 'compact',
    legalComments: 'none',
  });
  return outputFiles[0]?.text ?? '';
}

function definition(name: StateMachineName, form: Form): string {
  const text = readFileSync(path.join(ROOT, 'statemachines', `${name}.asl.json`), 'utf8');
  // Comments explain and do nothing: the compact form does without.
  return form === 'readable' ? text : JSON.stringify(JSON.parse(text), (key, value: unknown) => (key === 'Comment' ? undefined : value));
}

function script(form: Form): string {
  const text = readFileSync(path.join(ROOT, 'documents', 'manage-kms-user.sh'), 'utf8');
  return form === 'readable' ? text : withoutComments(text);
}

/** The script without comments, indentation and blank lines; its first line tells the shell and stays. */
function withoutComments(text: string): string {
  const [shebang = '', ...lines] = text.split('\n');
  const code = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  return `${[shebang, ...code].join('\n')}\n`;
}
