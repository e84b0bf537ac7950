import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeQuotas } from '../domain/operator/quotas.ts';
import { startHarness, type ApiHarness, type HarnessOptions } from '../../testing/api-harness.ts';

let api: ApiHarness;
afterEach(() => api.close());

const vpc = { VpcName: 'vpc', CidrBlock: '10.0.0.0/16' };
const makeVpc = async (region: string) => (await api.succeed('CreateVpc', vpc, { region })).Vpc.VpcId;
const gateway = (VpcId: string) => ({ VpcId, VpnGatewayName: 'gw', InternetMaxBandwidthOut: 5 });
const start = async (options: HarnessOptions) => {
  api = await startHarness(options);
};

describe('regions of the setting', () => {
  beforeEach(() => start({ regions: ['north', 'south'] }));

  it('are the only ones in which something is made', async () => {
    await makeVpc('south');
    const error = await api.fail('CreateVpc', vpc, { region: 'west' });
    expect(error.Code).toBe('UnsupportedRegion');
    expect(error.Message).toContain('`west`');
    expect(error.Message).toContain('the setting `regions` of the server names north, south');
    expect((await api.succeed('DescribeVpcs', {}, { region: 'west' })).TotalCount).toBe(0);
  });

  it('have a first one, which is that of calls that name none', async () => {
    const body = JSON.stringify(vpc);
    const { Vpc } = (await api.call('CreateVpc', vpc, { region: '', body })) as { Vpc: { VpcId: string } };
    const { VpcSet } = await api.succeed('DescribeVpcs', {}, { region: 'north' });
    expect(VpcSet.map(({ VpcId }) => VpcId)).toEqual([Vpc.VpcId]);
  });

  it('are those of instances that join a CCN, and of its limits', async () => {
    const { CcnId } = (await api.succeed('CreateCcn', { CcnName: 'ccn' }, { region: 'north' })).Ccn;
    const VpcId = await makeVpc('north');
    const Instances = [{ InstanceType: 'VPC', InstanceId: VpcId, InstanceRegion: 'west' }];
    expect((await api.fail('AttachCcnInstances', { CcnId, Instances }, { region: 'north' })).Code).toBe(
      'UnsupportedRegion',
    );
    const limit = (Region: string, BandwidthLimit = 5) => ({
      CcnId,
      CcnRegionBandwidthLimits: [{ Region, BandwidthLimit }],
    });
    const set = (Region: string) => api.fail('SetCcnRegionBandwidthLimits', limit(Region), { region: 'north' });
    expect((await set('west')).Code).toBe('UnsupportedRegion');
    await api.succeed('SetCcnRegionBandwidthLimits', limit('south'), { region: 'north' });
  });

  it('taken off the list can be seen and emptied, and nothing else', async () => {
    const VpcId = await makeVpc('south');
    const options = { region: 'south' };
    const subnet = { VpcId, SubnetName: 's', CidrBlock: '10.0.1.0/24', Zone: 'z' };
    const { SubnetId } = (await api.succeed('CreateSubnet', subnet, options)).Subnet;
    const { VpnGatewayId } = (await api.succeed('CreateVpnGateway', gateway(VpcId), options)).VpnGateway;
    const { dataDir } = api;
    await api.close({ keepData: true });
    await start({ regions: ['north'], dataDir });
    expect((await api.succeed('DescribeVpcs', {}, options)).VpcSet).toMatchObject([{ VpcId }]);
    for (const [action, parameters] of [
      ['CreateSubnet', { ...subnet, CidrBlock: '10.0.2.0/24' }],
      ['ModifyVpcAttribute', { VpcId, VpcName: 'other' }],
      ['CreateVpnGateway', gateway(VpcId)],
    ] as const) {
      expect((await api.fail(action, parameters, options)).Code).toBe('UnsupportedRegion');
    }
    await api.succeed('DeleteVpnGateway', { VpnGatewayId }, options);
    await api.succeed('DeleteSubnet', { SubnetId }, options);
    await api.succeed('DeleteVpc', { VpcId }, options);
    expect((await api.succeed('DescribeVpcs', {}, options)).TotalCount).toBe(0);
  });
});

