import type { JsonObject } from '@landbridge/client';
import { killGatewayProcess } from '../lab/src/gateway-processes.ts';
import { strongNegotiation } from '../lab/src/negotiation.ts';
import { poll } from '@landbridge/testbed/poll';
import { runChecked } from '@landbridge/testbed/run-command';
import { World } from '../lab/src/world.ts';
import { cpuBetween, cpuSeconds, type CpuSeconds } from './cpu-time.ts';
import { createGatewayRoutes, rangeOf, routeBatch, routeTo } from './gateway-routes.ts';
import { createGatewaySide } from './gateway-side.ts';
import { createManyPeers, type ManyPeers, type Peer } from './many-peers.ts';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { round } from './statistics.ts';

// A program of its own, started by main.ts in the lab's host namespace: what happens to many tunnels of one gateway at once.

export interface BurstsResult {
  readonly tunnels: number;
  readonly bursts: readonly Burst[];
}

/** Seconds from its beginning. */
export interface Burst {
  readonly name: string;
  /** Until the peers had the last SA. */
  readonly sasSeconds: number;
  /** Until the kernel had the last route. */
  readonly routesSeconds: number;
  /** Until DescribeSystemStatus called all tunnels up and the plan applied. */
  readonly knownSeconds: number;
  readonly serverCpu: CpuSeconds;
}

const tunnelCount = 300;
/** Calls at the same time. */
const callers = 10;

interface Bench {
  readonly world: World;
  readonly vpcId: string;
  readonly gatewayId: string;
  readonly many: ManyPeers;
}

async function createTunnel(
  { world, vpcId, gatewayId }: Bench,
  { name, address, preSharedKey }: Peer,
): Promise<string> {
  const customerGatewayId = await world.cloud.createCustomerGateway(name, address);
  const negotiation = strongNegotiation;
  const more = { DpdEnable: 1, DpdTimeout: '30', DpdAction: 'restart' };
  const tunnel = { gatewayId, customerGatewayId, vpcId, name, preSharedKey, negotiation, more };
  return world.cloud.createVpnConnection(tunnel);
}

async function createTunnels(bench: Bench, peers: readonly Peer[]): Promise<string[]> {
  const ids: string[] = [];
  for (let first = 0; first < peers.length; first += callers) {
    const some = peers.slice(first, first + callers);
    ids.push(...(await Promise.all(some.map((peer) => createTunnel(bench, peer)))));
  }
  return ids;
}

async function createRoutes(
  { world, gatewayId }: Bench,
  from: number,
  connectionIds: readonly string[],
): Promise<void> {
  const routes = connectionIds.map((id, index) => routeTo(rangeOf(from + index), id, 0));
  for (let first = 0; first < routes.length; first += routeBatch) {
    const some = routes.slice(first, first + routeBatch);
    const RouteIds = await createGatewayRoutes(world.cloud, gatewayId, some);
    world.cloud.deleteLater('DeleteVpnGatewayRoutes', { VpnGatewayId: gatewayId, RouteIds });
  }
}

/** Routes into tunnels, in the kernel's own words. */
async function routesOf({ gatewayId }: Bench): Promise<number> {
  const text = await runChecked(['ip', '-n', `lb-${gatewayId}`, '-4', 'route', 'show', 'table', '100']);
  return text.match(/^100\.\S+ dev vpnx-/gm)?.length ?? 0;
}

/** SPIs of the SAs by which the gateway sends, as its peers know them. */
async function peerSpis({ many }: Bench): Promise<Set<string>> {
  const text = await many.device.charon.listSas();
  return new Set([...text.matchAll(/, INSTALLED,.*\n.*\n\s+in\s+([0-9a-f]{8})/g)].map(([, spi = '']) => spi));
}

/** True when all tunnels are up, and the newest plan is applied. */
async function isAllKnown({ world, gatewayId }: Bench, tunnels: number): Promise<boolean> {
  const { Gateways } = await world.cloud.call('DescribeSystemStatus', {}, 'landbridge');
  const gateway = (Gateways as JsonObject[]).find((one) => one['VpnGatewayId'] === gatewayId) ?? {};
  const states = (gateway['Tunnels'] as JsonObject[]).map(({ State }) => State);
  const areUp = states.length === tunnels && states.every((state) => state === 'up');
  return areUp && gateway['Applied'] === gateway['Generation'] && gateway['Error'] === '';
}

interface Expected {
  readonly tunnels: number;
  readonly routes: number;
  /** SAs that the peers shall have beside those that they have at the beginning. */
  readonly newSas: number;
}

