import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import type { JsonObject } from '@landbridge/client';
import { hold, patience, poll } from '@landbridge/testbed/poll';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asking } from '../src/asking.ts';
import { checkFaultSection, type FaultRow } from '../src/fault-table.ts';
import { gatewayPath } from '../src/gateway-path.ts';
import { probeAddresses } from '../src/idc-pair.ts';
import { blockEsp, blockLan, dropLarge, endFault } from '../src/path-faults.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { oneSpd, type OneSpd } from '../src/scenarios/1-spd.ts';
import { steadyHealthCheck } from '../src/scenarios/two-devices.ts';
import { tunnelHealth } from '../src/tunnel-health.ts';
import { World } from '../src/world.ts';

// No false "up" (docs/spec/semantics.md section 3): what breaks a tunnel whose SAs stay installed, one fault after the other, while there is
// traffic; and what looks like a fault and is none. LANDBRIDGE_WRITE_FAULTS=1 writes the table of docs/findings/faults.md.

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

interface Fault {
  readonly name: string;
  /** The state that it ends in; without a health check, and with one. */
  readonly states: readonly [unchecked: string, checked: string];
  readonly finding: readonly [unchecked: Expected, checked: Expected];
  /** What else it says. */
  readonly says?: JsonObject;
  make(built: OneRoute): Promise<unknown>;
  mend(built: OneRoute): Promise<unknown>;
}

type Expected = readonly [code: string, layer: string, field: string];

const esp: Expected = ['esp-not-received', 'path', 'ESP'];
const behind: Expected = ['peer-network-silent', 'routing', 'return route'];
const device = ({ tunnel }: OneRoute) => tunnel.idc.namespace;
const mended = (built: OneRoute) => endFault(device(built));
const noGatewayRoute: Expected = ['no-gateway-route', 'routing', 'Routes.N.DestinationCidrBlock'];
const noVpcRoute: Expected = ['no-vpc-route', 'routing', 'Routes.N.GatewayId'];

function setGatewayRoute({ vpc1, gatewayRouteId }: OneRoute, status: 'ENABLE' | 'DISABLE'): Promise<void> {
  return world.cloud.setGatewayRouteStatus(vpc1.gateway.gatewayId, gatewayRouteId, status);
}

function setVpcRoute({ vpc1, vpcRouteItemId }: OneRoute, enabled: boolean): Promise<JsonObject> {
  const route = { RouteTableId: vpc1.routeTableId, RouteItemIds: [vpcRouteItemId] };
  return world.cloud.call(enabled ? 'EnableRoutes' : 'DisableRoutes', route);
}

const faults: readonly Fault[] = [
  {
    ...{ name: 'ESP is blocked both ways', states: ['one-way-out', 'one-way-out'], finding: [esp, esp] },
    ...{ make: (built) => blockEsp(device(built), ['in', 'out']), mend: mended },
  },
  {
    ...{ name: 'what we send is dropped', states: ['one-way-out', 'one-way-out'], finding: [esp, esp] },
    ...{ make: (built) => blockEsp(device(built), ['in']), mend: mended },
  },
  {
    ...{ name: 'what the peer sends is dropped', states: ['one-way-out', 'one-way-out'], finding: [esp, esp] },
    ...{ make: (built) => blockEsp(device(built), ['out']), mend: mended },
  },
  {
    ...{ name: 'a firewall at the IDC', states: ['one-way-out', 'one-way-out'], finding: [esp, behind] },
    ...{ make: (built) => blockLan(device(built)), mend: mended },
  },
  {
    ...{ name: 'no return route at the IDC', states: ['one-way-out', 'one-way-out'], finding: [esp, behind] },
    make: (built) => device(built).ip('route delete 10.0.0.0/16 dev ipsec0'),
    mend: ({ tunnel }) => tunnel.idc.routeIntoTunnel(...tunnel.cloudRanges),
  },
  {
    ...{ name: 'no gateway route', states: ['no-route', 'no-route'], finding: [noGatewayRoute, noGatewayRoute] },
    says: {
      ...{ Severity: 'error', Ours: null, Theirs: null, FixThere: '' },
      FixHere: expect.stringContaining('CreateVpnGatewayRoutes') as string,
    },
    make: (built) => setGatewayRoute(built, 'DISABLE'),
    mend: (built) => setGatewayRoute(built, 'ENABLE'),
  },
  {
    ...{ name: 'no VPC route', states: ['no-route', 'no-route'], finding: [noVpcRoute, noVpcRoute] },
    says: {
      ...{ Severity: 'error', Ours: '192.168.1.0/24', Theirs: null, FixThere: '' },
      FixHere: expect.stringContaining('CreateRoutes') as string,
    },
    make: (built) => setVpcRoute(built, false),
    mend: (built) => setVpcRoute(built, true),
  },
];

