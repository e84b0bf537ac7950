import type { AccessPolicy } from '../../../domain/operator/access-policy.ts';
import type { Caller } from '../../../services/caller.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultQuotas, type Quotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness, type HarnessOptions } from '../../../../testing/api-harness.ts';
import {
  describeTunnel,
  makeGateway,
  makePeer,
  makeTunnel,
  makeVpc,
  policy,
  tunnelRequest,
} from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let VpcId: string;
let VpnGatewayId: string;
let peers: string[];

async function start(options: HarnessOptions = {}) {
  api = await startHarness(options);
  VpcId = await makeVpc(api);
  VpnGatewayId = await makeGateway(api, VpcId);
  peers = [
    await makePeer(api, '198.51.100.1'),
    await makePeer(api, '198.51.100.2'),
    await makePeer(api, '198.51.100.3'),
  ];
}

async function restart(options: HarnessOptions) {
  await api.close();
  await start(options);
}

beforeEach(() => start());
afterEach(() => api.close());

const peer = (index = 0) => peers[index] ?? '';
const valid = (more: object = {}) => tunnelRequest(VpnGatewayId, peer(), { VpnConnectionName: 't', ...more });
const show = (id: string) => describeTunnel(api, id);

function rowOf(id: string) {
  return { row: api.rows.vpnConnections.get(id)!, generation: api.image.generation };
}

const modernIke = {
  PropoEncryAlgorithm: 'AES256GCM128',
  PropoAuthenAlgorithm: 'SHA-256',
  ExchangeMode: 'MAIN',
  LocalIdentity: 'ADDRESS',
  RemoteIdentity: 'ADDRESS',
  LocalAddress: '203.0.113.16',
  RemoteAddress: '',
  LocalFqdnName: '',
  RemoteFqdnName: '',
  DhGroupName: 'GROUP19',
  IKESaLifetimeSeconds: 86400,
  IKEVersion: 'IKEV2',
};
const modernEsp = {
  EncryptAlgorithm: 'AES256GCM128',
  IntegrityAlgorith: 'SHA-256',
  IPSECSaLifetimeSeconds: 14400,
  PfsDhGroup: 'DH-GROUP19',
  IPSECSaLifetimeTraffic: 4096000000,
  IntegrityAlgorithm: 'SHA-256',
};

