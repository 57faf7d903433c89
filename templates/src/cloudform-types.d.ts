// cloudform-types 7.5.0 ends in November 2023; these are what CloudFormation has added since, or what it has wrong.
import type { Value } from 'cloudform-types/types/dataTypes';

declare module 'cloudform-types/types/lambda/function' {
  interface FunctionProperties {
    /** AWS::Lambda::Function LoggingConfig. */
    LoggingConfig?: { LogGroup: Value<string> };
  }
}

declare module 'cloudform-types/types/resource' {
  interface ResourceBase {
    UpdateReplacePolicy?: string;
  }
}
