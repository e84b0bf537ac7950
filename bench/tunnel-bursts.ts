import { poll } from '@landbridge/testbed/poll';
import { GatewayCharon } from '../lab/src/gateway-charon.ts';
import { killGatewayProcess } from '../lab/src/gateway-processes.ts';
import { PacketStream } from '../lab/src/packet-stream.ts';
import { killAndStartService } from './killed-service.ts';
import { serviceCpu, serviceCpuBetween, type ServiceCpu } from './service-cpu.ts';
import { round } from './statistics.ts';
import { createRoutes, createTunnel, inTurns, routesOf, tunnelStates, type TunnelWorld } from './tunnel-world.ts';

/** What happens to all tunnels of a gateway at once; seconds from its beginning. */
export interface Burst {
  /** Until the peers had the last SA. */
  readonly sasSeconds: number;
  /** Until the kernel had the last route. */
  readonly routesSeconds: number;
  /** Until DescribeSystemStatus called all tunnels up and the plan applied. */
  readonly knownSeconds: number;
  readonly serviceCpu: ServiceCpu;
}

/** All lines are cut. */
export interface Cut {
  /** Until the gateway's charon had given up the last CHILD_SA. */
  readonly charonSeconds: number;
  /** Until DescribeSystemStatus called no tunnel connected. */
  readonly knownSeconds: number;
  /** Until the kernel had no route left into any of them. */
  readonly routesSeconds: number;
}

/** Controller, agent and launcher are killed at once, and started again. */
export interface Restart {
  /** From the start until DescribeSystemStatus called all tunnels up and the plan applied. */
  readonly knownSeconds: number;
  readonly lostPackets: number;
}

const longestMs = 400_000;

/** From the first call on, ten at a time. Returns the ids as well. */
export async function measureCreation(bench: TunnelWorld): Promise<readonly [Burst, readonly string[]]> {
  let connectionIds: readonly string[] = [];
  const burst = await measureBurst(bench, async () => {
    connectionIds = await inTurns(bench.many.peers.slice(0, bench.count), (peer) => createTunnel(bench, peer));
    await createRoutes(bench, connectionIds);
  });
  return [burst, connectionIds];
}

export function measureDeadDataPlane(bench: TunnelWorld): Promise<Burst> {
  return measureBurst(bench, async () => {
    await killGatewayProcess(bench.gatewayId, 'uxfrm');
    await until(
      'routes are withdrawn',
      () => routesOf(bench),
      (count) => count === 0,
      100,
    );
  });
}

export async function cutAllLines(bench: TunnelWorld): Promise<Cut> {
  const { world, many, gatewayId } = bench;
  const charon = new GatewayCharon(world.server.dataDirectory, gatewayId);
  await world.lab.internet.setLine(many.device.namespace, 'down');
  const started = performance.now();
  const none = (count: number): boolean => count === 0;
  const [charonAt, knownAt, routesAt] = await Promise.all([
    until('charon has given up', async () => (await charon.spis()).child.length, none, 500),
    until('all tunnels are known to be down', async () => (await tunnelStates(bench)).connected, none, 250),
    until('routes are withdrawn', () => routesOf(bench), none, 250),
  ]);
  const since = (at: number): number => round((at - started) / 1000);
  return { charonSeconds: since(charonAt), knownSeconds: since(knownAt), routesSeconds: since(routesAt) };
}

export function measureLinesBack(bench: TunnelWorld): Promise<Burst> {
  const { world, many } = bench;
  return measureBurst(bench, () => world.lab.internet.setLine(many.device.namespace, 'up'));
}

/** Beside a stream through the first tunnel. */
export async function measureRestart(bench: TunnelWorld): Promise<Restart> {
  const { world, hosts } = bench;
  await using stream = await PacketStream.start({ from: hosts.inside, to: hosts.outside, packetsPerSecond: 500 });
  await stream.waitForMore(100);
  const started = await killAndStartService(world);
  const knownAt = await untilAllIsKnown(bench);
  await stream.waitForMore(100);
  const { lost } = await stream.stop();
  return { knownSeconds: round((knownAt - started) / 1000), lostPackets: lost };
}

async function measureBurst(bench: TunnelWorld, begin: () => Promise<void>): Promise<Burst> {
  const { world, many, count } = bench;
  const before = await serviceCpu(world.server.pid);
  many.log.forget();
  const started = performance.now();
  const names = many.peers.slice(0, count).map(({ name }) => name);
  const sasAt = many.log.waitFor('established', names, longestMs);
  await Promise.all([begin(), sasAt]);
  const routesAt = await until(
    'all routes are there',
    () => routesOf(bench),
    (found) => found === count,
    100,
  );
  const knownAt = await untilAllIsKnown(bench);
  const since = (at: number): number => round((at - started) / 1000);
  return {
    sasSeconds: since(await sasAt),
    routesSeconds: since(routesAt),
    knownSeconds: since(knownAt),
    serviceCpu: serviceCpuBetween(before, await serviceCpu(world.server.pid)),
  };
}

function untilAllIsKnown(bench: TunnelWorld): Promise<number> {
  const isKnown = ({ up, isApplied }: Awaited<ReturnType<typeof tunnelStates>>): boolean =>
    up === bench.count && isApplied;
  return until('all tunnels are known to be up', () => tunnelStates(bench), isKnown, 100);
}

/** When the look began that saw it, as performance.now() counts. */
async function until<T>(
  hop: string,
  read: () => Promise<T>,
  isExpected: (value: T) => boolean,
  every: number,
): Promise<number> {
  let at = NaN;
  const look = (): Promise<T> => {
    at = performance.now();
    return read();
  };
  await poll(hop, look, isExpected, { within: longestMs, every });
  return at;
}
