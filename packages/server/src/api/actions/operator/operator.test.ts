import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { planFor, plannedTables } from '../../../planner/plan-for.ts';
import type { NetnsPlan, PlanKey } from '../../../plan/plan.ts';
import { DiskError } from '../../../store/store-error.ts';
import { startHarness, testUplink, type ApiHarness, type TestCredential } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeSubnet, makeTunnel, makeVpc } from '../../../../testing/sample-resources.ts';

/** The service `landbridge`: what operators do. */
let api: ApiHarness;
let tenant: TestCredential;
beforeEach(async () => {
  api = await startHarness();
  tenant = await newKey('tenant');
});
afterEach(() => api.close());

async function newKey(AccountName: string): Promise<TestCredential> {
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName });
  return { secretId: String(SecretId), secretKey: String(SecretKey) };
}

const asTenant = () => ({ credential: tenant, service: 'landbridge' }) as const;
const asOperator = { service: 'landbridge' } as const;

describe('access keys', () => {
  it('belong to accounts that see their own resources only', async () => {
    const second = await newKey('tenant');
    const stranger = await newKey('stranger');
    await api.succeed('CreateVpc', { VpcName: 'a', CidrBlock: '10.0.0.0/16' }, { credential: tenant });
    const count = async (credential: TestCredential) =>
      (await api.succeed('DescribeVpcs', {}, { credential })).TotalCount;
    expect([await count(tenant), await count(second), await count(stranger), await count(api.admin)]).toEqual([
      1, 1, 0, 0,
    ]);
  });

  it('are listed without their secrets, and deleted', async () => {
    const { AccessKeySet, TotalCount } = await api.operate('DescribeAccessKeys');
    expect(TotalCount).toBe(2);
    expect(AccessKeySet).toContainEqual({
      SecretId: tenant.secretId,
      AccountName: 'tenant',
      IsAdministrator: false,
      CreatedTime: '2026-11-22 12:00:00',
      ...{ ExpiredTime: null, CallsPerSecond: 0, Policy: null },
    });
    expect(JSON.stringify(AccessKeySet)).not.toContain(tenant.secretKey);
    await api.operate('DeleteAccessKey', { SecretId: tenant.secretId });
    expect((await api.fail('DescribeVpcs', {}, { credential: tenant })).Code).toBe('AuthFailure.SecretIdNotFound');
    expect((await api.fail('DeleteAccessKey', { SecretId: tenant.secretId }, asOperator)).Code).toBe(
      'ResourceNotFound',
    );
  });

  it('are the administrator’s business', async () => {
    for (const [action, parameters] of [
      ['CreateAccessKey', { AccountName: 'mine' }],
      ['DescribeAccessKeys', {}],
      ['DeleteAccessKey', { SecretId: tenant.secretId }],
    ] as const) {
      expect((await api.fail(action, parameters, asTenant())).Code).toBe('UnauthorizedOperation');
    }
  });

  it('always leave one administrator key', async () => {
    const own = { SecretId: api.admin.secretId };
    expect((await api.fail('DeleteAccessKey', own, asOperator)).Message).toContain(api.admin.secretId);
    const second = await newKey('admin');
    await api.operate('DeleteAccessKey', own, { credential: second });
    expect((await api.fail('DescribeVpcs')).Code).toBe('AuthFailure.SecretIdNotFound');
  });

  it('need a proper account name', async () => {
    for (const AccountName of ['', '-a', 'a b', 'x'.repeat(61)]) {
      expect((await api.fail('CreateAccessKey', { AccountName }, asOperator)).Code).toBe(
        'InvalidParameterValue.Malformed',
      );
    }
  });
});

