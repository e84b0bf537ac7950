import { afterEach, beforeEach, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { mainRouteTable, makeGateway, makeSubnet, makeVpc } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness();
});
afterEach(() => api.close());

it('DescribeRouteConflicts names the routes of the CCN for which CreateRoutes is refused', async () => {
  const VpcId = await makeVpc(api);
  const other = await makeVpc(api, { CidrBlock: '172.16.0.0/16' });
  await makeSubnet(api, other, { CidrBlock: '172.16.1.0/24' });
  const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'ccn' });
  const Instances = [VpcId, other].map((InstanceId) => ({
    ...{ InstanceId, InstanceType: 'VPC', InstanceRegion: 'test-1' },
  }));
  await api.succeed('AttachCcnInstances', { CcnId: Ccn.CcnId, Instances });
  const RouteTableId = await mainRouteTable(api, VpcId);
  const ranges = ['172.16.1.0/24', '172.16.0.0/16', '192.168.1.0/24', '172.16.1.0/24'];
  const asked = { RouteTableId, DestinationCidrBlocks: ranges };
  const { RouteConflictSet } = await api.succeed('DescribeRouteConflicts', asked);
  expect(RouteConflictSet).toMatchObject([
    {
      RouteTableId,
      DestinationCidrBlock: '172.16.1.0/24',
      ConflictSet: [{ DestinationCidrBlock: '172.16.1.0/24', GatewayType: 'CCN', GatewayId: Ccn.CcnId, RouteTableId }],
    },
  ]);
  const GatewayId = await makeGateway(api, VpcId);
  const codes = await Promise.all(
    [...new Set(ranges)].map(async (DestinationCidrBlock) => {
      const Routes = [{ DestinationCidrBlock, GatewayType: 'VPN', GatewayId }];
      const { Error: error } = await api.call('CreateRoutes', { RouteTableId, Routes });
      return (error as { Code: string } | undefined)?.Code;
    }),
  );
  expect(codes).toEqual(['UnsupportedOperation.EcmpWithCcnRoute', undefined, undefined]);

  expect((await api.fail('DescribeRouteConflicts', { ...asked, RouteTableId: 'rtb-00000000' })).Code).toBe(
    'ResourceNotFound',
  );
  const malformed = { RouteTableId, DestinationCidrBlocks: ['172.16.1.1/24'] };
  expect((await api.fail('DescribeRouteConflicts', malformed)).Code).toBe('InvalidParameterValue.Malformed');
});
