import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { loadTemplate } from '../../simulator/cloudformation/load-template';
import { FILES } from '../../templates/src/emit';
import { FUNCTIONS, IDS, pascal, STATE_MACHINES } from '../../templates/src/names';

const root = join(__dirname, '../..');
const folder = join(root, 'simulator');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));

const template = loadTemplate(readFileSync(FILES.readable, 'utf8'), true);
const names = (section: string): string[] => Object.keys(template[section] ?? {});
/** A custom resource is AWS's own term. */
const products = [...FUNCTIONS, ...STATE_MACHINES].filter((name) => name !== 'custom-resource');

/** Every name by which the simulator could know the product. Words that are AWS's own (kmsuser, cloudhsm-cli) are none of them. */
const productNames = [
  'cloudhsm-key-store',
  String(template['Description']),
  ...Object.values(IDS),
  ...['Parameters', 'Conditions', 'Resources', 'Outputs'].flatMap(names),
  ...products,
  ...products.map(pascal),
  ...documentFolders(),
];

/** The folders of its own that the document's script uses, as the script writes them. */
function documentFolders(): string[] {
  const script = readFileSync(join(root, 'documents/manage-kms-user.sh'), 'utf8');
  return [...script.matchAll(/\bbase=(\/\S+)/g)].map(([, path = '']) => path);
}

test('the names of the product are known here', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(productNames).toEqual(expect.arrayContaining(['pSystem', 'rKmsCloudHsmKeyStore', 'oKeyStoreId', 'send-cfn-response', 'ConnectKeyStore', '/run/cloudhsm-key-store']));
  expect(productNames.filter((name) => name.length < 7)).toEqual([]);
});

test.each(files)('$file holds no name of the product', ({ file, text }) => {
  const held = `${file}\n${text}`.toLowerCase();
  expect(productNames.filter((name) => held.includes(name.toLowerCase()))).toEqual([]);
});

test('the simulator imports nothing but itself, Node and two packages', () => {
  const outside = files.flatMap(({ file, text }) =>
    [...text.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'([^']+)'/g)]
      .map(([, module = '']) => (module.startsWith('.') ? relative(folder, join(folder, dirname(file), module)) : module))
      .filter((module) => module.startsWith('..') || (!module.startsWith('node:') && !files.some((other) => other.file === `${module}.ts`)))
      .map((module) => `${file}: ${module}`),
  );
  expect(outside.sort()).toEqual(['cloudformation/load-template.ts: js-yaml', 'lambda/worker-pool.ts: esbuild']);
});