describe('subnet interfaces', () => {
  it('are attached by the operator to any account’s subnet', async () => {
    const options = { credential: tenant, region: 'far' };
    const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'a', CidrBlock: '10.0.0.0/16' }, options);
    const request = { VpcId: Vpc.VpcId, SubnetName: 's', CidrBlock: '10.0.1.0/24', Zone: 'z' };
    const { SubnetId } = (await api.succeed('CreateSubnet', request, options)).Subnet;
    await api.operate('AttachSubnetInterface', { SubnetId, InterfaceName: 'eth1', VlanId: 100 });
    expect(api.commits.at(-1)).toEqual([Vpc.VpcId]);
    const shown = [
      { SubnetId, VpcId: Vpc.VpcId, InterfaceName: 'eth1', VlanId: 100, CreatedTime: '2026-11-22 12:00:00' },
    ];
    expect(await api.operate('DescribeSubnetInterfaces')).toMatchObject({ TotalCount: 1, SubnetInterfaceSet: shown });
    const filters = { Filters: [{ Name: 'subnet-id', Values: [SubnetId] }] };
    expect(await api.operate('DescribeSubnetInterfaces', filters, { credential: tenant })).toMatchObject({
      TotalCount: 1,
    });
    const stranger = await newKey('stranger');
    expect(await api.operate('DescribeSubnetInterfaces', {}, { credential: stranger })).toMatchObject({
      TotalCount: 0,
    });
    for (const action of ['AttachSubnetInterface', 'DetachSubnetInterface']) {
      const own = { SubnetId, InterfaceName: 'eth1', VlanId: 100 };
      expect((await api.fail(action, own, asTenant())).Code).toBe('UnauthorizedOperation');
    }
    await api.operate('DetachSubnetInterface', { SubnetId, InterfaceName: 'eth1', VlanId: 100 });
    expect(await api.operate('DescribeSubnetInterfaces')).toMatchObject({ TotalCount: 0 });
  });

  it('and lines are not taken from the host where it would be cut off, unless forced', async () => {
    const usesOf = (name: string) => Promise.resolve(name === 'eth7' ? ['192.0.2.7/24', 'the default route'] : []);
    const careful = await startHarness({ hostPorts: { usesOf } });
    try {
      const VpcId = await makeVpc(careful);
      const { SubnetId } = await makeSubnet(careful, VpcId);
      const line = { LocalAddress: '198.18.9.1/30', PeerAddress: '198.18.9.2' };
      const { DirectConnectGatewayId } = (
        await careful.succeed('CreateDirectConnectGateway', {
          DirectConnectGatewayName: 'dc',
          NetworkType: 'VPC',
          NetworkInstanceId: VpcId,
        })
      ).DirectConnectGateway;
      const calls = [
        ['AttachSubnetInterface', { SubnetId }],
        ['AttachDirectConnectInterface', { DirectConnectGatewayId, ...line }],
      ] as const;
      for (const [action, owner] of calls) {
        const options = { service: 'landbridge' } as const;
        const refused = await careful.fail(action, { ...owner, InterfaceName: 'eth7' }, options);
        expect(refused).toMatchObject({ Code: 'ResourceInUse' });
        expect(refused.Message).toContain('192.0.2.7/24, the default route');
        expect((await careful.fail(action, { ...owner, InterfaceName: 'lo', Force: true }, options)).Code).toBe(
          'InvalidParameterValue',
        );
      }
      await careful.operate('AttachSubnetInterface', { SubnetId, InterfaceName: 'eth7', VlanId: 7 });
      await careful.operate('DetachSubnetInterface', { SubnetId, InterfaceName: 'eth7', VlanId: 7 });
      await careful.operate('AttachSubnetInterface', { SubnetId, InterfaceName: 'eth7', Force: true });
      await careful.operate('AttachDirectConnectInterface', { ...calls[1][1], InterfaceName: 'eth8' });
    } finally {
      await careful.close();
    }
  });

  it('and lines are refused, and nothing is done, while nobody can say what the host itself has on the interface', async () => {
    let isAway = true;
    const away = await startHarness({ hostPorts: { usesOf: () => Promise.resolve(isAway ? null : []) } });
    try {
      const VpcId = await makeVpc(away);
      const { SubnetId } = await makeSubnet(away, VpcId);
      const named = { DirectConnectGatewayName: 'dc', NetworkType: 'VPC', NetworkInstanceId: VpcId };
      const { DirectConnectGatewayId } = (await away.succeed('CreateDirectConnectGateway', named)).DirectConnectGateway;
      const addresses = { LocalAddress: '198.18.9.1/30', PeerAddress: '198.18.9.2' };
      const attach = { SubnetId, InterfaceName: 'eth7' };
      const line = { DirectConnectGatewayId, ...addresses, InterfaceName: 'eth8' };
      const before = away.commits.length;
      for (const [action, parameters] of [
        ['AttachSubnetInterface', attach],
        ['AttachDirectConnectInterface', line],
      ] as const) {
        const { Code, Message } = await away.fail(action, parameters, { service: 'landbridge' });
        expect(Code).toBe('ResourceUnavailable');
        expect(Message).toMatch(/^Nothing was changed: the agent, .* eth[78] .*, is away\. Try again/);
      }
      expect(away.commits).toHaveLength(before);
      // What takes nothing away from the host asks nobody.
      await away.operate('AttachSubnetInterface', { ...attach, VlanId: 7 });
      await away.operate('DetachSubnetInterface', { ...attach, VlanId: 7 });
      isAway = false;
      await away.operate('AttachSubnetInterface', attach);
      await away.operate('AttachDirectConnectInterface', line);
    } finally {
      await away.close();
    }
  });

  it('concern the VPC, and no gateway of it', async () => {
    const VpcId = await makeVpc(api);
    await makeGateway(api, VpcId);
    const { SubnetId } = await makeSubnet(api, VpcId);
    await api.operate('AttachSubnetInterface', { SubnetId, InterfaceName: 'eth1' });
    expect(api.commits.at(-1)).toEqual([VpcId]);
  });

  it('are attached once, whole or by VLAN', async () => {
    const { SubnetId } = await makeSubnet(api, await makeVpc(api));
    const attach = (InterfaceName: string, VlanId?: number) => ({ SubnetId, InterfaceName, VlanId });
    const codeOf = async (parameters: object) => (await api.fail('AttachSubnetInterface', parameters, asOperator)).Code;
    await api.operate('AttachSubnetInterface', attach('eth1', 100));
    await api.operate('AttachSubnetInterface', attach('eth1', 101));
    await api.operate('AttachSubnetInterface', attach('eth2'));
    expect(await codeOf(attach('eth1', 100))).toBe('ResourceInUse');
    expect(await codeOf(attach('eth1'))).toBe('ResourceInUse');
    expect(await codeOf(attach('eth2', 5))).toBe('ResourceInUse');
    const absent = attach('eth3');
    expect((await api.fail('DetachSubnetInterface', absent, asOperator)).Code).toBe('ResourceNotFound');
  });

  it.each([
    ['lo', undefined, 'InvalidParameterValue'],
    ['eth0', undefined, 'InvalidParameterValue'],
    ['vpngw-00000000', undefined, 'InvalidParameterValue'],
    ['subnet-x', undefined, 'InvalidParameterValue'],
    ['vpnx-x', undefined, 'InvalidParameterValue'],
    ['vpc-x', undefined, 'InvalidParameterValue'],
    ['a/b', undefined, 'InvalidParameterValue.Malformed'],
    ['', undefined, 'InvalidParameterValue.Malformed'],
    ['sixteen-bytes-xx', undefined, 'InvalidParameterValue.Malformed'],
    ['eth1', 4095, 'InvalidParameterValue.Range'],
    ['eth1', 0, 'InvalidParameterValue.Range'],
  ])('refuse %s (VLAN %s) with %s', async (InterfaceName, VlanId, code) => {
    const { SubnetId } = await makeSubnet(api, await makeVpc(api));
    expect((await api.fail('AttachSubnetInterface', { SubnetId, InterfaceName, VlanId }, asOperator)).Code).toBe(code);
  });

  it('may be a VLAN of the uplink', async () => {
    const { SubnetId } = await makeSubnet(api, await makeVpc(api));
    await api.operate('AttachSubnetInterface', { SubnetId, InterfaceName: 'eth0', VlanId: 7 });
    const { SubnetInterfaceSet } = await api.operate('DescribeSubnetInterfaces');
    expect(SubnetInterfaceSet).toMatchObject([{ SubnetId, InterfaceName: 'eth0', VlanId: 7 }]);
  });
});

