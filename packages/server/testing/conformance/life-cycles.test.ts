import { allActions } from '@landbridge/catalogue/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectFound, expectNone, keys, list, type Listing } from './find.ts';
import { codeOf, testRegion, VendorClients } from './vendor-clients.ts';

/** A machine that does much beside is no error. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/**
 * Every Action through the vendor's Node SDK: made, found in every way, changed, found changed, deleted, found no more.
 * The last test compares what was called with the catalogue.
 */
let administrator: VendorClients;
/** Of an account that the test has to itself. */
let clients: VendorClients;
let vpc: VendorClients['vpc'];
beforeAll(async () => {
  administrator = await VendorClients.start();
});
beforeEach(async ({ task: { id } }) => {
  clients = await ofAccount(`account-${id}`);
  ({ vpc } = clients);
});
afterAll(() => administrator.close());
async function ofAccount(AccountName: string): Promise<VendorClients> {
  const { SecretId, SecretKey } = await administrator.api.operate('CreateAccessKey', { AccountName });
  return administrator.like({ credential: { secretId: String(SecretId), secretKey: String(SecretKey) } });
}

const vpcs: Listing = { action: 'DescribeVpcs', set: 'VpcSet', key: 'VpcId', ids: 'VpcIds' };
const subnets: Listing = { action: 'DescribeSubnets', set: 'SubnetSet', key: 'SubnetId', ids: 'SubnetIds' };
const tables: Listing = {
  action: 'DescribeRouteTables',
  set: 'RouteTableSet',
  key: 'RouteTableId',
  ids: 'RouteTableIds',
};
const gateways: Listing = {
  action: 'DescribeVpnGateways',
  set: 'VpnGatewaySet',
  key: 'VpnGatewayId',
  ids: 'VpnGatewayIds',
};
const peers: Listing = {
  ...{ action: 'DescribeCustomerGateways', set: 'CustomerGatewaySet', key: 'CustomerGatewayId' },
  ids: 'CustomerGatewayIds',
};
const tunnels: Listing = {
  ...{ action: 'DescribeVpnConnections', set: 'VpnConnectionSet', key: 'VpnConnectionId', ids: 'VpnConnectionIds' },
};
const ccns: Listing = { action: 'DescribeCcns', set: 'CcnSet', key: 'CcnId', ids: 'CcnIds' };
const lines: Listing = {
  ...{ action: 'DescribeDirectConnectGateways', set: 'DirectConnectGatewaySet', key: 'DirectConnectGatewayId' },
  ids: 'DirectConnectGatewayIds',
};
const tag = (Key: string, Value: string) => ({ Tags: [{ Key, Value }] });

/** Nothing is left. */
afterEach(async () => {
  for (const listing of [vpcs, subnets, tables, gateways, peers, tunnels, ccns, lines]) {
    expect([listing.action, await keys(clients, listing)]).toEqual([listing.action, []]);
  }
});

async function makeVpc(CidrBlock = '10.0.0.0/16'): Promise<string> {
  const { Vpc } = await vpc.CreateVpc({ VpcName: 'vpc', CidrBlock });
  return Vpc.VpcId;
}

async function makeGateway(VpcId: string, more: object = {}): Promise<string> {
  const request = { VpcId, VpnGatewayName: 'gateway', InternetMaxBandwidthOut: 5, ...more };
  const { VpnGateway } = await vpc.CreateVpnGateway(request);
  return VpnGateway.VpnGatewayId;
}

async function makePeer(IpAddress: string): Promise<string> {
  const { CustomerGateway } = await vpc.CreateCustomerGateway({ CustomerGatewayName: 'peer', IpAddress });
  return CustomerGateway.CustomerGatewayId;
}

async function makeTunnel(VpnGatewayId: string, CustomerGatewayId: string, more: object = {}): Promise<string> {
  const request = { VpcId: '', VpnGatewayId, CustomerGatewayId, VpnConnectionName: 'tunnel', PreShareKey: 'secret' };
  const { VpnConnection } = await vpc.CreateVpnConnection({ ...request, ...more });
  return VpnConnection.VpnConnectionId;
}

