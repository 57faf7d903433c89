import type { JsonObject } from '../aws';

/** What a made resource answers to Ref and Fn::GetAtt. */
export interface MadeResource {
  /** The physical id. */
  id: string;
  /** What Ref gives, where that is not the physical id. */
  ref?: string;
  attributes?: Record<string, string>;
}

/** What a handler is told beside the properties. */
export interface ResourceContext {
  stackName: string;
  stackId: string;
  logicalId: string;
}

/** Makes, changes and deletes resources of one type, as CloudFormation documents it for that type. */
export interface ResourceHandler {
  /** For example `AWS::Lambda::Function`. */
  type: string;
  /** The properties that are modelled; CloudFormation player refuses any other by name. */
  properties: readonly string[];
  /** Those whose change makes CloudFormation replace the resource ("Update requires: Replacement"). */
  replacedBy: readonly string[];
  /** Whether another change replaces it, where that depends on more than one property. Default: none does. */
  replacedWhen?(before: JsonObject, after: JsonObject): boolean;
  /** The attributes that Fn::GetAtt knows. */
  attributes: readonly string[];
  create(properties: JsonObject, context: ResourceContext): MadeResource | Promise<MadeResource>;
  /** Changes it in place. */
  update(id: string, properties: JsonObject, context: ResourceContext): MadeResource | Promise<MadeResource>;
  delete(id: string, context: ResourceContext): void | Promise<void>;
}