/** @param begin returns when the burst has begun, so that what was before it is not taken for its end. */
async function measure(bench: Bench, name: string, expected: Expected, begin: () => Promise<void>): Promise<Burst> {
  const { world } = bench;
  const before = await peerSpis(bench);
  const cpuBefore = await cpuSeconds(world.server.pid);
  const started = performance.now();
  await begin();
  const newSas = async (): Promise<number> => [...(await peerSpis(bench))].filter((spi) => !before.has(spi)).length;
  const conditions = [
    new Condition(async () => (await newSas()) >= expected.newSas),
    new Condition(async () => (await routesOf(bench)) === expected.routes),
    new Condition(() => isAllKnown(bench, expected.tunnels)),
  ] as const;
  // The server is asked last, for an answer about so many tunnels costs it more than a moment.
  const look = async (): Promise<boolean> => {
    for (const condition of conditions) if (!(await condition.look())) return false;
    return true;
  };
  await poll(name, look, Boolean, { within: 300_000, every: 250 });
  const serverCpu = cpuBetween(cpuBefore, await cpuSeconds(world.server.pid));
  const [sas, routes, known] = conditions.map(({ holdsSince }) => round((holdsSince - started) / 1000));
  return { name, sasSeconds: sas ?? NaN, routesSeconds: routes ?? NaN, knownSeconds: known ?? NaN, serverCpu };
}

/** What may hold, cease to hold, and hold again. */
class Condition {
  readonly #read: () => Promise<boolean>;
  /** When the look began since which it has held, as performance.now() counts. */
  holdsSince = NaN;

  constructor(read: () => Promise<boolean>) {
    this.#read = read;
  }

  async look(): Promise<boolean> {
    const at = performance.now();
    const holds = await this.#read();
    if (!holds) this.holdsSince = NaN;
    else if (Number.isNaN(this.holdsSince)) this.holdsSince = at;
    return holds;
  }
}

async function measureBursts(bench: Bench, say: Say): Promise<Burst[]> {
  const { world, many, gatewayId } = bench;
  const { internet } = world.lab;
  const last = many.peers.at(-1);
  if (last === undefined) throw new Error('no peers');
  const bursts: Burst[] = [];
  const add = async (name: string, expected: Expected, begin: () => Promise<void>): Promise<void> => {
    const burst = await measure(bench, name, expected, begin);
    bursts.push(burst);
    say(describe(burst));
  };
  const routesGone = (): Promise<unknown> =>
    poll(
      'routes are withdrawn',
      () => routesOf(bench),
      (count) => count === 0,
      { within: 90_000 },
    );
  const all = { tunnels: tunnelCount, routes: tunnelCount, newSas: tunnelCount };
  await add(`${tunnelCount} tunnels and their routes are created`, all, async () => {
    await createRoutes(bench, 1, await createTunnels(bench, many.peers.slice(0, tunnelCount)));
  });
  await add('its uxfrm is killed', all, async () => {
    await killGatewayProcess(gatewayId, 'uxfrm');
    await routesGone();
  });
  const namespace = many.device.namespace;
  await internet.setLine(namespace, 'down');
  await routesGone();
  await add('the line of all peers returns', all, () => internet.setLine(namespace, 'up'));
  const one = { tunnels: tunnelCount + 1, routes: tunnelCount, newSas: 1 };
  let connectionId = '';
  await add('one tunnel more', one, async () => void (connectionId = await createTunnel(bench, last)));
  await add('one route more', { ...one, routes: tunnelCount + 1, newSas: 0 }, () =>
    createRoutes(bench, tunnelCount + 1, [connectionId]),
  );
  return bursts;
}

function describe({ name, sasSeconds, routesSeconds, knownSeconds, serverCpu }: Burst): string {
  const cpu = `${serverCpu.own.toFixed(1)} s of CPU, ${serverCpu.children.toFixed(1)} s in commands`;
  return `${name}: SAs after ${sasSeconds} s, routes after ${routesSeconds} s, known after ${knownSeconds} s; ${cpu}`;
}

await reportPart(async (_request: PartRequest, say: Say): Promise<BurstsResult> => {
  const world = await World.start({
    dataPlane: 'uxfrm',
    settings: {
      quotas: {
        customerGateways: tunnelCount + 1,
        vpnConnectionsPerVpnGateway: tunnelCount + 1,
        mappingsPerVpnGateway: tunnelCount + 1,
      },
      rateLimits: { default: 1000, actions: {} },
    },
  });
  const { vpcId, gateway } = await createGatewaySide(world, 'hub', '10.100');
  const many = await createManyPeers(world.lab, gateway, tunnelCount + 1);
  const bench = { world, vpcId, gatewayId: gateway.gatewayId, many };
  const bursts = await measureBursts(bench, say);
  const ended = performance.now();
  await world.stop();
  say(`taken down in ${round((performance.now() - ended) / 1000)} s`);
  return { tunnels: tunnelCount, bursts };
});
