/** A service as AWS SDK integrations name it. */
export type SdkServiceName = 'kms' | 'ssm' | 'cloudhsmv2' | 'ec2' | 'secretsmanager' | 'sfn';

interface SdkService {
  /** The service's signing name, under which the simulator knows it. */
  service: string;
  /** The prefix of its error names. */
  prefix: string;
  /** The API's own names of the errors that its model lists; any other arrives as the base class. */
  modelled: readonly string[];
}

/**
 * The services that AWS SDK integrations reach. Step Functions calls them through the Java SDK v2, so its error names
 * are the Java classes'. Source: Developer Guide, supported-services-awssdk; the services' API models.
 */
export const sdkServices: Readonly<Record<SdkServiceName, SdkService>> = {
  kms: {
    service: 'kms',
    prefix: 'Kms',
    modelled: [
      'AlreadyExistsException',
      'CloudHsmClusterInUseException',
      'CloudHsmClusterInvalidConfigurationException',
      'CloudHsmClusterNotActiveException',
      'CloudHsmClusterNotFoundException',
      'CloudHsmClusterNotRelatedException',
      'ConflictException',
      'CustomKeyStoreHasCMKsException',
      'CustomKeyStoreInvalidStateException',
      'CustomKeyStoreNameInUseException',
      'CustomKeyStoreNotFoundException',
      'DependencyTimeoutException',
      'DisabledException',
      'DryRunOperationException',
      'ExpiredImportTokenException',
      'IncorrectKeyException',
      'IncorrectKeyMaterialException',
      'IncorrectTrustAnchorException',
      'InvalidAliasNameException',
      'InvalidArnException',
      'InvalidCiphertextException',
      'InvalidGrantIdException',
      'InvalidGrantTokenException',
      'InvalidImportTokenException',
      'InvalidKeyUsageException',
      'InvalidMarkerException',
      'KMSInternalException',
      'KMSInvalidMacException',
      'KMSInvalidSignatureException',
      'KMSInvalidStateException',
      'KeyUnavailableException',
      'LimitExceededException',
      'MalformedPolicyDocumentException',
      'NotFoundException',
      'TagException',
      'UnsupportedOperationException',
      'XksKeyAlreadyInUseException',
      'XksKeyInvalidConfigurationException',
      'XksKeyNotFoundException',
      'XksProxyIncorrectAuthenticationCredentialException',
      'XksProxyInvalidConfigurationException',
      'XksProxyInvalidResponseException',
      'XksProxyUriEndpointInUseException',
      'XksProxyUriInUseException',
      'XksProxyUriUnreachableException',
      'XksProxyVpcEndpointServiceInUseException',
      'XksProxyVpcEndpointServiceInvalidConfigurationException',
      'XksProxyVpcEndpointServiceNotFoundException',
    ],
  },
  ssm: {
    service: 'ssm',
    prefix: 'Ssm',
    modelled: [
      'DuplicateInstanceId',
      'InternalServerError',
      'InvalidCommandId',
      'InvalidDocument',
      'InvalidDocumentVersion',
      'InvalidFilterKey',
      'InvalidInstanceId',
      'InvalidInstanceInformationFilterValue',
      'InvalidNextToken',
      'InvalidNotificationConfig',
      'InvalidOutputFolder',
      'InvalidParameters',
      'InvalidPluginName',
      'InvalidRole',
      'InvocationDoesNotExist',
      'MaxDocumentSizeExceeded',
      'UnsupportedPlatformType',
    ],
  },
  cloudhsmv2: {
    service: 'cloudhsm',
    prefix: 'CloudHsmV2',
    modelled: [
      'CloudHsmAccessDeniedException',
      'CloudHsmInternalFailureException',
      'CloudHsmInvalidRequestException',
      'CloudHsmResourceLimitExceededException',
      'CloudHsmResourceNotFoundException',
      'CloudHsmServiceException',
      'CloudHsmTagException',
    ],
  },
  // EC2's model lists no errors.
  ec2: { service: 'ec2', prefix: 'Ec2', modelled: [] },
  secretsmanager: {
    service: 'secretsmanager',
    prefix: 'SecretsManager',
    modelled: ['DecryptionFailure', 'EncryptionFailure', 'InternalServiceError', 'InvalidParameterException', 'InvalidRequestException', 'LimitExceededException', 'ResourceExistsException', 'ResourceNotFoundException'],
  },
  sfn: {
    service: 'states',
    prefix: 'Sfn',
    modelled: ['ExecutionAlreadyExists', 'ExecutionDoesNotExist', 'ExecutionLimitExceeded', 'InvalidArn', 'InvalidExecutionInput', 'InvalidName', 'InvalidToken', 'StateMachineDeleting', 'StateMachineDoesNotExist', 'ValidationException'],
  },
};

/** The Java SDK writes acronyms as words, where the API's name does not (its code generator's naming strategy). */
function respelled(code: string): string {
  return code.replace(/^KMS/, 'Kms').replace('CMKs', 'CmKs');
}

/**
 * The name under which an AWS SDK integration shows an API error: `<Service>.<JavaClass>`.
 * @param code the API's name of the error; `SdkClientException` for a failure on the client's side
 */
export function sdkErrorName(service: SdkServiceName, code: string): string {
  const { prefix, modelled } = sdkServices[service];
  if (code === 'SdkClientException') return `${prefix}.SdkClientException`;
  if (!modelled.includes(code)) return `${prefix}.${prefix}Exception`;
  return `${prefix}.${respelled(code.endsWith('Exception') ? code : `${code}Exception`)}`;
}
