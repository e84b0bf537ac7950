import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultQuotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import {
  mainRouteTable,
  makeGateway,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
} from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness({ quotas: { ...defaultQuotas, routeTablesPerCcn: 3, selectionPoliciesPerCcn: 2 } });
});
afterEach(() => api.close());

async function makeCcn(): Promise<string> {
  return (await api.succeed('CreateCcn', { CcnName: 'ccn' })).Ccn.CcnId;
}

const standardTable = (ccnId: string) => ccnId.replace('ccn-', 'ccnrtb-');

async function makeTable(CcnId: string, Name = 'custom', Description = ''): Promise<string> {
  const { CcnRouteTableSet } = await api.succeed('CreateCcnRouteTables', {
    RouteTable: [{ CcnId, Name, Description }],
  });
  return CcnRouteTableSet[0]!.CcnRouteTableId;
}

const instance = (InstanceType: string, InstanceId: string, more: object = {}) => ({
  ...{ InstanceType, InstanceId, InstanceRegion: 'test-1' },
  ...more,
});

async function attach(CcnId: string, ...Instances: object[]): Promise<void> {
  await api.succeed('AttachCcnInstances', { CcnId, Instances });
}

const condition = (Name: string, ...Values: string[]) => ({ Name, Values, MatchPattern: 1 });
const drop = (...RouteConditions: object[]) => ({ RouteConditions, Action: 'drop', Description: '' });

/** VPC (10.0.1.0/24) and VPN gateway (192.168.1.0/24) on one CCN, with a second table. */
async function makeNetwork() {
  const [ccn, vpc, gateway] = [await makeCcn(), await makeVpc(api), await makeGateway(api, '')];
  await makeSubnet(api, vpc);
  const tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'), { RouteType: 'StaticRoute' });
  await attach(ccn, instance('VPC', vpc), instance('VPNGW', gateway));
  const common = { InstanceType: 'VPNCONN', InstanceId: tunnel, Priority: 0, Status: 'ENABLE' };
  const Routes = [{ ...common, DestinationCidrBlock: '192.168.1.0/24' }];
  await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: gateway, Routes });
  return { ccn, vpc, gateway, table: await makeTable(ccn) };
}

async function routesOf(CcnId: string, table: string): Promise<string[]> {
  const Filters = [{ Name: 'route-table-id', Values: [table] }];
  const { RouteSet } = await api.succeed('DescribeCcnRoutes', { CcnId, Filters });
  return RouteSet.map(({ DestinationCidrBlock, Enabled }) => `${DestinationCidrBlock} ${Enabled}`);
}

/** What the VPC is told. */
async function heardByVpc(vpc: string): Promise<string[]> {
  const RouteTableIds = [await mainRouteTable(api, vpc)];
  const { RouteTableSet } = await api.succeed('DescribeRouteTables', { RouteTableIds });
  return RouteTableSet[0]!.RouteSet.map((route) => route.DestinationCidrBlock);
}

async function heardByGateway(VpnGatewayId: string): Promise<string[]> {
  const { Routes } = await api.succeed('DescribeVpnGatewayRoutes', { VpnGatewayId });
  return Routes.filter(({ Type }) => Type === 'CCN').map((route) => route.DestinationCidrBlock);
}

async function bind(CcnId: string, RouteTableId: string, ...Instances: { InstanceType: string; InstanceId: string }[]) {
  const named = Instances.map(({ InstanceType, InstanceId }) => ({ InstanceType, InstanceId }));
  await api.succeed('AssociateInstancesToCcnRouteTable', { CcnId, RouteTableId, Instances: named });
}

