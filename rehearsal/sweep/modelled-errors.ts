/**
 * Errors that an API's own reference lists, and that a stack can meet although nothing is wrong with its request: something is gone, in use,
 * in another state, or at a limit; every operation that the stack calls, also one without such errors. Not one that says what is not so, and that
 * the stack must believe, such as that its key store is gone or holds keys when it is to be deleted: lifecycles bring that about.
 * Source: the API reference of each operation, "Errors"; for EC2, which lists them for all, errors-overview.
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
    'CloudHsmClusterNotFoundException',
    'CloudHsmClusterInvalidConfigurationException',
  ],
  // ResourceNotFoundException is how a secret without a value answers: that of a ledger which was emptied by hand, which is a scenario of its own.
  'secretsmanager:GetSecretValue': ['DecryptionFailure', 'InvalidRequestException'],
  'secretsmanager:PutSecretValue': ['ResourceNotFoundException', 'EncryptionFailure', 'InvalidRequestException', 'LimitExceededException'],
  'ssm:DescribeInstanceInformation': ['InvalidInstanceId'],
  'ssm:GetCommandInvocation': ['InvocationDoesNotExist'],
  'ssm:SendCommand': ['InvalidInstanceId', 'InvalidDocument', 'UnsupportedPlatformType'],
  'ec2:DescribeSecurityGroups': ['InvalidGroup.NotFound'],
  'ec2:DescribeSubnets': ['InvalidSubnetID.NotFound'],
  'lambda:Invoke': [],
  'states:DescribeExecution': ['ExecutionDoesNotExist'],
  'states:StartExecution': ['ExecutionLimitExceeded', 'StateMachineDoesNotExist'],
  'states:StopExecution': ['ExecutionDoesNotExist'],
  'states:ListExecutions': ['StateMachineDoesNotExist'],
};
