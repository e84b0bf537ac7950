import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import type { JsonObject } from '@landbridge/client';
import { hold, patience, poll } from '@landbridge/testbed/poll';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Asking } from '../src/asking.ts';
import { checkFaultSection, type FaultRow } from '../src/fault-table.ts';
import { gatewayPath } from '../src/gateway-path.ts';
import type { CreatedGateway } from '../src/cloud.ts';
import { connectIdc, type IdcConnection } from '../src/idc-connection.ts';
import { blockEsp, blockLan, dropLarge, endFault } from '../src/path-faults.ts';
import { oneSpd, type OneSpd } from '../src/scenarios/1-spd.ts';
import { steadyHealthCheck } from '../src/scenarios/two-devices.ts';
import { secondTenant } from '../src/tenant-marks.ts';
import { tunnelHealth } from '../src/tunnel-health.ts';
import { createVpc1, type Vpc1 } from '../src/vpc-1.ts';
import { World } from '../src/world.ts';

// No false "up" (docs/spec/semantics.md section 3): what breaks a tunnel whose SAs stay installed, while there is traffic; and what looks
// like a fault and is none. Each has a tunnel of its own to a device of its own, and all of them happen at once. What breaks has a gateway
// of its own as well: a gateway looks at all of its tunnels where one of them is suspected. LANDBRIDGE_WRITE_FAULTS=1 writes the table of
// docs/findings/faults.md.

vi.setConfig({ maxConcurrency: 20 });

const uncheckedMs = 15_000;
const checkedMs = 5000;

async function health(world: World, connectionId: string): Promise<JsonObject> {
  return tunnelHealth(world.cloud, connectionId);
}

function findings({ FindingSet }: JsonObject): JsonObject[] {
  return (FindingSet ?? []) as JsonObject[];
}

function codes(tunnel: JsonObject): unknown[] {
  return findings(tunnel).map(({ Code }) => Code);
}

const rows: FaultRow[] = [];

/** Notes what was said, for the page. */
function noteFault(fault: string, checked: 0 | 1, tunnel: JsonObject, code: string): void {
  const finding = (tunnel['FindingSet'] as WireFinding[]).find(({ Code }) => Code === code);
  if (finding !== undefined)
    rows.push({ fault: `${fault}${checked === 1 ? ', with a health check' : ''}`, began: '', finding });
}

/** A tunnel to an IDC of its own, with traffic or without. */
interface Way {
  readonly vpc1: Vpc1;
  readonly gateway: CreatedGateway;
  readonly tunnel: IdcConnection;
  readonly gatewayRouteId: string;
  readonly vpcRouteItemId: string;
  /** What the health check asks, and as whom. */
  readonly probed: { readonly gateway: string; readonly device: string };
}

interface Fault {
  readonly name: string;
  /** The state that it ends in; without a health check, and with one. */
  readonly states: readonly [unchecked: string, checked: string];
  readonly finding: readonly [unchecked: Expected, checked: Expected];
  /** What else it says. */
  readonly says?: JsonObject;
  make(way: Way): Promise<unknown>;
  mend(way: Way): Promise<unknown>;
}

type Expected = readonly [code: string, layer: string, field: string];

const esp: Expected = ['esp-not-received', 'path', 'ESP'];
const behind: Expected = ['peer-network-silent', 'routing', 'return route'];
const device = ({ tunnel }: Pick<Way, 'tunnel'>) => tunnel.idc.namespace;
const mended = (way: Way) => endFault(device(way));
const noGatewayRoute: Expected = ['no-gateway-route', 'routing', 'Routes.N.DestinationCidrBlock'];
const noVpcRoute: Expected = ['no-vpc-route', 'routing', 'Routes.N.GatewayId'];

function setGatewayRoute({ gateway, gatewayRouteId }: Way, status: 'ENABLE' | 'DISABLE'): Promise<void> {
  return world.cloud.setGatewayRouteStatus(gateway.gatewayId, gatewayRouteId, status);
}

function setVpcRoute({ vpc1, vpcRouteItemId }: Way, enabled: boolean): Promise<JsonObject> {
  const route = { RouteTableId: vpc1.routeTableId, RouteItemIds: [vpcRouteItemId] };
  return world.cloud.call(enabled ? 'EnableRoutes' : 'DisableRoutes', route);
}

