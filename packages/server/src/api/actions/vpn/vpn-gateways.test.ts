import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCidr, parseIpAddress } from '@landbridge/net';
import { defaultQuotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { mainRouteTable, makeGateway, makePeer, makeTunnel, makeVpc } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let VpcId: string;
beforeEach(async () => {
  api = await startHarness({ quotas: { ...defaultQuotas, vpcVpnGateways: 3, ccnVpnGateways: 1 } });
  VpcId = await makeVpc(api);
});
afterEach(() => api.close());

const valid = () => ({ VpcId, VpnGatewayName: 'g', InternetMaxBandwidthOut: 5 });

describe('CreateVpnGateway', () => {
  it('answers every field and concerns gateway, VPC and host', async () => {
    const { VpnGateway } = await api.succeed('CreateVpnGateway', { ...valid(), Tags: [{ Key: 'a', Value: 'b' }] });
    expect(VpnGateway).toEqual({
      VpnGatewayId: expect.stringMatching(/^vpngw-[0-9a-z]{8}$/) as string,
      VpcId,
      VpnGatewayName: 'g',
      Type: 'IPSEC',
      State: 'PENDING',
      PublicIpAddress: '203.0.113.16',
      RenewFlag: 'NOTIFY_AND_AUTO_RENEW',
      InstanceChargeType: 'POSTPAID_BY_HOUR',
      InternetMaxBandwidthOut: 5,
      CreatedTime: '2026-11-22 12:00:00',
      ExpiredTime: '0000-00-00 00:00:00',
      IsAddressBlocked: false,
      NewPurchasePlan: '',
      RestrictState: 'NORMAL',
      Zone: '',
      VpnGatewayQuotaSet: expect.arrayContaining([{ Bandwidth: 5, Cname: '5M', Name: 'cdmini' }]) as unknown[],
      Version: '4.0',
      NetworkInstanceId: '',
      CdcId: '',
      MaxConnection: 0,
      BgpAsn: 0,
      TagSet: [{ Key: 'a', Value: 'b' }],
    });
    expect(api.commits.at(-1)?.toSorted()).toEqual(['host', VpcId, VpnGateway.VpnGatewayId].sort());
  });

  it('is AVAILABLE once it was applied, whatever changes later', async () => {
    const { VpnGateway } = await api.succeed('CreateVpnGateway', valid());
    const id = VpnGateway.VpnGatewayId;
    const state = async () =>
      (await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [id] })).VpnGatewaySet[0]!.State;
    api.observed.recordOutcome({ key: id, appliedGeneration: -1, error: 'no device', at: 0 });
    expect(await state()).toBe('PENDING');
    api.apply(id);
    await api.succeed('ResetVpnGatewayInternetMaxBandwidth', { VpnGatewayId: id, InternetMaxBandwidthOut: 100 });
    expect(await state()).toBe('AVAILABLE');
  });

  it('takes the lowest free address, and gives it back', async () => {
    const first = await makeGateway(api, VpcId);
    const second = await makeGateway(api, VpcId);
    await api.succeed('DeleteVpnGateway', { VpnGatewayId: first });
    await makeGateway(api, VpcId);
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways');
    const addresses = VpnGatewaySet.map(({ PublicIpAddress }) => PublicIpAddress).sort();
    expect(addresses).toEqual(['203.0.113.16', '203.0.113.17']);
    expect(VpnGatewaySet.find(({ VpnGatewayId }) => VpnGatewayId === second)?.PublicIpAddress).toBe('203.0.113.17');
  });

  it('makes gateways without a VPC', async () => {
    await makeGateway(api, '');
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', {
      Filters: [{ Name: 'type', Values: ['CCN'] }],
    });
    expect(VpnGatewaySet).toMatchObject([{ Type: 'CCN', VpcId: '', NetworkInstanceId: '' }]);
    const error = await api.fail('CreateVpnGateway', { ...valid(), VpcId: '', Type: 'CCN' });
    expect(error).toMatchObject({
      Code: 'LimitExceeded',
      Message: '`VpnGatewayName`: this account can have at most 1 VPN gateways of type CCN in this region.',
    });
  });

  it.each([
    [{ VpcId: '' }, 'UnsupportedOperation.VpnGwVpcIdMustHave'],
    [{ Type: 'CCN' }, 'UnsupportedOperation.VpnGwVpcIdNotHave'],
    [{ VpcId: 'vpc-00000000' }, 'InvalidVpcId.NotFound'],
    [{ VpcId: 'vpc-1' }, 'InvalidParameterValue.Malformed'],
    [{ Type: 'SSL' }, 'UnsupportedOperation'],
    [{ Type: 'SSL_CCN', VpcId: '' }, 'UnsupportedOperation'],
    [{ Type: 'GRE' }, 'InvalidParameterValue'],
    [{ InternetMaxBandwidthOut: 7 }, 'InvalidParameterValue'],
    [{ InternetMaxBandwidthOut: '5' }, 'InvalidParameter'],
    [{ VpnGatewayName: 'x'.repeat(61) }, 'InvalidParameterValue.TooLong'],
    [{ BgpAsn: 45090 }, 'InvalidParameterValue'],
    [{ BgpAsn: 0 }, 'InvalidParameterValue.Range'],
    [{ InstanceChargeType: 'PREPAID' }, 'MissingParameter'],
    [{ InstanceChargePrepaid: { Period: 10 } }, 'InvalidParameterValue'],
  ])('refuses %j with %s', async (change, code) => {
    expect((await api.fail('CreateVpnGateway', { ...valid(), ...change })).Code).toBe(code);
  });

  it('names SSL as what it does not offer', async () => {
    expect((await api.fail('CreateVpnGateway', { ...valid(), Type: 'SSL' })).Message).toMatch(/`Type`.*SSL/);
  });
});

