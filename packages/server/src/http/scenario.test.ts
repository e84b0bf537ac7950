import { tableNames } from '../image/tables.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../testing/api-harness.ts';

describe('scenario 1 through the API', () => {
  let api: ApiHarness;
  beforeAll(async () => {
    api = await startHarness();
  });
  afterAll(() => api.close());

  it('builds and removes one VPC and one IDC by destination routing', async () => {
    const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'a', CidrBlock: '10.0.0.0/16' });
    const { Subnet } = await api.succeed('CreateSubnet', {
      VpcId: Vpc.VpcId,
      SubnetName: 's',
      CidrBlock: '10.0.1.0/24',
      Zone: 'z-1',
    });
    const { VpnGateway } = await api.succeed('CreateVpnGateway', {
      VpcId: Vpc.VpcId,
      VpnGatewayName: 'g',
      InternetMaxBandwidthOut: 5,
    });
    expect(VpnGateway.State).toBe('PENDING');
    api.applyAll();
    const { CustomerGateway } = await api.succeed('CreateCustomerGateway', {
      CustomerGatewayName: 'c',
      IpAddress: '203.0.113.11',
    });
    const { VpnConnection, RequestId } = await api.succeed('CreateVpnConnection', {
      VpnGatewayId: VpnGateway.VpnGatewayId,
      CustomerGatewayId: CustomerGateway.CustomerGatewayId,
      VpnConnectionName: 't',
      PreShareKey: 'secret',
      RouteType: 'StaticRoute',
      VpcId: Vpc.VpcId,
    });
    expect((await api.succeed('DescribeVpcTaskResult', { TaskId: RequestId })).Status).toBe('RUNNING');
    api.applyAll();
    expect((await api.succeed('DescribeVpcTaskResult', { TaskId: RequestId })).Status).toBe('SUCCESS');
    const names = { VpnGatewayId: VpnGateway.VpnGatewayId, VpnConnectionId: VpnConnection.VpnConnectionId };
    const { Routes } = await api.succeed('CreateVpnGatewayRoutes', {
      VpnGatewayId: VpnGateway.VpnGatewayId,
      Routes: [
        {
          DestinationCidrBlock: '192.168.1.0/24',
          InstanceType: 'VPNCONN',
          InstanceId: VpnConnection.VpnConnectionId,
          Priority: 0,
          Status: 'ENABLE',
        },
      ],
    });
    const { RouteTableSet } = await api.succeed('CreateRoutes', {
      RouteTableId: Subnet.RouteTableId,
      Routes: [{ DestinationCidrBlock: '192.168.1.0/24', GatewayType: 'VPN', GatewayId: VpnGateway.VpnGatewayId }],
    });
    expect(RouteTableSet).toHaveLength(1);
    const inUse = await api.fail('DeleteVpnConnection', names);
    expect(inUse.Message).toContain(Routes[0]!.RouteId);
    const RouteId = RouteTableSet[0]!.RouteSet[0]!.RouteId;
    await api.succeed('DeleteRoutes', { RouteTableId: Subnet.RouteTableId, Routes: [{ RouteId }] });
    await api.succeed('DeleteVpnGatewayRoutes', { VpnGatewayId: names.VpnGatewayId, RouteIds: [Routes[0]!.RouteId] });
    await api.succeed('DeleteVpnConnection', names);
    await api.succeed('DeleteCustomerGateway', { CustomerGatewayId: CustomerGateway.CustomerGatewayId });
    await api.succeed('DeleteVpnGateway', { VpnGatewayId: names.VpnGatewayId });
    await api.succeed('DeleteSubnet', { SubnetId: Subnet.SubnetId });
    await api.succeed('DeleteVpc', { VpcId: Vpc.VpcId });
    expect(
      tableNames
        .filter((name) => !['accounts', 'accessKeys', 'counters'].includes(name))
        .flatMap((name) => [...api.rows[name].all()]),
    ).toEqual([]);
  });
});