describe('route tables of a CCN', () => {
  it('are created beside the default one, found, renamed and deleted', async () => {
    const ccn = await makeCcn();
    const table = await makeTable(ccn, 'one', 'text');
    const { CcnRouteTableSet } = await api.succeed('DescribeCcnRouteTables', {});
    expect(CcnRouteTableSet).toMatchObject([
      { CcnId: ccn, CcnRouteTableId: standardTable(ccn), IsDefaultTable: true, RouteTableName: 'default' },
      { CcnId: ccn, CcnRouteTableId: table, IsDefaultTable: false, RouteTableName: 'one' },
    ]);
    const filters = {
      ...{ 'ccn-id': ccn, 'route-table-id': table, 'route-table-name': 'one', 'route-table-description': 'text' },
    };
    for (const [Name, value] of Object.entries(filters)) {
      const find = async (Value: string) =>
        (await api.succeed('DescribeCcnRouteTables', { Filters: [{ Name, Values: [Value] }] })).TotalCount;
      expect([Name, await find(value), await find('other')]).toEqual([Name, Name === 'ccn-id' ? 2 : 1, 0]);
    }
    const { CcnSet } = await api.succeed('DescribeCcns', { CcnIds: [ccn] });
    const flags = { RouteTableFlag: true, RouteBroadcastPolicyFlag: true, RouteSelectPolicyFlag: true };
    expect(CcnSet).toMatchObject([{ RouteTableCount: 2, ...flags }]);
    await api.succeed('ModifyCcnRouteTables', { RouteTableInfo: [{ RouteTableId: table, Name: 'two' }] });
    const page = await api.succeed('DescribeCcnRouteTables', { Offset: 1, Limit: 1 });
    expect(page).toMatchObject({
      TotalCount: 2,
      CcnRouteTableSet: [{ RouteTableName: 'two', RouteTableDescription: 'text' }],
    });
    await api.succeed('DeleteCcnRouteTables', { RouteTableId: [table] });
    expect(api.commits.at(-1)).toEqual([ccn]);
    expect((await api.succeed('DescribeCcnRouteTables', {})).TotalCount).toBe(1);
    await api.succeed('DeleteCcn', { CcnId: ccn });
    expect((await api.succeed('DescribeCcnRouteTables', {})).TotalCount).toBe(0);
  });

  it('are refused where they cannot be', async () => {
    const { ccn, vpc, table } = await makeNetwork();
    const refusal = async (action: string, parameters: object) => {
      const { Code, Message } = await api.fail(action, parameters);
      return [Code.replace('UnsupportedOperation.', ''), Message] as const;
    };
    const unknown = 'ccnrtb-00000000';
    const standard = standardTable(ccn);
    const create = (CcnId: string, Name: string) => ({ RouteTable: [{ CcnId, Name }] });
    expect(await refusal('CreateCcnRouteTables', create('ccn-00000000', 'x'))).toMatchObject(['ResourceNotFound', {}]);
    expect((await refusal('CreateCcnRouteTables', create(ccn, '')))[0]).toBe('InvalidParameterValue.Empty');
    const rename = (RouteTableId: string, more: object) => ({ RouteTableInfo: [{ RouteTableId, ...more }] });
    expect((await refusal('ModifyCcnRouteTables', rename(unknown, { Name: 'x' })))[0]).toBe('CcnRouteTableNotExist');
    expect((await refusal('ModifyCcnRouteTables', rename(table, {})))[0]).toBe('InvalidParameterValue');
    const ofDefault = await refusal('ModifyCcnRouteTables', rename(standard, { Name: 'x' }));
    expect(ofDefault[0]).toBe('NotSupportModifyDefaultCcnRouteTable');
    const remove = (RouteTableId: string) => refusal('DeleteCcnRouteTables', { RouteTableId: [RouteTableId] });
    expect((await remove(unknown))[0]).toBe('ResourceNotFound');
    expect((await remove(standard))[0]).toBe('NotSupportDeleteDefaultCcnRouteTable');
    await bind(ccn, table, instance('VPC', vpc));
    const [code, message] = await remove(table);
    expect(code).toBe('RouteTableCanNotDelete');
    expect(message).toContain(vpc);
    await bind(ccn, standard, instance('VPC', vpc));
    const SelectionPolicies = [
      { InstanceType: 'VPC', InstanceId: vpc, SourceCidrBlock: '10.0.9.0/24', RouteTableId: table },
    ];
    await api.succeed('ModifyRouteTableSelectionPolicies', { CcnId: ccn, SelectionPolicies });
    expect((await remove(table))[1]).toContain(`${vpc} from 10.0.9.0/24`);
    await api.succeed('DetachCcnInstances', { CcnId: ccn, Instances: [instance('VPC', vpc)] });
    expect((await api.succeed('DescribeRouteTableSelectionPolicies', {})).TotalCount).toBe(0);
    await makeTable(ccn);
    expect((await refusal('CreateCcnRouteTables', create(ccn, 'x')))[0]).toBe('RouteTableExceedPerVbcLimit');
    const other = await makeCcn();
    await makeTable(other);
    const inUse = await refusal('DeleteCcn', { CcnId: other });
    expect(inUse[0]).toBe('ExistCcnCustomRouteTablesNotSupportDeleteCcn');
    expect((await api.succeed('DeleteCcnRouteTables', { RouteTableId: [table] })).RequestId).toBeTruthy();
  });

  it('belong to their account', async () => {
    const ccn = await makeCcn();
    const table = await makeTable(ccn);
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'stranger' });
    const options = { credential: { secretId: String(SecretId), secretKey: String(SecretKey) } };
    expect((await api.succeed('DescribeCcnRouteTables', {}, options)).CcnRouteTableSet).toEqual([]);
    const remove = await api.fail('DeleteCcnRouteTables', { RouteTableId: [table] }, options);
    expect(remove.Code).toBe('ResourceNotFound');
    const list = { CcnId: ccn, RouteTableId: table };
    expect((await api.fail('DescribeCcnRouteTableInputPolicys', list, options)).Code).toBe('ResourceNotFound');
  });
});

