import type { LocalAws } from '../aws';
import { AwsError } from '../errors';

const retryEvery = 5_000;
const giveUpAfter = 120_000;

/**
 * Does what depends on a role, again every 5 s for up to 2 minutes: CloudFormation lets a new role take effect.
 * Source: IAM User Guide, troubleshoot, "changes that I make are not always immediately visible"; the figures are [U].
 * @throws AwsError the last refusal
 */
export async function waitForRole<T>(aws: LocalAws, attempt: () => T): Promise<T> {
  const end = aws.clock.now + giveUpAfter;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof AwsError) || aws.clock.now >= end) throw error;
    }
    await aws.clock.sleep(retryEvery);
  }
}
