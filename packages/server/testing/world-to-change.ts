import type { ApiHarness, CallOptions, TestCredential } from './api-harness.ts';
import {
  mainRouteTable,
  makeGateway,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
  policy,
  tunnelRequest,
} from './sample-resources.ts';

/** For tests only: one object of each kind in each state that some Action needs, and for each Action a call that would succeed. */

export interface World {
  /** Throws for an Action that changes nothing. */
  requestOf(action: string): object;
}

const range = (DestinationCidrBlock: string) => ({ DestinationCidrBlock });
const vpcRoute = (destination: string, GatewayId: string) => ({ ...range(destination), GatewayType: 'VPN', GatewayId });
const ends = { LocalAddress: '198.18.0.1/30', PeerAddress: '198.18.0.2' };
const attachable = (InstanceType: string, InstanceId: string) => ({
  ...{ InstanceType, InstanceId, InstanceRegion: 'test-1' },
});

export async function makeWorld(api: ApiHarness): Promise<World> {
  const requests = {
    ...(await vpcCalls(api)),
    ...(await vpnCalls(api)),
    ...(await ccnCalls(api)),
    ...(await directConnectCalls(api)),
    ...(await operatorCalls(api)),
  } as Readonly<Record<string, object>>;
  return {
    requestOf: (action) => {
      const request = requests[action];
      if (request === undefined) throw new Error(`No call of ${action} stands in world-to-change.ts: add one`);
      return request;
    },
  };
}

async function vpcCalls(api: ApiHarness): Promise<Readonly<Record<string, object>>> {
  const VpcId = await makeVpc(api);
  const empty = await makeVpc(api);
  await api.succeed('CreateAssistantCidr', { VpcId, CidrBlocks: ['10.9.0.0/16'] });
  const { SubnetId } = await makeSubnet(api, VpcId);
  const port = { SubnetId, InterfaceName: 'eth1' };
  await api.operate('AttachSubnetInterface', port);
  const free = (await makeSubnet(api, VpcId, { CidrBlock: '10.0.2.0/24' })).SubnetId;
  const gateway = await makeGateway(api, VpcId);
  const RouteTableId = await mainRouteTable(api, VpcId);
  const made = await api.succeed('CreateRoutes', { RouteTableId, Routes: [vpcRoute('192.168.1.0/24', gateway)] });
  const { RouteId } = first(first(made.RouteTableSet).RouteSet);
  const { RouteTable } = await api.succeed('CreateRouteTable', { VpcId, RouteTableName: 'other' });
  const other = RouteTable.RouteTableId;
  const Resource = `qcs::vpc:test-1:uin/:vpc/${VpcId}`;
  const tag = { TagKey: 'k', TagValue: 'v' };
  const subnet = { SubnetName: 's', CidrBlock: '10.0.3.0/24', Zone: 'z' };
  return {
    CreateVpc: { VpcName: 'v', CidrBlock: '10.0.0.0/16' },
    ModifyVpcAttribute: { VpcId, VpcName: 'renamed' },
    DeleteVpc: { VpcId: empty },
    CreateAssistantCidr: { VpcId, CidrBlocks: ['10.8.0.0/16'] },
    ModifyAssistantCidr: { VpcId, NewCidrBlocks: ['10.8.0.0/16'], OldCidrBlocks: ['10.9.0.0/16'] },
    DeleteAssistantCidr: { VpcId, CidrBlocks: ['10.9.0.0/16'] },
    CreateSubnet: { VpcId, ...subnet },
    CreateSubnets: { VpcId, Subnets: [subnet] },
    ModifySubnetAttribute: { SubnetId, SubnetName: 'renamed' },
    DeleteSubnet: { SubnetId: free },
    ProvePath: { SourceSubnetId: SubnetId, DestinationAddress: '10.0.1.9' },
    AttachSubnetInterface: { SubnetId, InterfaceName: 'eth2' },
    DetachSubnetInterface: port,
    CreateRouteTable: { VpcId, RouteTableName: 't' },
    ModifyRouteTableAttribute: { RouteTableId, RouteTableName: 'renamed' },
    DeleteRouteTable: { RouteTableId: other },
    ReplaceRouteTableAssociation: { RouteTableId: other, SubnetId },
    CreateRoutes: { RouteTableId, Routes: [vpcRoute('192.168.2.0/24', gateway)] },
    ReplaceRoutes: { RouteTableId, Routes: [{ RouteId, ...vpcRoute('192.168.2.0/24', gateway) }] },
    DeleteRoutes: { RouteTableId, Routes: [{ RouteId }] },
    EnableRoutes: { RouteTableId, RouteIds: [RouteId] },
    DisableRoutes: { RouteTableId, RouteIds: [RouteId] },
    ResetRoutes: { RouteTableId, RouteTableName: 't', Routes: [vpcRoute('192.168.2.0/24', gateway)] },
    ModifyResourceTags: { Resource, ReplaceTags: [tag] },
    TagResources: { ResourceList: [Resource], Tags: [tag] },
    UnTagResources: { ResourceList: [Resource], TagKeys: ['k'] },
  };
}