const faults: readonly Fault[] = [
  {
    ...{ name: 'ESP is blocked both ways', states: ['one-way-out', 'one-way-out'], finding: [esp, esp] },
    ...{ make: (way) => blockEsp(device(way), ['in', 'out']), mend: mended },
  },
  {
    ...{ name: 'what we send is dropped', states: ['one-way-out', 'one-way-out'], finding: [esp, esp] },
    ...{ make: (way) => blockEsp(device(way), ['in']), mend: mended },
  },
  {
    ...{ name: 'what the peer sends is dropped', states: ['one-way-out', 'one-way-out'], finding: [esp, esp] },
    ...{ make: (way) => blockEsp(device(way), ['out']), mend: mended },
  },
  {
    ...{ name: 'a firewall at the IDC', states: ['one-way-out', 'one-way-out'], finding: [esp, behind] },
    ...{ make: (way) => blockLan(device(way)), mend: mended },
  },
  {
    ...{ name: 'no return route at the IDC', states: ['one-way-out', 'one-way-out'], finding: [esp, behind] },
    make: (way) => device(way).ip('route delete 10.0.0.0/16 dev ipsec0'),
    mend: ({ tunnel }) => tunnel.idc.routeIntoTunnel(...tunnel.cloudRanges),
  },
  {
    ...{ name: 'no gateway route', states: ['no-route', 'no-route'], finding: [noGatewayRoute, noGatewayRoute] },
    says: {
      ...{ Severity: 'error', Ours: null, Theirs: null, FixThere: '' },
      FixHere: expect.stringContaining('CreateVpnGatewayRoutes') as string,
    },
    make: (way) => setGatewayRoute(way, 'DISABLE'),
    mend: (way) => setGatewayRoute(way, 'ENABLE'),
  },
  {
    ...{ name: 'no VPC route', states: ['no-route', 'no-route'], finding: [noVpcRoute, noVpcRoute] },
    says: {
      ...{ Severity: 'error', Ours: '192.168.1.0/24', Theirs: null, FixThere: '' },
      FixHere: expect.stringContaining('CreateRoutes') as string,
    },
    make: (way) => setVpcRoute(way, false),
    mend: (way) => setVpcRoute(way, true),
  },
];

let world: World;

/** Which tunnel, and so which IDC, is whose. */
const numbers = {
  /** The first one has no VPC route, and then the targets that do not answer: the page names its addresses. */
  fault: (fault: Fault) => faults.length - faults.indexOf(fault),
  targets: 1,
  ...{ busy: 8, idle: 9, syslog: 10, answers: 11 },
  ...{ hole: 12, told: 13, unanswered: 14 },
} as const;

/** Tunnels of one gateway. */
const groups: readonly (readonly number[])[] = [
  ...faults.map((fault) => [numbers.fault(fault)]),
  [numbers.busy, numbers.idle, numbers.syslog],
  [numbers.answers],
  [numbers.hole, numbers.told, numbers.unanswered],
];

beforeAll(async () => {
  world = await World.start({ settings: { quotas: { vpcVpnGateways: 20 } } });
});

afterAll(() => world.stop());

