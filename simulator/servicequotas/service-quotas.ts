import type { JsonObject, LocalAws, Operation, Service } from '../aws';
import { AwsError, NotModelled } from '../errors';
import type { Kms } from '../kms/kms';
import { optionalNumber, optionalText, requiredText } from '../request-fields';
import { takePage } from '../take-page';
import { timings } from '../timings';

/** The quotas on a page at most: "An API operation can return fewer results than the maximum even when there are more results available". */
const longestPage = 3;

/** Service Quotas, as far as KMS's own quotas go. */
export class ServiceQuotas implements Service {
  readonly name = 'servicequotas';
  readonly state = {};
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #aws: LocalAws;
  readonly #kms: Kms;

  /** @param kms whose quota for key stores is told as it stands there */
  constructor(aws: LocalAws, kms: Kms) {
    this.#aws = aws;
    this.#kms = kms;
    this.operations = {
      ListServiceQuotas: {
        source: 'Service Quotas API, ListServiceQuotas',
        fields: ['ServiceCode', 'MaxResults', 'NextToken'],
        // The action knows no resource but `*`. Source: Service Authorization Reference, Service Quotas.
        permissions: () => [{ action: 'servicequotas:ListServiceQuotas', resource: '*' }],
        latency: timings.apiCall,
        run: (input) => this.#list(input),
      },
    };
    aws.register(this);
  }

  #list(input: JsonObject): JsonObject {
    const serviceCode = requiredText(input, 'ServiceCode', { max: 63, pattern: /^[a-zA-Z][a-zA-Z0-9-]{1,63}$/ });
    if (serviceCode !== 'kms') throw new NotModelled(`the quotas of ${serviceCode}`);
    const size = Math.min(optionalNumber(input, 'MaxResults', 1, 100) ?? longestPage, longestPage);
    const page = takePage(this.#quotasOfKms(), optionalText(input, 'NextToken', { max: 2048 }), size, () => {
      throw new AwsError('InvalidPaginationTokenException', 'Invalid NextToken');
    });
    return { Quotas: page.items, ...(page.next !== undefined && { NextToken: page.next }) };
  }

  /**
   * Some of KMS's quotas, with the values of the KMS Developer Guide (resource-limits, requests-per-second). No page says under which names and codes
   * Service Quotas lists them, or in which order: these codes are made up. [U]
   */
  #quotasOfKms(): JsonObject[] {
    const quotas: [name: string, value: number][] = [
      ['AWS KMS keys', 100_000],
      ['Aliases per KMS key', 50],
      ['CreateCustomKeyStore request rate', 5],
      ['Grants per KMS key', 50_000],
      ['Custom key stores', this.#kms.keyStoreQuota],
    ];
    return quotas.map(([QuotaName, Value], index) => {
      const QuotaCode = `L-0000000${index}`;
      return {
        ServiceCode: 'kms',
        ServiceName: 'AWS Key Management Service (AWS KMS)',
        QuotaArn: this.#aws.arn('servicequotas', `kms/${QuotaCode}`),
        QuotaCode,
        QuotaName,
        Value,
        Unit: 'None',
        Adjustable: true,
        GlobalQuota: false,
        QuotaAppliedAtLevel: 'ACCOUNT',
      };
    });
  }
}