describe('service vpc', () => {
  it('VPCs', async () => {
    const { Vpc } = await vpc.CreateVpc({ VpcName: 'first', CidrBlock: '10.0.0.0/16', ...tag('team', 'net') });
    const id = Vpc.VpcId;
    const other = await makeVpc('10.1.0.0/16');
    const filters = {
      'vpc-id': id,
      'vpc-name': 'first',
      'cidr-block': '10.0.0.0/16',
      'tag-key': 'team',
      'tag:team': 'net',
    };
    await expectFound(clients, vpcs, [id, other], filters);
    await vpc.ModifyVpcAttribute({ VpcId: id, VpcName: 'renamed', DnsServers: ['10.0.0.9'], EnableMulticast: 'true' });
    expect(await list(clients, vpcs, { VpcIds: [id] })).toMatchObject([
      { VpcName: 'renamed', DnsServerSet: ['10.0.0.9'], EnableMulticast: true, CidrBlock: '10.0.0.0/16' },
    ]);
    for (const VpcId of [id, other]) await vpc.DeleteVpc({ VpcId });
    await expectNone(clients, vpcs, [id]);
  });

  it('secondary ranges', async () => {
    const VpcId = await makeVpc();
    const ranges: Listing = { action: 'DescribeAssistantCidr', set: 'AssistantCidrSet', key: 'CidrBlock' };
    const wanted = ['172.16.0.0/24', '172.16.1.0/24'];
    const check = await vpc.CheckAssistantCidr({ VpcId, NewCidrBlocks: [...wanted, '10.0.9.0/24'] });
    expect(check.ConflictSourceSet.map(({ SourceItem }) => SourceItem)).toEqual(['10.0.9.0/24']);
    const { AssistantCidrSet } = await vpc.CreateAssistantCidr({ VpcId, CidrBlocks: wanted });
    expect(AssistantCidrSet.map(({ CidrBlock }) => CidrBlock)).toEqual(wanted);
    expect(await keys(clients, ranges, { VpcIds: [VpcId] })).toEqual(wanted);
    await expectFound(clients, ranges, wanted, { 'vpc-id': VpcId });
    await vpc.ModifyAssistantCidr({ VpcId, OldCidrBlocks: ['172.16.0.0/24'], NewCidrBlocks: ['172.16.2.0/24'] });
    expect((await keys(clients, ranges)).toSorted()).toEqual(['172.16.1.0/24', '172.16.2.0/24']);
    await vpc.DeleteAssistantCidr({ VpcId, CidrBlocks: ['172.16.1.0/24', '172.16.2.0/24'] });
    await expectNone(clients, ranges);
    await vpc.DeleteVpc({ VpcId });
  });

  it('subnets', async () => {
    const VpcId = await makeVpc();
    const made = { VpcId, SubnetName: 'first', CidrBlock: '10.0.1.0/24', Zone: 'zone-1', ...tag('team', 'net') };
    const { Subnet } = await vpc.CreateSubnet(made);
    const id = Subnet.SubnetId;
    const { SubnetSet } = await vpc.CreateSubnets({
      VpcId,
      Subnets: [
        { SubnetName: 'second', CidrBlock: '10.0.2.0/24', Zone: 'zone-1' },
        { SubnetName: 'third', CidrBlock: '10.0.3.0/24', Zone: 'zone-2' },
      ],
    });
    const ids = [id, ...SubnetSet.map(({ SubnetId }) => SubnetId)];
    const filters = {
      'subnet-id': id,
      'vpc-id': VpcId,
      'cidr-block': '10.0.1.0/24',
      'subnet-name': 'first',
      zone: 'zone-1',
    };
    await expectFound(clients, subnets, ids, { ...filters, 'tag-key': 'team', 'tag:team': 'net' });
    await vpc.ModifySubnetAttribute({ SubnetId: id, SubnetName: 'renamed', EnableBroadcast: 'true' });
    expect(await list(clients, subnets, { SubnetIds: [id] })).toMatchObject([
      { SubnetName: 'renamed', EnableBroadcast: true, CidrBlock: '10.0.1.0/24', VpcId },
    ]);
    for (const SubnetId of ids) await vpc.DeleteSubnet({ SubnetId });
    await expectNone(clients, subnets, ids);
    await vpc.DeleteVpc({ VpcId });
  });

  it('route tables', async () => {
    const VpcId = await makeVpc();
    const { Subnet } = await vpc.CreateSubnet({ VpcId, SubnetName: 's', CidrBlock: '10.0.1.0/24', Zone: 'zone-1' });
    const [main] = await keys(clients, tables);
    const { RouteTable } = await vpc.CreateRouteTable({ VpcId, RouteTableName: 'own', ...tag('team', 'net') });
    const id = RouteTable.RouteTableId;
    const filters = { 'route-table-id': id, 'route-table-name': 'own', 'vpc-id': VpcId };
    await expectFound(clients, tables, [id, main], { ...filters, 'tag-key': 'team', 'tag:team': 'net' });
    await vpc.ModifyRouteTableAttribute({ RouteTableId: id, RouteTableName: 'renamed' });
    await vpc.ReplaceRouteTableAssociation({ SubnetId: Subnet.SubnetId, RouteTableId: id });
    expect(await list(clients, tables, { RouteTableIds: [id] })).toMatchObject([
      { RouteTableName: 'renamed', Main: false, AssociationSet: [{ SubnetId: Subnet.SubnetId, RouteTableId: id }] },
    ]);
    expect(await list(clients, subnets)).toMatchObject([{ RouteTableId: id }]);
    await vpc.ReplaceRouteTableAssociation({ SubnetId: Subnet.SubnetId, RouteTableId: String(main) });
    await vpc.DeleteRouteTable({ RouteTableId: id });
    expect(await keys(clients, tables)).toEqual([main]);
    expect(await keys(clients, tables, { RouteTableIds: [id] })).toEqual([]);
    await vpc.DeleteSubnet({ SubnetId: Subnet.SubnetId });
    await vpc.DeleteVpc({ VpcId });
  });

  it('routes of route tables', async () => {
    const VpcId = await makeVpc();
    const GatewayId = await makeGateway(VpcId);
    const { RouteTable } = await vpc.CreateRouteTable({ VpcId, RouteTableName: 'own' });
    const { RouteTableId } = RouteTable;
    const routes: Listing = { action: 'DescribeRoutes', set: 'RouteSet', key: 'RouteId' };
    const routeOf = (DestinationCidrBlock: string, RouteDescription: string) => {
      return { DestinationCidrBlock, GatewayType: 'VPN', GatewayId, RouteDescription };
    };
    const mine = { Filters: [{ Name: 'route-table-id', Values: [RouteTableId] }] };
    const Routes = [routeOf('192.168.1.0/24', 'first'), routeOf('192.168.2.0/24', 'second')];
    const created = await vpc.CreateRoutes({ RouteTableId, Routes });
    const ids = created.RouteTableSet.flatMap(({ RouteSet }) => RouteSet.map(({ RouteId }) => RouteId));
    expect(ids).toHaveLength(2);
    const filters = { 'vpc-id': VpcId, 'gateway-id': GatewayId, description: 'first', 'route-table-id': RouteTableId };
    const own = async () => (await list(clients, routes, mine)).filter(({ RouteType }) => RouteType === 'USER');
    for (const [Name, value] of Object.entries({ ...filters, 'dest-cidr': '192.168.1.0/24' })) {
      for (const action of ['DescribeRoutes', 'DescribeRouteList']) {
        const Filters = [{ Name, Values: [value] }];
        expect(await keys(clients, { ...routes, action }, { Filters })).toContain(ids[0]);
      }
    }
    const { RouteConflictSet } = await vpc.DescribeRouteConflicts({
      RouteTableId,
      DestinationCidrBlocks: ['192.168.1.0/24'],
    });
    expect(RouteConflictSet).toEqual([]);
    const items = (await own()).map(({ RouteItemId }) => String(RouteItemId));
    await vpc.DisableRoutes({ RouteTableId, RouteItemIds: items });
    expect((await own()).map(({ Enabled }) => Enabled)).toEqual([false, false]);
    await vpc.EnableRoutes({ RouteTableId, RouteIds: ids });
    expect((await own()).map(({ Enabled }) => Enabled)).toEqual([true, true]);
    await vpc.ReplaceRoutes({ RouteTableId, Routes: [{ ...routeOf('192.168.3.0/24', 'third'), RouteId: ids[0]! }] });
    const destinations = async () => (await own()).map((route) => route['DestinationCidrBlock']).toSorted();
    expect(await destinations()).toEqual(['192.168.2.0/24', '192.168.3.0/24']);
    await vpc.ResetRoutes({ RouteTableId, RouteTableName: 'reset', Routes: [routeOf('192.168.4.0/24', 'fourth')] });
    expect(await destinations()).toEqual(['192.168.4.0/24']);
    const [left] = await own();
    await vpc.DeleteRoutes({ RouteTableId, Routes: [{ RouteItemId: String(left?.['RouteItemId']) }] as never });
    expect(await own()).toEqual([]);
    await vpc.DeleteRouteTable({ RouteTableId });
    await vpc.DeleteVpnGateway({ VpnGatewayId: GatewayId });
    await vpc.DeleteVpc({ VpcId });
  });

  it('what an account may have', async () => {
    const { AccountAttributeSet } = await vpc.DescribeAccountAttributes();
    expect(AccountAttributeSet.length).toBeGreaterThan(0);
    const LimitTypes = ['appid-max-vpcs', 'vpc-max-subnets'];
    const { VpcLimitSet } = await vpc.DescribeVpcLimits({ LimitTypes });
    expect(VpcLimitSet.map(({ LimitType }) => LimitType)).toEqual(LimitTypes);
    const { ProductQuotaSet } = await vpc.DescribeProductQuota({ Product: 'vpc' });
    expect(ProductQuotaSet.every(({ QuotaLimit, QuotaCurrent }) => QuotaCurrent <= QuotaLimit)).toBe(true);
  });

  it('VPN gateways', async () => {
    const VpcId = await makeVpc();
    const first = { VpcId, VpnGatewayName: 'first', InternetMaxBandwidthOut: 5, InstanceChargeType: 'PREPAID' };
    const prepaid = { InstanceChargePrepaid: { Period: 1, RenewFlag: 'NOTIFY_AND_AUTO_RENEW' }, Zone: 'zone-1' };
    const price = { InternetMaxBandwidthOut: 5, InstanceChargeType: 'PREPAID', ...prepaid };
    expect((await vpc.InquiryPriceCreateVpnGateway({ ...price, Zone: undefined } as never)).Price).toBeDefined();
    const { VpnGateway } = await vpc.CreateVpnGateway({ ...first, ...prepaid });
    const id = VpnGateway.VpnGatewayId;
    const other = await makeGateway('', { Type: 'CCN', VpnGatewayName: 'second' });
    const [shown] = await list(clients, gateways, { VpnGatewayIds: [id] });
    expect(shown).toMatchObject({ State: 'AVAILABLE', Type: 'IPSEC', VpcId });
    const address = String(shown?.['PublicIpAddress']);
    const filters = {
      'vpc-id': VpcId,
      'vpn-gateway-id': id,
      'vpn-gateway-name': 'first',
      type: 'IPSEC',
      zone: 'zone-1',
    };
    const more = { 'public-ip-address': address, 'renew-flag': 'NOTIFY_AND_AUTO_RENEW' };
    await expectFound(clients, gateways, [id, other], { ...filters, ...more });
    const InstanceChargePrepaid = { Period: 3 };
    expect((await vpc.InquiryPriceRenewVpnGateway({ VpnGatewayId: id, InstanceChargePrepaid })).Price).toBeDefined();
    await vpc.RenewVpnGateway({ VpnGatewayId: id, InstanceChargePrepaid });
    await vpc.SetVpnGatewaysRenewFlag({ VpnGatewayIds: [id], AutoRenewFlag: 0 });
    const wider = { VpnGatewayId: id, InternetMaxBandwidthOut: 50 };
    expect((await vpc.InquiryPriceResetVpnGatewayInternetMaxBandwidth(wider)).Price).toBeDefined();
    await vpc.ResetVpnGatewayInternetMaxBandwidth(wider);
    expect(await list(clients, gateways, { VpnGatewayIds: [id] })).toMatchObject([
      { RenewFlag: 'NOTIFY_AND_MANUAL_RENEW', InternetMaxBandwidthOut: 50, InstanceChargeType: 'PREPAID' },
    ]);
    const change = { VpnGatewayId: id, VpnGatewayName: 'renamed', InstanceChargeType: 'POSTPAID_BY_HOUR' };
    const { RequestId } = await vpc.ModifyVpnGatewayAttribute(change);
    expect(await vpc.DescribeVpcTaskResult({ TaskId: RequestId })).toMatchObject({ Status: 'SUCCESS' });
    expect(await list(clients, gateways, { VpnGatewayIds: [id] })).toMatchObject([
      { VpnGatewayName: 'renamed', InstanceChargeType: 'POSTPAID_BY_HOUR', PublicIpAddress: address },
    ]);
    for (const VpnGatewayId of [id, other]) await vpc.DeleteVpnGateway({ VpnGatewayId });
    await expectNone(clients, gateways, [id, other]);
    await vpc.DeleteVpc({ VpcId });
  });

  it('customer gateways', async () => {
    const given = { CustomerGatewayName: 'first', IpAddress: '198.51.100.1', ...tag('site', 'office') };
    const { CustomerGateway } = await vpc.CreateCustomerGateway(given);
    const id = CustomerGateway.CustomerGatewayId;
    const other = await makePeer('198.51.100.2');
    const filters = { 'customer-gateway-id': id, 'customer-gateway-name': 'first', 'ip-address': '198.51.100.1' };
    await expectFound(clients, peers, [id, other], filters);
    await vpc.ModifyCustomerGatewayAttribute({ CustomerGatewayId: id, CustomerGatewayName: 'renamed', BgpAsn: 65_001 });
    expect(await list(clients, peers, { CustomerGatewayIds: [id] })).toMatchObject([
      { CustomerGatewayName: 'renamed', BgpAsn: 65_001, IpAddress: '198.51.100.1' },
    ]);
    for (const CustomerGatewayId of [id, other]) await vpc.DeleteCustomerGateway({ CustomerGatewayId });
    await expectNone(clients, peers, [id, other]);
  });

  it('tunnels', async () => {
    const VpcId = await makeVpc();
    const VpnGatewayId = await makeGateway(VpcId);
    const [peer, otherPeer] = [await makePeer('198.51.100.1'), await makePeer('198.51.100.2')];
    const policies = {
      SecurityPolicyDatabases: [{ LocalCidrBlock: '10.0.1.0/24', RemoteCidrBlock: ['192.168.1.0/24'] }],
    };
    const id = await makeTunnel(VpnGatewayId, peer, { VpnConnectionName: 'first', ...policies });
    const other = await makeTunnel(VpnGatewayId, otherPeer, { RouteType: 'StaticRoute' });
    const filters = { 'vpc-id': VpcId, 'vpn-gateway-id': VpnGatewayId, 'customer-gateway-id': peer };
    const own = { 'vpn-connection-name': 'first', 'vpn-connection-id': id };
    await expectFound(clients, tunnels, [id, other], { ...filters, ...own });
    const probe = await vpc.GenerateVpnConnectionDefaultHealthCheckIp({ VpnGatewayId });
    expect(probe.HealthCheckLocalIp).not.toBe(probe.HealthCheckRemoteIp);
    const change = {
      ...{ VpnConnectionName: 'renamed', PreShareKey: 'another', DpdEnable: 1, DpdTimeout: '60', DpdAction: 'restart' },
      SecurityPolicyDatabases: [{ LocalCidrBlock: '10.0.2.0/24', RemoteCidrBlock: ['192.168.2.0/24'] }],
    };
    await vpc.ModifyVpnConnectionAttribute({ VpnConnectionId: id, ...change });
    const { SecurityPolicyDatabases, ...rest } = change;
    expect(await list(clients, tunnels, { VpnConnectionIds: [id] })).toMatchObject([
      { ...rest, SecurityPolicyDatabaseSet: SecurityPolicyDatabases, State: 'AVAILABLE' },
    ]);
    await vpc.ResetVpnConnection({ VpnGatewayId, VpnConnectionId: id });
    const { CustomerGatewayVendorSet } = await vpc.DescribeCustomerGatewayVendors();
    const [CustomerGatewayVendor] = CustomerGatewayVendorSet;
    const { CustomerGatewayConfiguration } = await vpc.DownloadCustomerGatewayConfiguration({
      ...{ VpnGatewayId, VpnConnectionId: id, CustomerGatewayVendor: CustomerGatewayVendor!, InterfaceName: 'eth0' },
    });
    expect(CustomerGatewayConfiguration).toContain('another');
    for (const VpnConnectionId of [id, other]) await vpc.DeleteVpnConnection({ VpnGatewayId, VpnConnectionId });
    await expectNone(clients, tunnels, [id, other]);
    for (const CustomerGatewayId of [peer, otherPeer]) await vpc.DeleteCustomerGateway({ CustomerGatewayId });
    await vpc.DeleteVpnGateway({ VpnGatewayId });
    await vpc.DeleteVpc({ VpcId });
  });

  it('routes of VPN gateways', async () => {
    const VpcId = await makeVpc();
    const VpnGatewayId = await makeGateway(VpcId);
    const CustomerGatewayId = await makePeer('198.51.100.1');
    const InstanceId = await makeTunnel(VpnGatewayId, CustomerGatewayId, { RouteType: 'StaticRoute' });
    const routeTo = (DestinationCidrBlock: string) => {
      return { DestinationCidrBlock, InstanceType: 'VPNCONN', InstanceId, Priority: 0, Status: 'ENABLE' };
    };
    const routes: Listing = { action: 'DescribeVpnGatewayRoutes', set: 'Routes', key: 'RouteId', of: { VpnGatewayId } };
    const Routes = [routeTo('192.168.1.0/24'), routeTo('192.168.2.0/24')];
    const itsOwn = await keys(clients, routes);
    const created = await vpc.CreateVpnGatewayRoutes({ VpnGatewayId, Routes });
    const ids = created.Routes.map(({ RouteId }) => RouteId);
    await expectFound(clients, routes, [...ids, ...itsOwn], { InstanceId, InstanceType: 'VPNCONN' });
    const Filters = [{ Name: 'DestinationCidr', Values: ['192.168.1.0/24'] }];
    expect(await keys(clients, routes, { Filters })).toEqual([ids[0]]);
    await vpc.ModifyVpnGatewayRoutes({ VpnGatewayId, Routes: [{ RouteId: ids[0]!, Status: 'DISABLE' }] });
    expect((await list(clients, routes)).find(({ RouteId }) => RouteId === ids[0])?.['Status']).toBe('DISABLE');
    await vpc.DeleteVpnGatewayRoutes({ VpnGatewayId, RouteIds: ids });
    expect(await keys(clients, routes)).toEqual(itsOwn);
    await vpc.DeleteVpnConnection({ VpnGatewayId, VpnConnectionId: InstanceId });
    await vpc.DeleteCustomerGateway({ CustomerGatewayId });
    await vpc.DeleteVpnGateway({ VpnGatewayId });
    await vpc.DeleteVpc({ VpcId });
  });

  it('SSL VPN, which is not there', async () => {
    expect(await vpc.DescribeVpnGatewaySslServers({})).toMatchObject({ TotalCount: 0, SslVpnSeverSet: [] });
    expect(await vpc.DescribeVpnGatewaySslClients({})).toMatchObject({ TotalCount: 0, SslVpnClientSet: [] });
  });
});