describe('CreateVpnConnection', () => {
  it('answers every field and takes modern defaults', async () => {
    const { VpnConnection } = await api.succeed(
      'CreateVpnConnection',
      valid({ VpcId, Tags: [{ Key: 'a', Value: 'b' }] }),
    );
    expect(VpnConnection).toEqual({
      VpnConnectionId: expect.stringMatching(/^vpnx-[0-9a-z]{8}$/) as string,
      VpnConnectionName: 't',
      VpcId,
      VpnGatewayId,
      CustomerGatewayId: peer(),
      PreShareKey: 'secret',
      VpnProto: 'IPSEC',
      EncryptProto: 'IKE',
      RouteType: 'StaticRoute',
      CreatedTime: '2026-11-22 12:00:00',
      State: 'PENDING',
      NetStatus: 'UNAVAILABLE',
      SecurityPolicyDatabaseSet: [{ LocalCidrBlock: '0.0.0.0/0', RemoteCidrBlock: ['0.0.0.0/0'] }],
      IKEOptionsSpecification: modernIke,
      IPSECOptionsSpecification: modernEsp,
      EnableHealthCheck: false,
      HealthCheckLocalIp: '0.0.0.0',
      HealthCheckRemoteIp: '0.0.0.0',
      DpdEnable: 1,
      DpdTimeout: '30',
      DpdAction: 'restart',
      TagSet: [{ Key: 'a', Value: 'b' }],
      NegotiationType: 'active',
      BgpConfig: null,
      HealthCheckConfig: { ProbeType: 'NQA', ProbeInterval: 5000, ProbeThreshold: 3, ProbeTimeout: 150 },
    });
    expect(api.commits.at(-1)).toEqual([VpnGatewayId]);
    const { row, generation } = rowOf(VpnConnection.VpnConnectionId);
    expect(row).toMatchObject({ ifId: 1, epoch: 0, generation, mode: 'route' });
    expect(api.secrets.preSharedKey(row.id)).toBe('secret');
  });

  it('takes the vendor’s defaults when the operator says so', async () => {
    await restart({ defaults: 'vendor' });
    const { VpnConnection } = await api.succeed('CreateVpnConnection', valid());
    expect(VpnConnection.IKEOptionsSpecification).toMatchObject({
      PropoEncryAlgorithm: '3DES-CBC',
      PropoAuthenAlgorithm: 'SHA',
      DhGroupName: 'GROUP1',
      IKEVersion: 'IKEV1',
    });
    expect(VpnConnection.IPSECOptionsSpecification).toMatchObject({
      EncryptAlgorithm: 'AES-CBC-128',
      IntegrityAlgorith: 'SHA1',
      PfsDhGroup: 'NULL',
    });
    expect(VpnConnection).toMatchObject({ DpdEnable: 0, DpdTimeout: '30', DpdAction: 'restart' });
  });

  it('fills in defaults option by option', async () => {
    const { VpnConnection } = await api.succeed(
      'CreateVpnConnection',
      valid({
        IKEOptionsSpecification: { IKEVersion: 'IKEV1', DhGroupName: 'GROUP14' },
        IPSECOptionsSpecification: { PfsDhGroup: 'NULL' },
        DpdAction: 'clear',
      }),
    );
    expect(VpnConnection.IKEOptionsSpecification).toEqual({
      ...modernIke,
      IKEVersion: 'IKEV1',
      PropoEncryAlgorithm: 'AES-CBC-256',
      DhGroupName: 'GROUP14',
    });
    expect(VpnConnection.IPSECOptionsSpecification).toEqual({ ...modernEsp, PfsDhGroup: 'NULL' });
    expect(VpnConnection).toMatchObject({ DpdEnable: 1, DpdAction: 'clear' });
  });

  it('takes both spellings of the integrity algorithm, the right one first', async () => {
    const create = async (options: object, index: number) => {
      const request = valid({ IPSECOptionsSpecification: options, CustomerGatewayId: peer(index) });
      const { VpnConnection } = await api.succeed('CreateVpnConnection', request);
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- terraform reads no other
      const { IntegrityAlgorith, IntegrityAlgorithm } = VpnConnection.IPSECOptionsSpecification;
      return [IntegrityAlgorith, IntegrityAlgorithm];
    };
    expect(await create({ IntegrityAlgorith: 'SHA-512' }, 0)).toEqual(['SHA-512', 'SHA-512']);
    expect(await create({ IntegrityAlgorithm: 'SHA-384' }, 1)).toEqual(['SHA-384', 'SHA-384']);
    expect(await create({ IntegrityAlgorith: 'MD5', IntegrityAlgorithm: 'SHA-256' }, 2)).toEqual([
      'SHA-256',
      'SHA-256',
    ]);
  });

  it('shows identities only as sent', async () => {
    const id = await makeTunnel(api, VpnGatewayId, peer(), {
      IKEOptionsSpecification: {
        LocalIdentity: 'FQDN',
        LocalFqdnName: 'gw.example.org',
        LocalAddress: '',
        RemoteIdentity: 'ADDRESS',
        RemoteAddress: '10.9.8.7',
      },
    });
    expect((await show(id)).IKEOptionsSpecification).toMatchObject({
      LocalIdentity: 'FQDN',
      LocalFqdnName: 'gw.example.org',
      LocalAddress: '',
      RemoteAddress: '10.9.8.7',
      RemoteFqdnName: '',
    });
    const nameless = await makeTunnel(api, VpnGatewayId, peer(1), {
      IKEOptionsSpecification: { RemoteIdentity: 'FQDN' },
    });
    expect((await show(nameless)).IKEOptionsSpecification).toMatchObject({
      RemoteIdentity: 'FQDN',
      RemoteFqdnName: '',
    });
  });

  it('needs an AVAILABLE gateway', async () => {
    const { VpnGateway } = await api.succeed('CreateVpnGateway', {
      VpcId,
      VpnGatewayName: 'new',
      InternetMaxBandwidthOut: 5,
    });
    const error = await api.fail('CreateVpnConnection', valid({ VpnGatewayId: VpnGateway.VpnGatewayId }));
    expect(error.Code).toBe('UnsupportedOperation.InvalidState');
    expect(error.Message).toContain(VpnGateway.VpnGatewayId);
  });

  it('allows one tunnel between two gateways, and names it', async () => {
    const first = await makeTunnel(api, VpnGatewayId, peer());
    const error = await api.fail('CreateVpnConnection', valid());
    expect(error.Code).toBe('ResourceInUse');
    expect(error.Message).toContain(first);
  });

  it('keeps to the quotas', async () => {
    const quotas = (change: Partial<Quotas>) => ({ quotas: { ...defaultQuotas, ...change } });
    await restart(quotas({ vpnConnectionsPerVpnGateway: 1 }));
    await makeTunnel(api, VpnGatewayId, peer());
    const second = await api.fail('CreateVpnConnection', valid({ CustomerGatewayId: peer(1) }));
    expect([second.Code, second.Message]).toEqual([
      'LimitExceeded',
      `\`VpnGatewayId\`: \`${VpnGatewayId}\` can have at most 1 tunnels.`,
    ]);
    await restart(quotas({ vpnConnectionsPerCustomerGateway: 1 }));
    await makeTunnel(api, VpnGatewayId, peer());
    const otherGateway = await makeGateway(api, '');
    const third = await api.fail('CreateVpnConnection', valid({ VpnGatewayId: otherGateway }));
    expect(third.Message).toContain('`CustomerGatewayId`');
    await restart(quotas({ vpnConnectionsPerPair: 2 }));
    await makeTunnel(api, VpnGatewayId, peer());
    await makeTunnel(api, VpnGatewayId, peer());
    expect((await api.fail('CreateVpnConnection', valid())).Code).toBe('ResourceInUse');
  });

  it('gives each tunnel of a gateway an if_id that none had before', async () => {
    const ids = [];
    for (const index of [0, 1, 2]) ids.push(await makeTunnel(api, VpnGatewayId, peer(index)));
    await api.succeed('DeleteVpnConnection', { VpnGatewayId, VpnConnectionId: ids[1] });
    const again = await makeTunnel(api, VpnGatewayId, peer(1));
    expect(rowOf(again).row.ifId).toBe(4);
    expect(rowOf(ids[2]!).row.ifId).toBe(3);
  });

  it('warns of weak algorithms', async () => {
    const id = await makeTunnel(api, VpnGatewayId, peer(), {
      IKEOptionsSpecification: { PropoEncryAlgorithm: '3DES-CBC', DhGroupName: 'GROUP2' },
      IPSECOptionsSpecification: { EncryptAlgorithm: 'NULL', IntegrityAlgorithm: 'MD5', PfsDhGroup: 'DH-GROUP24' },
    });
    const warning = api.logLines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find(({ level }) => level === 40);
    expect(warning).toMatchObject({
      vpnConnectionId: id,
      fields: ['ike.encryption', 'ike.dhGroup', 'esp.encryption', 'esp.integrity', 'esp.pfsGroup'],
      msg: 'weak algorithms chosen',
    });
  });
});