describe('quotas', () => {
  const scarce = { vpcs: 2, vpcVpnGateways: 2, ccnVpnGateways: 1, directConnectGateways: 1, customerGateways: 1 };
  const quotas = completeQuotas({ ...scarce, customerGatewaysPerAccount: 2 });
  const names = ['a', 'b', 'c', 'd', 'e'];
  beforeEach(() => start({ quotas }));

  /** Makes one in each region until a quota says no; answers how many there were, and what the quota says. */
  async function fill(action: string, request: (region: string) => Promise<object>): Promise<[number, string]> {
    for (const [made, region] of names.entries()) {
      const reply = await api.call(action, await request(region), { region });
      const error = reply['Error'] as { Code: string; Message: string } | undefined;
      if (error === undefined) continue;
      expect(error.Code).toBe('LimitExceeded');
      return [made, error.Message];
    }
    return [names.length, ''];
  }

  const ofAccount = (field: string, limit: number, things: string) =>
    `\`${field}\`: this account can have at most ${limit} ${things} in all regions.`;

  it('hold in all regions together for what a host has only so much of', async () => {
    expect(await fill('CreateVpc', () => Promise.resolve(vpc))).toEqual([2, ofAccount('VpcName', 2, 'VPCs')]);
    const ccnGateway = { ...gateway(''), Type: 'CCN' };
    expect(await fill('CreateVpnGateway', () => Promise.resolve(ccnGateway))).toEqual([
      3,
      ofAccount('VpnGatewayName', 3, 'VPN gateways'),
    ]);
    const line = { DirectConnectGatewayName: 'dc', NetworkType: 'CCN', NetworkInstanceId: '' };
    const { CcnId } = (await api.succeed('CreateCcn', { CcnName: 'ccn' })).Ccn;
    const direct = () => Promise.resolve({ ...line, NetworkInstanceId: CcnId });
    expect(await fill('CreateDirectConnectGateway', direct)).toEqual([
      1,
      ofAccount('DirectConnectGatewayName', 1, 'Direct Connect gateways'),
    ]);
    let last = 0;
    const peer = () => Promise.resolve({ CustomerGatewayName: 'p', IpAddress: `198.51.100.${++last}` });
    expect(await fill('CreateCustomerGateway', peer)).toEqual([
      2,
      ofAccount('CustomerGatewayName', 2, 'customer gateways'),
    ]);
  });

  it('leave the others their public addresses, whatever regions one account names', async () => {
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'greedy' });
    const credential = { secretId: String(SecretId), secretKey: String(SecretKey) };
    const request = { ...gateway(''), Type: 'CCN' };
    let taken = 0;
    for (let region = 0; region < 64; region++) {
      const reply = await api.call('CreateVpnGateway', request, { credential, region: `r${region}` });
      if (reply['Error'] === undefined) taken += 1;
    }
    expect(taken).toBe(quotas.vpnGatewaysPerAccount);
    await api.succeed('CreateVpnGateway', request);
  });

  it('hold in one region as documented', async () => {
    await makeVpc('a');
    await makeVpc('a');
    expect((await api.fail('CreateVpc', vpc, { region: 'a' })).Message).toContain('2 VPCs in this region');
    const ccnGateway = { ...gateway(''), Type: 'CCN' };
    await api.succeed('CreateVpnGateway', ccnGateway, { region: 'a' });
    expect((await api.fail('CreateVpnGateway', ccnGateway, { region: 'a' })).Message).toMatch(
      /at most 1 .*CCN.* in this region/,
    );
  });

  it('bound the limits of a CCN', async () => {
    await api.close();
    await start({ quotas: completeQuotas({ bandwidthLimitsPerCcn: 3 }) });
    const { CcnId } = (await api.succeed('CreateCcn', { CcnName: 'ccn' })).Ccn;
    const limits = (count: number, first = 0) => ({
      CcnId,
      CcnRegionBandwidthLimits: Array.from({ length: count }, (_, at) => ({
        Region: `r${first + at}`,
        BandwidthLimit: 5,
      })),
    });
    await api.succeed('SetCcnRegionBandwidthLimits', limits(3));
    await api.succeed('SetCcnRegionBandwidthLimits', limits(3));
    const error = await api.fail('SetCcnRegionBandwidthLimits', limits(1, 3));
    expect([error.Code, error.Message]).toEqual([
      'LimitExceeded',
      `\`CcnRegionBandwidthLimits\`: \`${CcnId}\` can have at most 3 bandwidth limits.`,
    ]);
  });
});