describe('plans and status', () => {
  it('hold what the planner says of the rows: devices, connections, routes and filter, and no key', async () => {
    const VpcId = await makeVpc(api);
    const { SubnetId } = await makeSubnet(api, VpcId);
    const gateway = await makeGateway(api, VpcId);
    const more = { RouteType: 'StaticRoute', PreShareKey: 'never-in-a-plan-4711' };
    const tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'), more);
    await api.succeed('CreateVpnGatewayRoutes', {
      VpnGatewayId: gateway,
      Routes: [
        {
          DestinationCidrBlock: '192.168.1.0/24',
          InstanceType: 'VPNCONN',
          InstanceId: tunnel,
          Priority: 0,
          Status: 'ENABLE',
        },
      ],
    });
    const planOf = async (ResourceId: string) => {
      const { Plans } = await api.operate('DescribePlan', { ResourceId });
      const [plan] = Plans as NetnsPlan[];
      expect(Plans).toHaveLength(1);
      return plan!;
    };
    for (const key of ['host', VpcId, gateway] as const) {
      const wanted = planFor(key as PlanKey, api.rows, testUplink);
      expect(await planOf(key)).toEqual({ ...JSON.parse(JSON.stringify(wanted)), generation: api.image.generation });
    }
    const plan = await planOf(gateway);
    expect(plan.netns).toBe(`lb-${gateway}`);
    const text = JSON.stringify(plan);
    for (const part of [tunnel, '198.51.100.1', '203.0.113.16', '192.168.1.0/24', '10.0.0.0/16']) {
      expect(text).toContain(part);
    }
    expect(JSON.stringify(plan.filter)).toContain(tunnel);
    expect(text).not.toContain('never-in-a-plan-4711');
    expect(JSON.stringify(await planOf(VpcId))).toContain(SubnetId);
  });

  it('show plans of the caller’s own resources', async () => {
    const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'a', CidrBlock: '10.0.0.0/16' }, { credential: tenant });
    const own = await makeVpc(api);
    const keys = async (parameters: object, options: object) => {
      const { Plans } = await api.operate('DescribePlan', parameters, options);
      return (Plans as { key: string }[]).map(({ key }) => key).sort();
    };
    expect(await keys({}, {})).toEqual(['host', Vpc.VpcId, own].sort());
    expect(await keys({}, { credential: tenant })).toEqual([Vpc.VpcId]);
    expect(await keys({ ResourceId: Vpc.VpcId }, { credential: tenant })).toEqual([Vpc.VpcId]);
    for (const ResourceId of [own, 'host', 'vpc-00000000']) {
      expect((await api.fail('DescribePlan', { ResourceId }, asTenant())).Code).toBe('ResourceNotFound');
    }
  });

  it('show the plan of one resource without a look at all the others', async () => {
    const [own] = [await makeVpc(api), await makeVpc(api)];
    const ask = () => api.operate('DescribePlan', { ResourceId: own });
    expect((await ask())['Plans']).toMatchObject([{ key: own }]);
    const [tables, lists] = [vi.spyOn(api.image, 'all'), vi.spyOn(api.image, 'of')];
    // Its plan is kept: what is still looked up is who may see it.
    expect((await ask())['Plans']).toMatchObject([{ key: own }]);
    expect((await api.fail('DescribePlan', { ResourceId: own }, asTenant())).Code).toBe('ResourceNotFound');
    expect(tables).not.toHaveBeenCalled();
    expect(lists.mock.calls.filter(([table]) => plannedTables.some((planned) => planned === table))).toEqual([]);
  });

  it('show the whole system to the operator', async () => {
    const VpcId = await makeVpc(api);
    await makeSubnet(api, VpcId);
    const gateway = await makeGateway(api, VpcId);
    const tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
    api.connect(tunnel);
    const pending = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.2'));
    const status = await api.operate('DescribeSystemStatus');
    const unwatched = { Usable: true, Fault: '', HealthCheck: null };
    const unproven = { Since: '2026-11-22T12:00:00.000Z', Proof: '', ProvenAt: '' };
    const noTunnel = { NetStatus: 'UNAVAILABLE', IkeEstablished: false, Children: [], LastError: '', ChangedAt: '' };
    expect(status).toEqual({
      RequestId: status['RequestId'],
      Version: '0.0.0-test',
      DataPlane: 'none',
      DataPlaneReason: 'for tests',
      StartedAt: '2026-11-22 12:00:00',
      LoopLagMs: 7,
      Uplink: { Mode: 'routed', Device: 'eth0', PathMtu: 1500, Addresses: 16, Free: 15 },
      Capacity: null,
      Counts: { Vpcs: 1, Subnets: 1, VpnGateways: 1, CustomerGateways: 2, VpnConnections: 2 },
      Gateways: [
        {
          VpnGatewayId: gateway,
          SourceCheck: true,
          Generation: api.image.generation,
          // Of the commit that the first tunnel had to wait for.
          Applied: expect.any(Number) as number,
          Error: '',
          Tunnels: expect.arrayContaining([
            {
              ...{ VpnConnectionId: tunnel, State: 'no-route', Reason: 'no gateway route leads into it', Notes: [] },
              ...unproven,
              NetStatus: 'AVAILABLE',
              IkeEstablished: true,
              Children: [{ Name: tunnel, Installed: true }],
              LastError: '',
              ChangedAt: '2026-11-22 12:00:00',
              ...unwatched,
            },
            {
              VpnConnectionId: pending,
              State: 'unknown',
              Reason: '',
              Notes: [],
              ...unproven,
              ...noTunnel,
              ...unwatched,
            },
          ]) as unknown[],
        },
      ],
      Conditions: [],
    });
    const others = await api.operate('DescribeSystemStatus', {}, { credential: tenant });
    expect(others).toMatchObject({ Uplink: null, LoopLagMs: null, Gateways: [], Counts: { Vpcs: 0 } });
  });

  it('blame the uplink for a tunnel that is down while there is none', async () => {
    const gateway = await makeGateway(api, await makeVpc(api));
    const peers = [await makePeer(api, '198.51.100.1'), await makePeer(api, '198.51.100.2')];
    const [up, down] = [await makeTunnel(api, gateway, peers[0]!), await makeTunnel(api, gateway, peers[1]!)];
    api.connect(up);
    const missing = { ikeEstablished: false, children: { [down]: false }, connected: false, changedAt: 0 };
    api.observed.recordSas(down, { ...missing, lastError: 'The peer does not answer' });
    const lastErrors = async () => {
      const { Gateways } = await api.operate('DescribeSystemStatus');
      const [{ Tunnels }] = Gateways as [{ Tunnels: readonly { VpnConnectionId: string; LastError: string }[] }];
      return Object.fromEntries(Tunnels.map(({ VpnConnectionId, LastError }) => [VpnConnectionId, LastError]));
    };
    expect(await lastErrors()).toEqual({ [up]: '', [down]: 'The peer does not answer' });
    api.observed.recordHostFindings([{ name: 'uplink', ok: false, message: 'The bridge br0 does not exist' }]);
    expect(await lastErrors()).toEqual({ [up]: '', [down]: 'The bridge br0 does not exist' });
  });
});

describe('a full disk', () => {
  it('is refused with a code that no client repeats, and named in the log only', async () => {
    const reason = 'no space is left on the disk of /var/lib/landbridge/landbridge.db';
    vi.spyOn(api.store, 'commit').mockRejectedValue(new DiskError(reason));
    const error = await api.fail('CreateVpc', { VpcName: 'a', CidrBlock: '10.0.0.0/16' });
    expect(error.Code).toBe('OperationDenied');
    expect(error.Message).not.toContain('/var/lib');
    expect(api.logLines.join('\n')).toContain(reason);
  });
});
