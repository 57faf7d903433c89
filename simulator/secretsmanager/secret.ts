/** What a version of a secret holds; binary is base64. */
export type SecretValue = { SecretString: string } | { SecretBinary: string };

export interface SecretVersion {
  id: string;
  value: SecretValue;
  /** Virtual milliseconds since the epoch. */
  createdAt: number;
}

/** One secret with its versions. Source: Secrets Manager User Guide, whats-in-a-secret. */
export interface Secret {
  name: string;
  arn: string;
  versions: SecretVersion[];
  /** Which version has which staging label. */
  stages: Record<string, string>;
  /** The labels before the last change, which a read may still see until `settledAt` (virtual milliseconds). */
  stagesBefore: Record<string, string>;
  settledAt: number;
  /** Until when it can be restored (virtual milliseconds); set while it is scheduled for deletion. */
  deletedAt?: number;
  /** ARN of the customer managed key that it is encrypted under; absent for AWS's own, which everybody in the account may use. */
  keyArn?: string;
  /** Whether the key cannot decrypt it, e.g. because it is disabled. */
  undecipherable?: boolean;
  /** The value, or its generator, as the template said it last; absent for a secret of no stack. */
  template?: string;
}
