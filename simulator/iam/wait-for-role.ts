import type { LocalAws } from '../aws';
import { AwsError } from '../errors';

const retryEvery = 5_000;
const giveUpAfter = 120_000;

/**
 * Does what depends on a role as CloudFormation does: again while a new role takes effect, every 5 s for up to 2 minutes.
 * Source: IAM User Guide, troubleshoot, "changes that I make are not always immediately visible"; the figures are
 * observed, not documented. [C]
 * @param refusal the code by which the service says that the role does not allow it
 * @throws AwsError the last refusal; any other error at once
 */
export async function waitForRole<T>(aws: LocalAws, refusal: string, attempt: () => T): Promise<T> {
  const end = aws.clock.now + giveUpAfter;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== refusal || aws.clock.now >= end) throw error;
    }
    await aws.clock.sleep(retryEvery);
  }
}
