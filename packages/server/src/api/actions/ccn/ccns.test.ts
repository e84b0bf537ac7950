import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
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
beforeEach(async () => {
  api = await startHarness();
});
afterEach(() => api.close());

async function makeCcn(more: object = {}): Promise<string> {
  return (await api.succeed('CreateCcn', { CcnName: 'ccn', ...more })).Ccn.CcnId;
}

const instance = (InstanceType: string, InstanceId: string) => ({ InstanceType, InstanceId, InstanceRegion: 'test-1' });

async function attach(CcnId: string, ...Instances: object[]): Promise<void> {
  await api.succeed('AttachCcnInstances', { CcnId, Instances });
}

async function gatewayRoute(VpnGatewayId: string, InstanceId: string, DestinationCidrBlock: string): Promise<string> {
  const route = { DestinationCidrBlock, InstanceType: 'VPNCONN', InstanceId, Priority: 0, Status: 'ENABLE' };
  const { Routes } = await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId, Routes: [route] });
  return Routes[0]!.RouteId;
}

async function routesOf(CcnId: string) {
  const { RouteSet } = await api.succeed('DescribeCcnRoutes', { CcnId });
  return RouteSet.map(({ DestinationCidrBlock, Enabled }) => `${DestinationCidrBlock} ${Enabled}`);
}

describe('CCNs', () => {
  it('are created, found, changed and deleted', async () => {
    const CcnId = await makeCcn({ CcnDescription: 'text', QosLevel: 'PT', Tags: [{ Key: 'k', Value: 'v' }] });
    const filters = { 'ccn-id': CcnId, 'ccn-name': 'ccn', 'ccn-description': 'text', state: 'AVAILABLE', 'tag:k': 'v' };
    for (const [Name, value] of Object.entries(filters)) {
      const find = async (Value: string) =>
        (await api.succeed('DescribeCcns', { Filters: [{ Name, Values: [Value] }] })).TotalCount;
      expect([Name, await find(value), await find('other')]).toEqual([Name, 1, 0]);
    }
    // As terraform sends it where only the other flag is configured: it cannot be switched off.
    await api.succeed('ModifyCcnAttribute', { CcnId, RouteECMPFlag: true, RouteOverlapFlag: false });
    await api.succeed('ModifyCcnAttribute', { CcnId, CcnName: 'new', RouteOverlapFlag: true });
    await api.succeed('ModifyCcnAttribute', { CcnId, RouteOverlapFlag: false });
    const { CcnSet } = await api.succeed('DescribeCcns', { CcnIds: [CcnId] });
    expect(CcnSet).toMatchObject([
      {
        ...{ CcnName: 'new', CcnDescription: 'text', QosLevel: 'PT', State: 'AVAILABLE', InstanceCount: 0 },
        ...{ InstanceChargeType: 'POSTPAID', InstanceMeteringType: 'BANDWIDTH', RouteTableCount: 1 },
        ...{
          BandwidthLimitType: 'OUTER_REGION_LIMIT',
          RouteECMPFlag: true,
          RouteOverlapFlag: true,
          ServiceLevelMode: 0,
        },
      },
    ]);
    await api.succeed('DeleteCcn', { CcnId });
    expect(api.commits.at(-1)).toEqual([CcnId]);
    expect((await api.fail('DeleteCcn', { CcnId })).Code).toBe('ResourceNotFound');
    expect((await api.succeed('DescribeCcns', { CcnIds: [CcnId] })).CcnSet).toEqual([]);
  });

  it.each([
    [{ BandwidthLimitType: 'OUTER_REGION_LIMIT' }, 'UnsupportedOperation.PrepaidCcnOnlySupportInterRegionLimit'],
    [{ InstanceMeteringType: 'TRAFFIC' }, 'UnsupportedOperation.PrepaidCcnOnlySupportBandwidthMetering'],
  ])('that are prepaid take no %j', async (more, code) => {
    const request = { CcnName: 'ccn', InstanceChargeType: 'PREPAID' };
    const error = await api.fail('CreateCcn', { ...request, ...more });
    expect([error.Code, error.Message]).toEqual([code, expect.stringContaining(Object.keys(more)[0]!)]);
    const { Ccn } = await api.succeed('CreateCcn', request);
    expect(Ccn).toMatchObject({ BandwidthLimitType: 'INTER_REGION_LIMIT', InstanceMeteringType: 'BANDWIDTH' });
    expect((await api.succeed('CreateCcn', { CcnName: 'postpaid', ...more })).Ccn).toMatchObject(more);
  });

  it('that are new enable ranges inside each other, and a default route; not one range twice', async () => {
    const [CcnId, vpc, gateway] = [await makeCcn(), await makeVpc(api), await makeGateway(api, '')];
    await makeSubnet(api, vpc);
    const tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'), { RouteType: 'StaticRoute' });
    await attach(CcnId, instance('VPC', vpc), instance('VPNGW', gateway));
    const ranges = ['10.0.0.0/16', '10.0.1.128/25', '0.0.0.0/0', '10.0.1.0/24'];
    for (const range of ranges) await gatewayRoute(gateway, tunnel, range);
    const { RouteSet } = await api.succeed('DescribeCcnRoutes', { CcnId });
    const shown = RouteSet.map((route) => [route.DestinationCidrBlock, route.InstanceId, route.Enabled]);
    expect(shown).toHaveLength(5);
    expect(shown).toEqual(
      expect.arrayContaining([
        ['10.0.1.0/24', vpc, true],
        ['10.0.0.0/16', gateway, true],
        ['10.0.1.128/25', gateway, true],
        ['0.0.0.0/0', gateway, true],
        ['10.0.1.0/24', gateway, false],
      ]),
    );
  });

  it('are limited to five, and sorted as asked', async () => {
    for (const CcnName of ['b', 'c', 'a', 'e', 'd']) await makeCcn({ CcnName });
    expect((await api.fail('CreateCcn', { CcnName: 'f' })).Code).toBe('LimitExceeded');
    const request = { OrderField: 'CcnName', OrderDirection: 'DESC', Limit: 2 };
    const { CcnSet, TotalCount } = await api.succeed('DescribeCcns', request);
    expect([TotalCount, ...CcnSet.map(({ CcnName }) => CcnName)]).toEqual([5, 'e', 'd']);
  });
});

