import type { Json, JsonObject } from '../aws';
import { NotModelled } from '../errors';
import type { WireProtocol } from '../wire-protocol';

const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';

/** The elements of the answers that are not called like their field with a small first letter. Source: EC2 API, DescribeSubnets, DescribeSecurityGroups. */
const elements: Readonly<Record<string, string>> = {
  Subnets: 'subnetSet',
  SecurityGroups: 'securityGroupInfo',
  Description: 'groupDescription',
  UserIdGroupPairs: 'groups',
  Tags: 'tagSet',
};

/** EC2's own protocol: a form in, XML out, lists as `item` elements. Source: Smithy, AWS EC2 query protocol; EC2 API, Query-Requests, errors-overview. */
export const ec2QueryProtocol: WireProtocol = {
  contentType: 'text/xml;charset=UTF-8',
  read: (body) => {
    const { Action: operation, Version: version, ...input } = readForm(body);
    if (typeof operation !== 'string' || version !== '2016-11-15') throw new NotModelled(`an EC2 call of version ${String(version)}`);
    return { operation, input };
  },
  write: (operation, output, requestId) => document(`${operation}Response xmlns="${namespace}"`, `<requestId>${requestId}</requestId>${fieldsOf(output)}`),
  writeError: (code, message, requestId) => {
    const error = `<Error><Code>${escaped(code)}</Code><Message>${escaped(message)}</Message></Error>`;
    return document('Response', `<Errors>${error}</Errors><RequestID>${requestId}</RequestID>`);
  },
};

/** Filters come as `Filter.1.Name` and `Filter.1.Value.1`; every other parameter keeps its name, so that it is refused by it. */
function readForm(body: string): JsonObject {
  const input: JsonObject = {};
  const filters = new Map<string, { Name: Json; Values: Json[] }>();
  for (const [name, value] of new URLSearchParams(body)) {
    const [, number = '', part = ''] = /^Filter\.(\d+)\.(Name|Value)/.exec(name) ?? [];
    if (part === '') {
      input[name] = value;
      continue;
    }
    const filter = filters.get(number) ?? { Name: '', Values: [] };
    filters.set(number, part === 'Name' ? { ...filter, Name: value } : { ...filter, Values: [...filter.Values, value] });
  }
  return { ...input, ...(filters.size > 0 && { Filters: [...filters.values()] }) };
}

function document(start: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${start}>${content}</${start.split(' ')[0] ?? ''}>`;
}

function fieldsOf(object: JsonObject): string {
  return Object.entries(object)
    .map(([name, value]) => {
      const element = elements[name] ?? name.charAt(0).toLowerCase() + name.slice(1);
      return `<${element}>${contentOf(value)}</${element}>`;
    })
    .join('');
}

function contentOf(value: Json): string {
  if (Array.isArray(value)) return value.map((item) => `<item>${contentOf(item)}</item>`).join('');
  return typeof value === 'object' && value !== null ? fieldsOf(value) : escaped(String(value));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
