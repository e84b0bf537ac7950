import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import tencentcloud from 'tencentcloud-sdk-nodejs';
import type { Host } from '../src/host.ts';
import type { IdcDevice } from '../src/idc-device.ts';
import { strongNegotiation } from '../src/negotiation.ts';
import { poll } from '@landbridge/testbed/poll';
import { waitForReply } from '../src/reach.ts';
import { World } from '../src/world.ts';

// The vendor's own Node SDK builds scenario 1, packets flow, and the SDK deletes it again.

const { Client } = tencentcloud.vpc.v20170312;
type VpcClient = InstanceType<typeof Client>;

let world: World;
let client: VpcClient;
let host: Host;
let idc: IdcDevice;

beforeAll(async () => {
  world = await World.start();
  idc = await world.lab.createIdc(1);
  host = await world.lab.createVpcHost({ name: 'VPC-1 A', label: 'vpc1-a', subnetPrefix: '10.0.1' });
  const { url, credential } = await world.server.endpoint();
  client = new Client({
    credential,
    region: 'local',
    profile: { httpProfile: { endpoint: new URL(url).host, protocol: 'http://' } },
  });
});

afterAll(() => world.stop());

describe('tencentcloud-sdk-nodejs', () => {
  it('creates scenario 1, packets flow, and deletes it', async () => {
    const ids = await create();
    await waitForReply(host, idc.host);
    await waitForReply(idc.host, host);
    await remove(ids);
    const { TotalCount } = await client.DescribeVpnGateways({});
    expect(TotalCount).toBe(0);
  });
});

interface Ids {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly gatewayId: string;
  readonly customerGatewayId: string;
  readonly connectionId: string;
  readonly gatewayRouteId: string;
  readonly routeTableId: string;
  readonly routeItemId: string;
}

async function create(): Promise<Ids> {
  const { Vpc } = await client.CreateVpc({ VpcName: 'sdk', CidrBlock: '10.0.0.0/16' });
  const vpcId = text(Vpc?.VpcId);
  const { Subnet } = await client.CreateSubnet({
    VpcId: vpcId,
    SubnetName: 'a',
    CidrBlock: '10.0.1.0/24',
    Zone: 'local-1',
  });
  const subnetId = text(Subnet?.SubnetId);
  await world.cloud.call('AttachSubnetInterface', { SubnetId: subnetId, InterfaceName: 'vpc1-a' }, 'landbridge');
  const gateway = await client.CreateVpnGateway({ VpcId: vpcId, VpnGatewayName: 'sdk', InternetMaxBandwidthOut: 100 });
  const gatewayId = text(gateway.VpnGateway?.VpnGatewayId);
  const described = await poll(
    'the gateway is AVAILABLE',
    () => client.DescribeVpnGateways({ VpnGatewayIds: [gatewayId] }),
    ({ VpnGatewaySet }) => VpnGatewaySet?.[0]?.State === 'AVAILABLE',
    { within: 30_000 },
  );
  const publicAddress = text(described.VpnGatewaySet?.[0]?.PublicIpAddress);
  const { CustomerGateway } = await client.CreateCustomerGateway({
    CustomerGatewayName: 'idc',
    IpAddress: idc.publicAddress,
  });
  const customerGatewayId = text(CustomerGateway?.CustomerGatewayId);
  await preparePeer(publicAddress);
  const connectionId = await createTunnel({ vpcId, gatewayId, customerGatewayId });
  const { Routes } = await client.CreateVpnGatewayRoutes({
    VpnGatewayId: gatewayId,
    Routes: [
      {
        DestinationCidrBlock: idc.lan,
        InstanceType: 'VPNCONN',
        InstanceId: connectionId,
        Priority: 0,
        Status: 'ENABLE',
      },
    ],
  });
  const tables = await client.DescribeRouteTables({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] });
  const routeTableId = text(tables.RouteTableSet?.[0]?.RouteTableId);
  const created = await client.CreateRoutes({
    RouteTableId: routeTableId,
    Routes: [{ DestinationCidrBlock: idc.lan, GatewayType: 'VPN', GatewayId: gatewayId }],
  });
  const routeItemId = text(created.RouteTableSet?.[0]?.RouteSet?.[0]?.RouteItemId);
  const gatewayRouteId = text(Routes?.[0]?.RouteId);
  return { vpcId, subnetId, gatewayId, customerGatewayId, connectionId, gatewayRouteId, routeTableId, routeItemId };
}

async function createTunnel(ids: Pick<Ids, 'vpcId' | 'gatewayId' | 'customerGatewayId'>): Promise<string> {
  const { VpnConnection } = await client.CreateVpnConnection({
    VpcId: ids.vpcId,
    VpnGatewayId: ids.gatewayId,
    CustomerGatewayId: ids.customerGatewayId,
    VpnConnectionName: 'sdk',
    PreShareKey: 'key of the SDK',
    RouteType: 'StaticRoute',
    IKEOptionsSpecification: strongNegotiation.ike,
    IPSECOptionsSpecification: strongNegotiation.ipsec,
  });
  const connectionId = text(VpnConnection?.VpnConnectionId);
  await poll(
    'the tunnel is connected',
    () => client.DescribeVpnConnections({ VpnConnectionIds: [connectionId] }),
    ({ VpnConnectionSet }) => VpnConnectionSet?.[0]?.NetStatus === 'AVAILABLE',
    { within: 30_000 },
  );
  return connectionId;
}

async function preparePeer(publicAddress: string): Promise<void> {
  await idc.charon.load([
    {
      name: 'cloud',
      localAddress: idc.publicAddress,
      remoteAddress: publicAddress,
      preSharedKey: 'key of the SDK',
      version: 2,
      ikeProposals: strongNegotiation.ikeProposals,
      espProposals: strongNegotiation.espProposals,
      children: [{ name: 'cloud-1', localTs: '0.0.0.0/0', remoteTs: '0.0.0.0/0' }],
    },
  ]);
  await idc.routeIntoTunnel('10.0.0.0/16');
}

async function remove(ids: Ids): Promise<void> {
  const { gatewayId } = ids;
  await client.DeleteRoutes({ RouteTableId: ids.routeTableId, Routes: [{ RouteItemId: ids.routeItemId }] as never });
  await client.DeleteVpnGatewayRoutes({ VpnGatewayId: gatewayId, RouteIds: [ids.gatewayRouteId] });
  await client.DeleteVpnConnection({ VpnGatewayId: gatewayId, VpnConnectionId: ids.connectionId });
  await client.DeleteCustomerGateway({ CustomerGatewayId: ids.customerGatewayId });
  await client.DeleteVpnGateway({ VpnGatewayId: gatewayId });
  const attachment = { SubnetId: ids.subnetId, InterfaceName: 'vpc1-a' };
  await world.cloud.call('DetachSubnetInterface', attachment, 'landbridge');
  await client.DeleteSubnet({ SubnetId: ids.subnetId });
  await client.DeleteVpc({ VpcId: ids.vpcId });
}

function text(value: string | undefined): string {
  if (value === undefined || value === '') throw new Error('the reply lacks an id');
  return value;
}
