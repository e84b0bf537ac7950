import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultQuotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { mainRouteTable, makeGateway, makeSubnet, makeVpc } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let VpcId: string;
let RouteTableId: string;
let gateway: string;
beforeEach(async () => {
  api = await startHarness({ quotas: { ...defaultQuotas, routesPerRouteTable: 4, routeTablesPerVpc: 2 } });
  VpcId = await makeVpc(api);
  RouteTableId = await mainRouteTable(api, VpcId);
  gateway = await makeGateway(api, VpcId);
});
afterEach(() => api.close());

const via = (GatewayId: string, DestinationCidrBlock: string, more: object = {}) => ({
  DestinationCidrBlock,
  GatewayType: 'VPN',
  GatewayId,
  ...more,
});

async function createRoute(destination: string, more: object = {}) {
  const request = { RouteTableId, Routes: [via(gateway, destination, more)] };
  const { RouteTableSet } = await api.succeed('CreateRoutes', request);
  expect(RouteTableSet).toHaveLength(1);
  expect(RouteTableSet[0]!.RouteSet).toHaveLength(1);
  return RouteTableSet[0]!.RouteSet[0]!;
}

describe('route tables', () => {
  it('are made, renamed, bound and deleted', async () => {
    const { RouteTable } = await api.succeed('CreateRouteTable', { VpcId, RouteTableName: 'own' });
    expect(RouteTable).toMatchObject({
      Main: false,
      RouteSet: [],
      AssociationSet: [],
      TagSet: [],
      LocalCidrForCcn: [],
    });
    const own = RouteTable.RouteTableId;
    expect((await api.fail('CreateRouteTable', { VpcId, RouteTableName: 'third' })).Code).toBe('LimitExceeded');
    await api.succeed('ModifyRouteTableAttribute', { RouteTableId: own, RouteTableName: 'new' });
    const { SubnetId } = await makeSubnet(api, VpcId);
    await api.succeed('ReplaceRouteTableAssociation', { RouteTableId: own, SubnetId });
    const { RouteTableSet } = await api.succeed('DescribeRouteTables', { RouteTableIds: [own] });
    expect(RouteTableSet).toMatchObject([{ RouteTableName: 'new', AssociationSet: [{ SubnetId, RouteTableId: own }] }]);
    const inUse = await api.fail('DeleteRouteTable', { RouteTableId: own });
    expect(inUse.Code).toBe('UnsupportedOperation.DelRouteWithSubnet');
    expect(inUse.Message).toContain(SubnetId);
    expect((await api.fail('DeleteRouteTable', { RouteTableId })).Code).toBe('UnsupportedOperation.DelDefaultRoute');
    await api.succeed('ReplaceRouteTableAssociation', { RouteTableId, SubnetId });
    await api.succeed('DeleteRouteTable', { RouteTableId: own });
    expect((await api.fail('DeleteRouteTable', { RouteTableId: own })).Code).toBe('ResourceNotFound');
  });

  it('stay inside their VPC', async () => {
    const other = await makeVpc(api, { CidrBlock: '172.16.0.0/16' });
    const { SubnetId } = await makeSubnet(api, other, { CidrBlock: '172.16.1.0/24' });
    expect((await api.fail('ReplaceRouteTableAssociation', { RouteTableId, SubnetId })).Code).toBe(
      'UnsupportedOperation.VpcMismatch',
    );
    expect((await api.fail('ReplaceRouteTableAssociation', { RouteTableId })).Code).toBe('MissingParameter');
  });

  it('are found by next hop only together with table and VPC', async () => {
    await createRoute('192.168.1.0/24');
    const filter = (Name: string, ...Values: string[]) => ({ Name, Values });
    const alone = { Filters: [filter('next-hop-type', 'VPN')] };
    expect((await api.fail('DescribeRouteTables', alone)).Code).toBe('InvalidParameter.FilterMissParameter');
    const place = [filter('route-table-id', RouteTableId), filter('vpc-id', VpcId)];
    for (const [type, count] of [
      ['VPN', 1],
      ['LOCAL', 1],
      ['CCN', 0],
    ] as const) {
      const { TotalCount } = await api.succeed('DescribeRouteTables', {
        Filters: [...place, filter('next-hop-type', type)],
      });
      expect(TotalCount).toBe(count);
    }
    const { RouteTableSet } = await api.succeed('DescribeRouteTables', { NeedRouterInfo: false });
    expect(RouteTableSet[0]!.RouteSet).toEqual([]);
  });
});

