import type { ApiHarness, TestCredential } from './api-harness.ts';

/** For tests only: resources made through the API, by the shortest valid request and what a test adds to it. */

/** A key of an account, which is made unless there is one of that name. */
export async function makeKey(api: ApiHarness, AccountName: string, more: object = {}): Promise<TestCredential> {
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName, ...more });
  return { secretId: String(SecretId), secretKey: String(SecretKey) };
}

export async function makeVpc(api: ApiHarness, more: object = {}): Promise<string> {
  const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'vpc', CidrBlock: '10.0.0.0/16', ...more });
  return Vpc.VpcId;
}

export async function makeSubnet(api: ApiHarness, VpcId: string, more: object = {}) {
  const request = { VpcId, SubnetName: 'subnet', CidrBlock: '10.0.1.0/24', Zone: 'z-1', ...more };
  const { Subnet } = await api.succeed('CreateSubnet', request);
  return Subnet;
}

/** An AVAILABLE gateway; of type CCN when `VpcId` is empty. */
export async function makeGateway(api: ApiHarness, VpcId: string, more: object = {}): Promise<string> {
  const type = VpcId === '' ? { Type: 'CCN' } : {};
  const request = { VpcId, VpnGatewayName: 'gateway', InternetMaxBandwidthOut: 5, ...type, ...more };
  const { VpnGateway } = await api.succeed('CreateVpnGateway', request);
  api.apply(VpnGateway.VpnGatewayId);
  return VpnGateway.VpnGatewayId;
}

export async function makePeer(api: ApiHarness, IpAddress: string): Promise<string> {
  const { CustomerGateway } = await api.succeed('CreateCustomerGateway', { CustomerGatewayName: 'peer', IpAddress });
  return CustomerGateway.CustomerGatewayId;
}

/** What CreateVpnConnection needs. */
export function tunnelRequest(VpnGatewayId: string, CustomerGatewayId: string, more: object = {}) {
  return { VpnGatewayId, CustomerGatewayId, VpnConnectionName: 'tunnel', PreShareKey: 'secret', ...more };
}

export async function makeTunnel(
  api: ApiHarness,
  VpnGatewayId: string,
  CustomerGatewayId: string,
  more: object = {},
): Promise<`vpnx-${string}`> {
  const { VpnConnection } = await api.succeed(
    'CreateVpnConnection',
    tunnelRequest(VpnGatewayId, CustomerGatewayId, more),
  );
  return VpnConnection.VpnConnectionId as `vpnx-${string}`;
}

export async function describeTunnel(api: ApiHarness, id: string) {
  const { VpnConnectionSet } = await api.succeed('DescribeVpnConnections', { VpnConnectionIds: [id] });
  const [tunnel] = VpnConnectionSet;
  if (tunnel === undefined) throw new Error(`${id} is not there`);
  return tunnel;
}

/** A policy list of one rule. */
export function policy(LocalCidrBlock: string, ...RemoteCidrBlock: string[]) {
  return { SecurityPolicyDatabases: [{ LocalCidrBlock, RemoteCidrBlock }] };
}

export async function mainRouteTable(api: ApiHarness, vpcId: string): Promise<string> {
  const { RouteTableSet } = await api.succeed('DescribeRouteTables', {
    Filters: [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'association.main', Values: ['true'] },
    ],
  });
  const [table] = RouteTableSet;
  if (table === undefined) throw new Error(`${vpcId} has no default route table`);
  return table.RouteTableId;
}