let world: World;

describe('by destination routing', () => {
  let built: OneRoute;

  beforeAll(async () => {
    world = await World.start();
    built = await oneRoute.build(world);
    await answerProbes();
  });

  afterAll(() => world.stop());

  const id = () => built.tunnel.connectionId;
  const answerProbes = () => {
    const { device: probed, gateway } = probeAddresses(1);
    return device(built).ip(
      `address replace ${probed}/32 dev lo`,
      `route replace ${gateway}/32 dev ipsec0 src ${probed}`,
    );
  };
  const ask = () => Asking.byEcho(built.vpc1.hostA, built.tunnel.idc.host.address);
  const waitFor = (what: string, isExpected: (tunnel: JsonObject) => boolean, within: number) =>
    poll(what, () => health(world, id()), isExpected, { within, every: 200 });
  const waitUntilUp = () =>
    waitFor('up without a finding', (tunnel) => tunnel['State'] === 'up' && codes(tunnel).length === 0, 30_000);

  const check = (parameters: JsonObject) => world.cloud.modifyVpnConnection(id(), parameters);

  async function breakAndMend(fault: Fault, checked: 0 | 1): Promise<void> {
    const { states, finding } = fault;
    await using traffic = new AsyncDisposableStack();
    traffic.use(ask());
    await waitUntilUp();
    // Traffic is there for a while.
    await hold(
      'up',
      () => health(world, id()),
      ({ State }) => State === 'up',
      { during: 5000 },
    );
    try {
      await fault.make(built);
      const within = checked === 1 ? checkedMs : uncheckedMs;
      await waitFor('not up any more', ({ State }) => State !== 'up', within);
      const [code, layer, field] = finding[checked];
      const found = await waitFor(code, (tunnel) => codes(tunnel).includes(code), uncheckedMs);
      noteFault(fault.name, checked, found, code);
      expect(found).toMatchObject({ State: states[checked] });
      expect(findings(found)).toEqual([
        expect.objectContaining({ Code: code, Layer: layer, Field: field, ...fault.says }),
      ]);
    } finally {
      await fault.mend(built);
    }
    await waitUntilUp();
  }

  describe('without a health check', () => {
    it('traffic in both directions is up, with its proof and its age', async () => {
      await using traffic = new AsyncDisposableStack();
      traffic.use(ask());
      const { Proof, ProvenAt, Since } = await waitUntilUp();
      expect(Proof).toBe('packets passed in both directions');
      expect(Date.now() - Date.parse(String(ProvenAt))).toBeLessThan(15_000 * patience);
      await hold('up', () => health(world, id()), (tunnel) => tunnel['State'] === 'up' && tunnel['Since'] === Since, { during: 12_000 }); // prettier-ignore
    });

    it('an idle tunnel is unproven, and nothing is found', async () => {
      const idle = await waitFor('unproven', ({ State }) => State === 'up-unproven', 30_000);
      expect(idle).toMatchObject({ Reason: 'nothing passes it now', FindingSet: [] });
    });

    it('syslog, which goes one way, is unproven, and accuses nobody', async () => {
      const { hostA } = built.vpc1;
      const sender = `exec 3>/dev/udp/${built.tunnel.idc.host.address}/514; while :; do echo log >&3; sleep 0.1; done`;
      // Nobody there refuses it.
      const { namespace } = built.tunnel.idc.host;
      await namespace.runChecked([
        'nft',
        'add table inet syslog; add chain inet syslog in { type filter hook input priority 0 ; }; add rule inet syslog in udp dport 514 drop',
      ]);
      try {
        await using traffic = new AsyncDisposableStack();
        traffic.use(Asking.byCommand(hostA, sender));
        const isUnproven = ({ State, FindingSet }: JsonObject) =>
          State === 'up-unproven' && (FindingSet as unknown[]).length === 0;
        await waitFor('none come in', ({ Reason }) => Reason === 'packets go out, and none come in', 30_000);
        await hold('unproven', () => health(world, id()), isUnproven, { during: 20_000 });
      } finally {
        await namespace.runChecked(['nft', 'delete table inet syslog']);
      }
    });

    it.each(faults)('$name', (fault) => breakAndMend(fault, 0));

    it('answers of ours that do not arrive, to connections from there', async () => {
      const { hostA } = built.vpc1;
      await using traffic = new AsyncDisposableStack();
      traffic.use(Asking.byCommand(hostA, 'exec python3 -m http.server 8080 --bind 0.0.0.0'));
      traffic.use(Asking.byTcp(built.tunnel.idc.host, hostA.address, 8080));
      await waitUntilUp();
      try {
        await blockEsp(device(built), ['in']);
        await waitFor('not up any more', ({ State }) => State !== 'up', uncheckedMs + 5000);
        const found = await waitFor('esp-not-delivered', (tunnel) => codes(tunnel).length > 0, uncheckedMs);
        noteFault('answers of ours do not arrive', 0, found, 'esp-not-delivered');
        expect(found).toMatchObject({ State: 'one-way-in' });
        expect(findings(found)).toMatchObject([{ Code: 'esp-not-delivered', Layer: 'path', Field: 'ESP' }]);
      } finally {
        await mended(built);
      }
      await waitUntilUp();
    });
  });

  describe('with a health check', () => {
    beforeAll(() => check(steadyHealthCheck(1)));

    it('an idle tunnel is proven by its probes', async () => {
      await waitFor(
        'proven by a probe',
        ({ State, Proof }) => State === 'up' && Proof === 'a probe was answered',
        30_000,
      );
    });

    it.each(faults)('$name', (fault) => breakAndMend(fault, 1));

    describe('large packets', () => {
      /** Of the path, bytes: with ESP of AES-GCM, and UDP or not, about 1,340 of a packet within. */
      const carried = 1400;
      const isHole = (tunnel: JsonObject) => codes(tunnel).includes('path-mtu-hole');
      const healthCheck = async () => (await world.cloud.tunnelStatus(id()))['HealthCheck'] as JsonObject | null;
      const checkAnew = async () => {
        await check({ EnableHealthCheck: false });
        await poll('not checked', healthCheck, (state) => state === null, { within: 30_000 });
        await check(steadyHealthCheck(1));
        await poll('answered', healthCheck, (state) => state?.['State'] === 'AVAILABLE', { within: 30_000 });
      };
      const events = async (since: string): Promise<unknown[]> => {
        const request = { ResourceId: id(), Since: since, Limit: 100 };
        const { EventSet } = await world.cloud.call('DescribeEvents', request, 'landbridge');
        return (EventSet as JsonObject[]).map(({ Kind }) => Kind);
      };
      /** By TCP, from a host of the VPC to one of the IDC: a segment is as large as the tunnel lets it be. */
      const download = async (path: string, seconds: number): Promise<string> => {
        const url = `http://${built.vpc1.hostA.address}:8081/${path}`;
        const read = `import urllib.request as u; print(len(u.urlopen("${url}", timeout=${seconds}).read()))`;
        const { stdout } = await built.tunnel.idc.host.namespace.run([
          'timeout',
          String(seconds),
          'python3',
          '-c',
          read,
        ]);
        return stdout.trim();
      };

      it('that vanish are a hole, with what passes, and no reason for a failover', async () => {
        const { hostA, gateway } = built.vpc1;
        await using traffic = new AsyncDisposableStack();
        traffic.use(Asking.byCommand(hostA, 'exec python3 -m http.server 8081 --bind 0.0.0.0 --directory /usr/bin'));
        traffic.use(ask());
        await waitUntilUp();
        const whole = await poll('a download', () => download('bash', 20), (size) => Number(size) > 500_000, { within: 60_000 }); // prettier-ignore
        const since = new Date().toISOString();
        try {
          await dropLarge(device(built), carried);
          const found = await waitFor('a hole', isHole, 60_000);
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
          expect(await download('nothing-there', 5)).toBe('');
          expect(await download('bash', 8)).toBe('');
          await hold(
            'a hole, and its routes as they were',
            async () => ({
              tunnel: await health(world, id()),
              path: await gatewayPath(gateway.gatewayId, '192.168.1.0/24'),
            }),
            ({ tunnel, path }) => isHole(tunnel) && tunnel['State'] === 'mtu-hole' && path.join() === id(),
            { during: 15_000 },
          );
          const { Usable, HealthCheck } = await world.cloud.tunnelStatus(id());
          expect([Usable, (HealthCheck as JsonObject)['State']]).toEqual([true, 'AVAILABLE']);
          expect(await events(since)).not.toContain('probe-failed');
          expect(await events(since)).not.toContain('tunnel-withdrawn');
        } finally {
          await mended(built);
        }
        await waitUntilUp();
        await poll(
          'a download again',
          () => download('bash', 20),
          (size) => size === whole,
          { within: 60_000 },
        );
      });

      it('of which the path says that they are too large are none', async () => {
        const peer = `${built.tunnel.idc.publicAddress}/32`;
        const { host } = world.lab;
        await using traffic = new AsyncDisposableStack();
        traffic.use(ask());
        await waitUntilUp();
        try {
          await host.ip(`route add ${peer} dev uplink mtu lock ${carried}`);
          await checkAnew();
          await waitUntilUp();
          // Three and a search take 12 s.
          await hold('no hole', () => health(world, id()), (tunnel) => tunnel['State'] === 'up' && codes(tunnel).length === 0, { during: 25_000 }); // prettier-ignore
        } finally {
          await host.ip(`route delete ${peer} dev uplink`);
        }
      });

      it('that the target does not answer at all say nothing', async () => {
        await using traffic = new AsyncDisposableStack();
        traffic.use(ask());
        await waitUntilUp();
        try {
          await device(built).runChecked([
            'nft',
            'add table inet large; add chain inet large in { type filter hook input priority 0 ; }; add rule inet large in icmp type echo-request meta length > 100 drop',
          ]);
          await checkAnew();
          await waitUntilUp();
          await hold('no hole', () => health(world, id()), (tunnel) => tunnel['State'] === 'up' && codes(tunnel).length === 0, { during: 25_000 }); // prettier-ignore
        } finally {
          await device(built).runChecked(['nft', 'delete table inet large']);
        }
      });
    });

    it('a probe target that does not answer any more, while packets come in', async () => {
      await using traffic = new AsyncDisposableStack();
      traffic.use(Asking.byEcho(built.tunnel.idc.host, built.vpc1.hostA.address));
      await waitUntilUp();
      const { device: probed } = probeAddresses(1);
      try {
        await device(built).ip(`address delete ${probed}/32 dev lo`);
        await waitFor('not up any more', ({ State }) => State !== 'up', checkedMs);
        const isFound = (tunnel: JsonObject) => codes(tunnel).includes('probe-no-longer-answered');
        const found = await waitFor('found', isFound, uncheckedMs);
        noteFault('the probe target does not answer any more', 1, found, 'probe-no-longer-answered');
        expect(found).toMatchObject({ State: 'check-failed' });
        expect(findings(found)).toMatchObject([
          { Code: 'probe-no-longer-answered', Layer: 'health-check', Field: 'HealthCheckRemoteIp', Ours: probed },
        ]);
      } finally {
        await answerProbes();
      }
      await waitUntilUp();
    });

    it('a probe target that never answered', async () => {
      await using traffic = new AsyncDisposableStack();
      traffic.use(ask());
      const nobody = '169.254.130.99';
      try {
        await check({ ...steadyHealthCheck(1), HealthCheckRemoteIp: nobody });
        const isFound = (tunnel: JsonObject) => codes(tunnel).includes('probe-never-answered');
        const found = await waitFor('found', isFound, uncheckedMs);
        noteFault('the probe target never answered', 1, found, 'probe-never-answered');
        expect(found).toMatchObject({ State: 'up-unproven', Reason: 'no probe was answered yet' });
        expect(findings(found)).toMatchObject([
          { Code: 'probe-never-answered', Layer: 'health-check', Field: 'HealthCheckRemoteIp', Ours: nobody },
        ]);
      } finally {
        await check(steadyHealthCheck(1));
      }
      await waitUntilUp();
    });
  });
});

describe('by an SPD', () => {
  let built: OneSpd;

  beforeAll(async () => {
    world = await World.start();
    built = await oneSpd.build(world);
  });

  afterAll(() => world.stop());

  const waitFor = (what: string, isExpected: (tunnel: JsonObject) => boolean): Promise<JsonObject> =>
    poll(what, () => health(world, built.tunnel.connectionId), isExpected, { within: uncheckedMs, every: 200 });

  it('traffic that a mapping covers is up, and nothing is found', async () => {
    await using traffic = new AsyncDisposableStack();
    traffic.use(Asking.byEcho(built.vpc1.hostA, built.tunnel.idc.host.address));
    const isFine = ({ State, FindingSet }: JsonObject) => State === 'up' && (FindingSet as unknown[]).length === 0;
    await waitFor('up', isFine);
    await hold('up', () => health(world, built.tunnel.connectionId), isFine, { during: 10_000 });
  });

  // From where no mapping leads there, and to where none leads at all.
  it.each(['source', 'destination'] as const)(
    'traffic whose %s no mapping covers is counted and told',
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