describe('CreateRoutes', () => {
  it('answers the new route with every field and names the VPC', async () => {
    await createRoute('192.168.9.0/24');
    const route = await createRoute('192.168.1.0/24', { RouteDescription: 'IDC' });
    expect(route).toEqual({
      DestinationCidrBlock: '192.168.1.0/24',
      GatewayType: 'VPN',
      GatewayId: gateway,
      RouteId: 2,
      RouteDescription: 'IDC',
      Enabled: true,
      RouteType: 'USER',
      RouteTableId,
      DestinationIpv6CidrBlock: '',
      RouteItemId: expect.stringMatching(/^rti-[0-9a-z]{8}$/) as string,
      PublishedToVbc: false,
      CreatedTime: '2026-11-22 12:00:00',
      CdcId: '',
    });
    expect(api.commits.at(-1)).toEqual([VpcId]);
  });

  it.each([
    ['10.0.3.0/24', 'InvalidParameterValue.VpcCidrConflict'],
    ['10.0.0.0/16', 'InvalidParameterValue.VpcCidrConflict'],
    ['192.168.1.5/24', 'InvalidParameterValue.Malformed'],
    ['224.0.0.0/8', 'InvalidParameterValue'],
    ['fd00::/8', 'InvalidParameterValue'],
  ])('refuses %s with %s', async (destination, code) => {
    const error = await api.fail('CreateRoutes', { RouteTableId, Routes: [via(gateway, destination)] });
    expect(error.Code).toBe(code);
  });

  it('accepts a range around the VPC and a default route', async () => {
    await createRoute('10.0.0.0/8');
    await createRoute('0.0.0.0/0');
    const { RouteTableSet } = await api.succeed('DescribeRouteTables', { RouteTableIds: [RouteTableId] });
    const users = RouteTableSet[0]?.RouteSet.filter(({ RouteType }) => RouteType === 'USER') ?? [];
    expect(users.map(({ DestinationCidrBlock }) => DestinationCidrBlock).toSorted()).toEqual([
      '0.0.0.0/0',
      '10.0.0.0/8',
    ]);
  });

  it('refuses next hops that cannot be', async () => {
    const create = async (route: object) => api.fail('CreateRoutes', { RouteTableId, Routes: [route] });
    const ccn = await makeGateway(api, '');
    expect((await create(via('vpngw-00000000', '192.168.1.0/24'))).Code).toBe(
      'InvalidParameterValue.RouteNextHopInvalid',
    );
    expect((await create(via(ccn, '192.168.1.0/24'))).Code).toBe('InvalidParameterValue.RouteNextHopInvalid');
    expect((await create(via('eni-1', '192.168.1.0/24'))).Code).toBe('InvalidParameterValue.Malformed');
    const nat = await create(via(gateway, '192.168.1.0/24', { GatewayType: 'NAT' }));
    expect(nat).toMatchObject({ Code: 'UnsupportedOperation', Message: expect.stringContaining('NAT') as string });
    expect((await create(via(gateway, '192.168.1.0/24', { GatewayType: 'MOON' }))).Code).toBe('InvalidParameterValue');
  });

  it('refuses the same route, and the same destination by another gateway', async () => {
    const first = await createRoute('192.168.1.0/24');
    const second = await makeGateway(api, VpcId);
    const twice = await api.fail('CreateRoutes', { RouteTableId, Routes: [via(gateway, '192.168.1.0/24')] });
    expect(twice.Code).toBe('InvalidParameterValue.Duplicate');
    expect(twice.Message).toContain(first.RouteItemId);
    const other = await api.fail('CreateRoutes', { RouteTableId, Routes: [via(second, '192.168.1.0/24')] });
    expect(other.Code).toBe('UnsupportedOperation.EcmpWithUserRoute');
    await api.succeed('CreateRoutes', { RouteTableId, Routes: [via(second, '192.168.1.0/24', { Enabled: false })] });
  });

  it('adds all or none, and keeps to the quota', async () => {
    const routes = [1, 2, 3, 4, 5].map((part) => via(gateway, `192.168.${part}.0/24`));
    expect((await api.fail('CreateRoutes', { RouteTableId, Routes: routes })).Code).toBe('LimitExceeded');
    expect((await api.succeed('DescribeRoutes')).TotalCount).toBe(0);
    const { TotalCount } = await api.succeed('CreateRoutes', { RouteTableId, Routes: routes.slice(0, 4) });
    expect(TotalCount).toBe(4);
  });
});