describe('bindings', () => {
  it('are to the default table unless another is named, at attachment or later', async () => {
    const { ccn, vpc, gateway, table } = await makeNetwork();
    const second = await makeVpc(api);
    await attach(ccn, instance('VPC', second, { RouteTableId: table }));
    await bind(ccn, table, instance('VPNGW', gateway));
    expect(api.commits.at(-1)).toContain(ccn);
    const { InstanceBindSet } = await api.succeed('DescribeRouteTableAssociatedInstances', {
      Filters: [{ Name: 'ccn-route-table-id', Values: [table] }],
    });
    expect(InstanceBindSet).toMatchObject([
      { CcnId: ccn, InstanceType: 'VPNGW', InstanceId: gateway, InstanceRegion: 'test-1', State: 'ATTACHING' },
      { CcnId: ccn, InstanceType: 'VPC', InstanceId: second, RouteTableId: table },
    ]);
    const filters = { 'ccn-id': ccn, 'instance-type': 'VPC', 'instance-id': vpc };
    const Filters = Object.entries(filters).map(([Name, value]) => ({ Name, Values: [value] }));
    const one = await api.succeed('DescribeRouteTableAssociatedInstances', { Filters });
    expect(one).toMatchObject({ TotalCount: 1, InstanceBindSet: [{ RouteTableId: standardTable(ccn) }] });
    const { InstanceSet } = await api.succeed('DescribeCcnAttachedInstances', { CcnId: ccn });
    expect(InstanceSet.map((row) => [row.InstanceId, row.RouteTableId, row.RouteTableName])).toEqual([
      [vpc, standardTable(ccn), 'default'],
      [gateway, table, 'custom'],
      [second, table, 'custom'],
    ]);
  });

  it('are refused to tables of other CCNs, and for what is not attached', async () => {
    const { ccn, vpc, table } = await makeNetwork();
    const other = await makeCcn();
    const foreign = await makeTable(other);
    const [loose] = [await makeVpc(api)];
    const attaching = async (RouteTableId: string) =>
      (await api.fail('AttachCcnInstances', { CcnId: ccn, Instances: [instance('VPC', loose, { RouteTableId })] }))
        .Code;
    expect(await attaching(foreign)).toBe('UnsupportedOperation.InstanceAndRtbNotMatch');
    expect(await attaching('ccnrtb-00000000')).toBe('UnsupportedOperation.CcnRouteTableNotExist');
    const code = async (RouteTableId: string, InstanceType: string, InstanceId: string) => {
      const request = { CcnId: ccn, RouteTableId, Instances: [{ InstanceType, InstanceId }] };
      return (await api.fail('AssociateInstancesToCcnRouteTable', request)).Code;
    };
    expect(await code(foreign, 'VPC', vpc)).toBe('UnsupportedOperation.CcnRouteTableNotExist');
    expect(await code(table, 'VPC', loose)).toBe('ResourceNotFound');
    expect(await code(table, 'VPNGW', vpc)).toBe('InvalidParameterValue.Malformed');
    expect(await code(table, 'EDGE', vpc)).toBe('UnsupportedOperation');
  });
});

