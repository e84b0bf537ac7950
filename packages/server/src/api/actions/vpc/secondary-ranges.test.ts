import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { defaultQuotas } from '../../../domain/operator/quotas.ts';
import {
  mainRouteTable,
  makeGateway,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
  policy,
} from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let VpcId: string;
beforeEach(async () => {
  api = await startHarness({ quotas: { ...defaultQuotas, secondaryRangesPerVpc: 3 } });
  VpcId = await makeVpc(api);
});
afterEach(() => api.close());

const add = (...CidrBlocks: string[]) => api.succeed('CreateAssistantCidr', { VpcId, CidrBlocks });
const refusedToAdd = async (...ranges: string[]) => (await refusalToAdd(...ranges)).Code;

/** Of both calls that add ranges, for the same reason. */
async function refusalToAdd(...ranges: string[]) {
  const created = await api.fail('CreateAssistantCidr', { VpcId, CidrBlocks: ranges });
  const modified = await api.fail('ModifyAssistantCidr', { VpcId, NewCidrBlocks: ranges });
  expect({ ...modified, Message: modified.Message.replace('NewCidrBlocks', 'CidrBlocks') }).toEqual(created);
  return created;
}

async function rangesOfVpc(): Promise<string[]> {
  const { VpcSet } = await api.succeed('DescribeVpcs', { VpcIds: [VpcId] });
  return VpcSet[0]!.AssistantCidrSet.map(({ CidrBlock }) => CidrBlock);
}

