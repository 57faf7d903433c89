/**
 * Errors that an API's own reference lists, and that a stack can meet although nothing is wrong with its request: something is gone, in use,
 * in another state, or at a limit. Source: the API reference of each operation, "Errors".
 */
export const MODELLED_ERRORS: Readonly<Record<string, readonly string[]>> = {
  'cloudhsm:DescribeClusters': ['CloudHsmServiceException', 'CloudHsmAccessDeniedException'],
  'kms:ConnectCustomKeyStore': [
    'CustomKeyStoreInvalidStateException',
    'CustomKeyStoreNotFoundException',
    'CloudHsmClusterNotActiveException',
    'CloudHsmClusterInvalidConfigurationException',
  ],
  'kms:CreateCustomKeyStore': [
    'CustomKeyStoreNameInUseException',
    'CloudHsmClusterInUseException',
    'CloudHsmClusterInvalidConfigurationException',
    'CloudHsmClusterNotActiveException',
    'CloudHsmClusterNotFoundException',
    'IncorrectTrustAnchorException',
    'LimitExceededException',
  ],
  'kms:DeleteCustomKeyStore': ['CustomKeyStoreInvalidStateException'],
  'kms:DescribeCustomKeyStores': ['CustomKeyStoreNotFoundException'],
  'kms:DisconnectCustomKeyStore': ['CustomKeyStoreInvalidStateException', 'CustomKeyStoreNotFoundException'],
  'kms:UpdateCustomKeyStore': [
    'CustomKeyStoreInvalidStateException',
    'CustomKeyStoreNotFoundException',
    'CustomKeyStoreNameInUseException',
    'CloudHsmClusterNotRelatedException',
    'CloudHsmClusterNotActiveException',
  ],
  // ResourceNotFoundException is how a secret without a value answers: that of a ledger which was emptied by hand, which is a scenario of its own.
  'secretsmanager:GetSecretValue': ['DecryptionFailure', 'InvalidRequestException'],
  'secretsmanager:PutSecretValue': ['ResourceNotFoundException', 'EncryptionFailure', 'InvalidRequestException', 'LimitExceededException'],
  'ssm:DescribeInstanceInformation': ['InvalidInstanceId'],
  'ssm:GetCommandInvocation': ['InvocationDoesNotExist'],
  'ssm:SendCommand': ['InvalidInstanceId', 'InvalidDocument', 'UnsupportedPlatformType'],
  'states:StartExecution': ['ExecutionLimitExceeded', 'StateMachineDoesNotExist'],
  'states:StopExecution': ['ExecutionDoesNotExist'],
  'states:ListExecutions': ['StateMachineDoesNotExist'],
};