describe('input policies', () => {
  it('keep routes out of a table, and so from who is bound to it (scenario 4.8)', async () => {
    const { ccn, vpc, gateway, table } = await makeNetwork();
    await bind(ccn, table, instance('VPC', vpc));
    expect(await heardByVpc(vpc)).toEqual(['192.168.1.0/24']);
    const list = { CcnId: ccn, RouteTableId: table };
    const Policys = [drop(condition('instance-type', 'VPNGW'))];
    await api.succeed('ReplaceCcnRouteTableInputPolicys', { ...list, Policys });
    expect(api.commits.at(-1)?.toSorted()).toEqual([ccn, vpc].sort());
    expect(await routesOf(ccn, table)).toEqual(['10.0.1.0/24 true']);
    expect(await routesOf(ccn, standardTable(ccn))).toEqual(['10.0.1.0/24 true', '192.168.1.0/24 true']);
    expect(await heardByVpc(vpc)).toEqual([]);
    expect(await heardByGateway(gateway)).toEqual(['10.0.0.0/16']);
    await api.succeed('ReplaceCcnRouteTableInputPolicys', { ...list, Policys: [] });
    expect(await heardByVpc(vpc)).toEqual(['192.168.1.0/24']);
  });

  it('have versions', async () => {
    const ccn = await makeCcn();
    const list = { CcnId: ccn, RouteTableId: await makeTable(ccn) };
    const read = async (more: object = {}) => {
      const { PolicySet, TotalCount } = await api.succeed('DescribeCcnRouteTableInputPolicys', { ...list, ...more });
      expect([TotalCount, PolicySet.length]).toEqual([1, 1]);
      return PolicySet[0]!;
    };
    expect(await read()).toMatchObject({ Policys: [], PolicyVersion: 0 });
    const first = {
      ...drop({ Name: 'cidr-block', Values: ['10.0.0.0/8', '192.168.1.0/24'], MatchPattern: 0 }),
      ...{ Description: 'text', OperateAsPath: '', AsPathOperateMode: '' },
    };
    await api.succeed('ReplaceCcnRouteTableInputPolicys', { ...list, Policys: [first] });
    await api.succeed('ReplaceCcnRouteTableInputPolicys', { ...list, Policys: [] });
    expect(await read()).toMatchObject({ Policys: [], PolicyVersion: 2 });
    expect(await read({ PolicyVersion: 1 })).toMatchObject({ Policys: [first], PolicyVersion: 1 });
    const missing = await api.fail('DescribeCcnRouteTableInputPolicys', { ...list, PolicyVersion: 3 });
    expect(missing.Code).toBe('ResourceNotFound');
  });

  it('are refused when they are too many, do not fit, or could have no effect', async () => {
    const ccn = await makeCcn();
    const list = { CcnId: ccn, RouteTableId: await makeTable(ccn) };
    const code = async (...Policys: object[]) =>
      (await api.fail('ReplaceCcnRouteTableInputPolicys', { ...list, Policys })).Code;
    const plain = drop(condition('instance-region', 'test-1'));
    const values = Array.from({ length: 26 }, (_, at) => `10.0.${at}.0/24`);
    expect(await code(...Array.from({ length: 101 }, () => plain))).toBe('LimitExceeded.CcnRouteBroadcastPolicy');
    expect(await code(drop(condition('cidr-block', ...values)))).toBe('LimitExceeded.CcnRouteBroadcastPolicyCond');
    const fuzzy = { Name: 'instance-id', Values: ['vpc-1'], MatchPattern: 0 };
    expect(await code(drop(fuzzy))).toBe('InvalidParameterValue.ParameterMismatch');
    expect(await code(drop(condition('cidr-block', 'x')))).toBe('InvalidParameterValue.Malformed');
    expect(await code(drop(condition('instance-type', 'EDGE')))).toBe('UnsupportedOperation');
    expect(await code({ ...plain, OperateAsPath: '65000' })).toBe('UnsupportedOperation');
    expect(await code({ RouteConditions: [], Action: 'drop' })).toBe('MissingParameter');
    const elsewhere = { ...list, RouteTableId: standardTable(await makeCcn()), Policys: [plain] };
    expect((await api.fail('ReplaceCcnRouteTableInputPolicys', elsewhere)).Code).toBe('ResourceNotFound');
  });
});

