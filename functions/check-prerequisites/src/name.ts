import { DescribeCustomKeyStoresCommand, type KMSClient } from '@aws-sdk/client-kms';

/** Finds a key store that already has the name. */
export async function checkName(kms: KMSClient, name: string): Promise<string[]> {
  try {
    const { CustomKeyStores = [] } = await kms.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreName: name }));
    return CustomKeyStores.map(
      ({ CustomKeyStoreId, ConnectionState }) =>
        `The name ${name} belongs to key store ${CustomKeyStoreId}, which is ${ConnectionState}: choose another pKeyStoreName, or remove that key store ` +
        `(aws kms disconnect-custom-key-store, then aws kms delete-custom-key-store, with --custom-key-store-id ${CustomKeyStoreId})`,
    );
  } catch (error) {
    // A name that nobody has answers an exception, not an empty list (KMS API Reference, DescribeCustomKeyStores).
    if (error instanceof Error && error.name === 'CustomKeyStoreNotFoundException') return [];
    throw error;
  }
}
