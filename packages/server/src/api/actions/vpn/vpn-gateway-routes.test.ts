import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCidr } from '@landbridge/net';
import { defaultQuotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeTunnel, makeVpc, policy } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let VpcId: string;
let VpnGatewayId: string;
let tunnel: string;
beforeEach(async () => {
  api = await startHarness({ quotas: { ...defaultQuotas, routesPerVpnGateway: 4 } });
  VpcId = await makeVpc(api);
  VpnGatewayId = await makeGateway(api, VpcId);
  tunnel = await makeTunnel(api, VpnGatewayId, await makePeer(api, '198.51.100.1'));
});
afterEach(() => api.close());

const into = (InstanceId: string, DestinationCidrBlock: string, more: object = {}) => ({
  DestinationCidrBlock,
  InstanceType: 'VPNCONN',
  InstanceId,
  Priority: 0,
  Status: 'ENABLE',
  ...more,
});
const create = (...Routes: object[]) => api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId, Routes });

describe('routes of a VPN gateway', () => {
  it('are answered with every field', async () => {
    const { Routes } = await create(into(tunnel, '192.168.1.0/24', { Description: 'IDC' }));
    expect(Routes).toEqual([
      {
        DestinationCidrBlock: '192.168.1.0/24',
        InstanceType: 'VPNCONN',
        InstanceId: tunnel,
        Priority: 0,
        Status: 'ENABLE',
        RouteId: expect.stringMatching(/^vpnr-[0-9a-z]{8}$/) as string,
        Type: 'Static',
        CreateTime: '2026-11-22 12:00:00',
        UpdateTime: '2026-11-22 12:00:00',
        Description: 'IDC',
      },
    ]);
    expect(api.commits.at(-1)).toEqual([VpnGatewayId]);
  });

  it('are listed with the gateway’s own VPC, by page and filter', async () => {
    await create(into(tunnel, '192.168.1.0/24'), into(tunnel, '192.168.2.0/24', { Priority: 100 }));
    const list = (more: object = {}) => api.succeed('DescribeVpnGatewayRoutes', { VpnGatewayId, ...more });
    const all = await list();
    expect(all.TotalCount).toBe(3);
    expect(all.Routes[0]).toMatchObject({
      Type: 'VPC',
      InstanceType: 'VPC',
      InstanceId: VpcId,
      DestinationCidrBlock: '10.0.0.0/16',
    });
    expect((await list({ Offset: 100, Limit: 100 })).Routes).toEqual([]);
    expect((await list({ Offset: 2, Limit: 100 })).Routes).toHaveLength(1);
    const filter = (Name: string, Value: string) => ({ Filters: [{ Name, Values: [Value] }] });
    expect((await list(filter('InstanceType', 'vpc'))).TotalCount).toBe(1);
    expect((await list(filter('InstanceType', 'vpnconn'))).TotalCount).toBe(2);
    expect((await list(filter('DestinationCidr', '192.168.2.0/24'))).TotalCount).toBe(1);
    expect((await list(filter('InstanceId', tunnel))).TotalCount).toBe(2);
    const ccn = await makeGateway(api, '');
    expect((await api.succeed('DescribeVpnGatewayRoutes', { VpnGatewayId: ccn })).Routes).toEqual([]);
  });

  it('may be a pair of active and standby, or equal', async () => {
    const second = await makeTunnel(api, VpnGatewayId, await makePeer(api, '198.51.100.2'));
    await create(into(tunnel, '192.168.1.0/24'), into(second, '192.168.1.0/24', { Priority: 100 }));
    await create(into(second, '192.168.1.0/24'));
    const { Routes } = await api.succeed('DescribeVpnGatewayRoutes', { VpnGatewayId });
    const made = Routes.filter(({ Type }) => Type === 'Static').map((route) => [
      route.InstanceId,
      route.DestinationCidrBlock,
      route.Priority,
    ]);
    expect(made).toHaveLength(3);
    expect(made).toEqual(
      expect.arrayContaining([
        [tunnel, '192.168.1.0/24', 0],
        [second, '192.168.1.0/24', 100],
        [second, '192.168.1.0/24', 0],
      ]),
    );
  });

  it('may lead to the CCN of the gateway, for destinations that no tunnel leads to, and go with the attachment', async () => {
    const gateway = await makeGateway(api, '');
    const behind = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.2'), { RouteType: 'StaticRoute' });
    const { CcnId } = (await api.succeed('CreateCcn', { CcnName: 'ccn' })).Ccn;
    const Instances = [{ InstanceType: 'VPNGW', InstanceId: gateway, InstanceRegion: 'test-1' }];
    await api.succeed('AttachCcnInstances', { CcnId, Instances });
    const toCcn = (destination: string) => into(CcnId, destination, { InstanceType: 'CCN' });
    const add = (...Routes: object[]) => ({ VpnGatewayId: gateway, Routes });
    await api.succeed('CreateVpnGatewayRoutes', add(toCcn('0.0.0.0/0'), into(behind, '192.168.1.0/24')));
    const { Routes } = await api.succeed('DescribeVpnGatewayRoutes', { VpnGatewayId: gateway });
    expect(Routes.toSorted((a, b) => (a.InstanceType < b.InstanceType ? -1 : 1))).toMatchObject([
      { DestinationCidrBlock: '0.0.0.0/0', InstanceType: 'CCN', InstanceId: CcnId, Type: 'Static', Priority: 0 },
      { DestinationCidrBlock: '192.168.1.0/24', InstanceType: 'VPNCONN', InstanceId: behind, Type: 'Static' },
    ]);
    const { RouteSet } = await api.succeed('DescribeCcnRoutes', { CcnId });
    expect(RouteSet.map(({ DestinationCidrBlock }) => DestinationCidrBlock)).toEqual(['192.168.1.0/24']);
    for (const opposite of [into(behind, '0.0.0.0/0', { Priority: 100 }), toCcn('192.168.1.0/24')]) {
      const error = await api.fail('CreateVpnGatewayRoutes', add(opposite));
      expect([error.Code, error.Message]).toEqual(['UnsupportedOperation', expect.stringContaining('not both')]);
    }
    await api.succeed('DetachCcnInstances', { CcnId, Instances });
    const left = await api.succeed('DescribeVpnGatewayRoutes', { VpnGatewayId: gateway });
    expect(left.Routes).toMatchObject([{ InstanceId: behind }]);
  });

  it('lead into no tunnel with policies, and a tunnel that they lead into gets none', async () => {
    const peer = await makePeer(api, '198.51.100.2');
    const spd = await makeTunnel(api, VpnGatewayId, peer, policy('10.0.0.0/16', '192.168.9.0/24'));
    for (const Status of ['ENABLE', 'DISABLE']) {
      const request = { VpnGatewayId, Routes: [into(spd, '192.168.9.0/24', { Status })] };
      const error = await api.fail('CreateVpnGatewayRoutes', request);
      expect([error.Code, error.Message]).toEqual(['UnsupportedOperation', expect.stringContaining(spd)]);
    }
    const wildcard = { RouteType: 'STATIC', ...policy('0.0.0.0/0', '0.0.0.0/0') };
    const open = await makeTunnel(api, VpnGatewayId, await makePeer(api, '198.51.100.3'), wildcard);
    const { Routes } = await create(into(open, '192.168.8.0/24', { Status: 'DISABLE' }));
    const selective = { VpnConnectionId: open, ...policy('10.0.0.0/16', '192.168.8.0/24') };
    const error = await api.fail('ModifyVpnConnectionAttribute', selective);
    expect(error.Code).toBe('UnsupportedOperation.InvalidState');
    expect(error.Message).toContain(Routes[0]!.RouteId);
    await api.succeed('DeleteVpnGatewayRoutes', { VpnGatewayId, RouteIds: [Routes[0]!.RouteId] });
    await api.succeed('ModifyVpnConnectionAttribute', selective);
  });

  it('lead nothing of the gateway’s own VPC into a tunnel, also in a secondary range', async () => {
    await api.succeed('CreateAssistantCidr', { VpcId, CidrBlocks: ['172.16.0.0/20'] });
    for (const inside of ['10.0.1.0/24', '10.0.0.0/16', '172.16.15.0/24']) {
      const request = { VpnGatewayId, Routes: [into(tunnel, inside)] };
      const error = await api.fail('CreateVpnGatewayRoutes', request);
      expect([error.Code, error.Message]).toEqual(['UnsupportedOperation', expect.stringContaining(inside)]);
      expect(error.Message).toContain(VpcId);
    }
    await create(into(tunnel, '10.0.0.0/15'), into(tunnel, '0.0.0.0/0'), into(tunnel, '172.16.16.0/20'));
  });

  it.each([
    ['a tunnel that has policies by now', { mode: 'spd' as const }, {}],
    ['the VPC by now', {}, { cidr: parseCidr('192.168.0.0/16') }],
  ])('are not enabled into %s', async (_, tunnelChange, vpcChange) => {
    const { Routes } = await create(into(tunnel, '192.168.1.0/24', { Status: 'DISABLE', Description: 'kept' }));
    const { RouteId } = Routes[0]!;
    await api.writer.decide((draft) => {
      const connection = draft.vpnConnections.get(tunnel)!;
      draft.vpnConnections.update({ ...connection, ...tunnelChange });
      draft.vpcs.update({ ...draft.vpcs.get(VpcId)!, ...vpcChange });
    });
    const enable = { VpnGatewayId, Routes: [{ RouteId, Status: 'ENABLE' }] };
    const error = await api.fail('ModifyVpnGatewayRoutes', enable);
    expect([error.Code, error.Message]).toEqual(['UnsupportedOperation', expect.stringContaining('192.168.1.0/24')]);
    const describe = { VpnGatewayId, Routes: [{ RouteId, Description: 'new', Status: 'DISABLE' }] };
    expect((await api.succeed('ModifyVpnGatewayRoutes', describe)).Routes).toMatchObject([{ Description: 'new' }]);
  });

  it.each([
    [{ Priority: 50 }, 'InvalidParameterValue', 'Routes.0.Priority'],
    [{ Status: 'ON' }, 'InvalidParameterValue', 'Routes.0.Status'],
    [{ Priority: undefined }, 'MissingParameter', 'Routes.0.Priority'],
    [{ InstanceType: 'CCN', InstanceId: 'ccn-00000000' }, 'UnsupportedOperation.CcnNotAttached', 'ccn-00000000'],
    [{ InstanceType: 'CCN' }, 'InvalidParameterValue.Malformed', 'the id of a CCN, ccn-…'],
    [{ InstanceType: 'VPC', InstanceId: 'vpc-00000000' }, 'InvalidParameterValue', 'Routes.0.InstanceType'],
    [{ InstanceId: 'vpnx-00000000' }, 'ResourceNotFound', 'vpnx-00000000'],
    [{ InstanceId: 'x' }, 'InvalidParameterValue.Malformed', 'Routes.0.InstanceId'],
    [{ DestinationCidrBlock: '192.168.1.1/24' }, 'InvalidParameterValue.Malformed', '192.168.1.0/24'],
    [{ DestinationCidrBlock: '127.0.0.0/8' }, 'InvalidParameterValue', 'Routes.0.DestinationCidrBlock'],
  ])('refuse %j with %s', async (change, code, mention) => {
    const Routes = [into(tunnel, '192.168.1.0/24', change)];
    const error = await api.fail('CreateVpnGatewayRoutes', { VpnGatewayId, Routes });
    expect([error.Code, error.Message]).toEqual([code, expect.stringContaining(mention)]);
  });

  it('stay on their own gateway', async () => {
    const other = await makeGateway(api, '');
    const request = { VpnGatewayId: other, Routes: [into(tunnel, '192.168.1.0/24')] };
    expect((await api.fail('CreateVpnGatewayRoutes', request)).Code).toBe('ResourceNotFound');
  });

  it('are unique, and added all or none', async () => {
    const Routes = [into(tunnel, '192.168.1.0/24'), into(tunnel, '192.168.1.0/24')];
    const twice = await api.fail('CreateVpnGatewayRoutes', { VpnGatewayId, Routes });
    expect(twice.Code).toBe('InvalidParameterValue.VpnGatewayRouteDuplicate');
    expect((await api.succeed('DescribeVpnGatewayRoutes', { VpnGatewayId })).TotalCount).toBe(1);
    const five = [1, 2, 3, 4, 5].map((part) => into(tunnel, `192.168.${part}.0/24`));
    const many = await api.fail('CreateVpnGatewayRoutes', { VpnGatewayId, Routes: five });
    expect(many.Code).toBe('LimitExceeded.VpnGatewayRoutesLimitExceeded');
    expect(many.Message).toContain(VpnGatewayId);
  });

  it('are switched and described anew', async () => {
    const { Routes } = await create(into(tunnel, '192.168.1.0/24', { Description: 'old' }));
    const { RouteId } = Routes[0]!;
    const modify = (change: object) => ({ VpnGatewayId, Routes: [{ RouteId, ...change }] });
    const off = await api.succeed('ModifyVpnGatewayRoutes', modify({ Status: 'DISABLE' }));
    expect(off.Routes).toMatchObject([{ RouteId, Status: 'DISABLE', Description: 'old' }]);
    const named = await api.succeed('ModifyVpnGatewayRoutes', modify({ Description: 'new' }));
    expect(named.Routes).toMatchObject([{ Status: 'DISABLE', Description: 'new' }]);
    const unknown = { VpnGatewayId, Routes: [{ RouteId: 'vpnr-00000000', Status: 'ENABLE' }] };
    expect((await api.fail('ModifyVpnGatewayRoutes', unknown)).Code).toBe('ResourceNotFound');
  });

  it('keep their tunnel, and are deleted while enabled', async () => {
    const { Routes } = await create(into(tunnel, '192.168.1.0/24'));
    const { RouteId } = Routes[0]!;
    const error = await api.fail('DeleteVpnConnection', { VpnGatewayId, VpnConnectionId: tunnel });
    expect(error.Code).toBe('UnsupportedOperation.InvalidState');
    expect(error.Message).toContain(RouteId);
    const some = { VpnGatewayId, RouteIds: [RouteId, 'vpnr-00000000'] };
    expect((await api.fail('DeleteVpnGatewayRoutes', some)).Code).toBe('ResourceNotFound');
    await api.succeed('DeleteVpnGatewayRoutes', { VpnGatewayId, RouteIds: [RouteId] });
    await api.succeed('DeleteVpnConnection', { VpnGatewayId, VpnConnectionId: tunnel });
  });
});