describe('broadcast policies', () => {
  it('say who is told of which route', async () => {
    const { ccn, vpc, gateway, table } = await makeNetwork();
    await bind(ccn, table, instance('VPC', vpc), instance('VPNGW', gateway));
    const list = { CcnId: ccn, RouteTableId: table };
    const policy = {
      ...{ ...drop(), BroadcastConditions: [condition('instance-type', 'VPC')] },
      ...{ OperateAsPath: '', AsPathOperateMode: '', OperateCommunitySet: [], CommunityOperateMode: '' },
    };
    await api.succeed('ReplaceCcnRouteTableBroadcastPolicys', { ...list, Policys: [policy] });
    expect(await heardByVpc(vpc)).toEqual([]);
    expect(await heardByGateway(gateway)).toEqual(['10.0.0.0/16']);
    expect(await routesOf(ccn, table)).toEqual(['10.0.1.0/24 true', '192.168.1.0/24 true']);
    const { PolicySet } = await api.succeed('DescribeCcnRouteTableBroadcastPolicys', list);
    expect(PolicySet).toMatchObject([{ Policys: [policy], PolicyVersion: 1 }]);
    const code = async (more: object) =>
      (await api.fail('ReplaceCcnRouteTableBroadcastPolicys', { ...list, Policys: [{ ...policy, ...more }] })).Code;
    expect(await code({ OperateCommunitySet: ['65001:1'] })).toBe('UnsupportedOperation.CcnNotEnableCommunity');
    expect(await code({ CommunityOperateMode: 'add' })).toBe('UnsupportedOperation.CcnNotEnableCommunity');
    const ranges = { BroadcastConditions: [condition('cidr-block', '10.0.0.0/8')] };
    expect(await code(ranges)).toBe('InvalidParameterValue.ParameterMismatch');
  });
});

describe('selection policies', () => {
  it('replace each other, are listed and cleared', async () => {
    const { ccn, vpc, table } = await makeNetwork();
    const policy = (SourceCidrBlock: string, more: object = {}) => ({
      ...{ InstanceType: 'VPC', InstanceId: vpc, SourceCidrBlock, RouteTableId: table, Description: 'text' },
      ...more,
    });
    const select = (...SelectionPolicies: object[]) =>
      api.succeed('ModifyRouteTableSelectionPolicies', { CcnId: ccn, SelectionPolicies });
    await select(policy('10.0.2.0/24'));
    await select(policy('10.0.1.0/24'), policy('0.0.0.0/0'));
    const filters = {
      ...{ 'ccn-id': ccn, 'instance-type': 'VPC', 'ccn-route-table-id': table, 'instance-id': vpc },
      'route-table-name': 'custom',
    };
    const Filters = Object.entries(filters).map(([Name, value]) => ({ Name, Values: [value] }));
    const shown = await api.succeed('DescribeRouteTableSelectionPolicies', { Filters });
    expect(shown.RouteSelectionPolicySet).toMatchObject([
      { ...policy('10.0.1.0/24'), CcnId: ccn, RouteTableName: 'custom' },
      policy('0.0.0.0/0'),
    ]);
    await select(policy('0.0.0.0/0'), policy('10.0.1.0/24'));
    const turned = await api.succeed('DescribeRouteTableSelectionPolicies', { Filters });
    expect(turned.RouteSelectionPolicySet.map((each) => each.SourceCidrBlock)).toEqual(['0.0.0.0/0', '10.0.1.0/24']);
    const code = async (...SelectionPolicies: object[]) =>
      (await api.fail('ModifyRouteTableSelectionPolicies', { CcnId: ccn, SelectionPolicies })).Code;
    const standard = { RouteTableId: standardTable(ccn) };
    expect(await code(policy('10.0.1.0/24', standard))).toBe('UnsupportedOperation.CanNotAssignDefaultRouteTable');
    const loose = { InstanceId: await makeVpc(api) };
    expect(await code(policy('10.0.1.0/24', loose))).toBe('UnsupportedOperation.InstanceNotExist');
    const unknown = { RouteTableId: 'ccnrtb-00000000' };
    expect(await code(policy('10.0.1.0/24', unknown))).toBe('UnsupportedOperation.CcnRouteTableNotExist');
    expect(await code(policy('10.0.1.0/24'), policy('10.0.1.0/24'))).toBe(
      'UnsupportedOperation.NotSupportSameCcnInstanceAndSourceAddress',
    );
    const three = [1, 2, 3].map((number) => policy(`10.0.${number}.0/24`));
    expect(await code(...three)).toBe('UnsupportedOperation.RouteTableSelectPolicyExceed');
    expect(await code(policy('127.0.0.0/8'))).toBe('InvalidParameterValue');
    expect((await api.succeed('DescribeRouteTableSelectionPolicies', {})).TotalCount).toBe(2);
    await api.succeed('ClearRouteTableSelectionPolicies', { CcnId: ccn });
    expect((await api.succeed('DescribeRouteTableSelectionPolicies', {})).TotalCount).toBe(0);
  });
});

