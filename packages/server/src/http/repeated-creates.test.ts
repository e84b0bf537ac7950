import { afterEach, beforeEach, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type Reply } from '../../testing/api-harness.ts';
import {
  mainRouteTable,
  makeGateway,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
} from '../../testing/sample-resources.ts';
import { tableNames } from '../image/tables.ts';

/** Every Create can be tried first, and be sent again with its ClientToken: one object, and the same answer. */
let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness();
});
afterEach(() => api.close());

type Create = readonly [action: string, parameters: object, service?: 'vpc' | 'landbridge'];

async function creates(): Promise<readonly Create[]> {
  const [VpcId, otherVpc] = [await makeVpc(api), await makeVpc(api)];
  const VpnGatewayId = await makeGateway(api, VpcId);
  const ccnGateway = await makeGateway(api, '');
  const CustomerGatewayId = await makePeer(api, '198.51.100.1');
  const InstanceId = await makeTunnel(api, ccnGateway, CustomerGatewayId);
  const { SubnetId } = await makeSubnet(api, VpcId);
  const { CcnId } = (await api.succeed('CreateCcn', { CcnName: 'c' })).Ccn;
  const gateways = await api.succeed('CreateDirectConnectGateway', {
    ...{ DirectConnectGatewayName: 'd', NetworkType: 'CCN', NetworkInstanceId: CcnId },
  });
  const { DirectConnectGatewayId } = gateways.DirectConnectGateway;
  const route = { InstanceType: 'VPNCONN', InstanceId, Priority: 0, Status: 'ENABLE' };
  const inVpc = { DestinationCidrBlock: '172.21.0.0/16', GatewayType: 'VPN', GatewayId: VpnGatewayId };
  const tunnel = { VpnGatewayId, CustomerGatewayId, VpnConnectionName: 't', PreShareKey: 'secret' };
  const subnet = { SubnetName: 's', CidrBlock: '10.0.9.0/24', Zone: 'z' };
  return [
    ['CreateVpc', { VpcName: 'v', CidrBlock: '10.0.0.0/16' }],
    ['CreateSubnet', { VpcId, ...subnet }],
    ['CreateSubnets', { VpcId, Subnets: [{ ...subnet, CidrBlock: '10.0.10.0/24' }] }],
    ['CreateRouteTable', { VpcId, RouteTableName: 'r' }],
    ['CreateRoutes', { RouteTableId: await mainRouteTable(api, VpcId), Routes: [inVpc] }],
    ['CreateVpnGateway', { VpcId: '', Type: 'CCN', VpnGatewayName: 'g', InternetMaxBandwidthOut: 5 }],
    ['CreateCustomerGateway', { CustomerGatewayName: 'c', IpAddress: '198.51.100.9' }],
    ['CreateVpnConnection', tunnel],
    [
      'CreateVpnGatewayRoutes',
      { VpnGatewayId: ccnGateway, Routes: [{ DestinationCidrBlock: '172.20.0.0/16', ...route }] },
    ],
    ['CreateCcn', { CcnName: 'd' }],
    [
      'AttachCcnInstances',
      { CcnId, Instances: [{ InstanceId: otherVpc, InstanceType: 'VPC', InstanceRegion: 'test-1' }] },
    ],
    ['CreateCcnRouteTables', { RouteTable: [{ CcnId, Name: 'r', Description: 'd' }] }],
    ['CreateDirectConnectGateway', { DirectConnectGatewayName: 'e', NetworkType: 'VPC', NetworkInstanceId: VpcId }],
    [
      'CreateDirectConnectGatewayCcnRoutes',
      { DirectConnectGatewayId, Routes: [{ DestinationCidrBlock: '172.30.0.0/16' }] },
    ],
    ['AttachSubnetInterface', { SubnetId, InterfaceName: 'eth7' }, 'landbridge'],
    ['CreateAccessKey', { AccountName: 'tenant' }, 'landbridge'],
    ['CreateTemporaryCredentials', {}, 'landbridge'],
  ];
}

it('a Create that is tried, made and sent again twice makes one object', async () => {
  const rowCount = () =>
    tableNames.filter((name) => name !== 'clientTokens').map((name) => api.rows[name].all().length);
  for (const [action, parameters, service = 'vpc'] of await creates()) {
    const send = (more: object): Promise<Reply> => api.call(action, { ...parameters, ...more }, { service });
    const before = rowCount();
    expect([action, (await send({ DryRun: true }))['Error']]).toEqual([
      action,
      expect.objectContaining({ Code: 'DryRunOperation' }),
    ]);
    expect([action, rowCount()]).toEqual([action, before]);
    const replies: Reply[] = [];
    for (let time = 0; time < 3; time++) {
      const reply = await send({ ClientToken: `token of ${action}`.replaceAll(' ', '-') });
      replies.push({ ...reply, RequestId: '' });
      if (time === 0) before.splice(0, before.length, ...rowCount());
    }
    expect([action, replies[0]?.['Error']]).toEqual([action, undefined]);
    expect([action, replies[1], replies[2]]).toEqual([action, replies[0], replies[0]]);
    expect([action, rowCount()]).toEqual([action, before]);
  }
});
