import type { Form } from './sources';

/** The bytes that each kind of content may take in the compact form, so that the whole stays at most 51,200. */
const BUDGET = { code: 16_000, machines: 16_000, roles: 8_000, parameters: 4_000, document: 4_000, rest: 3_200 };
type Kind = keyof typeof BUDGET;
const KINDS = Object.keys(BUDGET) as Kind[];

/** The resource types whose bytes count as a kind of their own. */
const KIND_OF_TYPE: Record<string, Kind> = {
  'AWS::Lambda::Function': 'code',
  'AWS::StepFunctions::StateMachine': 'machines',
  'AWS::IAM::Role': 'roles',
  'AWS::IAM::ManagedPolicy': 'roles',
  'AWS::SSM::Document': 'document',
};

/** Bytes by kind of content of a rendered template: each top-level section and each resource is counted as it stands in the text. */
export function bytesByKind(text: string): Record<Kind, number> {
  const bytes = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  for (const section of text.split(/^(?=\S)/m)) {
    const name = section.slice(0, section.indexOf(':'));
    if (name !== 'Resources') {
      bytes[name === 'Parameters' || name === 'Metadata' ? 'parameters' : 'rest'] += Buffer.byteLength(section);
      continue;
    }
    const indent = /^ +/m.exec(section)?.[0] ?? '';
    for (const resource of section.split(new RegExp(`^(?=${indent}\\S)`, 'm'))) {
      const type = /\bType: ([\w:]+)/.exec(resource)?.[1] ?? '';
      bytes[KIND_OF_TYPE[type] ?? 'rest'] += Buffer.byteLength(resource);
    }
  }
  return bytes;
}

/**
 * A table of the bytes by kind of both forms, against the budget.
 * @param codeOnce the code of all functions in one bundle, in each form
 */
export function sizes(texts: Record<Form, string>, codeOnce: Record<Form, string>): string {
  const columns = { readable: bytesByKind(texts.readable), compact: bytesByKind(texts.compact), budget: BUDGET };
  const total = (bytes: Record<Kind, number>): number => KINDS.reduce((sum, kind) => sum + bytes[kind], 0);
  const row = (name: string, ...values: (number | string)[]): string =>
    name.padEnd(12) + values.map((value) => value.toLocaleString('en-US').padStart(10)).join('');
  return [
    row('bytes', ...Object.keys(columns)),
    ...KINDS.map((kind) => row(kind, ...Object.values(columns).map((bytes) => bytes[kind]))),
    row('all', ...Object.values(columns).map(total)),
    row('code once', Buffer.byteLength(codeOnce.readable), Buffer.byteLength(codeOnce.compact), '-'),
  ].join('\n');
}