async function vpnCalls(api: ApiHarness): Promise<Readonly<Record<string, object>>> {
  const VpcId = await makeVpc(api);
  const VpnGatewayId = await makeGateway(api, VpcId);
  const unused = await makeGateway(api, VpcId);
  const prepaid = await makeGateway(api, VpcId, {
    ...{ InstanceChargeType: 'PREPAID', InstanceChargePrepaid: { Period: 1 } },
  });
  const CustomerGatewayId = await makePeer(api, '198.51.100.1');
  const otherPeer = await makePeer(api, '198.51.100.2');
  const VpnConnectionId = await makeTunnel(api, VpnGatewayId, CustomerGatewayId);
  const route = { InstanceType: 'VPNCONN', InstanceId: VpnConnectionId, Priority: 0, Status: 'ENABLE' };
  const { Routes } = await api.succeed('CreateVpnGatewayRoutes', {
    ...{ VpnGatewayId, Routes: [{ ...range('192.168.1.0/24'), ...route }] },
  });
  const { RouteId } = first(Routes);
  const inside = await makeSubnet(api, VpcId);
  const toGateway = {
    RouteTableId: await mainRouteTable(api, VpcId),
    Routes: [vpcRoute('192.168.1.0/24', VpnGatewayId)],
  };
  await api.succeed('CreateRoutes', toGateway);
  const ofCcn = await makeGateway(api, '');
  const spd = await makeTunnel(api, ofCcn, CustomerGatewayId, {
    ...{ RouteType: 'Policy', ...policy('10.0.0.0/16', '192.168.1.0/24') },
  });
  const announced = await api.succeed('DescribeVpnGatewayCcnRoutes', { VpnGatewayId: ofCcn });
  const tunnel = { VpnGatewayId, VpnConnectionId };
  const capture = async () =>
    (await api.operate('CreatePacketCapture', { ResourceId: VpnGatewayId }))['PacketCaptureId'];
  const over = { PacketCaptureId: await capture() };
  await api.operate('StopPacketCapture', over);
  const running = { PacketCaptureId: await capture() };
  return {
    AskPeerProposals: { VpnConnectionId },
    DrillFailover: { VpnConnectionId, SourceSubnetId: inside.SubnetId, DestinationAddress: '192.168.1.6' },
    CreateVpnGateway: { VpcId, VpnGatewayName: 'g', InternetMaxBandwidthOut: 5 },
    ModifyVpnGatewayAttribute: { VpnGatewayId, VpnGatewayName: 'renamed' },
    DeleteVpnGateway: { VpnGatewayId: unused },
    ResetVpnGatewayInternetMaxBandwidth: { VpnGatewayId, InternetMaxBandwidthOut: 10 },
    SetVpnGatewaysRenewFlag: { VpnGatewayIds: [prepaid], AutoRenewFlag: 1 },
    RenewVpnGateway: { VpnGatewayId: prepaid, InstanceChargePrepaid: { Period: 1 } },
    ModifyVpnGatewaySourceCheck: { VpnGatewayId, SourceCheck: false },
    CreateCustomerGateway: { CustomerGatewayName: 'c', IpAddress: '198.51.100.9' },
    ModifyCustomerGatewayAttribute: { CustomerGatewayId, CustomerGatewayName: 'renamed' },
    DeleteCustomerGateway: { CustomerGatewayId: otherPeer },
    CreateVpnConnection: tunnelRequest(VpnGatewayId, otherPeer),
    ModifyVpnConnectionAttribute: { VpnConnectionId, VpnConnectionName: 'renamed' },
    DeleteVpnConnection: { VpnGatewayId: ofCcn, VpnConnectionId: spd },
    ResetVpnConnection: tunnel,
    CreatePacketCapture: { ResourceId: VpnConnectionId },
    StopPacketCapture: running,
    DeletePacketCapture: over,
    CreateVpnGatewayRoutes: { VpnGatewayId, Routes: [{ ...range('192.168.2.0/24'), ...route }] },
    ModifyVpnGatewayRoutes: { VpnGatewayId, Routes: [{ RouteId, Status: 'DISABLE' }] },
    DeleteVpnGatewayRoutes: { VpnGatewayId, RouteIds: [RouteId] },
    ModifyVpnGatewayCcnRoutes: {
      ...{ VpnGatewayId: ofCcn, Routes: [{ RouteId: first(announced.RouteSet).RouteId, Status: 'DISABLE' }] },
    },
  };
}