describe('RouteType and security policies', () => {
  const wildcard = policy('0.0.0.0/0', '0.0.0.0/0');
  const selective = policy('10.0.1.0/24', '192.168.1.0/24');
  const shownWildcard = wildcard.SecurityPolicyDatabases;
  const shownSelective = selective.SecurityPolicyDatabases;

  it.each([
    [{}, 'StaticRoute', 'route', shownWildcard],
    [{ RouteType: 'StaticRoute' }, 'StaticRoute', 'route', shownWildcard],
    [{ RouteType: 'StaticRoute', ...wildcard }, 'StaticRoute', 'route', shownWildcard],
    [{ RouteType: 'StaticRoute', SecurityPolicyDatabases: [] }, 'StaticRoute', 'route', shownWildcard],
    [{ RouteType: 'STATIC' }, 'STATIC', 'route', []],
    [{ RouteType: 'STATIC', ...wildcard }, 'STATIC', 'route', shownWildcard],
    [{ RouteType: 'STATIC', ...selective }, 'STATIC', 'spd', shownSelective],
    [{ RouteType: 'Policy', ...selective }, 'Policy', 'spd', shownSelective],
    [{ RouteType: 'Policy', ...wildcard }, 'Policy', 'route', shownWildcard],
    [selective, 'Policy', 'spd', shownSelective],
    [wildcard, 'Policy', 'route', shownWildcard],
  ])('%j gives %s, mode %s', async (request, routeType, mode, shown) => {
    const id = await makeTunnel(api, VpnGatewayId, peer(), request);
    expect(await show(id)).toMatchObject({ RouteType: routeType, SecurityPolicyDatabaseSet: shown });
    expect(rowOf(id).row.mode).toBe(mode);
  });

  it('are shown as they were written, and mean the ranges without host bits', async () => {
    const written = policy('10.0.1.12/24', '192.168.1.1').SecurityPolicyDatabases;
    const id = await makeTunnel(api, VpnGatewayId, peer(), { SecurityPolicyDatabases: written });
    expect((await show(id)).SecurityPolicyDatabaseSet).toEqual(written);
    expect(rowOf(id).row.policies).toEqual([{ local: '10.0.1.0/24', remotes: ['192.168.1.1/32'] }]);
    const clash = valid({ CustomerGatewayId: peer(1), ...policy('10.0.1.128/25', '192.168.1.1/32') });
    expect((await api.fail('CreateVpnConnection', clash)).Message).toContain('10.0.1.0/24 - 192.168.1.1/32');

    const plain = policy('10.0.1.0/24', '192.168.1.1/32').SecurityPolicyDatabases;
    const plansMade = api.commits.length;
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: id, SecurityPolicyDatabases: plain });
    expect((await show(id)).SecurityPolicyDatabaseSet).toEqual(plain);
    expect(api.commits).toHaveLength(plansMade);
  });

  it('are taken and ignored with StaticRoute, and the operator is told', async () => {
    const id = await makeTunnel(api, VpnGatewayId, peer(), { RouteType: 'StaticRoute', ...selective });
    expect(await show(id)).toMatchObject({ RouteType: 'StaticRoute', SecurityPolicyDatabaseSet: shownWildcard });
    expect(rowOf(id).row).toMatchObject({ mode: 'route', policies: [] });
    // Ignored ranges collide with nothing.
    const other = await makeTunnel(api, VpnGatewayId, peer(1), selective);
    const notes = async () => {
      const status = await api.operate('DescribeSystemStatus');
      const [gateway] = status['Gateways'] as { Tunnels: { VpnConnectionId: string; Notes: string[] }[] }[];
      return new Map(gateway!.Tunnels.map(({ VpnConnectionId, Notes }) => [VpnConnectionId, Notes]));
    };
    expect(await notes()).toEqual(
      new Map([
        [id, [expect.stringContaining('policies are ignored')]],
        [other, []],
      ]),
    );
    expect(api.logLines.filter((line) => line.includes('policies are ignored') && line.includes(id))).toHaveLength(1);

    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: id, ...wildcard });
    expect((await notes()).get(id)).toEqual([]);
    await api.succeed('ModifyVpnConnectionAttribute', {
      VpnConnectionId: id,
      ...policy('10.0.2.0/24', '192.168.2.0/24'),
    });
    expect((await notes()).get(id)).toHaveLength(1);
    expect(rowOf(id).row).toMatchObject({ mode: 'route', policies: [] });
  });

  it('lets tunnels share neither mapping nor part of one, and names the other', async () => {
    const first = await makeTunnel(api, VpnGatewayId, peer(), policy('10.0.0.0/24', '192.168.1.0/24'));
    const clash = valid({ CustomerGatewayId: peer(1), ...policy('10.0.0.0/25', '192.168.0.0/16') });
    const error = await api.fail('CreateVpnConnection', clash);
    expect(error.Code).toBe('InvalidParameterValue.VpnConnCidrConflict');
    expect(error.Message).toContain(first);
    expect(error.Message).toContain('10.0.0.0/24 - 192.168.1.0/24');
    await makeTunnel(api, VpnGatewayId, peer(1), policy('10.0.1.0/24', '192.168.1.0/24'));
    await makeTunnel(api, VpnGatewayId, peer(2), policy('0.0.0.0/0', '192.168.2.0/24'));
  });

  it('keeps to the quotas for rules, ranges and mappings', async () => {
    const quotas = { ...defaultQuotas, policiesPerVpnConnection: 2, remotesPerPolicy: 2, mappingsPerVpnGateway: 3 };
    await restart({ quotas });
    const rule = (part: number, ...RemoteCidrBlock: string[]) => ({
      LocalCidrBlock: `10.0.${part}.0/24`,
      RemoteCidrBlock,
    });
    const codeOf = async (rules: object[], index = 0) =>
      api.fail('CreateVpnConnection', valid({ CustomerGatewayId: peer(index), SecurityPolicyDatabases: rules }));
    const remotes = ['192.168.1.0/24', '192.168.2.0/24'] as const;
    const three = [rule(1, remotes[0]), rule(2, remotes[0]), rule(3, remotes[0])];
    expect((await codeOf(three)).Message).toBe('`SecurityPolicyDatabases`: this tunnel can have at most 2 policies.');
    expect((await codeOf([rule(1, ...remotes, '192.168.3.0/24')])).Message).toContain('remote ranges in one policy');
    const ignored = valid({ RouteType: 'StaticRoute', SecurityPolicyDatabases: three });
    expect((await api.fail('CreateVpnConnection', ignored)).Code).toBe('LimitExceeded');
    await makeTunnel(api, VpnGatewayId, peer(), { SecurityPolicyDatabases: [rule(1, ...remotes)] });
    const error = await codeOf([rule(2, ...remotes)], 1);
    expect([error.Code, error.Message]).toEqual(['LimitExceeded', expect.stringContaining(VpnGatewayId)]);
  });
});

