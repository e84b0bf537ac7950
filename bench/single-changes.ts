import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '@landbridge/client';
import { poll } from '@landbridge/testbed/poll';
import { watchDeviceEnds, type DeviceWatch } from './device-watch.ts';
import { createGatewayRoutes, routeTo } from './gateway-routes.ts';
import { profileWhile } from './cpu-profile.ts';
import { watchRoutes, type RouteWatch } from './route-watch.ts';
import { serviceCpu, serviceCpuBetween, totalOf, type ServiceCpu } from './service-cpu.ts';
import { summarise, type Summary } from './statistics.ts';
import { createTunnel, type TunnelWorld } from './tunnel-world.ts';

/** One change, with all the other tunnels present. */
export interface SingleChange {
  readonly name: string;
  /** From the call until it works, seconds. */
  readonly seconds: Summary;
  /** What the service computed for it, until it rests again, milliseconds: what it computes at rest is taken off. */
  readonly cpuMs: Summary;
  /** Of the median. */
  readonly sides: ServiceCpu;
}

/** One kind of change; each finds what those before it in the circle left. */
interface Change {
  readonly name: string;
  make(): Promise<unknown>;
  /** When it worked, as performance.now() counts. */
  works(): Promise<number>;
}

/** How long the service goes on with a change after it works: the proof, the facts, the files. */
const restMs = 1500;
const changedRange = '100.127.0.0/24';

/** @param label of its profiles. */
export async function measureSingleChanges(
  bench: TunnelWorld,
  repetitions: number,
  label: string,
): Promise<SingleChange[]> {
  await using routes = await watchRoutes(bench.gatewayId);
  await using devices = await watchDeviceEnds(bench.gatewayId);
  // Who watches has made and removed something there: that is looked at.
  await delay(5000);
  const idle = await idleCpu(bench);
  const circle = circleOf(bench, routes, devices);
  const samples = circle.map(() => [] as Sample[]);
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [place, change] of circle.entries()) {
      const title = repetition === repetitions - 1 ? `${label} ${change.name}` : null;
      const sample = await profileWhile(bench.world, title, () => measureOnce(bench, change, idle));
      // The profiler costs time of its own.
      if (title === null || repetitions === 1) samples[place]?.push(sample);
    }
  }
  return circle.map(({ name }, place) => resultOf(name, samples[place] ?? []));
}

interface Sample {
  readonly seconds: number;
  readonly cpuMs: number;
  readonly sides: ServiceCpu;
}

function resultOf(name: string, samples: readonly Sample[]): SingleChange {
  const cpuMs = summarise(samples.map((sample) => sample.cpuMs));
  const sorted = [...samples].sort((a, b) => a.cpuMs - b.cpuMs);
  const { sides } = sorted[Math.floor(sorted.length / 2)] ?? { sides: { controller: 0, agent: 0, helpers: 0 } };
  return { name, seconds: summarise(samples.map(({ seconds }) => seconds)), cpuMs, sides };
}

/** Of one second. */
async function idleCpu({ world }: TunnelWorld): Promise<number> {
  const before = await serviceCpu(world.server.pid);
  const seconds = 5;
  await delay(seconds * 1000);
  return totalOf(serviceCpuBetween(before, await serviceCpu(world.server.pid))) / seconds;
}

async function measureOnce({ world, many }: TunnelWorld, change: Change, idle: number): Promise<Sample> {
  many.log.forget();
  const before = await serviceCpu(world.server.pid);
  const started = performance.now();
  await change.make();
  const seconds = ((await change.works()) - started) / 1000;
  await delay(restMs);
  const sides = serviceCpuBetween(before, await serviceCpu(world.server.pid));
  const atRest = (idle * (performance.now() - started)) / 1000;
  return { seconds, cpuMs: (totalOf(sides) - atRest) * 1000, sides };
}

function circleOf(bench: TunnelWorld, routes: RouteWatch, devices: DeviceWatch): readonly Change[] {
  const { world, gatewayId, many, spare } = bench;
  const { cloud } = world;
  let connectionId = '';
  let routeId = '';
  const connected = async (): Promise<number> => {
    await many.log.waitFor('established', [spare.name], 60_000);
    return untilDescribed(bench, connectionId);
  };
  const routeIs = (kind: 'added' | 'deleted'): Promise<number> =>
    routes.waitFor((change) => change.destination === changedRange && change.kind === kind);
  return [
    {
      name: 'tunnel created',
      make: async () => (connectionId = await createTunnel(bench, spare)),
      works: connected,
    },
    {
      name: 'tunnel changed',
      make: () => cloud.modifyVpnConnection(connectionId, { DpdTimeout: '60' }),
      works: connected,
    },
    {
      name: 'route created',
      make: async () => {
        routes.forget();
        [routeId = ''] = await createGatewayRoutes(cloud, gatewayId, [routeTo(changedRange, connectionId, 0)]);
      },
      works: () => routeIs('added'),
    },
    {
      name: 'route deleted',
      make: async () => {
        routes.forget();
        await cloud.call('DeleteVpnGatewayRoutes', { VpnGatewayId: gatewayId, RouteIds: [routeId] });
      },
      works: () => routeIs('deleted'),
    },
    {
      name: 'tunnel deleted',
      make: async () => {
        devices.forget();
        await cloud.call('DeleteVpnConnection', { VpnGatewayId: gatewayId, VpnConnectionId: connectionId });
      },
      works: async () => {
        const closedAt = await many.log.waitFor('closed', [spare.name], 60_000);
        return Math.max(closedAt, await devices.waitFor(({ name }) => name === connectionId));
      },
    },
  ];
}

/** When the API said that it is applied and connected. */
async function untilDescribed({ world }: TunnelWorld, connectionId: string): Promise<number> {
  await poll(
    `${connectionId} is there and connected`,
    async () => {
      const reply = await world.cloud.call('DescribeVpnConnections', { VpnConnectionIds: [connectionId] });
      const [{ State, NetStatus } = {}] = reply['VpnConnectionSet'] as JsonObject[];
      return `${String(State)} ${String(NetStatus)}`;
    },
    (states) => states === 'AVAILABLE AVAILABLE',
    { within: 60_000, every: 20 },
  );
  return performance.now();
}