describe('instances of a CCN', () => {
  it('are attached, become ACTIVE, and hold each other', async () => {
    const [CcnId, vpc, gateway] = [await makeCcn(), await makeVpc(api), await makeGateway(api, '')];
    await attach(CcnId, instance('VPC', vpc), instance('VPNGW', gateway));
    expect(api.commits.at(-1)?.toSorted()).toEqual([CcnId, vpc, gateway].sort());
    const states = async () =>
      (await api.succeed('DescribeCcnAttachedInstances', { CcnId })).InstanceSet.map(({ State }) => State);
    expect(await states()).toEqual(['ATTACHING', 'ATTACHING']);
    api.applyAll();
    expect(await states()).toEqual(['ACTIVE', 'ACTIVE']);
    const filters = { 'ccn-id': CcnId, 'instance-type': 'VPC', 'instance-region': 'test-1', 'instance-id': vpc };
    const Filters = Object.entries(filters).map(([Name, value]) => ({ Name, Values: [value] }));
    const { InstanceSet } = await api.succeed('DescribeCcnAttachedInstances', { Filters });
    expect(InstanceSet).toMatchObject([{ InstanceId: vpc, CidrBlock: ['10.0.0.0/16'], Description: '' }]);
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [gateway] });
    expect(VpnGatewaySet).toMatchObject([{ NetworkInstanceId: CcnId }]);
    const inUse = await api.fail('DeleteCcn', { CcnId });
    expect(inUse.Code).toBe('UnsupportedOperation.ExistCcnInstancesNotSupportDeleteCcn');
    expect(inUse.Message).toContain(gateway);
    expect((await api.fail('DeleteVpnGateway', { VpnGatewayId: gateway })).Message).toContain(CcnId);
    expect((await api.fail('DeleteVpc', { VpcId: vpc })).Message).toContain(CcnId);
    await api.succeed('DetachCcnInstances', { CcnId, Instances: [instance('VPNGW', gateway), instance('VPC', vpc)] });
    await api.succeed('DeleteVpnGateway', { VpnGatewayId: gateway });
    await api.succeed('DeleteCcn', { CcnId });
  });

  it('are refused where they cannot be', async () => {
    const [CcnId, other, vpc] = [await makeCcn(), await makeCcn(), await makeVpc(api)];
    const ofVpc = await makeGateway(api, vpc);
    await attach(CcnId, instance('VPC', vpc));
    const code = async (Instance: object, ccn = other, more: object = {}) =>
      (await api.fail('AttachCcnInstances', { CcnId: ccn, Instances: [Instance], ...more })).Code;
    expect(await code(instance('VPC', vpc))).toBe('UnsupportedOperation.CcnAttached');
    expect(await code(instance('VPC', vpc), CcnId)).toBe('UnsupportedOperation.CcnAttached');
    expect(await code(instance('VPNGW', ofVpc))).toBe('UnsupportedOperation');
    expect(await code(instance('BMVPC', vpc))).toBe('UnsupportedOperation');
    expect(await code(instance('VPNGW', vpc))).toBe('InvalidParameterValue.Malformed');
    expect(await code(instance('VPC', 'vpc-00000000'))).toBe('ResourceNotFound');
    expect(await code({ ...instance('VPC', vpc), InstanceRegion: 'elsewhere' })).toBe('ResourceNotFound');
    expect(await code(instance('VPC', vpc), other, { CcnUin: 'somebody' })).toBe('ResourceNotFound');
    const detach = { CcnId: other, Instances: [instance('VPC', vpc)] };
    expect((await api.fail('DetachCcnInstances', detach)).Code).toBe('UnsupportedOperation.CcnNotAttached');
  });

  it('of another region are found there', async () => {
    const CcnId = await makeCcn();
    const request = { VpcName: 'vpc', CidrBlock: '10.0.0.0/16' };
    const { Vpc } = await api.succeed('CreateVpc', request, { region: 'test-2' });
    await attach(CcnId, { ...instance('VPC', Vpc.VpcId), InstanceRegion: 'test-2', Description: 'far' });
    const { InstanceSet } = await api.succeed('DescribeCcnAttachedInstances', { CcnId });
    expect(InstanceSet).toMatchObject([{ InstanceRegion: 'test-2', Description: 'far' }]);
  });
});

