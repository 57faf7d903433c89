/** The properties of the custom resource: all strings, as CloudFormation delivers them. */
export interface KeyStoreProperties {
  KeyStoreName: string;
  DeleteKeyStoreUponStackDeletion: string;
  CloudHsmClusterId: string;
  CloudHsmAdminPasswordSecretName: string;
  CloudHsmCustCaCertSecretName: string;
  ClientInstanceId: string;
  /** Absent in a stack whose template did not have it yet. */
  KmsUserPasswordRotation?: string;
}

/** CloudFormation's request without its ResponseURL, as the state machines carry it. */
export interface Request {
  RequestType: 'Create' | 'Update' | 'Delete';
  RequestId: string;
  StackId: string;
  LogicalResourceId: string;
  PhysicalResourceId?: string;
  ResourceProperties: KeyStoreProperties;
  OldResourceProperties?: KeyStoreProperties;
}

/** What the top-level state machines start with. */
export interface MachineInput {
  Request: Request;
  SealedResponseUrl: string;
  /** How long to wait out what a stopped execution may still have in flight. */
  SettleSeconds: number;
  /** The physical id to answer with while no key store has been made. */
  PhysicalResourceId: string;
  /** The command to the client, when there is none yet. */
  Command: ClientCommand;
}

/** A command sent to the client, as the state machines carry it. */
export interface ClientCommand {
  /** What the command is for; `prepare` is an inspection before an outage, `done` stands for no command. */
  Step: 'prepare' | 'inspect' | 'create' | 'reset' | 'delete' | 'forget' | 'done';
  /** Empty when no command was sent. */
  CommandId: string;
  /** The version of the ledger that was written last in this request; empty when none was. */
  Ledger: string;
  /** How often the machine has looked whether the command has ended. */
  Wait: { Count: number };
}

/** The physical id of a request that has made no key store. */
export const NOT_CREATED = 'key-store-not-created';