describe('states', () => {
  it('follow the gateway’s applied generation and charon', async () => {
    const { VpnConnection, RequestId } = await api.succeed('CreateVpnConnection', valid());
    const id = VpnConnection.VpnConnectionId as `vpnx-${string}`;
    const status = async (TaskId: string) => (await api.succeed('DescribeVpcTaskResult', { TaskId })).Status;
    expect([(await show(id)).State, await status(RequestId)]).toEqual(['PENDING', 'RUNNING']);
    const { generation } = rowOf(id);
    const outcome = { key: VpnGatewayId, appliedGeneration: generation - 1, error: 'charon is silent', at: 0 };
    api.observed.recordOutcome(outcome);
    expect(await api.succeed('DescribeVpcTaskResult', { TaskId: RequestId })).toMatchObject({
      Status: 'RUNNING',
      Output: 'charon is silent',
      Result: [],
    });
    api.apply(VpnGatewayId);
    expect([(await show(id)).State, await status(RequestId)]).toEqual(['AVAILABLE', 'SUCCESS']);
    expect((await show(id)).NetStatus).toBe('UNAVAILABLE');
    api.connect(id);
    expect((await show(id)).NetStatus).toBe('AVAILABLE');
    const removal = await api.succeed('DeleteVpnConnection', { VpnGatewayId, VpnConnectionId: id });
    expect(await status(removal.RequestId)).toBe('RUNNING');
    await api.succeed('DeleteVpnGateway', { VpnGatewayId });
    expect(await status(removal.RequestId)).toBe('SUCCESS');
    expect((await api.fail('DescribeVpcTaskResult', { TaskId: 'nothing' })).Code).toBe('ResourceNotFound');
  });
});

