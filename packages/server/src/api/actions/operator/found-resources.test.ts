import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type TestCredential } from '../../../../testing/api-harness.ts';
import { makeKey, makePeer, makeSubnet, makeVpc } from '../../../../testing/sample-resources.ts';

/** DescribeFoundResources of service `landbridge`. */
let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness();
});
afterEach(() => api.close());

interface Found {
  readonly TotalCount: number;
  readonly ResourceSet: readonly { readonly ResourceId: string; readonly Name: string }[];
}

async function find(ResourcePrefix: string, Text: string, more: object = {}, credential: TestCredential = api.admin) {
  const asked = { ResourcePrefix, Text, ...more };
  return (await api.operate('DescribeFoundResources', asked, { credential })) as unknown as Found;
}

const namesOf = ({ ResourceSet }: Found) => ResourceSet.map(({ Name }) => Name);

describe('resources are found', () => {
  it('by a part of the name, the id or the address, in either case, and by nothing else', async () => {
    const named = { CustomerGatewayName: 'Berlin Süd' };
    const ip = (IpAddress: string) => ({ ...named, IpAddress });
    const { CustomerGateway } = await api.succeed('CreateCustomerGateway', ip('198.51.100.7'));
    await api.succeed('CreateCustomerGateway', { CustomerGatewayName: 'Bonn', IpAddress: '203.0.113.77' });
    for (const part of ['berlin', 'SÜD', '51.100', CustomerGateway.CustomerGatewayId.slice(2, -1)])
      expect(namesOf(await find('cgw', part)), part).toEqual(['Berlin Süd']);
    // Made at the same moment, so that either may be the first.
    expect(namesOf(await find('cgw', 'b')).toSorted()).toEqual(['Berlin Süd', 'Bonn']);
    expect(await find('cgw', 'Berl.*')).toMatchObject({ TotalCount: 0, ResourceSet: [] });
    expect(await find('vpc', 'berlin')).toMatchObject({ TotalCount: 0, ResourceSet: [] });
  });

  it('of every kind', async () => {
    const vpc = await makeVpc(api, { VpcName: 'some vpc', CidrBlock: '10.0.0.0/16' });
    await makeSubnet(api, vpc);
    const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'joined', CcnDescription: 'of the north' });
    await api.succeed('CreateDirectConnectGateway', {
      ...{ DirectConnectGatewayName: 'line', NetworkType: 'VPC', NetworkInstanceId: vpc },
    });
    expect((await find('vpc', '10.0.0.0/16')).ResourceSet).toEqual([{ ResourceId: vpc, Name: 'some vpc' }]);
    expect((await find('ccn', 'north')).ResourceSet).toEqual([{ ResourceId: Ccn.CcnId, Name: 'joined' }]);
    expect(namesOf(await find('dcg', 'LINE'))).toEqual(['line']);
    expect([(await find('subnet', '10.')).TotalCount, (await find('rtb', 'rtb-')).TotalCount]).toEqual([1, 1]);
    expect([(await find('vpnx', '-')).TotalCount, (await find('vpngw', '-')).TotalCount]).toEqual([0, 0]);
  });

  it('a page at a time, as their list has them', async () => {
    for (let last = 1; last <= 5; last += 1) await makePeer(api, `198.51.100.${last}`);
    const { CustomerGatewaySet } = await api.succeed('DescribeCustomerGateways', {});
    const page = await find('cgw', '198.51', { Offset: 3, Limit: 1 });
    expect([page.TotalCount, page.ResourceSet.map(({ ResourceId }) => ResourceId)]).toEqual([
      5,
      [CustomerGatewaySet[3]?.CustomerGatewayId],
    ]);
  });

  it('of the own account and region alone', async () => {
    const guest = await makeKey(api, 'guest');
    await makePeer(api, '198.51.100.9');
    expect((await find('cgw', '198.51.100.9', {}, guest)).TotalCount).toBe(0);
    const elsewhere = await api.operate(
      'DescribeFoundResources',
      { ResourcePrefix: 'cgw', Text: '198.51.100.9' },
      { region: 'another-1' },
    );
    expect(elsewhere['TotalCount']).toBe(0);
    expect((await find('cgw', '198.51.100.9')).TotalCount).toBe(1);
  });

  it('not by an empty text, one of many lines, or of a kind that there is not', async () => {
    const refusal = async (asked: object) =>
      (await api.fail('DescribeFoundResources', asked, { service: 'landbridge' })).Message;
    for (const Text of ['', 'a\nb', 'x'.repeat(101)])
      expect(await refusal({ ResourcePrefix: 'cgw', Text })).toContain('Text');
    expect(await refusal({ ResourcePrefix: 'hook', Text: 'a' })).toContain('ResourcePrefix');
  });
});
