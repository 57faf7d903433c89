/**
 * The resource of a Step Functions integration, without its partition, for a placeholder such as `AwsSdkKmsDescribeCustomKeyStores`
 * (Step Functions Developer Guide, supported-services-awssdk and connect-stepfunctions). Whole placeholders keep the definitions free of
 * a partition, and are what validators of templates take for a resource.
 * @returns undefined if the placeholder is not for an integration
 */
export function integration(placeholder: string): string | undefined {
  if (placeholder === 'StatesStartExecutionSync') return 'states:startExecution.sync:2';
  const [, service, first, rest] = /^AwsSdk([A-Z][a-z]+)([A-Z])(\w+)$/.exec(placeholder) ?? [];
  return service && first && rest && `aws-sdk:${service.toLowerCase()}:${first.toLowerCase()}${rest}`;
}