describe('service vpc, CCNs', () => {
  it('CCNs', async () => {
    const { Ccn } = await vpc.CreateCcn({ CcnName: 'first', CcnDescription: 'of the office', ...tag('team', 'net') });
    const id = Ccn.CcnId;
    const { Ccn: second } = await vpc.CreateCcn({ CcnName: 'second' });
    const filters = { 'ccn-id': id, 'ccn-name': 'first', 'ccn-description': 'of the office', state: 'AVAILABLE' };
    await expectFound(clients, ccns, [id, second.CcnId], { ...filters, 'tag-key': 'team', 'tag:team': 'net' });
    await vpc.ModifyCcnAttribute({ CcnId: id, CcnName: 'renamed', CcnDescription: 'of all', RouteECMPFlag: true });
    await vpc.ModifyCcnRegionBandwidthLimitsType({ CcnId: id, BandwidthLimitType: 'INTER_REGION_LIMIT' });
    expect(await list(clients, ccns, { CcnIds: [id] })).toMatchObject([
      { CcnName: 'renamed', CcnDescription: 'of all', RouteECMPFlag: true, BandwidthLimitType: 'INTER_REGION_LIMIT' },
    ]);
    for (const CcnId of [id, second.CcnId]) await vpc.DeleteCcn({ CcnId });
    await expectNone(clients, ccns, [id]);
  });

  it('instances and their routes', async () => {
    const { VpcId, CcnId, Instance, remove } = await makeNetwork();
    const attached: Listing = {
      action: 'DescribeCcnAttachedInstances',
      set: 'InstanceSet',
      key: 'InstanceId',
      of: { CcnId },
    };
    const filters = { 'ccn-id': CcnId, 'instance-type': 'VPC', 'instance-region': testRegion, 'instance-id': VpcId };
    await expectFound(clients, attached, [VpcId], filters);
    await vpc.ModifyCcnAttachedInstancesAttribute({ CcnId, Instances: [{ ...Instance, Description: 'the office' }] });
    expect(await list(clients, attached)).toMatchObject([{ Description: 'the office', State: 'ACTIVE' }]);
    const routes: Listing = { action: 'DescribeCcnRoutes', set: 'RouteSet', key: 'RouteId', of: { CcnId } };
    const { RouteSet } = await vpc.DescribeCcnRoutes({ CcnId });
    const [route] = RouteSet;
    const id = route!.RouteId;
    const more = { 'route-id': id, 'cidr-block': '10.0.1.0/24', 'instance-type': 'VPC', 'instance-region': testRegion };
    await expectFound(clients, routes, [id], { ...more, 'instance-id': VpcId });
    expect(await keys(clients, routes, { RouteIds: [id] })).toEqual([id]);
    await vpc.DisableCcnRoutes({ CcnId, RouteIds: [id] });
    expect(await list(clients, routes)).toMatchObject([{ Enabled: false }]);
    await vpc.EnableCcnRoutes({ CcnId, RouteIds: [id] });
    expect(await list(clients, routes)).toMatchObject([{ Enabled: true }]);
    await vpc.DetachCcnInstances({ CcnId, Instances: [Instance] });
    await expectNone(clients, attached);
    await expectNone(clients, routes);
    await remove();
  });

  it('instances of another account', async () => {
    const { CcnId, remove } = await makeNetwork({ attach: false });
    const { AccountId: CcnUin } = await clients.sts.GetCallerIdentity();
    const guest = await ofAccount('guest');
    const { Vpc: theirs } = await guest.vpc.CreateVpc({ VpcName: 'theirs', CidrBlock: '10.9.0.0/16' });
    const Instances = [{ InstanceId: theirs.VpcId, InstanceRegion: testRegion, InstanceType: 'VPC' }];
    const state = async () => (await vpc.DescribeCcnAttachedInstances({ CcnId })).InstanceSet.map((each) => each.State);
    await guest.vpc.AttachCcnInstances({ CcnId, CcnUin, Instances });
    expect(await state()).toEqual(['PENDING']);
    await vpc.RejectAttachCcnInstances({ CcnId, Instances });
    expect(await state()).toEqual(['REJECTED']);
    await guest.vpc.ResetAttachCcnInstances({ CcnId, CcnUin, Instances });
    await vpc.AcceptAttachCcnInstances({ CcnId, Instances });
    expect(await state()).toEqual(['ACTIVE']);
    await guest.vpc.DetachCcnInstances({ CcnId, Instances });
    expect(await state()).toEqual([]);
    await guest.vpc.DeleteVpc({ VpcId: theirs.VpcId });
    await remove();
  });

  it('route tables', async () => {
    const { VpcId, CcnId, remove } = await makeNetwork();
    const all: Listing = { action: 'DescribeCcnRouteTables', set: 'CcnRouteTableSet', key: 'CcnRouteTableId' };
    const [standard] = await keys(clients, all);
    const RouteTable = [{ CcnId, Name: 'own', Description: 'of guests' }];
    const { CcnRouteTableSet } = await vpc.CreateCcnRouteTables({ RouteTable });
    const RouteTableId = CcnRouteTableSet[0]!.CcnRouteTableId;
    const filters = { 'ccn-id': CcnId, 'route-table-id': RouteTableId, 'route-table-name': 'own' };
    await expectFound(clients, all, [RouteTableId, standard], { ...filters, 'route-table-description': 'of guests' });
    await vpc.ModifyCcnRouteTables({ RouteTableInfo: [{ RouteTableId, Name: 'renamed', Description: 'of all' }] });
    const Filters = [{ Name: 'route-table-id', Values: [RouteTableId] }];
    expect(await list(clients, all, { Filters })).toMatchObject([
      { RouteTableName: 'renamed', RouteTableDescription: 'of all' },
    ]);
    const bound: Listing = {
      action: 'DescribeRouteTableAssociatedInstances',
      set: 'InstanceBindSet',
      key: 'InstanceId',
    };
    const Instances = [{ InstanceType: 'VPC', InstanceId: VpcId }];
    await vpc.AssociateInstancesToCcnRouteTable({ CcnId, RouteTableId, Instances });
    const where = { 'ccn-id': CcnId, 'ccn-route-table-id': RouteTableId, 'instance-type': 'VPC', 'instance-id': VpcId };
    await expectFound(clients, bound, [VpcId], where);
    await vpc.AssociateInstancesToCcnRouteTable({ CcnId, RouteTableId: String(standard), Instances });
    await vpc.DeleteCcnRouteTables({ RouteTableId: [RouteTableId] });
    expect(await keys(clients, all)).toEqual([standard]);
    await remove();
  });

  it('policies of route tables', async () => {
    const { VpcId, CcnId, remove } = await makeNetwork();
    const { CcnRouteTableSet } = await vpc.CreateCcnRouteTables({
      RouteTable: [{ CcnId, Name: 'own', Description: '' }],
    });
    const RouteTableId = CcnRouteTableSet[0]!.CcnRouteTableId;
    const RouteConditions = [{ Name: 'instance-type', Values: ['VPC'], MatchPattern: 1 }];
    const input = { RouteConditions, Action: 'drop', Description: 'none' };
    await vpc.ReplaceCcnRouteTableInputPolicys({ CcnId, RouteTableId, Policys: [input] });
    const inputs = await vpc.DescribeCcnRouteTableInputPolicys({ CcnId, RouteTableId });
    expect(inputs.PolicySet[0]?.Policys).toMatchObject([input]);
    const broadcast = { RouteConditions, BroadcastConditions: RouteConditions, Action: 'accept', Description: 'all' };
    await vpc.ReplaceCcnRouteTableBroadcastPolicys({ CcnId, RouteTableId, Policys: [broadcast] });
    const broadcasts = await vpc.DescribeCcnRouteTableBroadcastPolicys({ CcnId, RouteTableId });
    expect(broadcasts.PolicySet[0]?.Policys).toMatchObject([broadcast]);
    const selections: Listing = {
      ...{ action: 'DescribeRouteTableSelectionPolicies', set: 'RouteSelectionPolicySet', key: 'SourceCidrBlock' },
    };
    const selection = { InstanceType: 'VPC', InstanceId: VpcId, RouteTableId, Description: 'text' };
    const sources = ['10.0.2.0/24', '10.0.1.0/24'];
    const SelectionPolicies = sources.map((SourceCidrBlock) => ({ ...selection, SourceCidrBlock }));
    await vpc.ModifyRouteTableSelectionPolicies({ CcnId, SelectionPolicies });
    const where = { 'ccn-id': CcnId, 'instance-type': 'VPC', 'ccn-route-table-id': RouteTableId, 'instance-id': VpcId };
    await expectFound(clients, selections, sources, { ...where, 'route-table-name': 'own' });
    await vpc.ClearRouteTableSelectionPolicies({ CcnId });
    await expectNone(clients, selections);
    for (const replace of [vpc.ReplaceCcnRouteTableInputPolicys, vpc.ReplaceCcnRouteTableBroadcastPolicys]) {
      await replace({ CcnId, RouteTableId, Policys: [] });
    }
    expect((await vpc.DescribeCcnRouteTableInputPolicys({ CcnId, RouteTableId })).PolicySet[0]?.Policys).toEqual([]);
    await vpc.DeleteCcnRouteTables({ RouteTableId: [RouteTableId] });
    await remove();
  });

  it('bandwidth limits', async () => {
    const { CcnId, remove } = await makeNetwork();
    const limit = { Region: testRegion, BandwidthLimit: 100 };
    await vpc.SetCcnRegionBandwidthLimits({ CcnId, CcnRegionBandwidthLimits: [limit] });
    const { CcnRegionBandwidthLimitSet } = await vpc.DescribeCcnRegionBandwidthLimits({ CcnId });
    expect(CcnRegionBandwidthLimitSet).toMatchObject([limit]);
    const all: Listing = {
      action: 'GetCcnRegionBandwidthLimits',
      set: 'CcnBandwidthSet',
      key: 'RegionFlowControlId',
      of: { CcnId },
    };
    const [id] = await keys(clients, all);
    await expectFound(clients, all, [id], { sregion: testRegion });
    expect(await keys(clients, all, { Filters: [{ Name: 'dregion', Values: ['test-9'] }] })).toEqual([]);
    await vpc.SetCcnRegionBandwidthLimits({ CcnId, CcnRegionBandwidthLimits: [limit], SetDefaultLimitFlag: true });
    expect(await list(clients, all)).not.toMatchObject([{ CcnRegionBandwidthLimit: limit }]);
    await remove();
  });

  it('ranges of VPN gateways', async () => {
    const { CcnId, remove } = await makeNetwork({ attach: false });
    const VpnGatewayId = await makeGateway('', { Type: 'CCN' });
    const CustomerGatewayId = await makePeer('198.51.100.1');
    const SecurityPolicyDatabases = [
      { LocalCidrBlock: '10.0.0.0/16', RemoteCidrBlock: ['192.168.1.0/24', '192.168.2.0/24'] },
    ];
    const VpnConnectionId = await makeTunnel(VpnGatewayId, CustomerGatewayId, { SecurityPolicyDatabases });
    const Instances = [{ InstanceId: VpnGatewayId, InstanceRegion: testRegion, InstanceType: 'VPNGW' }];
    await vpc.AttachCcnInstances({ CcnId, Instances });
    const ranges: Listing = {
      action: 'DescribeVpnGatewayCcnRoutes',
      set: 'RouteSet',
      key: 'RouteId',
      of: { VpnGatewayId },
    };
    const ids = await keys(clients, ranges);
    expect(ids).toHaveLength(2);
    await expectFound(clients, ranges, ids, {});
    const [, other] = await list(clients, ranges);
    for (const Status of ['DISABLE', 'ENABLE', 'DISABLE']) {
      await vpc.ModifyVpnGatewayCcnRoutes({ VpnGatewayId, Routes: [{ RouteId: String(ids[0]), Status }] });
      expect(await list(clients, ranges)).toMatchObject([{ Status }, { Status: other?.['Status'] }]);
    }
    await vpc.DetachCcnInstances({ CcnId, Instances });
    await vpc.DeleteVpnConnection({ VpnGatewayId, VpnConnectionId });
    await expectNone(clients, ranges);
    await vpc.DeleteCustomerGateway({ CustomerGatewayId });
    await vpc.DeleteVpnGateway({ VpnGatewayId });
    await remove();
  });
});

