/** How AWS writes the services that the template's roles and integrations name by their prefix. */
const SERVICES: Record<string, string> = {
  kms: 'KMS',
  ssm: 'Systems Manager',
  cloudhsm: 'CloudHSM',
  ec2: 'EC2',
  servicequotas: 'Service Quotas',
  states: 'Step Functions',
  lambda: 'Lambda',
  secretsmanager: 'Secrets Manager',
};

/** The name of a service by its prefix; one that is not listed stands for itself. */
export function serviceName(prefix: string): string {
  return SERVICES[prefix] ?? prefix;
}
