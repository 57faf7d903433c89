import type { JsonObject } from '../aws';
import { generatedName } from '../cloudformation/generated-name';
import type { ResourceHandler } from '../cloudformation/resource-handler';
import { AwsError, NotModelled } from '../errors';
import { parseCommandDocument } from './command-document';
import type { Ssm } from './ssm';

/** AWS::SSM::Document (CloudFormation User Guide, aws-resource-ssm-document). Ref gives the name. */
export function documentResource(ssm: Ssm): ResourceHandler {
  return {
    type: 'AWS::SSM::Document',
    properties: ['Content', 'DocumentFormat', 'DocumentType', 'Name', 'TargetType', 'UpdateMethod'],
    replacedBy: ['Name', 'DocumentType'],
    // UpdateMethod, whose default is Replace.
    replacedWhen: (before, after) => after['UpdateMethod'] !== 'NewVersion' && JSON.stringify(before['Content']) !== JSON.stringify(after['Content']),
    attributes: [],
    create: (properties, context) => {
      const name = readName(properties['Name']) ?? generatedName(ssm.aws, context, 128);
      if (ssm.state.documents[name]) throw new AwsError('DocumentAlreadyExists', `Document ${name} already exists`);
      ssm.state.documents[name] = { versions: [readDocument(properties)] };
      return { id: name };
    },
    update: (name, properties) => {
      const document = ssm.state.documents[name];
      if (!document) throw new AwsError('InvalidDocument', `Document ${name} does not exist`);
      const next = readDocument(properties);
      if (JSON.stringify(next) === JSON.stringify(document.versions.at(-1))) return { id: name };
      // With NewVersion the new version becomes the default one (UpdateMethod).
      document.versions.push(next);
      return { id: name };
    },
    delete: (name) => {
      delete ssm.state.documents[name];
    },
  };
}

function readName(name: JsonObject[string] | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (typeof name !== 'string' || !/^[a-zA-Z0-9_\-.]{3,128}$/.test(name) || /^(aws|amazon|amzn)/i.test(name)) throw new AwsError('ValidationException', `${String(name)} is not a name for a document`);
  return name;
}

function readDocument(properties: JsonObject) {
  const { Content: content, DocumentType: type, DocumentFormat: format = 'JSON', TargetType: target } = properties;
  if (type !== 'Command') throw new NotModelled(`DocumentType ${String(type)}`);
  if (format !== 'JSON' && format !== 'YAML') throw new NotModelled(`DocumentFormat ${String(format)}`);
  if (target !== undefined && target !== '/AWS::EC2::Instance') throw new NotModelled(`TargetType ${String(target)}`);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new NotModelled('Content of a document that is not an object');
  return parseCommandDocument(content);
}
