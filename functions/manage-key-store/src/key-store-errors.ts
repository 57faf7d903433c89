/** A property changed that the template cannot change yet. */
export class UpdateNotSupported extends Error {
  override readonly name = 'UpdateNotSupported';

  constructor(properties: string[]) {
    super(
      `Nothing was changed: an update of ${properties.map((property) => `p${property}`).join(', ')} is not supported yet. ` +
        'Put the old value back; of the key store only pKeyStoreName can be changed',
    );
  }
}

/** The request names a key store that the ledger does not know as made. */
export class KeyStoreUnknown extends Error {
  override readonly name = 'KeyStoreUnknown';

  constructor(id: string) {
    super(`This stack has no record of having made key store ${id}, and leaves it alone. Remove the resource from the stack and add it again`);
  }
}

/** The ledger lacks kmsuser's password. */
export class KeyStoreLedgerIncomplete extends Error {
  override readonly name = 'KeyStoreLedgerIncomplete';

  constructor() {
    super("The stack's ledger holds no password of kmsuser: it was changed by hand, or the state machine was started by hand. Delete the stack and create it again");
  }
}
