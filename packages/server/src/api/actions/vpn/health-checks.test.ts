import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import {
  describeTunnel,
  makeGateway,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
  tunnelRequest,
} from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let VpnGatewayId: string;
let peers: string[];
beforeEach(async () => {
  api = await startHarness();
  VpnGatewayId = await makeGateway(api, await makeVpc(api));
  peers = [await makePeer(api, '198.51.100.1'), await makePeer(api, '198.51.100.2')];
});
afterEach(() => api.close());

const peer = (index = 0) => peers[index] ?? '';
const valid = (more: object = {}) => tunnelRequest(VpnGatewayId, peer(), more);

const show = (id: string) => describeTunnel(api, id);

describe('health checks', () => {
  const checked = (local?: string, remote?: string) => ({
    EnableHealthCheck: true,
    HealthCheckLocalIp: local,
    HealthCheckRemoteIp: remote,
  });

  it('propose neighbours and show their status', async () => {
    const id = await makeTunnel(api, VpnGatewayId, peer(), checked());
    const shown = await show(id);
    expect(shown.HealthCheckLocalIp).toMatch(/^169\.254\.(12[89]|1[3-9]\d|2\d\d)\.\d+$/);
    const last = (address: string) => Number(address.split('.')[3]);
    expect(last(shown.HealthCheckRemoteIp)).toBe(last(shown.HealthCheckLocalIp) + 1);
    expect(shown.HealthCheckStatus).toBe('UNAVAILABLE');
    const { HealthCheckLocalIp, HealthCheckRemoteIp } = await api.succeed('GenerateVpnConnectionDefaultHealthCheckIp', {
      VpnGatewayId,
    });
    expect([HealthCheckLocalIp, HealthCheckRemoteIp]).not.toContain(shown.HealthCheckLocalIp);
    const taken = await makeTunnel(api, VpnGatewayId, peer(1), checked(HealthCheckLocalIp, HealthCheckRemoteIp));
    expect(await show(taken)).toMatchObject({ HealthCheckLocalIp, HealthCheckRemoteIp });
  });

  it('have addresses of their own on the gateway', async () => {
    const first = await makeTunnel(api, VpnGatewayId, peer(), checked('169.254.200.1', '169.254.200.2'));
    const clash = valid({ CustomerGatewayId: peer(1), ...checked('169.254.200.2', '169.254.200.9') });
    const error = await api.fail('CreateVpnConnection', clash);
    expect(error.Code).toBe('InvalidParameterValue.VpnConnHealthCheckIpConflict');
    expect(error.Message).toContain(first);
    const otherGateway = await makeGateway(api, '');
    await makeTunnel(api, otherGateway, peer(1), checked('169.254.200.1', '169.254.200.2'));
  });

  it('keep clear of public addresses, and new peers of theirs', async () => {
    const gateway = await makeGateway(api, '');
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [gateway] });
    const own = VpnGatewaySet[0]!.PublicIpAddress;
    const [first, second] = [await makePeer(api, '10.9.0.1'), await makePeer(api, '10.9.0.2')];
    const create = (CustomerGatewayId: string, more: object) =>
      api.fail('CreateVpnConnection', valid({ VpnGatewayId: gateway, CustomerGatewayId, ...more }));
    const told = async (...refused: Parameters<typeof create>) => {
      const { Code, Message } = await create(...refused);
      expect(Code).toBe('InvalidParameterValue.VpnConnHealthCheckIpConflict');
      return Message;
    };
    const equal = (side: string, address: string, id: string) =>
      expect.stringContaining(`\`HealthCheck${side}Ip\` ${address} is the public address of \`${id}\``) as string;
    expect(await told(first, checked('169.254.200.1', '10.9.0.1'))).toEqual(equal('Remote', '10.9.0.1', first));
    expect(await told(first, checked(own, '169.254.200.2'))).toEqual(equal('Local', own, gateway));
    const tunnel = await makeTunnel(api, gateway, first, checked('169.254.200.1', '10.9.0.2'));
    expect(await told(second, {})).toContain(`10.9.0.2, which is a health check address of \`${tunnel}\``);
    const third = await makeTunnel(api, gateway, await makePeer(api, '10.9.0.3'));
    const change = { VpnConnectionId: third, ...checked('169.254.201.1', '10.9.0.1') };
    expect((await api.fail('ModifyVpnConnectionAttribute', change)).Message).toEqual(
      equal('Remote', '10.9.0.1', first),
    );
    const swap = { VpnConnectionId: third, CustomerGatewayId: second };
    expect((await api.fail('ModifyVpnConnectionAttribute', swap)).Message).toContain('10.9.0.2');
  });

  it('keep clear of the ranges of IDCs and of the CCN, but for what they have already', async () => {
    const gateway = await makeGateway(api, '');
    const tunnel = await makeTunnel(api, gateway, peer(), {
      RouteType: 'StaticRoute',
      ...checked('172.20.0.1', '172.20.0.2'),
    });
    const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'ccn' });
    const vpc = await makeVpc(api);
    await makeSubnet(api, vpc);
    const Instances = [
      { InstanceType: 'VPC', InstanceId: vpc, InstanceRegion: 'test-1' },
      { InstanceType: 'VPNGW', InstanceId: gateway, InstanceRegion: 'test-1' },
    ];
    await api.succeed('AttachCcnInstances', { CcnId: Ccn.CcnId, Instances });
    const route = {
      DestinationCidrBlock: '172.20.0.0/16',
      InstanceType: 'VPNCONN',
      InstanceId: tunnel,
      Priority: 0,
      Status: 'ENABLE',
    };
    const { Routes } = await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: gateway, Routes: [route] });
    await api.succeed('ModifyVpnConnectionAttribute', {
      VpnConnectionId: tunnel,
      VpnConnectionName: 'renamed',
      HealthCheckLocalIp: '172.20.0.1',
    });
    const refused = async (address: string) =>
      (await api.fail('ModifyVpnConnectionAttribute', { VpnConnectionId: tunnel, HealthCheckLocalIp: address }))
        .Message;
    expect(await refused('172.20.0.9')).toContain(`172.20.0.9 lies inside 172.20.0.0/16 of \`${Routes[0]!.RouteId}\``);
    expect(await refused('10.0.77.1')).toContain(`10.0.77.1 lies inside 10.0.0.0/16 of \`${vpc}\``);
  });

  it('report what probes found', async () => {
    const id = await makeTunnel(api, VpnGatewayId, peer(), checked());
    const schedule = { intervalMs: 120, wantedMs: 100 };
    const probes = { sent: 10, lost: 3, unsent: 0, meanDelayMs: 1.5 };
    const find = (fault: 'probe' | null, state: 'available' | 'unavailable') =>
      api.observed.recordUsability(id, { fault, healthCheck: { state, answeredAt: null, probes, schedule } });
    api.connect(id);
    find(null, 'available');
    expect(await show(id)).toMatchObject({ HealthCheckStatus: 'AVAILABLE', NetStatus: 'AVAILABLE' });
    find('probe', 'unavailable');
    // The vendor's two words stand; ours says what is true.
    expect(await show(id)).toMatchObject({ HealthCheckStatus: 'UNAVAILABLE', NetStatus: 'AVAILABLE' });
    const { Gateways } = await api.operate('DescribeSystemStatus');
    const [gateway] = Gateways as { Tunnels: readonly object[] }[];
    const HealthCheck = { State: 'UNAVAILABLE', Sent: 10, Lost: 3, NotSent: 0, DelayMs: 1.5, IntervalMs: 120 };
    expect(gateway?.Tunnels).toEqual([
      // No route leads into it, which comes first.
      expect.objectContaining({ State: 'no-route', HealthCheck }),
    ]);
  });
});