describe.concurrent('by destination routing', () => {
  const ways = new Map<number, Way>();

  beforeAll(async () => {
    const vpc1 = await createVpc1(world);
    const gatewayOf = new Map<number, CreatedGateway>();
    for (const [index, group] of groups.entries()) {
      const isFirst = index === 0;
      const gateway = isFirst ? vpc1.gateway : await world.cloud.createVpnGateway(vpc1.vpcId, `gateway ${index}`);
      for (const number of group) gatewayOf.set(number, gateway);
    }
    await Promise.all(
      [...gatewayOf].map(async ([number, gateway]) => ways.set(number, await connect({ ...vpc1, gateway }, number))),
    );
  }, 300_000 * patience);

  async function connect(vpc1: Vpc1, number: number): Promise<Way> {
    const { cloud, lab } = world;
    const { vpcId, gateway, routeTableId } = vpc1;
    const idc = await lab.createIdc(number);
    const tunnel = await connectIdc(world, { gateway, vpcId, idc, cloudRanges: ['10.0.0.0/16'] });
    const gatewayRouteId = await cloud.createGatewayRoute(gateway.gatewayId, idc.lan, tunnel.connectionId);
    const vpcRouteItemId = await cloud.createVpcRoute(routeTableId, idc.lan, gateway.gatewayId);
    const first = 4 * number - 3;
    const probed = { gateway: `169.254.128.${first}`, device: `169.254.128.${first + 1}` };
    const way = { vpc1, gateway, tunnel, gatewayRouteId, vpcRouteItemId, probed };
    await answerProbes(way);
    await cloud.waitUntilConnected(tunnel.connectionId);
    return way;
  }

  function wayOf(number: number): Way {
    return ways.get(number) ?? expect.fail(`no tunnel ${number}`);
  }

  const answerProbes = (way: Way) =>
    device(way).ip(
      `address replace ${way.probed.device}/32 dev lo`,
      `route replace ${way.probed.gateway}/32 dev ipsec0 src ${way.probed.device}`,
    );
  const healthOf = ({ tunnel }: Way) => health(world, tunnel.connectionId);
  const ask = ({ vpc1, tunnel }: Way) => Asking.byEcho(vpc1.hostA, tunnel.idc.host.address);
  const waitFor = (way: Way, what: string, isExpected: (tunnel: JsonObject) => boolean, within: number) =>
    poll(what, () => healthOf(way), isExpected, { within, every: 500 });
  const waitUntilUp = (way: Way) =>
    waitFor(way, 'up without a finding', (tunnel) => tunnel['State'] === 'up' && codes(tunnel).length === 0, 30_000);

  const check = ({ tunnel, probed }: Way, parameters: JsonObject = {}) =>
    world.cloud.modifyVpnConnection(tunnel.connectionId, {
      ...{ ...steadyHealthCheck(1), HealthCheckLocalIp: probed.gateway, HealthCheckRemoteIp: probed.device },
      ...parameters,
    });
  const healthCheck = async ({ tunnel }: Way) =>
    (await world.cloud.tunnelStatus(tunnel.connectionId))['HealthCheck'] as JsonObject | null;
  const checkAndWait = async (way: Way) => {
    await check(way);
    await poll(
      'answered',
      () => healthCheck(way),
      (state) => state?.['State'] === 'AVAILABLE',
      { within: 30_000, every: 500 },
    );
  };

  async function breakAndMend(way: Way, fault: Fault, checked: 0 | 1): Promise<void> {
    const { states, finding } = fault;
    await using traffic = new AsyncDisposableStack();
    traffic.use(ask(way));
    await waitUntilUp(way);
    // Traffic is there for a while.
    await hold(
      'up',
      () => healthOf(way),
      ({ State }) => State === 'up',
      { during: 5000, every: 500 },
    );
    try {
      await fault.make(way);
      const within = checked === 1 ? checkedMs : uncheckedMs;
      await waitFor(way, 'not up any more', ({ State }) => State !== 'up', within);
      const [code, layer, field] = finding[checked];
      const found = await waitFor(way, code, (tunnel) => codes(tunnel).includes(code), uncheckedMs);
      noteFault(fault.name, checked, found, code);
      expect(found).toMatchObject({ State: states[checked] });
      expect(findings(found)).toEqual([
        expect.objectContaining({ Code: code, Layer: layer, Field: field, ...fault.says }),
      ]);
    } finally {
      await fault.mend(way);
    }
    await waitUntilUp(way);
  }

  describe('without a health check', { concurrent: false }, () => {
    it.concurrent('traffic in both directions is up, with its proof and its age', async () => {
      const way = wayOf(numbers.busy);
      await using traffic = new AsyncDisposableStack();
      traffic.use(ask(way));
      const { Proof, ProvenAt, Since } = await waitUntilUp(way);
      expect(Proof).toBe('packets passed in both directions');
      expect(Date.now() - Date.parse(String(ProvenAt))).toBeLessThan(15_000 * patience);
      await hold('up', () => healthOf(way), (tunnel) => tunnel['State'] === 'up' && tunnel['Since'] === Since, { during: 12_000, every: 500 }); // prettier-ignore
    });

    it.concurrent('an idle tunnel is unproven, and nothing is found', async () => {
      const way = wayOf(numbers.idle);
      {
        await using traffic = new AsyncDisposableStack();
        traffic.use(ask(way));
        await waitUntilUp(way);
      }
      const idle = await waitFor(way, 'unproven', ({ State }) => State === 'up-unproven', 30_000);
      expect(idle).toMatchObject({ Reason: 'nothing passes it now', FindingSet: [] });
    });

    it.concurrent('syslog, which goes one way, is unproven, and accuses nobody', async () => {
      const way = wayOf(numbers.syslog);
      const { hostA } = way.vpc1;
      const { address, namespace } = way.tunnel.idc.host;
      const sender = `exec 3>/dev/udp/${address}/514; while :; do echo log >&3; sleep 0.1; done`;
      // Nobody there refuses it.
      await namespace.runChecked([
        'nft',
        'add table inet syslog; add chain inet syslog in { type filter hook input priority 0 ; }; add rule inet syslog in udp dport 514 drop',
      ]);
      try {
        await using traffic = new AsyncDisposableStack();
        traffic.use(Asking.byCommand(hostA, sender));
        const isUnproven = ({ State, FindingSet }: JsonObject) =>
          State === 'up-unproven' && (FindingSet as unknown[]).length === 0;
        await waitFor(way, 'none come in', ({ Reason }) => Reason === 'packets go out, and none come in', 30_000);
        await hold('unproven', () => healthOf(way), isUnproven, { during: 20_000, every: 500 });
      } finally {
        await namespace.runChecked(['nft', 'delete table inet syslog']);
      }
    });

    it.concurrent.each(faults)('$name', (fault) => breakAndMend(wayOf(numbers.fault(fault)), fault, 0));

    it.concurrent('answers of ours that do not arrive, to connections from there', async () => {
      const way = wayOf(numbers.answers);
      const { hostA } = way.vpc1;
      await using traffic = new AsyncDisposableStack();
      traffic.use(Asking.byCommand(hostA, 'exec python3 -m http.server 8080 --bind 0.0.0.0'));
      traffic.use(Asking.byTcp(way.tunnel.idc.host, hostA.address, 8080));
      await waitUntilUp(way);
      try {
        await blockEsp(device(way), ['in']);
        await waitFor(way, 'not up any more', ({ State }) => State !== 'up', uncheckedMs + 5000);
        const found = await waitFor(way, 'esp-not-delivered', (tunnel) => codes(tunnel).length > 0, uncheckedMs);
        noteFault('answers of ours do not arrive', 0, found, 'esp-not-delivered');
        expect(found).toMatchObject({ State: 'one-way-in' });
        expect(findings(found)).toMatchObject([{ Code: 'esp-not-delivered', Layer: 'path', Field: 'ESP' }]);
      } finally {
        await mended(way);
      }
      await waitUntilUp(way);
    });
  });

  describe('with a health check', { concurrent: false }, () => {
    beforeAll(() =>
      Promise.all([...faults.map(numbers.fault), numbers.idle].map((number) => checkAndWait(wayOf(number)))),
    );

    it.concurrent('an idle tunnel is proven by its probes', async () => {
      await waitFor(
        wayOf(numbers.idle),
        'proven by a probe',
        ({ State, Proof }) => State === 'up' && Proof === 'a probe was answered',
        30_000,
      );
    });

    it.concurrent.each(faults)('$name', (fault) => breakAndMend(wayOf(numbers.fault(fault)), fault, 1));

    it('a probe target that does not answer any more, while packets come in', async () => {
      const way = wayOf(numbers.targets);
      await using traffic = new AsyncDisposableStack();
      traffic.use(Asking.byEcho(way.tunnel.idc.host, way.vpc1.hostA.address));
      await waitUntilUp(way);
      const probed = way.probed.device;
      try {
        await device(way).ip(`address delete ${probed}/32 dev lo`);
        await waitFor(way, 'not up any more', ({ State }) => State !== 'up', checkedMs);
        const isFound = (tunnel: JsonObject) => codes(tunnel).includes('probe-no-longer-answered');
        const found = await waitFor(way, 'found', isFound, uncheckedMs);
        noteFault('the probe target does not answer any more', 1, found, 'probe-no-longer-answered');
        expect(found).toMatchObject({ State: 'check-failed' });
        expect(findings(found)).toMatchObject([
          { Code: 'probe-no-longer-answered', Layer: 'health-check', Field: 'HealthCheckRemoteIp', Ours: probed },
        ]);
      } finally {
        await answerProbes(way);
      }
      await waitUntilUp(way);
    });

    it('a probe target that never answered', async () => {
      const way = wayOf(numbers.targets);
      await using traffic = new AsyncDisposableStack();
      traffic.use(ask(way));
      const nobody = '169.254.130.99';
      try {
        await check(way, { HealthCheckRemoteIp: nobody });
        const isFound = (tunnel: JsonObject) => codes(tunnel).includes('probe-never-answered');
        const found = await waitFor(way, 'found', isFound, uncheckedMs);
        noteFault('the probe target never answered', 1, found, 'probe-never-answered');
        expect(found).toMatchObject({ State: 'up-unproven', Reason: 'no probe was answered yet' });
        expect(findings(found)).toMatchObject([
          { Code: 'probe-never-answered', Layer: 'health-check', Field: 'HealthCheckRemoteIp', Ours: nobody },
        ]);
      } finally {
        await check(way);
      }
      await waitUntilUp(way);
    });
  });

  describe.concurrent('with a health check, large packets', () => {
    /** Of the path, bytes: with ESP of AES-GCM, and UDP or not, about 1,340 of a packet within. */
    const carried = 1400;
    const isHole = (tunnel: JsonObject) => codes(tunnel).includes('path-mtu-hole');
    const checkAnew = async (way: Way) => {
      await check(way, { EnableHealthCheck: false });
      await poll('not checked', () => healthCheck(way), (state) => state === null, { within: 30_000, every: 500 }); // prettier-ignore
      await checkAndWait(way);
    };
    const events = async ({ tunnel }: Way, since: string): Promise<unknown[]> => {
      const request = { ResourceId: tunnel.connectionId, Since: since, Limit: 100 };
      const { EventSet } = await world.cloud.call('DescribeEvents', request, 'landbridge');
      return (EventSet as JsonObject[]).map(({ Kind }) => Kind);
    };
    /** By TCP, from a host of the VPC to one of the IDC: a segment is as large as the tunnel lets it be. */
    const download = async ({ vpc1, tunnel }: Way, path: string, seconds: number): Promise<string> => {
      const url = `http://${vpc1.hostA.address}:8081/${path}`;
      const read = `import urllib.request as u; print(len(u.urlopen("${url}", timeout=${seconds}).read()))`;
      const { stdout } = await tunnel.idc.host.namespace.run(['timeout', String(seconds), 'python3', '-c', read]);
      return stdout.trim();
    };

    it('that vanish are a hole, with what passes, and no reason for a failover', async () => {
      const way = wayOf(numbers.hole);
      const { gateway, vpc1 } = way;
      const { hostA } = vpc1;
      const { connectionId } = way.tunnel;
      await checkAndWait(way);
      await using traffic = new AsyncDisposableStack();
      traffic.use(Asking.byCommand(hostA, 'exec python3 -m http.server 8081 --bind 0.0.0.0 --directory /usr/bin'));
      traffic.use(ask(way));
      await waitUntilUp(way);
      const whole = await poll('a download', () => download(way, 'bash', 20), (size) => Number(size) > 500_000, { within: 60_000 }); // prettier-ignore
      const since = new Date().toISOString();
      try {
        await dropLarge(device(way), carried);
        const found = await waitFor(way, 'a hole', isHole, 60_000);
        expect(found).toMatchObject({ State: 'mtu-hole' });
        expect(findings(found)).toMatchObject([
          {
            ...{ Code: 'path-mtu-hole', Severity: 'error', Layer: 'path', Field: 'MTU', Ours: '1438 bytes' },
            Theirs: expect.stringMatching(/^13(3[0-9]|4[0-8]) bytes pass$/) as string,
            FixHere: expect.stringContaining('pathMtu') as string,
            FixThere: expect.stringContaining('fragmentation needed') as string,
          },
        ]);
        // As hosts see it: what is small passes, a download stands still.
        expect(await download(way, 'nothing-there', 5)).toBe('');
        expect(await download(way, 'bash', 8)).toBe('');
        await hold(
          'a hole, and its routes as they were',
          async () => ({
            tunnel: await healthOf(way),
            path: await gatewayPath(gateway.gatewayId, way.tunnel.idc.lan),
          }),
          ({ tunnel, path }) => isHole(tunnel) && tunnel['State'] === 'mtu-hole' && path.join() === connectionId,
          { during: 15_000, every: 500 },
        );
        const { Usable, HealthCheck } = await world.cloud.tunnelStatus(connectionId);
        expect([Usable, (HealthCheck as JsonObject)['State']]).toEqual([true, 'AVAILABLE']);
        expect(await events(way, since)).not.toContain('probe-failed');
        expect(await events(way, since)).not.toContain('tunnel-withdrawn');
      } finally {
        await mended(way);
      }
      await waitUntilUp(way);
      await poll(
        'a download again',
        () => download(way, 'bash', 20),
        (size) => size === whole,
        { within: 60_000 },
      );
    });

    it('of which the path says that they are too large are none', async () => {
      const way = wayOf(numbers.told);
      const peer = `${way.tunnel.idc.publicAddress}/32`;
      const { host } = world.lab;
      await using traffic = new AsyncDisposableStack();
      traffic.use(ask(way));
      await waitUntilUp(way);
      try {
        await host.ip(`route add ${peer} dev uplink mtu lock ${carried}`);
        await checkAnew(way);
        await waitUntilUp(way);
        // Three and a search take 12 s.
        await hold('no hole', () => healthOf(way), (tunnel) => tunnel['State'] === 'up' && codes(tunnel).length === 0, { during: 25_000, every: 500 }); // prettier-ignore
      } finally {
        await host.ip(`route delete ${peer} dev uplink`);
      }
    });

    it('that the target does not answer at all say nothing', async () => {
      const way = wayOf(numbers.unanswered);
      await using traffic = new AsyncDisposableStack();
      traffic.use(ask(way));
      await waitUntilUp(way);
      try {
        await device(way).runChecked([
          'nft',
          'add table inet large; add chain inet large in { type filter hook input priority 0 ; }; add rule inet large in icmp type echo-request meta length > 100 drop',
        ]);
        await checkAnew(way);
        await waitUntilUp(way);
        await hold('no hole', () => healthOf(way), (tunnel) => tunnel['State'] === 'up' && codes(tunnel).length === 0, { during: 25_000, every: 500 }); // prettier-ignore
      } finally {
        await device(way).runChecked(['nft', 'delete table inet large']);
      }
    });
  });
});

