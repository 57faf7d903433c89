/** The mutants that nobody notices, by their ids, and why they are harmless. A reason for one that is noticed is an error. */
export const SURVIVORS: Readonly<Record<string, string>> = {
  'choice-rule/disconnect-key-store/KeyStoreDisconnected?/3':
    'It only spares calls: KMS refuses to disconnect a key store that is DISCONNECTING, and the Catcher of DisconnectKeyStore waits as the rule would have.',
};
