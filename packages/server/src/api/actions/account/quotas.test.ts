import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeSubnet, makeTunnel, makeVpc } from '../../../../testing/sample-resources.ts';
import { defaultQuotas } from '../../../domain/operator/quotas.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness({ quotas: { ...defaultQuotas, subnetsPerVpc: 7, vpnConnectionsPerVpnGateway: 3 } });
});
afterEach(() => api.close());

it('DescribeAccountAttributes says that there are VPCs', async () => {
  const { AccountAttributeSet } = await api.succeed('DescribeAccountAttributes');
  expect(AccountAttributeSet).toEqual([{ AttributeName: 'supported-platforms', AttributeValues: ['VPC'] }]);
});

describe('DescribeVpcLimits', () => {
  it('tells what is set, the documented defaults else, and 0 for what is not offered', async () => {
    const wanted = {
      'vpc-max-subnets': 7,
      'appid-max-vpcs': 20,
      'vpc-max-route-tables': 10,
      'route-table-max-policies': 50,
      'vpc-max-vpn-gateways': 10,
      'appid-max-custom-gateways': 20,
      'appid-max-vpn-connections': 60,
      'custom-gateway-max-vpn-connections': 20,
      'vpn-gateway-max-custom-gateways': 3,
      'vpc-max-assistant_cidrs': 10,
      'vpc-max-nat-gateways': 0,
    };
    const { VpcLimitSet } = await api.succeed('DescribeVpcLimits', { LimitTypes: Object.keys(wanted) });
    expect(VpcLimitSet).toEqual(Object.entries(wanted).map(([LimitType, LimitValue]) => ({ LimitType, LimitValue })));
  });

  it('refuses a limit that nobody knows, and more than a hundred', async () => {
    const error = await api.fail('DescribeVpcLimits', { LimitTypes: ['appid-max-vpcs', 'constructor'] });
    expect(error).toMatchObject({
      Code: 'InvalidParameterValue',
      Message: expect.stringContaining('LimitTypes.1') as string,
    });
    const many = Array.from({ length: 101 }, () => 'appid-max-vpcs');
    expect((await api.fail('DescribeVpcLimits', { LimitTypes: many })).Code).toBe(
      'InvalidParameterValue.LimitExceeded',
    );
  });
});

describe('DescribeProductQuota', () => {
  const quotasOf = async (Product: string, options = {}) => {
    const { ProductQuotaSet, TotalCount } = await api.succeed('DescribeProductQuota', { Product }, options);
    expect(TotalCount).toBe(ProductQuotaSet.length);
    return new Map(ProductQuotaSet.map((one) => [one.QuotaId, [one.QuotaCurrent, one.QuotaLimit, one.QuotaRegion]]));
  };

  it('tells how much of each quota is used: at the object that uses the most', async () => {
    const first = await makeVpc(api);
    const second = await makeVpc(api, { CidrBlock: '172.16.0.0/16' });
    await makeSubnet(api, first);
    await makeSubnet(api, second, { CidrBlock: '172.16.1.0/24' });
    await makeSubnet(api, second, { CidrBlock: '172.16.2.0/24' });
    await api.succeed('CreateAssistantCidr', { VpcId: first, CidrBlocks: ['10.1.0.0/16'] });
    const gateway = await makeGateway(api, first);
    await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
    const vpc = await quotasOf('vpc');
    expect(vpc.get('appid-max-vpcs')).toEqual([2, 20, true]);
    expect(vpc.get('vpc-max-subnets')).toEqual([2, 7, true]);
    expect(vpc.get('vpc-max-assistant_cidrs')).toEqual([1, 10, true]);
    const vpn = await quotasOf('vpn');
    expect(vpn.get('vpc-max-vpn-gateways')).toEqual([1, 10, true]);
    expect(vpn.get('vpn-gateway-max-custom-gateways')).toEqual([1, 3, true]);
    expect((await quotasOf('vpc', { region: 'other' })).get('appid-max-vpcs')).toEqual([0, 20, true]);
  });

  it('counts CCNs over all regions, and knows products of which there is nothing here', async () => {
    await api.succeed('CreateCcn', { CcnName: 'ccn' });
    expect((await quotasOf('ccn', { region: 'other' })).get('ccns')).toEqual([1, 5, false]);
    expect((await quotasOf('dc')).get('directConnectGateways')).toEqual([0, 10, true]);
    expect((await quotasOf('eip')).size).toBe(0);
    expect((await api.fail('DescribeProductQuota', { Product: 'moon' })).Code).toBe('InvalidParameterValue');
  });
});