describe('existing routes', () => {
  it('are listed by both names', async () => {
    await createRoute('192.168.1.0/24', { RouteDescription: 'one' });
    await createRoute('172.31.0.0/16');
    const filter = (Name: string, Value: string) => ({ Filters: [{ Name, Values: [Value] }] });
    expect((await api.succeed('DescribeRoutes', filter('dest-cidr', '192.'))).TotalCount).toBe(1);
    expect((await api.succeed('DescribeRouteList', filter('description', 'one'))).TotalCount).toBe(1);
    expect((await api.succeed('DescribeRouteList', filter('gateway-id', gateway))).TotalCount).toBe(2);
  });

  it('are switched, with a check for conflicts', async () => {
    const first = await createRoute('192.168.1.0/24');
    const other = await makeGateway(api, VpcId);
    await api.succeed('DisableRoutes', { RouteTableId, RouteIds: [first.RouteId] });
    await api.succeed('CreateRoutes', { RouteTableId, Routes: [via(other, '192.168.1.0/24')] });
    const conflict = await api.fail('EnableRoutes', { RouteTableId, RouteItemIds: [first.RouteItemId] });
    expect(conflict.Code).toBe('UnsupportedOperation.EcmpWithUserRoute');
    const both = { RouteTableId, RouteIds: [1], RouteItemIds: ['rti-a'] };
    expect((await api.fail('EnableRoutes', both)).Code).toBe('InvalidParameter.Coexist');
    expect((await api.fail('DisableRoutes', { RouteTableId })).Code).toBe('MissingParameter');
    expect((await api.fail('DisableRoutes', { RouteTableId, RouteIds: [999] })).Code).toBe('ResourceNotFound');
  });

  it('are replaced in place', async () => {
    const route = await createRoute('192.168.1.0/24');
    const { RouteId, RouteItemId } = route;
    const { OldRouteSet, NewRouteSet } = await api.succeed('ReplaceRoutes', {
      RouteTableId,
      Routes: [via(gateway, '192.168.2.0/24', { RouteId })],
    });
    expect(OldRouteSet).toEqual([route]);
    expect(NewRouteSet).toMatchObject([{ RouteId, RouteItemId, DestinationCidrBlock: '192.168.2.0/24' }]);
    const nameless = { RouteTableId, Routes: [via(gateway, '192.168.3.0/24')] };
    expect((await api.fail('ReplaceRoutes', nameless)).Message).toContain('Routes.0.RouteId');
  });

  it('are deleted by either id, whole requests at a time', async () => {
    const first = await createRoute('192.168.1.0/24');
    const second = await createRoute('192.168.2.0/24');
    const missing = { RouteTableId, Routes: [{ RouteId: first.RouteId }, { RouteItemId: 'rti-00000000' }] };
    expect((await api.fail('DeleteRoutes', missing)).Code).toBe('ResourceNotFound');
    const Routes = [{ RouteId: first.RouteId }, { RouteItemId: second.RouteItemId }];
    expect((await api.succeed('DeleteRoutes', { RouteTableId, Routes })).RouteSet).toHaveLength(2);
    expect((await api.succeed('DescribeRoutes')).TotalCount).toBe(0);
  });

  it('are reset together with the name of their table', async () => {
    await createRoute('192.168.1.0/24');
    const Routes = [via(gateway, '192.168.2.0/24')];
    await api.succeed('ResetRoutes', { RouteTableId, RouteTableName: 'fresh', Routes });
    const { RouteTableSet } = await api.succeed('DescribeRouteTables', { RouteTableIds: [RouteTableId] });
    expect(RouteTableSet).toMatchObject([
      { RouteTableName: 'fresh', RouteSet: [{ DestinationCidrBlock: '192.168.2.0/24' }] },
    ]);
    await api.succeed('ResetRoutes', { RouteTableId, RouteTableName: 'empty', Routes: [] });
    expect((await api.succeed('DescribeRoutes')).TotalCount).toBe(0);
  });
});

describe.each(['NotifyRoutes', 'WithdrawNotifyRoutes'])('%s', (name) => {
  const codeOf = async (RouteItemIds: string[], more: object = {}) =>
    (await api.fail(name, { RouteTableId, RouteItemIds, ...more })).Code;

  it('refuses the unknown', async () => {
    expect(await codeOf(['rti-00000000'])).toBe('ResourceNotFound');
    expect(await codeOf(['rti-00000000'], { RouteTableId: 'rtb-00000000' })).toBe('ResourceNotFound');
    expect(await codeOf([])).toMatch(/^(MissingParameter|InvalidParameterValue)/);
  });

  it('refuses routes to gateways and names the next hop', async () => {
    const { RouteItemId } = await createRoute('192.168.1.0/24');
    expect(await codeOf([RouteItemId])).toBe('UnsupportedOperation.CcnNotAttached');
    const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'ccn' });
    await api.succeed('AttachCcnInstances', {
      CcnId: Ccn.CcnId,
      Instances: [{ InstanceType: 'VPC', InstanceId: VpcId, InstanceRegion: 'test-1' }],
    });
    const error = await api.fail(name, { RouteTableId, RouteItemIds: [RouteItemId] });
    expect(error.Code).toBe('UnsupportedOperation.NotifyCcn');
    expect(error.Message).toContain(gateway);
  });
});
