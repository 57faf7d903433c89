import { ListServiceQuotasCommand, ListServicesCommand, type ListServiceQuotasCommandOutput, paginateListServiceQuotas, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { RealWork } from '../../../simulator/clock';
import type { Caller } from '../../../simulator/iam/iam';
import { LocalAccount } from '../../../simulator/local-account';

let account: LocalAccount;

beforeEach(async () => {
  account = await LocalAccount.open();
});

afterEach(async () => {
  await account.close();
});

/** Lets the real client ask as a caller; virtual time goes on while it waits. */
async function ask<T>(question: (client: ServiceQuotasClient) => Promise<T>, caller: Caller = account.aws.iam.deployer): Promise<T> {
  const { aws, endpoint } = account;
  const work = new RealWork(aws.clock);
  const session = endpoint.openSession(caller, work);
  const client = new ServiceQuotasClient({ region: aws.region, endpoint: endpoint.url, credentials: session, maxAttempts: 1 });
  try {
    return await aws.clock.runUntilSettled(question(client).finally(() => work.end()));
  } finally {
    client.destroy();
    session.close();
  }
}

const list = (more: { ServiceCode?: string; MaxResults?: number; NextToken?: string; QuotaCode?: string } = {}) =>
  ask((client) => client.send(new ListServiceQuotasCommand({ ServiceCode: 'kms', ...more })));

it('tells the quota of key stores to who reads every page, and not to who reads the first', async () => {
  const pages = await ask(async (client) => {
    const read: ListServiceQuotasCommandOutput[] = [];
    for await (const page of paginateListServiceQuotas({ client }, { ServiceCode: 'kms' })) read.push(page);
    return read;
  });
  const found = pages.map(({ Quotas = [] }) => Quotas.find(({ QuotaName }) => QuotaName === 'Custom key stores'));
  expect(found[0]).toBeUndefined();
  expect(found.at(-1)).toMatchObject({
    ServiceCode: 'kms',
    QuotaArn: expect.stringMatching(/^arn:aws:servicequotas:eu-central-1:111122223333:kms\/L-\w{8}$/) as string,
    Value: 10,
    Adjustable: true,
    GlobalQuota: false,
  });
});

it('tells a quota that was raised', async () => {
  account.kms.keyStoreQuota = 12;
  const { NextToken = '' } = await list({ MaxResults: 100 });
  expect((await list({ NextToken })).Quotas?.at(-1)).toMatchObject({ QuotaName: 'Custom key stores', Value: 12 });
});

it('gives pages as short as they are asked for', async () => {
  expect((await list({ MaxResults: 1 })).Quotas).toHaveLength(1);
});

it('denies a role without the permission', async () => {
  const caller: Caller = { arn: 'arn:aws:sts::111122223333:assumed-role/nobody/session', roleName: 'nobody' };
  const asked = ask((client) => client.send(new ListServiceQuotasCommand({ ServiceCode: 'kms' })), caller);
  await expect(asked).rejects.toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining('servicequotas:ListServiceQuotas') as string });
});

it.each([
  ['InvalidPaginationTokenException', { NextToken: 'other' }],
  ['ValidationException', { MaxResults: 101 }],
])('answers %s to %j', async (name, more) => {
  await expect(list(more)).rejects.toMatchObject({ name });
});

it('fails when the world says so', async () => {
  account.aws.failCalls({ service: 'servicequotas', operation: 'ListServiceQuotas', code: 'ServiceException' });
  await expect(list()).rejects.toMatchObject({ name: 'ServiceException', $metadata: { httpStatusCode: 500 } });
});

it.each<[string, () => Promise<unknown>]>([
  ['operation servicequotas:ListServices', () => ask((client) => client.send(new ListServicesCommand({})))],
  ['the quotas of ec2', () => list({ ServiceCode: 'ec2' })],
  ['field QuotaCode of servicequotas:ListServiceQuotas', () => list({ QuotaCode: 'L-00000000' })],
])('%s is refused by name', async (name, question) => {
  await expect(question()).rejects.toMatchObject({ name: 'NotModelled' });
  expect(account.refusals).toEqual([expect.stringContaining(name)]);
});