/** A VPC with a subnet, attached to a CCN unless told otherwise. */
async function makeNetwork({ attach = true } = {}) {
  const VpcId = await makeVpc();
  const { Subnet } = await vpc.CreateSubnet({ VpcId, SubnetName: 's', CidrBlock: '10.0.1.0/24', Zone: 'zone-1' });
  const { Ccn } = await vpc.CreateCcn({ CcnName: 'ccn' });
  const { CcnId } = Ccn;
  const Instance = { InstanceId: VpcId, InstanceRegion: testRegion, InstanceType: 'VPC' };
  if (attach) await vpc.AttachCcnInstances({ CcnId, Instances: [Instance] });
  const remove = async () => {
    const { InstanceSet } = await vpc.DescribeCcnAttachedInstances({ CcnId });
    if (InstanceSet.length > 0) await vpc.DetachCcnInstances({ CcnId, Instances: [Instance] });
    await vpc.DeleteCcn({ CcnId });
    await vpc.DeleteSubnet({ SubnetId: Subnet.SubnetId });
    await vpc.DeleteVpc({ VpcId });
  };
  return { VpcId, CcnId, Instance, remove };
}

describe('service vpc, Direct Connect', () => {
  it('gateways', async () => {
    const VpcId = await makeVpc();
    expect(await vpc.InquirePriceCreateDirectConnectGateway()).toMatchObject({ TotalCost: 0 });
    const { Ccn } = await vpc.CreateCcn({ CcnName: 'ccn' });
    const request = { NetworkType: 'VPC', NetworkInstanceId: VpcId, GatewayType: 'NORMAL' };
    const made = await vpc.CreateDirectConnectGateway({ ...request, DirectConnectGatewayName: 'first' });
    const id = made.DirectConnectGateway.DirectConnectGatewayId;
    const onCcn = { NetworkType: 'CCN', NetworkInstanceId: Ccn.CcnId, DirectConnectGatewayName: 'second' };
    const second = (await vpc.CreateDirectConnectGateway(onCcn)).DirectConnectGateway.DirectConnectGatewayId;
    const filters = { 'direct-connect-gateway-id': id, 'direct-connect-gateway-name': 'first', 'vpc-id': VpcId };
    const kinds = { 'gateway-type': 'NORMAL', 'network-type': 'VPC' };
    await expectFound(clients, lines, [id, second], { ...filters, ...kinds });
    await expectFound(clients, lines, [second, id], { 'ccn-id': Ccn.CcnId });
    await vpc.ModifyDirectConnectGatewayAttribute({ DirectConnectGatewayId: id, DirectConnectGatewayName: 'renamed' });
    expect(await list(clients, lines, { DirectConnectGatewayIds: [id] })).toMatchObject([
      { DirectConnectGatewayName: 'renamed', NetworkInstanceId: VpcId },
    ]);
    for (const DirectConnectGatewayId of [id, second]) await vpc.DeleteDirectConnectGateway({ DirectConnectGatewayId });
    await expectNone(clients, lines, [id, second]);
    await vpc.DeleteCcn({ CcnId: Ccn.CcnId });
    await vpc.DeleteVpc({ VpcId });
  });

  it('ranges of gateways', async () => {
    const { Ccn } = await vpc.CreateCcn({ CcnName: 'ccn' });
    const request = { DirectConnectGatewayName: 'line', NetworkType: 'CCN', NetworkInstanceId: Ccn.CcnId };
    const { DirectConnectGatewayId } = (await vpc.CreateDirectConnectGateway(request)).DirectConnectGateway;
    const ranges: Listing = {
      ...{ action: 'DescribeDirectConnectGatewayCcnRoutes', set: 'RouteSet', key: 'DestinationCidrBlock' },
      of: { DirectConnectGatewayId },
    };
    const Routes = ['192.168.1.0/24', '192.168.2.0/24'].map((DestinationCidrBlock) => ({ DestinationCidrBlock }));
    await vpc.CreateDirectConnectGatewayCcnRoutes({ DirectConnectGatewayId, Routes });
    await expectFound(clients, ranges, ['192.168.1.0/24', '192.168.2.0/24'], {});
    const [first] = await list(clients, ranges);
    const changed = { RouteId: String(first?.['RouteId']), DestinationCidrBlock: '192.168.3.0/24' };
    await vpc.ReplaceDirectConnectGatewayCcnRoutes({ DirectConnectGatewayId, Routes: [changed] });
    expect(await keys(clients, ranges)).toContain('192.168.3.0/24');
    const RouteIds = (await list(clients, ranges)).map(({ RouteId }) => String(RouteId));
    await vpc.DeleteDirectConnectGatewayCcnRoutes({ DirectConnectGatewayId, RouteIds });
    await expectNone(clients, ranges);
    await vpc.DeleteDirectConnectGateway({ DirectConnectGatewayId });
    await vpc.DeleteCcn({ CcnId: Ccn.CcnId });
  });
});