describe('CreateAssistantCidr', () => {
  it('adds ranges that subnets can be taken from', async () => {
    const { AssistantCidrSet } = await add('172.16.0.0/16', '192.168.0.0/20');
    const range = (CidrBlock: string) => ({ VpcId, CidrBlock, AssistantType: 0, SubnetSet: [] as object[] });
    expect(AssistantCidrSet).toEqual([range('172.16.0.0/16'), range('192.168.0.0/20')]);
    const subnet = await makeSubnet(api, VpcId, { CidrBlock: '172.16.1.0/24' });
    expect((await api.succeed('DescribeVpcs', { VpcIds: [VpcId] })).VpcSet[0]).toMatchObject({
      CidrBlock: '10.0.0.0/16',
      AssistantCidrSet: [{ ...range('172.16.0.0/16'), SubnetSet: [subnet] }, range('192.168.0.0/20')],
    });
    const outside = { VpcId, SubnetName: 's', CidrBlock: '192.168.16.0/24', Zone: 'z-1' };
    const error = await api.fail('CreateSubnet', outside);
    expect(error.Code).toBe('InvalidParameterValue.SubnetRange');
    expect(error.Message).toContain('10.0.0.0/16, 172.16.0.0/16, 192.168.0.0/20');
    // Neither in both ranges, nor around one.
    expect((await api.fail('CreateSubnet', { ...outside, CidrBlock: '192.168.0.0/19' })).Code).toBe(error.Code);
  });

  it('keeps their order: clients compare lists', async () => {
    await add('192.168.0.0/20');
    await add('10.1.0.0/16', '172.16.0.0/16');
    expect(await rangesOfVpc()).toEqual(['192.168.0.0/20', '10.1.0.0/16', '172.16.0.0/16']);
  });

  it('refuses what no VPC can have, and ranges that overlap', async () => {
    expect(await refusedToAdd('10.1.0.1/16')).toBe('InvalidParameterValue.Malformed');
    expect(await refusedToAdd('100.64.0.0/16')).toBe('InvalidParameterValue');
    expect(await refusedToAdd('10.1.0.0/29')).toBe('InvalidParameterValue');
    expect(await refusedToAdd('10.0.3.0/24')).toBe('InvalidParameterValue.VpcCidrConflict');
    expect(await refusedToAdd('10.0.0.0/12')).toBe('InvalidParameterValue.VpcCidrConflict');
    expect(await refusedToAdd('172.16.0.0/16', '172.16.0.0/16')).toBe('InvalidParameterValue.Duplicate');
    expect(await refusedToAdd('172.16.0.0/16', '172.16.1.0/24')).toBe('InvalidParameterValue.SubnetOverlapAssistCidr');
    expect(await rangesOfVpc()).toEqual([]);
    await add('172.16.0.0/16');
    expect(await refusedToAdd('172.16.0.0/16')).toBe('InvalidParameterValue.Duplicate');
    expect(await refusedToAdd('172.16.0.0/12')).toBe('InvalidParameterValue.SubnetOverlapAssistCidr');
    expect((await api.fail('CreateAssistantCidr', { VpcId: 'vpc-00000000', CidrBlocks: ['10.1.0.0/16'] })).Code).toBe(
      'ResourceNotFound',
    );
  });

  it('keeps to its quota, which a change makes room in', async () => {
    await add('10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16');
    expect(await refusedToAdd('10.4.0.0/16')).toBe('LimitExceeded');
    const swap = { VpcId, NewCidrBlocks: ['10.4.0.0/16'], OldCidrBlocks: ['10.2.0.0/16'] };
    const { AssistantCidrSet } = await api.succeed('ModifyAssistantCidr', swap);
    expect(AssistantCidrSet.map(({ CidrBlock }) => CidrBlock)).toEqual(['10.4.0.0/16']);
    expect(await rangesOfVpc()).toEqual(['10.1.0.0/16', '10.3.0.0/16', '10.4.0.0/16']);
  });

  it('refuses a range that something else leads into', async () => {
    const gateway = await makeGateway(api, VpcId);
    const route = { DestinationCidrBlock: '172.16.1.0/24', GatewayType: 'VPN', GatewayId: gateway };
    await api.succeed('CreateRoutes', { RouteTableId: await mainRouteTable(api, VpcId), Routes: [route] });
    expect(await refusedToAdd('172.16.0.0/16')).toBe('InvalidParameterValue.VpcCidrOverlapRoute');
    expect(await refusedToAdd('172.16.1.0/24')).toBe('InvalidParameterValue.VpcCidrOverlapRoute');

    const spd = await makeTunnel(
      api,
      gateway,
      await makePeer(api, '198.51.100.1'),
      policy('10.0.0.0/16', '10.9.1.0/24'),
    );
    expect(await refusalToAdd('10.9.0.0/16')).toMatchObject({
      Code: 'InvalidParameterValue.VpcCidrConflict',
      Message: expect.stringContaining(spd) as string,
    });

    const health = { HealthCheckLocalIp: '192.168.9.1', HealthCheckRemoteIp: '192.168.9.2', EnableHealthCheck: true };
    const byRoute = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.2'), {
      RouteType: 'StaticRoute',
      ...health,
    });
    expect(await refusalToAdd('192.168.0.0/20')).toMatchObject({
      Code: 'InvalidParameterValue.VpcCidrConflict',
      Message: expect.stringContaining(byRoute) as string,
    });

    const gatewayRoute = { DestinationCidrBlock: '10.8.1.0/24', InstanceType: 'VPNCONN', InstanceId: byRoute };
    const { Routes } = await api.succeed('CreateVpnGatewayRoutes', {
      VpnGatewayId: gateway,
      Routes: [{ ...gatewayRoute, Priority: 0, Status: 'ENABLE' }],
    });
    expect(await refusalToAdd('10.8.0.0/16')).toMatchObject({
      Code: 'InvalidParameterValue.VpcCidrConflict',
      Message: expect.stringContaining(Routes[0]!.RouteId) as string,
    });
    // Wider destinations are not in the way, and neither are their neighbours.
    await add('172.16.2.0/24', '10.9.2.0/28', '192.168.10.0/24');
  });
});