describe('DescribeVpnConnections', () => {
  it('is found by every filter', async () => {
    const id = await makeTunnel(api, VpnGatewayId, peer(), { VpnConnectionName: 'mine' });
    const filters = {
      'vpc-id': VpcId,
      'vpn-gateway-id': VpnGatewayId,
      'customer-gateway-id': peer(),
      'vpn-connection-name': 'mine',
      'vpn-connection-id': id,
    };
    for (const [Name, value] of Object.entries(filters)) {
      const find = async (Value: string) =>
        (await api.succeed('DescribeVpnConnections', { Filters: [{ Name, Values: [Value] }] })).TotalCount;
      expect([Name, await find(value), await find('other')]).toEqual([Name, 1, 0]);
    }
    const unknown = { VpnConnectionIds: ['vpnx-00000000'] };
    expect(await api.succeed('DescribeVpnConnections', unknown)).toMatchObject({ TotalCount: 0, VpnConnectionSet: [] });
  });
});

describe('tunnels that are opened', () => {
  it('are shown as they are by now, and not at all when they are gone', async () => {
    const [id, gone] = [await makeTunnel(api, VpnGatewayId, peer(0)), await makeTunnel(api, VpnGatewayId, peer(1))];
    const listed = api.rows.vpnConnections.all();
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: id, PreShareKey: 'another' });
    await api.succeed('DeleteVpnConnection', { VpnGatewayId, VpnConnectionId: gone });
    const seesSecrets = { principal: { policies: [] as readonly AccessPolicy[] } } as Caller;
    const opened = await api.services.vpnConnections.open(seesSecrets, listed);
    expect(listed.map((tunnel) => tunnel.id).sort()).toEqual([id, gone].sort());
    expect(opened.map(({ connection, preSharedKey }) => [connection.id, preSharedKey])).toEqual([[id, 'another']]);
  });
});

