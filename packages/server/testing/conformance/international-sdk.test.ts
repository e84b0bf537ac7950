import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { internationalClient, type InternationalClient } from './international-client.ts';
import { codeOf, testRegion, VendorClients } from './vendor-clients.ts';

/** A machine that does much beside is no error. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** The vendor's international Node SDK, unchanged: version 1 of signatures, forms instead of JSON. */
let clients: VendorClients;
let client: InternationalClient;
beforeAll(async () => {
  clients = await VendorClients.start();
  client = internationalClient(clients, testRegion);
});
afterAll(() => clients.close());
type Named = Readonly<Record<string, string>>;

/** An object of a reply. */
async function made(action: string, field: string, parameters: object): Promise<Named> {
  return (await client.call(action, parameters))[field] as Named;
}

async function shown(action: string, set: string, parameters: object = {}): Promise<unknown> {
  const reply = await client.call(action, parameters);
  expect(reply['TotalCount']).toBe((reply[set] as unknown[]).length);
  return reply[set];
}

const makeVpc = async () => (await made('CreateVpc', 'Vpc', { VpcName: 'vpc', CidrBlock: '10.0.0.0/16' }))['VpcId'];
const makeGateway = async (VpcId: string | undefined) =>
  (await made('CreateVpnGateway', 'VpnGateway', { VpcId, VpnGatewayName: 'first', InternetMaxBandwidthOut: 5 }))[
    'VpnGatewayId'
  ];

it('signs with HmacSHA256 unless told otherwise', () => {
  expect(client.signMethod).toBe('HmacSHA256');
});