async function ccnCalls(api: ApiHarness): Promise<Readonly<Record<string, object>>> {
  const make = async () => (await api.succeed('CreateCcn', { CcnName: 'ccn' })).Ccn.CcnId;
  const [CcnId, empty] = [await make(), await make()];
  const attached = await makeVpc(api, { CidrBlock: '172.16.0.0/16' });
  await makeSubnet(api, attached, { CidrBlock: '172.16.1.0/24' });
  const Instances = [attachable('VPC', attached)];
  await api.succeed('AttachCcnInstances', { CcnId, Instances });
  const InstanceOfNone = [attachable('VPC', await makeVpc(api))];
  const { CcnRouteTableSet } = await api.succeed('CreateCcnRouteTables', { RouteTable: [{ CcnId, Name: 'other' }] });
  const RouteTableId = first(CcnRouteTableSet).CcnRouteTableId;
  const RouteIds = (await api.succeed('DescribeCcnRoutes', { CcnId })).RouteSet.map((route) => route.RouteId);
  const guest = await newTenant(api, 'guest');
  const asking = [attachable('VPC', await tenantsVpc(api, guest))];
  const { InstanceSet } = await api.succeed('DescribeCcnAttachedInstances', { CcnId });
  const { CcnUin } = first(InstanceSet);
  await api.succeed('AttachCcnInstances', { CcnId, Instances: asking, CcnUin }, guest);
  const named = [{ InstanceType: 'VPC', InstanceId: attached }];
  return {
    CreateCcn: { CcnName: 'ccn' },
    ModifyCcnAttribute: { CcnId, CcnName: 'renamed' },
    DeleteCcn: { CcnId: empty },
    AttachCcnInstances: { CcnId, Instances: InstanceOfNone },
    DetachCcnInstances: { CcnId, Instances },
    ModifyCcnAttachedInstancesAttribute: { CcnId, Instances: [{ ...Instances[0], Description: 'words' }] },
    AcceptAttachCcnInstances: { CcnId, Instances: asking },
    RejectAttachCcnInstances: { CcnId, Instances: asking },
    ResetAttachCcnInstances: await rejected(api, guest),
    EnableCcnRoutes: { CcnId, RouteIds },
    DisableCcnRoutes: { CcnId, RouteIds },
    CreateCcnRouteTables: { RouteTable: [{ CcnId, Name: 't' }] },
    ModifyCcnRouteTables: { RouteTableInfo: [{ RouteTableId, Name: 'renamed' }] },
    DeleteCcnRouteTables: { RouteTableId: [RouteTableId] },
    AssociateInstancesToCcnRouteTable: { CcnId, RouteTableId, Instances: named },
    ReplaceCcnRouteTableInputPolicys: { CcnId, RouteTableId, Policys: [] },
    ReplaceCcnRouteTableBroadcastPolicys: { CcnId, RouteTableId, Policys: [] },
    ModifyRouteTableSelectionPolicies: { CcnId, SelectionPolicies: [] },
    ClearRouteTableSelectionPolicies: { CcnId },
    SetCcnRegionBandwidthLimits: { CcnId, CcnRegionBandwidthLimits: [{ Region: 'test-1', BandwidthLimit: 5 }] },
    ModifyCcnRegionBandwidthLimitsType: { CcnId, BandwidthLimitType: 'INTER_REGION_LIMIT' },
  };
}