describe('service tag', () => {
  it('tags', async () => {
    const { tag: tags } = clients;
    const ids = [await makeVpc(), await makeVpc('10.1.0.0/16')];
    const [first] = ids.map((id) => `qcs::vpc:${testRegion}:uin/:vpc/${id}`);
    const ResourceList = ids.map((id) => `qcs::vpc:${testRegion}:uin/:vpc/${id}`);
    const shown = async () => {
      const about = { ServiceType: 'vpc', ResourcePrefix: 'vpc', ResourceIds: ids, ResourceRegion: testRegion };
      const { Tags } = await tags.DescribeResourceTagsByResourceIds(about);
      return Tags.map(
        ({ ResourceId, TagKey, TagValue }) => `${ids.indexOf(ResourceId)} ${TagKey}=${TagValue}`,
      ).toSorted();
    };
    await tags.TagResources({ ResourceList, Tags: [{ TagKey: 'team', TagValue: 'net' }] });
    await tags.ModifyResourceTags({ Resource: first!, ReplaceTags: [{ TagKey: 'team', TagValue: 'core' }] });
    expect(await shown()).toEqual(['0 team=core', '1 team=net']);
    const { ResourceTagMappingList } = await tags.GetResources({
      TagFilters: [{ TagKey: 'team', TagValue: ['core'] }],
    });
    expect(ResourceTagMappingList.map(({ Resource }) => Resource.endsWith(ids[0]!))).toEqual([true]);
    const { Tags } = await tags.GetTags({ TagKeys: ['team'] });
    expect(Tags.map(({ TagValue }) => TagValue).toSorted()).toEqual(['core', 'net']);
    await tags.UnTagResources({ ResourceList, TagKeys: ['team'] });
    expect(await shown()).toEqual([]);
    for (const VpcId of ids) await vpc.DeleteVpc({ VpcId });
  });
});

