import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultQuotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { mainRouteTable, makeGateway, makeSubnet, makeVpc } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness({ quotas: { ...defaultQuotas, vpcs: 3 } });
});
afterEach(() => api.close());

describe('CreateVpc', () => {
  it('answers every field and makes a default route table', async () => {
    const { Vpc } = await api.succeed('CreateVpc', {
      VpcName: 'a',
      CidrBlock: '172.16.0.0/12',
      EnableMulticast: 'true',
      DnsServers: ['10.0.0.2', '10.0.0.3'],
      DomainName: 'example.org',
      Tags: [{ Key: 'k', Value: 'v' }, { Key: 'only-key' }],
      EnableRouteVpcPublish: true,
    });
    expect(Vpc).toEqual({
      VpcName: 'a',
      VpcId: expect.stringMatching(/^vpc-[0-9a-z]{8}$/) as string,
      CidrBlock: '172.16.0.0/12',
      IsDefault: false,
      EnableMulticast: true,
      CreatedTime: '2026-11-22 12:00:00',
      DnsServerSet: ['10.0.0.2', '10.0.0.3'],
      DomainName: 'example.org',
      DhcpOptionsId: '',
      EnableDhcp: false,
      Ipv6CidrBlock: '',
      TagSet: [
        { Key: 'k', Value: 'v' },
        { Key: 'only-key', Value: '' },
      ],
      AssistantCidrSet: [],
      EnableRouteVpcPublish: true,
      Ipv6CidrBlockSet: [],
      EnableRouteVpcPublishIpv6: false,
    });
    expect(await mainRouteTable(api, Vpc.VpcId)).toMatch(/^rtb-/);
    expect(api.commits).toEqual([[Vpc.VpcId]]);
  });

  it('treats null and an empty optional array as absent', async () => {
    await api.succeed('CreateVpc', {
      VpcName: 'a',
      CidrBlock: '10.0.0.0/16',
      DomainName: null,
      Tags: [],
      DnsServers: [],
    });
    expect((await api.fail('CreateVpc', { VpcName: null, CidrBlock: '10.0.0.0/16' })).Code).toBe('MissingParameter');
  });

  it('keeps to its quota', async () => {
    for (let count = 0; count < 3; count++) await makeVpc(api);
    const error = await api.fail('CreateVpc', { VpcName: 'a', CidrBlock: '10.0.0.0/16' });
    expect(error).toMatchObject({
      Code: 'LimitExceeded',
      Message: expect.stringContaining('`VpcName`: this account can have at most 3 VPCs in this region') as string,
    });
    await api.succeed('CreateVpc', { VpcName: 'a', CidrBlock: '10.0.0.0/16' }, { region: 'other' });
  });
});

describe('DescribeVpcs', () => {
  it('filters, pages and counts', async () => {
    const first = await makeVpc(api, { VpcName: 'alpha', Tags: [{ Key: 'env', Value: 'prod' }] });
    const second = await makeVpc(api, { VpcName: 'beta' });
    const third = await makeVpc(api, { VpcName: 'alphabet' });
    const find = async (parameters: object) => {
      const { VpcSet, TotalCount } = await api.succeed('DescribeVpcs', parameters);
      return [TotalCount, VpcSet.map(({ VpcId }) => VpcId).sort()];
    };
    const filter = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });
    const both = [first, third].sort();
    expect(await find(filter('vpc-name', 'alpha'))).toEqual([2, both]);
    expect(await find(filter('vpc-id', first, third))).toEqual([2, both]);
    expect(await find(filter('tag-key', 'env'))).toEqual([1, [first]]);
    expect(await find(filter('tag:env', 'prod'))).toEqual([1, [first]]);
    expect(await find(filter('tag:env', 'test'))).toEqual([0, []]);
    expect(await find(filter('is-default', 'FALSE'))).toEqual([3, [first, second, third].sort()]);
    expect(await find({ VpcIds: [second], Filters: [] })).toEqual([1, [second]]);
    expect(await find({ VpcIds: ['vpc-zzzzzzzz'] })).toEqual([0, []]);
    expect((await find({ Limit: '2' }))[1]).toHaveLength(2);
    expect((await find({ Offset: 2, Limit: 2 }))[1]).toHaveLength(1);
    expect(await find({ Offset: '99' })).toEqual([3, []]);
  });

  it('shows nothing of other regions and accounts', async () => {
    const id = await makeVpc(api);
    const key = await api.operate('CreateAccessKey', { AccountName: 'tenant' });
    const credential = { secretId: String(key['SecretId']), secretKey: String(key['SecretKey']) };
    for (const options of [{ region: 'other' }, { credential }]) {
      expect((await api.succeed('DescribeVpcs', {}, options)).TotalCount).toBe(0);
      expect((await api.fail('ModifyVpcAttribute', { VpcId: id, VpcName: 'b' }, options)).Code).toBe(
        'ResourceNotFound',
      );
      expect((await api.fail('DeleteVpc', { VpcId: id }, options)).Code).toBe('ResourceNotFound');
    }
  });
});

describe('ModifyVpcAttribute', () => {
  it('changes what is given and nothing else', async () => {
    const VpcId = await makeVpc(api, { DomainName: 'a.org', EnableMulticast: 'true' });
    await api.succeed('ModifyVpcAttribute', { VpcId, VpcName: 'b', DnsServers: ['10.0.0.9'] });
    const { VpcSet } = await api.succeed('DescribeVpcs', { VpcIds: [VpcId] });
    expect(VpcSet).toMatchObject([
      { VpcName: 'b', DomainName: 'a.org', EnableMulticast: true, DnsServerSet: ['10.0.0.9'] },
    ]);
  });
});

describe('DeleteVpc', () => {
  it('names what is still inside', async () => {
    const VpcId = await makeVpc(api);
    const { SubnetId } = await makeSubnet(api, VpcId);
    const gateway = await makeGateway(api, VpcId);
    const error = await api.fail('DeleteVpc', { VpcId });
    expect(error.Code).toBe('ResourceInUse');
    expect(error.Message).toContain(SubnetId);
    expect(error.Message).toContain(gateway);
  });

  it('takes the route tables along and names its plan', async () => {
    const VpcId = await makeVpc(api);
    await api.succeed('CreateRouteTable', { VpcId, RouteTableName: 'more' });
    await api.succeed('DeleteVpc', { VpcId });
    expect(api.commits.at(-1)).toEqual([VpcId]);
    expect((await api.succeed('DescribeRouteTables')).TotalCount).toBe(0);
    expect((await api.fail('DeleteVpc', { VpcId })).Code).toBe('ResourceNotFound');
  });
});