describe('makes, finds, changes and deletes', () => {
  it('a VPC', async () => {
    const Tags = [{ Key: 'team', Value: 'a&b=c ü' }];
    const request = { VpcName: 'name (ü+&=)', CidrBlock: '10.0.0.0/16', DnsServers: ['10.0.0.2', '10.0.0.3'], Tags };
    const { VpcId } = await made('CreateVpc', 'Vpc', request);
    const there = { VpcId, VpcName: 'name (ü+&=)', DnsServerSet: ['10.0.0.2', '10.0.0.3'], TagSet: Tags };
    expect(await shown('DescribeVpcs', 'VpcSet', { VpcIds: [VpcId] })).toMatchObject([there]);
    const Filters = [{ Name: 'vpc-name', Values: ['name (ü+&=)'] }];
    expect(await shown('DescribeVpcs', 'VpcSet', { Filters })).toMatchObject([there]);
    await client.call('ModifyVpcAttribute', { VpcId, VpcName: 'renamed' });
    expect(await shown('DescribeVpcs', 'VpcSet')).toMatchObject([{ ...there, VpcName: 'renamed' }]);
    await client.call('DeleteVpc', { VpcId });
    expect(await shown('DescribeVpcs', 'VpcSet', { VpcIds: [VpcId] })).toEqual([]);
    expect(await codeOf(client.call('DeleteVpc', { VpcId }))).toBe('ResourceNotFound');
  });

  it('a VPN gateway', async () => {
    const VpcId = await makeVpc();
    const VpnGatewayId = await makeGateway(VpcId);
    const there = { VpnGatewayId, VpcId, State: 'AVAILABLE', VpnGatewayName: 'first', InternetMaxBandwidthOut: 5 };
    expect(await shown('DescribeVpnGateways', 'VpnGatewaySet', { VpnGatewayIds: [VpnGatewayId] })).toMatchObject([
      there,
    ]);
    await client.call('ModifyVpnGatewayAttribute', { VpnGatewayId, VpnGatewayName: 'renamed' });
    await client.call('ResetVpnGatewayInternetMaxBandwidth', { VpnGatewayId, InternetMaxBandwidthOut: 50 });
    const Filters = [{ Name: 'vpn-gateway-name', Values: ['renamed'] }];
    expect(await shown('DescribeVpnGateways', 'VpnGatewaySet', { Filters })).toMatchObject([
      { ...there, VpnGatewayName: 'renamed', InternetMaxBandwidthOut: 50 },
    ]);
    await client.call('DeleteVpnGateway', { VpnGatewayId });
    expect(await shown('DescribeVpnGateways', 'VpnGatewaySet', { VpnGatewayIds: [VpnGatewayId] })).toEqual([]);
    await client.call('DeleteVpc', { VpcId });
  });

  it('a tunnel', async () => {
    const VpcId = await makeVpc();
    const VpnGatewayId = await makeGateway(VpcId);
    const peer = { CustomerGatewayName: 'peer', IpAddress: '198.51.100.7' };
    const { CustomerGatewayId } = await made('CreateCustomerGateway', 'CustomerGateway', peer);
    const SecurityPolicyDatabases = [
      { LocalCidrBlock: '10.0.1.0/24', RemoteCidrBlock: ['192.168.1.0/24', '192.168.2.0/24'] },
    ];
    const { VpnConnectionId } = await made('CreateVpnConnection', 'VpnConnection', {
      ...{ VpcId, VpnGatewayId, CustomerGatewayId, VpnConnectionName: 'first', PreShareKey: 'a+b/c=d' },
      ...{ SecurityPolicyDatabases, IKEOptionsSpecification: { IKEVersion: 'IKEV2', IKESaLifetimeSeconds: 7200 } },
    });
    const there = {
      ...{ VpnConnectionId, VpnGatewayId, PreShareKey: 'a+b/c=d', SecurityPolicyDatabaseSet: SecurityPolicyDatabases },
      IKEOptionsSpecification: { IKEVersion: 'IKEV2', IKESaLifetimeSeconds: 7200 },
    };
    const ids = { VpnConnectionIds: [VpnConnectionId] };
    expect(await shown('DescribeVpnConnections', 'VpnConnectionSet', ids)).toMatchObject([there]);
    await client.call('ModifyVpnConnectionAttribute', { VpnConnectionId, VpnConnectionName: 'renamed', DpdEnable: 1 });
    const Filters = [{ Name: 'vpn-gateway-id', Values: [VpnGatewayId] }];
    expect(await shown('DescribeVpnConnections', 'VpnConnectionSet', { Filters })).toMatchObject([
      { ...there, VpnConnectionName: 'renamed', DpdEnable: 1 },
    ]);
    await client.call('DeleteVpnConnection', { VpnGatewayId, VpnConnectionId });
    expect(await shown('DescribeVpnConnections', 'VpnConnectionSet', ids)).toEqual([]);
    await client.call('DeleteCustomerGateway', { CustomerGatewayId });
    await client.call('DeleteVpnGateway', { VpnGatewayId });
    await client.call('DeleteVpc', { VpcId });
  });

  it('a CCN with a VPC', async () => {
    const VpcId = await makeVpc();
    const { CcnId } = await made('CreateCcn', 'Ccn', { CcnName: 'first', CcnDescription: 'of the office' });
    const Instances = [{ InstanceId: VpcId, InstanceRegion: testRegion, InstanceType: 'VPC' }];
    await client.call('AttachCcnInstances', { CcnId, Instances });
    const attached = async () => shown('DescribeCcnAttachedInstances', 'InstanceSet', { CcnId });
    expect(await attached()).toMatchObject([{ InstanceId: VpcId, State: 'ACTIVE' }]);
    await client.call('ModifyCcnAttribute', { CcnId, CcnName: 'renamed', RouteECMPFlag: true });
    expect(await shown('DescribeCcns', 'CcnSet', { CcnIds: [CcnId] })).toMatchObject([
      { CcnName: 'renamed', InstanceCount: 1, CcnDescription: 'of the office' },
    ]);
    await client.call('DetachCcnInstances', { CcnId, Instances });
    expect(await attached()).toEqual([]);
    await client.call('DeleteCcn', { CcnId });
    expect(await shown('DescribeCcns', 'CcnSet', { CcnIds: [CcnId] })).toEqual([]);
    await client.call('DeleteVpc', { VpcId });
  });
});