describe('the public address pool', () => {
  it.each([
    [null, 0, 'uplink'],
    [{ mode: 'nat', interface: 'eth0', address: parseIpAddress('198.51.100.7'), pathMtu: 1500 }, 1, '198.51.100.7'],
    [
      {
        mode: 'bridged',
        attach: { kind: 'macvlan', interface: 'eth0' },
        addresses: [parseCidr('203.0.113.0/31'), parseCidr('203.0.113.9/32')],
        prefixLength: 24,
        nextHop: parseIpAddress('203.0.113.1'),
        pathMtu: 1500,
      },
      1,
      '203.0.113.9',
    ],
  ] as const)('of %j holds %i gateways', async (uplink, count, mention) => {
    const own = await startHarness({ uplink });
    try {
      const vpc = await makeVpc(own);
      for (let made = 0; made < count; made++) await makeGateway(own, vpc);
      const error = await own.fail('CreateVpnGateway', { ...valid(), VpcId: vpc });
      expect(error.Code).toBe('ResourceInsufficient');
      expect(error.Message).toContain(mention);
    } finally {
      await own.close();
    }
  });
});

describe('existing VPN gateways', () => {
  it('are found by every filter', async () => {
    const id = await makeGateway(api, VpcId, { VpnGatewayName: 'mine', Zone: 'z-1' });
    const filters = {
      'vpc-id': VpcId,
      'vpn-gateway-id': id,
      'vpn-gateway-name': 'mine',
      type: 'IPSEC',
      'public-ip-address': '203.0.113.16',
      'renew-flag': 'NOTIFY_AND_AUTO_RENEW',
      zone: 'z-1',
    };
    for (const [Name, value] of Object.entries(filters)) {
      const find = async (Value: string) =>
        (await api.succeed('DescribeVpnGateways', { Filters: [{ Name, Values: [Value] }] })).TotalCount;
      expect([Name, await find(value), await find('other')]).toEqual([Name, 1, 0]);
    }
  });

  it('are renamed without a new plan', async () => {
    const VpnGatewayId = await makeGateway(api, VpcId);
    const commits = api.commits.length;
    await api.succeed('ModifyVpnGatewayAttribute', { VpnGatewayId, VpnGatewayName: 'new', BgpAsn: 65000 });
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways');
    expect(VpnGatewaySet).toMatchObject([{ VpnGatewayName: 'new', BgpAsn: 65000 }]);
    expect(api.commits).toHaveLength(commits);
    const unknown = { VpnGatewayId: 'vpngw-00000000', VpnGatewayName: 'x' };
    expect((await api.fail('ModifyVpnGatewayAttribute', unknown)).Code).toBe('ResourceNotFound');
  });

  it('change bandwidth inside their class only', async () => {
    const VpnGatewayId = await makeGateway(api, VpcId);
    const set = (InternetMaxBandwidthOut: number) => ({ VpnGatewayId, InternetMaxBandwidthOut });
    await api.succeed('ResetVpnGatewayInternetMaxBandwidth', set(100));
    expect(api.commits.at(-1)).toEqual([VpnGatewayId]);
    await api.succeed('ResetVpnGatewayInternetMaxBandwidth', set(10));
    const error = await api.fail('ResetVpnGatewayInternetMaxBandwidth', set(200));
    expect(error.Code).toBe('UnsupportedOperation.VpnUnsupportedModifyBandwidth');
    expect((await api.fail('ResetVpnGatewayInternetMaxBandwidth', set(3000))).Code).toBe('InvalidParameterValue');
  });

  it('are renewed when prepaid', async () => {
    const postpaid = await makeGateway(api, VpcId);
    const prepaid = await makeGateway(api, VpcId, {
      InstanceChargeType: 'PREPAID',
      InstanceChargePrepaid: { Period: 1, RenewFlag: 'NOTIFY_AND_MANUAL_RENEW' },
    });
    const flagOf = async () =>
      (await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [prepaid] })).VpnGatewaySet[0]!.RenewFlag;
    expect(await flagOf()).toBe('NOTIFY_AND_MANUAL_RENEW');
    await api.succeed('SetVpnGatewaysRenewFlag', { VpnGatewayIds: [prepaid], AutoRenewFlag: 2 });
    expect(await flagOf()).toBe('NOT_NOTIFY_AND_NOT_RENEW');
    await api.succeed('RenewVpnGateway', { VpnGatewayId: prepaid, InstanceChargePrepaid: { Period: 12 } });
    expect(await flagOf()).toBe('NOTIFY_AND_AUTO_RENEW');
    const set = { VpnGatewayIds: [prepaid, postpaid], AutoRenewFlag: 1 };
    expect((await api.fail('SetVpnGatewaysRenewFlag', set)).Message).toContain(postpaid);
    const renew = { VpnGatewayId: postpaid, InstanceChargePrepaid: { Period: 1 } };
    expect((await api.fail('RenewVpnGateway', renew)).Code).toBe('UnsupportedOperation');
    await api.succeed('ModifyVpnGatewayAttribute', { VpnGatewayId: prepaid, InstanceChargeType: 'POSTPAID_BY_HOUR' });
    expect((await api.fail('SetVpnGatewaysRenewFlag', { VpnGatewayIds: [prepaid], AutoRenewFlag: 1 })).Code).toBe(
      'UnsupportedOperation',
    );
  });

  it('are not deleted while tunnels or VPC routes need them', async () => {
    const VpnGatewayId = await makeGateway(api, VpcId);
    const tunnel = await makeTunnel(api, VpnGatewayId, await makePeer(api, '198.51.100.1'));
    const RouteTableId = await mainRouteTable(api, VpcId);
    const route = { DestinationCidrBlock: '192.168.1.0/24', GatewayType: 'VPN', GatewayId: VpnGatewayId };
    const { RouteTableSet } = await api.succeed('CreateRoutes', { RouteTableId, Routes: [route] });
    const { RouteItemId } = RouteTableSet[0]!.RouteSet[0]!;
    const error = await api.fail('DeleteVpnGateway', { VpnGatewayId });
    expect(error.Code).toBe('UnsupportedOperation');
    expect(error.Message).toContain(tunnel);
    expect(error.Message).toContain(RouteItemId);
    await api.succeed('DeleteVpnConnection', { VpnGatewayId, VpnConnectionId: tunnel });
    await api.succeed('DeleteRoutes', { RouteTableId, Routes: [{ RouteItemId }] });
    await api.succeed('DeleteVpnGateway', { VpnGatewayId });
    expect(api.commits.at(-1)?.toSorted()).toEqual(['host', VpcId, VpnGatewayId].sort());
    expect((await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [VpnGatewayId] })).VpnGatewaySet).toEqual([]);
    expect((await api.fail('DeleteVpnGateway', { VpnGatewayId })).Code).toBe('ResourceNotFound');
  });
});