describe('service monitor', () => {
  it('GetMonitorData', async () => {
    const VpcId = await makeVpc();
    const gateway = await makeGateway(VpcId);
    const peer = await makePeer('198.51.100.1');
    const tunnel = await makeTunnel(gateway, peer);
    const asked = { Period: 60, StartTime: new Date(Date.now() - 3_600_000).toISOString() };
    const ofTunnel = { Dimensions: [{ Name: 'vpnConnId', Value: tunnel }] };
    const { DataPoints } = await clients.monitor.GetMonitorData({
      ...{ Namespace: 'QCE/VPNX', MetricName: 'InBandwidth', Instances: [ofTunnel] },
      ...asked,
    });
    expect(DataPoints).toMatchObject([ofTunnel]);
    const ofGateway = { Dimensions: [{ Name: 'vpnGwId', Value: gateway }] };
    const usage = { Namespace: 'QCE/VPNGW', MetricName: 'VpnBandwidthUsageRate', Instances: [ofGateway], ...asked };
    expect((await clients.monitor.GetMonitorData(usage)).Period).toBe(60);
    await vpc.DeleteVpnConnection({ VpnGatewayId: gateway, VpnConnectionId: tunnel });
    await vpc.DeleteVpnGateway({ VpnGatewayId: gateway });
    await vpc.DeleteCustomerGateway({ CustomerGatewayId: peer });
    await vpc.DeleteVpc({ VpcId });
  });
});

describe('service sts', () => {
  it('who calls', async () => {
    const { AccountId, UserId } = await clients.sts.GetCallerIdentity();
    expect(AccountId).not.toBe('');
    expect(UserId).not.toBe('');
  });
});

/** Actions that never succeed, and why. */
const refused: Readonly<Record<string, string>> = {
  'vpc NotifyRoutes': 'routes to gateways are not published: the gateway itself is attached to the CCN',
  'vpc WithdrawNotifyRoutes': 'and so there is nothing to withdraw',
};

it('every Action of the vendor’s services was called', async () => {
  const nowhere = { RouteTableId: 'rtb-notthere', RouteItemIds: ['rti-notthere'] };
  expect(await codeOf(vpc.NotifyRoutes(nowhere))).toBe('ResourceNotFound');
  expect(await codeOf(vpc.WithdrawNotifyRoutes(nowhere))).toBe('ResourceNotFound');
  const offered = allActions.filter(({ service }) => service !== 'landbridge');
  const names = offered.map(({ service, name }) => `${service} ${name}`);
  expect(names.length).toBeGreaterThan(100);
  const left = names.filter((name) => !clients.succeeded.has(name));
  expect(left.toSorted()).toEqual(Object.keys(refused).toSorted());
});