describe('routes of a table', () => {
  it('are switched in that table only, and found by their ids', async () => {
    const { ccn, table } = await makeNetwork();
    const Filters = [{ Name: 'route-table-id', Values: [table] }];
    const { RouteSet } = await api.succeed('DescribeCcnRoutes', { CcnId: ccn, Filters });
    const route = RouteSet.find(({ DestinationCidrBlock: range }) => range === '192.168.1.0/24')!;
    expect(route.RouteTableId).toBe(table);
    await api.succeed('DisableCcnRoutes', { CcnId: ccn, RouteIds: [route.RouteId] });
    expect(await routesOf(ccn, table)).toEqual(['10.0.1.0/24 true', '192.168.1.0/24 false']);
    expect(await routesOf(ccn, standardTable(ccn))).toEqual(['10.0.1.0/24 true', '192.168.1.0/24 true']);
    const all = await api.succeed('DescribeCcnRoutes', { CcnId: ccn });
    expect(all.RouteSet.map(({ RouteTableId }) => RouteTableId)).toEqual([standardTable(ccn), standardTable(ccn)]);
    const ids = [{ RouteIds: [route.RouteId] }, { Filters: [{ Name: 'route-id', Values: [route.RouteId] }] }];
    for (const named of ids) {
      const found = await api.succeed('DescribeCcnRoutes', { CcnId: ccn, ...named });
      expect(found.RouteSet).toMatchObject([{ RouteId: route.RouteId, Enabled: false }]);
    }
    const conflicts = await api.operate('DescribeCcnRouteConflicts', { CcnId: ccn });
    expect(conflicts['RouteSet']).toMatchObject([{ RouteId: route.RouteId, RouteTableId: table }]);
    await api.succeed('EnableCcnRoutes', { CcnId: ccn, RouteIds: [route.RouteId] });
    expect(await routesOf(ccn, table)).toEqual(['10.0.1.0/24 true', '192.168.1.0/24 true']);
  });

  it('do not claim a range where they are dropped', async () => {
    const [ccn, first, second] = [await makeCcn(), await makeVpc(api), await makeVpc(api)];
    for (const vpc of [first, second]) await makeSubnet(api, vpc);
    await attach(ccn, instance('VPC', first), instance('VPC', second));
    const table = await makeTable(ccn);
    expect(await routesOf(ccn, table)).toEqual(['10.0.1.0/24 true', '10.0.1.0/24 false']);
    const Policys = [drop(condition('instance-id', first))];
    await api.succeed('ReplaceCcnRouteTableInputPolicys', { CcnId: ccn, RouteTableId: table, Policys });
    expect(await routesOf(ccn, table)).toEqual(['10.0.1.0/24 true']);
    expect(await routesOf(ccn, standardTable(ccn))).toEqual(['10.0.1.0/24 true', '10.0.1.0/24 false']);
  });
});