describe('ModifyVpnConnectionAttribute', () => {
  it('changes what is given and nothing else', async () => {
    const id = await makeTunnel(api, VpnGatewayId, peer(), {
      IKEOptionsSpecification: { LocalIdentity: 'FQDN', LocalFqdnName: 'a.org', RemoteAddress: '10.9.8.7' },
    });
    await api.succeed('ModifyVpnConnectionAttribute', {
      VpnConnectionId: id,
      IKEOptionsSpecification: { DhGroupName: 'GROUP14' },
      IPSECOptionsSpecification: { IPSECSaLifetimeSeconds: 7200 },
      DpdEnable: 0,
      NegotiationType: 'passive',
    });
    expect(await show(id)).toMatchObject({
      IKEOptionsSpecification: {
        ...modernIke,
        LocalIdentity: 'FQDN',
        LocalAddress: '',
        LocalFqdnName: 'a.org',
        RemoteAddress: '10.9.8.7',
        DhGroupName: 'GROUP14',
      },
      IPSECOptionsSpecification: { ...modernEsp, IPSECSaLifetimeSeconds: 7200 },
      DpdEnable: 0,
      DpdTimeout: '30',
      NegotiationType: 'passive',
      State: 'PENDING',
    });
    const { row, generation } = rowOf(id);
    expect(row).toMatchObject({ epoch: 0, generation });
    expect(api.commits.at(-1)).toEqual([VpnGatewayId]);
  });

  it('counts a different key as a new epoch, and the same one not', async () => {
    const id = await makeTunnel(api, VpnGatewayId, peer());
    const digest = api.secrets.preSharedKeyDigest(id);
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: id, PreShareKey: 'secret' });
    expect(rowOf(id).row.epoch).toBe(0);
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: id, PreShareKey: 'other' });
    expect(rowOf(id).row.epoch).toBe(1);
    expect((await show(id)).PreShareKey).toBe('other');
    expect(api.secrets.preSharedKeyDigest(id)).not.toBe(digest);
  });

  it('renames without a new plan', async () => {
    const id = await makeTunnel(api, VpnGatewayId, peer());
    const commits = api.commits.length;
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: id, VpnConnectionName: 'new' });
    expect(api.commits).toHaveLength(commits);
    expect((await show(id)).VpnConnectionName).toBe('new');
  });

  it('replaces the list of policies under the same rules', async () => {
    const first = await makeTunnel(api, VpnGatewayId, peer(), policy('10.0.1.0/24', '192.168.1.0/24'));
    const second = await makeTunnel(api, VpnGatewayId, peer(1), policy('10.0.1.0/24', '192.168.2.0/24'));
    const modify = (list: object) => ({ VpnConnectionId: second, ...list });
    await api.succeed('ModifyVpnConnectionAttribute', modify(policy('10.0.0.0/16', '192.168.2.0/24')));
    const error = await api.fail('ModifyVpnConnectionAttribute', modify(policy('10.0.0.0/16', '192.168.0.0/16')));
    expect(error.Message).toContain(first);
    await api.succeed('ModifyVpnConnectionAttribute', modify(policy('0.0.0.0/0', '0.0.0.0/0')));
    expect(rowOf(second).row.mode).toBe('route');
    await api.succeed('ModifyVpnConnectionAttribute', modify({ EnableHealthCheck: true }));
    const spd = await api.fail('ModifyVpnConnectionAttribute', modify(policy('10.0.0.0/16', '192.168.2.0/24')));
    expect(spd.Code).toBe('UnsupportedOperation.VpnConnCidrNotSupportedHealthCheck');
  });

  it('moves the tunnel to another customer gateway', async () => {
    const id = await makeTunnel(api, VpnGatewayId, peer());
    const other = await makeTunnel(api, VpnGatewayId, peer(1));
    const move = (index: number) => ({ VpnConnectionId: id, CustomerGatewayId: peer(index) });
    expect((await api.fail('ModifyVpnConnectionAttribute', move(1))).Message).toContain(other);
    await api.succeed('ModifyVpnConnectionAttribute', move(2));
    expect((await show(id)).CustomerGatewayId).toBe(peer(2));
  });

  it('refuses what creation refuses', async () => {
    const id = await makeTunnel(api, VpnGatewayId, peer());
    const codeOf = async (change: object) =>
      (await api.fail('ModifyVpnConnectionAttribute', { VpnConnectionId: id, ...change })).Code;
    expect(await codeOf({ IKEOptionsSpecification: { IKEVersion: 'IKEV1' } })).toBe('InvalidParameterValue');
    expect(await codeOf({ PreShareKey: '' })).toBe('InvalidParameterValue.Empty');
    expect(await codeOf({ RouteType: 'Policy' })).toBe('UnknownParameter');
    expect(await codeOf({ VpnConnectionId: 'vpnx-00000000' })).toBe('ResourceNotFound');
  });
});

