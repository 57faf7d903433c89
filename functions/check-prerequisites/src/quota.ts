import { paginateListServiceQuotas, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { QUOTA_REACHED } from '../../shared/src/messages';
import { say } from '../../shared/src/say';

/** Custom key stores in an account and Region, unless the quota was raised (KMS Developer Guide, resource-limits). */
const DEFAULT_QUOTA = 10;

/**
 * Finds that there are as many key stores as the quota allows. Where Service Quotas does not tell of this quota, KMS itself is left to refuse
 * (LimitExceededException): nothing documents its name there.
 */
export async function findQuotaReached(quotas: ServiceQuotasClient, count: number): Promise<string | undefined> {
  if (count < DEFAULT_QUOTA) return undefined;
  for await (const { Quotas = [] } of paginateListServiceQuotas({ client: quotas }, { ServiceCode: 'kms' })) {
    const quota = Quotas.find(({ QuotaName = '' }) => /^custom key stores?\b(?!.*request)/i.test(QuotaName))?.Value;
    if (quota !== undefined) return count < quota ? undefined : say(QUOTA_REACHED, { count, quota });
  }
  return undefined;
}