describe('what leads into a secondary range is refused', () => {
  it('routes, remote ranges and health checks', async () => {
    await add('172.16.0.0/16');
    const gateway = await makeGateway(api, VpcId);
    const route = { DestinationCidrBlock: '172.16.1.0/24', GatewayType: 'VPN', GatewayId: gateway };
    const routes = { RouteTableId: await mainRouteTable(api, VpcId), Routes: [route] };
    expect((await api.fail('CreateRoutes', routes)).Code).toBe('InvalidParameterValue.VpcCidrConflict');
    const tunnel = {
      ...{ VpnGatewayId: gateway, CustomerGatewayId: await makePeer(api, '198.51.100.1') },
      ...{ VpnConnectionName: 't', PreShareKey: 'secret' },
    };
    const inside = { ...tunnel, ...policy('10.0.0.0/16', '172.16.1.0/24') };
    expect((await api.fail('CreateVpnConnection', inside)).Message).toContain('172.16.0.0/16');
    const health = { HealthCheckLocalIp: '172.16.9.1', HealthCheckRemoteIp: '192.168.9.2', EnableHealthCheck: true };
    const probed = { ...tunnel, RouteType: 'StaticRoute', ...health };
    expect((await api.fail('CreateVpnConnection', probed)).Message).toContain('172.16.0.0/16');
  });
});

describe('DeleteAssistantCidr', () => {
  it('takes ranges away that no subnet lies in', async () => {
    await add('172.16.0.0/16', '10.1.0.0/16');
    const subnet = await makeSubnet(api, VpcId, { CidrBlock: '172.16.1.0/24' });
    const both = { VpcId, CidrBlocks: ['10.1.0.0/16', '172.16.0.0/16'] };
    const error = await api.fail('DeleteAssistantCidr', both);
    expect(error).toMatchObject({ Code: 'ResourceInUse', Message: expect.stringContaining(subnet.SubnetId) as string });
    expect(await rangesOfVpc()).toEqual(['172.16.0.0/16', '10.1.0.0/16']);
    await api.succeed('DeleteSubnet', { SubnetId: subnet.SubnetId });
    await api.succeed('DeleteAssistantCidr', both);
    expect(await rangesOfVpc()).toEqual([]);
    expect((await api.fail('DeleteAssistantCidr', both)).Code).toBe('ResourceNotFound');
    const block = { VpcId, CidrBlocks: ['10.0.0.0/16'] };
    expect((await api.fail('DeleteAssistantCidr', block)).Code).toBe('ResourceNotFound');
    expect((await api.fail('ModifyAssistantCidr', { VpcId })).Code).toBe('MissingParameter');
  });

  it('refuses what ModifyAssistantCidr and CheckAssistantCidr refuse of old ranges as well', async () => {
    await add('172.16.0.0/16');
    await makeSubnet(api, VpcId, { CidrBlock: '172.16.1.0/24' });
    const codes = async (ranges: string[], id = VpcId) => [
      (await api.fail('DeleteAssistantCidr', { VpcId: id, CidrBlocks: ranges })).Code,
      (await api.fail('ModifyAssistantCidr', { VpcId: id, OldCidrBlocks: ranges })).Code,
    ];
    const check = async (ranges: string[], id = VpcId) =>
      (await api.fail('CheckAssistantCidr', { VpcId: id, OldCidrBlocks: ranges })).Code;
    const twice = ['172.16.0.0/16', '172.16.0.0/16'];
    expect([...(await codes(twice)), await check(twice)]).toEqual(Array(3).fill('InvalidParameterValue.Duplicate'));
    const other = ['10.7.0.0/16'];
    expect([...(await codes(other)), await check(other)]).toEqual(Array(3).fill('ResourceNotFound'));
    const nowhere = 'vpc-00000000';
    const inNone = [...(await codes(other, nowhere)), await check(other, nowhere)];
    expect(inNone).toEqual(Array(3).fill('ResourceNotFound'));
    expect(await codes(['172.16.0.0/16'])).toEqual(Array(2).fill('ResourceInUse'));
  });
});