describe('routes of a CCN', () => {
  it('appear on all sides, and vanish with the attachment', async () => {
    const [CcnId, vpc, gateway] = [await makeCcn(), await makeVpc(api), await makeGateway(api, '')];
    await makeSubnet(api, vpc);
    const tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'), { RouteType: 'StaticRoute' });
    await attach(CcnId, instance('VPC', vpc), instance('VPNGW', gateway));
    const RouteId = await gatewayRoute(gateway, tunnel, '192.168.1.0/24');
    expect(api.commits.at(-1)?.toSorted()).toEqual([CcnId, vpc, gateway].sort());
    expect(await routesOf(CcnId)).toEqual(['10.0.1.0/24 true', '192.168.1.0/24 true']);

    const { Routes } = await api.succeed('DescribeVpnGatewayRoutes', {
      VpnGatewayId: gateway,
      Filters: [{ Name: 'InstanceType', Values: ['ccn'] }],
    });
    expect(Routes).toMatchObject([{ DestinationCidrBlock: '10.0.0.0/16', Type: 'CCN', InstanceId: CcnId }]);

    const RouteTableId = await mainRouteTable(api, vpc);
    const { RouteTableSet } = await api.succeed('DescribeRouteTables', { RouteTableIds: [RouteTableId] });
    const learned = RouteTableSet[0]!.RouteSet[0]!;
    const shown = { DestinationCidrBlock: '192.168.1.0/24', RouteType: 'CCN', GatewayType: 'CCN', GatewayId: CcnId };
    expect(learned).toMatchObject(shown);
    const list = await api.succeed('DescribeRoutes', { Filters: [{ Name: 'gateway-id', Values: [CcnId] }] });
    expect(list.RouteSet).toMatchObject([shown]);
    const { RouteItemId } = learned;
    const code = async (action: string, more: object) => (await api.fail(action, { RouteTableId, ...more })).Code;
    expect(await code('DeleteRoutes', { Routes: [{ RouteItemId }] })).toBe('UnsupportedOperation.SystemRoute');
    expect(await code('DisableRoutes', { RouteItemIds: [RouteItemId] })).toBe('UnsupportedOperation.SystemRoute');
    expect(await code('NotifyRoutes', { RouteItemIds: [RouteItemId] })).toBe('UnsupportedOperation.SystemRoute');
    const own = await makeGateway(api, vpc);
    const same = { DestinationCidrBlock: '192.168.1.0/24', GatewayType: 'VPN', GatewayId: own };
    expect(await code('CreateRoutes', { Routes: [same] })).toBe('UnsupportedOperation.EcmpWithCcnRoute');

    await api.succeed('ModifyVpnGatewayRoutes', { VpnGatewayId: gateway, Routes: [{ RouteId, Status: 'DISABLE' }] });
    expect(await routesOf(CcnId)).toEqual(['10.0.1.0/24 true']);
    await api.succeed('DetachCcnInstances', { CcnId, Instances: [instance('VPC', vpc)] });
    expect(await routesOf(CcnId)).toEqual([]);
  });

  it('come disabled when they overlap, with a reason, and are switched by hand', async () => {
    const [CcnId, first, second] = [await makeCcn(), await makeVpc(api), await makeVpc(api)];
    for (const vpc of [first, second]) await makeSubnet(api, vpc);
    await attach(CcnId, instance('VPC', first), instance('VPC', second));
    const { RouteSet } = await api.succeed('DescribeCcnRoutes', { CcnId });
    expect(RouteSet).toMatchObject([
      { InstanceId: first, Enabled: true, InstanceType: 'VPC', InstanceRegion: 'test-1', RoutePriority: 50 },
      { InstanceId: second, Enabled: false, IsBgp: false, ExtraState: 'Running' },
    ]);
    const conflicts = await api.operate('DescribeCcnRouteConflicts', { CcnId });
    expect(conflicts).toMatchObject({ TotalCount: 1, RouteSet: [{ InstanceId: second, OtherInstanceId: first }] });
    expect(api.logLines.some((line) => line.includes('CCN routes overlap'))).toBe(true);
    const [one, two] = RouteSet.map(({ RouteId }) => ({ CcnId, RouteIds: [RouteId] }));
    expect((await api.fail('EnableCcnRoutes', two)).Code).toBe('UnsupportedOperation.CcnRouteCidrOverlap');
    await api.succeed('DisableCcnRoutes', one);
    expect(await routesOf(CcnId)).toEqual(['10.0.1.0/24 false', '10.0.1.0/24 false']);
    await api.succeed('EnableCcnRoutes', two);
    expect(await routesOf(CcnId)).toEqual(['10.0.1.0/24 false', '10.0.1.0/24 true']);
    expect((await api.fail('EnableCcnRoutes', { CcnId, RouteIds: ['ccnr-00000000'] })).Code).toBe('ResourceNotFound');
    const filters = { 'route-id': RouteSet[0]!.RouteId, 'cidr-block': '10.0.1.0/24', 'instance-id': first };
    const Filters = Object.entries(filters).map(([Name, value]) => ({ Name, Values: [value] }));
    expect((await api.succeed('DescribeCcnRoutes', { CcnId, Filters })).TotalCount).toBe(1);
    const both = { CcnId, Filters, RouteIds: ['ccnr-00000000'] };
    expect((await api.fail('DescribeCcnRoutes', both)).Code).toBe('InvalidParameter.Coexist');
  });

  it('of SPD tunnels wait until their ranges are enabled', async () => {
    const [CcnId, gateway] = [await makeCcn(), await makeGateway(api, '')];
    const rules = policy('10.0.0.0/16', '192.168.1.0/24', '192.168.2.0/24');
    await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'), { RouteType: 'Policy', ...rules });
    await attach(CcnId, instance('VPNGW', gateway));
    expect(await routesOf(CcnId)).toEqual([]);
    const { RouteSet } = await api.succeed('DescribeVpnGatewayCcnRoutes', { VpnGatewayId: gateway });
    expect(RouteSet.map(({ Status }) => Status)).toEqual(['DISABLE', 'DISABLE']);
    const Routes = [{ RouteId: RouteSet[0]!.RouteId, Status: 'ENABLE', DestinationCidrBlock: '192.168.1.0/24' }];
    await api.succeed('ModifyVpnGatewayCcnRoutes', { VpnGatewayId: gateway, Routes });
    expect(await routesOf(CcnId)).toEqual(['192.168.1.0/24 true']);
    const unknown = { VpnGatewayId: gateway, Routes: [{ RouteId: 'vpnr-00000000', Status: 'ENABLE' }] };
    expect((await api.fail('ModifyVpnGatewayCcnRoutes', unknown)).Code).toBe('ResourceNotFound');
  });

  it('of a gateway are withdrawn while no tunnel leads there, and say so', async () => {
    const [CcnId, vpc, gateway] = [await makeCcn(), await makeVpc(api), await makeGateway(api, '')];
    const tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'), { RouteType: 'StaticRoute' });
    await attach(CcnId, instance('VPC', vpc), instance('VPNGW', gateway));
    await gatewayRoute(gateway, tunnel, '192.168.1.0/24');
    const id = tunnel;
    const shown = async () => {
      const RouteTableIds = [await mainRouteTable(api, vpc)];
      const { RouteTableSet } = await api.succeed('DescribeRouteTables', { RouteTableIds });
      return [await routesOf(CcnId), RouteTableSet[0]!.RouteSet.length];
    };
    expect(await shown()).toEqual([['192.168.1.0/24 true'], 1]);
    api.observed.recordUsability(id, { fault: 'no-child-sa', healthCheck: null });
    expect(await shown()).toEqual([['192.168.1.0/24 false'], 0]);
    const conflicts = await api.operate('DescribeCcnRouteConflicts', { CcnId });
    expect(conflicts['RouteSet']).toMatchObject([
      { InstanceId: gateway, Reason: expect.stringContaining('None of the tunnels') as string, OtherRouteId: '' },
    ]);
    // What the user chose stays as it is.
    const { RouteSet } = await api.succeed('DescribeVpnGatewayCcnRoutes', { VpnGatewayId: gateway });
    expect(RouteSet).toMatchObject([{ DestinationCidrBlock: '192.168.1.0/24', Status: 'ENABLE' }]);
    api.observed.recordUsability(id, { fault: null, healthCheck: null });
    expect(await shown()).toEqual([['192.168.1.0/24 true'], 1]);
  });

  it('of a VPC follow its subnets and EnableRouteVpcPublish', async () => {
    const [CcnId, VpcId] = [await makeCcn(), await makeVpc(api)];
    await attach(CcnId, instance('VPC', VpcId));
    const { SubnetId } = await makeSubnet(api, VpcId);
    expect(await routesOf(CcnId)).toEqual(['10.0.1.0/24 true']);
    await api.succeed('ModifyVpcAttribute', { VpcId, EnableRouteVpcPublish: true });
    expect(await routesOf(CcnId)).toEqual(['10.0.0.0/16 true']);
    await api.succeed('ModifyVpcAttribute', { VpcId, EnableRouteVpcPublish: false });
    await api.succeed('DeleteSubnet', { SubnetId });
    expect(await routesOf(CcnId)).toEqual([]);
    expect(api.commits.at(-1)?.toSorted()).toEqual([CcnId, VpcId].sort());
  });
});
