/** kmsuser was there, and this stack did not make it. */
export class KmsUserExists extends Error {
  override readonly name = 'KmsUserExists';

  constructor() {
    super(
      'The cluster has a user kmsuser that this stack did not make, and it was left alone. If no key store uses it, delete it ' +
        '(cloudhsm-cli user delete --username kmsuser --role crypto-user) and try again',
    );
  }
}

/** The client could not create or delete kmsuser. */
export class KmsUserNotChanged extends Error {
  override readonly name = 'KmsUserNotChanged';

  constructor(verb: string, detail: string | undefined) {
    super(
      `cloudhsm-cli could not ${verb} kmsuser (it said: ${detail ?? 'nothing'}). If the login was refused, correct the admin's password in its secret; ` +
        'this version of the secret is not tried again. If quorum approval or MFA is needed, this template cannot work with that admin',
    );
  }
}

/** kmsuser is not on every HSM of the cluster. */
export class KmsUserIncomplete extends Error {
  override readonly name = 'KmsUserIncomplete';

  constructor(coverage: string | undefined, answering: string | undefined, active: number) {
    super(
      `kmsuser is not on every HSM: coverage is ${coverage ?? 'unknown'}, ${answering ?? 0} HSMs answered the client and ${active} are active. ` +
        'Configure the CloudHSM CLI of the client instance with every HSM (configure-cli -a) and try again',
    );
  }
}