describe('DescribeAssistantCidr', () => {
  it('lists by VPC, pages and counts; nobody else sees them', async () => {
    const other = await makeVpc(api);
    await add('172.16.0.0/16', '10.1.0.0/16');
    await api.succeed('CreateAssistantCidr', { VpcId: other, CidrBlocks: ['10.2.0.0/16'] });
    const find = async (parameters: object) => {
      const { AssistantCidrSet, TotalCount } = await api.succeed('DescribeAssistantCidr', parameters);
      return [TotalCount, AssistantCidrSet.map(({ CidrBlock }) => CidrBlock)];
    };
    expect(await find({ VpcIds: [VpcId] })).toEqual([2, ['172.16.0.0/16', '10.1.0.0/16']]);
    expect(await find({ Filters: [{ Name: 'vpc-id', Values: [other] }] })).toEqual([1, ['10.2.0.0/16']]);
    expect((await find({ Offset: 1, Limit: 1 }))[0]).toBe(3);
    const elsewhere = await api.succeed('DescribeAssistantCidr', {}, { region: 'other' });
    expect(elsewhere).toMatchObject({ TotalCount: 0, AssistantCidrSet: [] });
    const named = { VpcIds: [VpcId], Filters: [{ Name: 'vpc-id', Values: [other] }] };
    expect((await api.fail('DescribeAssistantCidr', named)).Code).toBe('InvalidParameter.Coexist');
    expect((await api.fail('DescribeAssistantCidr', { Filters: [{ Name: 'x', Values: ['y'] }] })).Code).toBe(
      'InvalidParameter.FilterInvalidKey',
    );
  });
});

describe('CheckAssistantCidr', () => {
  it('tells everything that is in the way, and changes nothing', async () => {
    await add('172.16.0.0/16', '10.1.0.0/16');
    const subnet = await makeSubnet(api, VpcId, { CidrBlock: '10.1.1.0/24' });
    const check = (NewCidrBlocks: string[], OldCidrBlocks: string[]) =>
      api.succeed('CheckAssistantCidr', { VpcId, NewCidrBlocks, OldCidrBlocks });
    expect((await check(['10.2.0.0/16'], ['172.16.0.0/16'])).ConflictSourceSet).toEqual([]);
    const item = (id: string, range: string) => ({ ConfilctId: id, DestinationItem: range, ConflictId: id });
    expect((await check(['10.0.0.0/12', '172.16.1.0/24'], ['10.1.0.0/16', '172.16.0.0/16'])).ConflictSourceSet).toEqual(
      [
        { ConflictSourceId: VpcId, SourceItem: '10.0.0.0/12', ConflictItemSet: [item(VpcId, '10.0.0.0/16')] },
        { ConflictSourceId: VpcId, SourceItem: '10.1.0.0/16', ConflictItemSet: [item(subnet.SubnetId, '10.1.1.0/24')] },
      ],
    );
    expect(await rangesOfVpc()).toEqual(['172.16.0.0/16', '10.1.0.0/16']);
  });
});

it('a VPN gateway reaches every range of its VPC, and says so', async () => {
  const gateway = await makeGateway(api, VpcId);
  await add('172.16.0.0/16');
  const { Routes } = await api.succeed('DescribeVpnGatewayRoutes', { VpnGatewayId: gateway });
  expect(Routes).toMatchObject([
    { DestinationCidrBlock: '10.0.0.0/16', InstanceType: 'VPC', InstanceId: VpcId },
    { DestinationCidrBlock: '172.16.0.0/16', InstanceType: 'VPC', InstanceId: VpcId },
  ]);
  expect(new Set(Routes.map(({ RouteId }) => RouteId)).size).toBe(2);
  // The plan of its gateway, and its own.
  expect([...api.commits.at(-1)!].sort()).toEqual([VpcId, gateway].sort());
});