async function directConnectCalls(api: ApiHarness): Promise<Readonly<Record<string, object>>> {
  const request = { DirectConnectGatewayName: 'dc', NetworkType: 'CCN' };
  const make = async () =>
    (await api.succeed('CreateDirectConnectGateway', request)).DirectConnectGateway.DirectConnectGatewayId;
  const [DirectConnectGatewayId, lined] = [await make(), await make()];
  await api.operate('AttachDirectConnectInterface', {
    ...{ DirectConnectGatewayId: lined, InterfaceName: 'eth7', ...ends },
  });
  const own = { DirectConnectGatewayId };
  await api.succeed('CreateDirectConnectGatewayCcnRoutes', { ...own, Routes: [range('192.168.1.0/24')] });
  const { RouteSet } = await api.succeed('DescribeDirectConnectGatewayCcnRoutes', own);
  const { RouteId } = first(RouteSet);
  return {
    CreateDirectConnectGateway: request,
    ModifyDirectConnectGatewayAttribute: { ...own, DirectConnectGatewayName: 'renamed' },
    DeleteDirectConnectGateway: own,
    CreateDirectConnectGatewayCcnRoutes: { ...own, Routes: [range('192.168.2.0/24')] },
    DeleteDirectConnectGatewayCcnRoutes: { ...own, RouteIds: [RouteId] },
    ReplaceDirectConnectGatewayCcnRoutes: { ...own, Routes: [{ RouteId, ...range('192.168.2.0/24') }] },
    AttachDirectConnectInterface: { ...own, InterfaceName: 'eth8', ...ends },
    AttachDirectConnectVxlan: { ...own, Vni: 100, RemoteAddress: '203.0.113.11', ...ends },
    DetachDirectConnectInterface: { DirectConnectGatewayId: lined },
  };
}

async function operatorCalls(api: ApiHarness): Promise<Readonly<Record<string, object>>> {
  const { SecretId } = await api.operate('CreateAccessKey', { AccountName: 'tenant' });
  const gateway = await makeGateway(api, await makeVpc(api));
  const VpnConnectionId = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.77'));
  const finding = { VpnConnectionId, Code: 'esp-not-received' };
  await api.operate('MuteFinding', { ...finding, Reason: 'known' });
  const webhook = { Url: 'https://alerts.example.com/' };
  const { WebhookId } = await api.operate('CreateWebhook', webhook);
  return {
    MuteFinding: { ...finding, Code: 'pre-shared-key-differs', Reason: 'known' },
    UnmuteFinding: finding,
    CreateWebhook: webhook,
    DeleteWebhook: { WebhookId },
    CreateAccessKey: { AccountName: 'tenant' },
    ModifyAccessKey: { SecretId, CallsPerSecond: 5 },
    RotateAccessKey: { SecretId },
    DeleteAccessKey: { SecretId },
    CreateTemporaryCredentials: {},
  };
}

/** What asks again for a VPC that the owner of another CCN rejected. */
async function rejected(api: ApiHarness, owner: CallOptions): Promise<object> {
  const { CcnId } = (await api.succeed('CreateCcn', { CcnName: 'ccn' }, owner)).Ccn;
  const Instances = [attachable('VPC', await tenantsVpc(api, owner))];
  await api.succeed('AttachCcnInstances', { CcnId, Instances }, owner);
  const { InstanceSet } = await api.succeed('DescribeCcnAttachedInstances', { CcnId }, owner);
  const request = { CcnId, Instances: [attachable('VPC', await makeVpc(api))] };
  const asking = { ...request, CcnUin: first(InstanceSet).CcnUin };
  await api.succeed('AttachCcnInstances', asking);
  await api.succeed('RejectAttachCcnInstances', request, owner);
  return asking;
}

async function newTenant(api: ApiHarness, AccountName: string): Promise<CallOptions> {
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName });
  const credential: TestCredential = { secretId: String(SecretId), secretKey: String(SecretKey) };
  return { credential };
}

async function tenantsVpc(api: ApiHarness, tenant: CallOptions): Promise<string> {
  const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'vpc', CidrBlock: '10.1.0.0/16' }, tenant);
  return Vpc.VpcId;
}

function first<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('there is none');
  return row;
}