describe.concurrent('by an SPD', () => {
  let built: OneSpd;

  beforeAll(async () => {
    built = await oneSpd.build(world.addPlace(secondTenant));
  });

  const waitFor = (what: string, isExpected: (tunnel: JsonObject) => boolean): Promise<JsonObject> =>
    poll(what, () => health(world, built.tunnel.connectionId), isExpected, { within: uncheckedMs, every: 500 });

  it('traffic that a mapping covers is up, and nothing is found', { concurrent: false }, async () => {
    await using traffic = new AsyncDisposableStack();
    traffic.use(Asking.byEcho(built.vpc1.hostA, built.tunnel.idc.host.address));
    const isFine = ({ State, FindingSet }: JsonObject) => State === 'up' && (FindingSet as unknown[]).length === 0;
    await waitFor('up', isFine);
    await hold('up', () => health(world, built.tunnel.connectionId), isFine, { during: 10_000, every: 500 });
  });

  // From where no mapping leads there, and to where none leads at all.
  it.each(['source', 'destination'] as const)(
    'traffic whose %s no mapping covers is counted and told',
    { concurrent: false },
    async (which) => {
      const { vpc1, tunnel } = built;
      const { cloud } = world;
      const elsewhere = await cloud.createVpcRoute(vpc1.routeTableId, '192.168.77.0/24', vpc1.gateway.gatewayId);
      const unmapped = async () => {
        const Filters = [{ Name: 'resource-id', Values: [tunnel.connectionId] }];
        const { DroppedPacketSet } = await cloud.call('DescribeDroppedPackets', { Filters }, 'landbridge');
        const counts = DroppedPacketSet as JsonObject[];
        return Number(counts.find(({ Reason }) => Reason === 'UNMAPPED')?.['Packets'] ?? 0);
      };
      try {
        const before = await unmapped();
        await using traffic = new AsyncDisposableStack();
        const [from, to] = which === 'source' ? [vpc1.hostB, tunnel.idc.host.address] : [vpc1.hostA, '192.168.77.5'];
        traffic.use(Asking.byEcho(from, to));
        const found = await waitFor('found', (seen) => codes(seen).includes('traffic-outside-mappings'));
        expect(found).toMatchObject({ State: 'policy-drop' });
        expect(findings(found)).toMatchObject([
          {
            ...{
              Code: 'traffic-outside-mappings',
              Severity: 'error',
              Layer: 'policy',
              Field: 'SecurityPolicyDatabases',
            },
            ...{ Ours: '10.0.1.0/24 === 192.168.1.0/24', Theirs: null },
            FixHere: expect.stringContaining('Add a policy') as string,
            FixThere: expect.stringContaining('mirrored') as string,
          },
        ]);
        await poll('it is counted', unmapped, (count) => count > before + 2, { within: 60_000, every: 500 });
      } finally {
        await cloud.call('DeleteRoutes', { RouteTableId: vpc1.routeTableId, Routes: [{ RouteItemId: elsewhere }] });
      }
      await waitFor('nothing any more', (tunnel) => codes(tunnel).length === 0);
    },
  );
});

it('docs/findings/faults.md says what was said', async ({ task }) => {
  expect(await checkFaultSection('Data plane', rows, task)).toBeNull();
});