describe('ResetVpnConnection and DeleteVpnConnection', () => {
  it('count a new epoch', async () => {
    const VpnConnectionId = await makeTunnel(api, VpnGatewayId, peer());
    await api.succeed('ResetVpnConnection', { VpnGatewayId, VpnConnectionId });
    const { row, generation } = rowOf(VpnConnectionId);
    expect(row).toMatchObject({ epoch: 1, generation });
  });

  it('want the tunnel’s own gateway', async () => {
    const VpnConnectionId = await makeTunnel(api, VpnGatewayId, peer());
    const other = await makeGateway(api, '');
    for (const action of ['ResetVpnConnection', 'DeleteVpnConnection']) {
      expect((await api.fail(action, { VpnGatewayId: other, VpnConnectionId })).Code).toBe('ResourceNotFound');
    }
  });

  it('remove the key with the tunnel', async () => {
    const VpnConnectionId = await makeTunnel(api, VpnGatewayId, peer());
    await api.succeed('DeleteVpnConnection', { VpnGatewayId, VpnConnectionId });
    expect(api.secrets.preSharedKey(VpnConnectionId)).toBeUndefined();
    expect(api.secrets.preSharedKeyDigest(VpnConnectionId)).toBeUndefined();
    expect(api.commits.at(-1)).toEqual([VpnGatewayId]);
  });
});
