import Secret, { GenerateSecretString } from 'cloudform-types/types/secretsManager/secret';
import { IDS } from './names';

/** The two secrets of the stack. Neither has a name: a deleted name stays taken for a while. */
export function secrets() {
  return {
    // No value: one in the template would overwrite what the functions wrote.
    [IDS.ledger]: new Secret({ Description: 'What this stack has made: kmsuser, with the password it was last given, and the key store. Do not change it by hand.' }),
    [IDS.seal]: new Secret({
      Description: 'Key that seals the address which CloudFormation waits for an answer at.',
      GenerateSecretString: new GenerateSecretString({ PasswordLength: 64, ExcludePunctuation: true }),
    }),
  };
}
