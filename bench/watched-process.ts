import { setTimeout as delay } from 'node:timers/promises';
import { serviceProcess } from '../lab/src/service-processes.ts';
import { checkAll } from './many-probes.ts';
import { expectEnd } from './many-peers.ts';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { serviceCpu, serviceCpuBetween } from './service-cpu.ts';
import { round, summarise, type Summary } from './statistics.ts';
import { measureTcpCost, type TcpCost } from './tcp-cost.ts';
import { measureCreation } from './tunnel-bursts.ts';
import { buildTunnelWorld, type TunnelWorld } from './tunnel-world.ts';

// A program of its own, started by main.ts in the lab's host namespace: what it costs that tunnels are watched, that is
// probes, findings, recorder, history and a scraper.

export interface WatchedResult {
  readonly tunnels: number;
  /** Parts of a core in a quiet time, with a page of metrics each five seconds. */
  readonly agentCores: number;
  readonly controllerCores: number;
  readonly helperCores: number;
  readonly pageMs: Summary;
  /** One tunnel at full speed, while the service runs and while it is stopped. */
  readonly throughput: { readonly runs: TunnelSpeed; readonly stopped: TunnelSpeed };
}

interface TunnelSpeed {
  readonly mbps: Summary;
  readonly cpuSecondsPerGbit: Summary;
}

const tunnels = 100;
const probeMs = 1000;
const quietMs = 60_000;
const scrapeMs = 5000;
/** After it was stopped the service catches up with what it missed. */
const settlingMs = 3000;
const metrics = '127.0.0.1:9701';

async function measureWatched({ rounds, seconds }: PartRequest, say: Say): Promise<WatchedResult> {
  const bench = await buildTunnelWorld(tunnels, { metrics: { listen: metrics } });
  await expectEnd(bench.many, bench.publicAddress);
  const [, connectionIds] = await measureCreation(bench);
  await checkAll(bench, connectionIds, probeMs);
  await delay(settlingMs);
  const quiet = await measureQuietTime(bench);
  say(`watched, a quiet time: ${JSON.stringify(quiet)}`);
  const throughput = await measureThroughput(bench, { rounds, seconds, say });
  await bench.world.stop();
  return { tunnels, ...quiet, throughput };
}

async function measureQuietTime({ world }: TunnelWorld): Promise<Omit<WatchedResult, 'tunnels' | 'throughput'>> {
  const before = await serviceCpu(world.server.pid);
  const began = performance.now();
  const pages: number[] = [];
  while (performance.now() - began < quietMs) {
    const asked = performance.now();
    const answer = await fetch(`http://${metrics}/metrics`);
    const text = await answer.text();
    if (!text.includes('landbridge_tunnel_')) throw new Error(`a page without tunnels: ${text.slice(0, 300)}`);
    pages.push(performance.now() - asked);
    await delay(Math.max(0, scrapeMs - (performance.now() - asked)));
  }
  const wholeMs = performance.now() - began;
  const spent = serviceCpuBetween(before, await serviceCpu(world.server.pid));
  const cores = (cpuSeconds: number): number => round((cpuSeconds * 1000) / wholeMs);
  return {
    agentCores: cores(spent.agent),
    controllerCores: cores(spent.controller),
    helperCores: cores(spent.helpers),
    pageMs: summarise(pages),
  };
}

async function measureThroughput(
  { world, hosts }: TunnelWorld,
  { rounds, seconds, say }: { readonly rounds: number; readonly seconds: number; readonly say: Say },
): Promise<WatchedResult['throughput']> {
  const sides = await Promise.all(
    (['controller', 'agent'] as const).map((side) => serviceProcess(world.server.pid, side)),
  );
  const pids = sides.filter((pid) => pid !== undefined);
  if (pids.length !== sides.length) throw new Error('controller or agent does not run');
  const signal = (name: NodeJS.Signals): void => pids.forEach((pid) => process.kill(pid, name));
  const once = (): Promise<TcpCost> => measureTcpCost({ from: hosts.inside, to: hosts.outside, seconds });
  const whileStopped = async (): Promise<TcpCost> => {
    signal('SIGSTOP');
    try {
      return await once();
    } finally {
      signal('SIGCONT');
      await delay(settlingMs);
    }
  };
  const [runs, stopped]: [TcpCost[], TcpCost[]] = [[], []];
  for (let round = 1; round <= rounds; round++) {
    // The other one first each time: a machine that grows warm favours nobody.
    if (round % 2 === 0) stopped.push(await whileStopped());
    runs.push(await once());
    if (round % 2 === 1) stopped.push(await whileStopped());
    say(`watched, round ${round}: ${JSON.stringify([runs.at(-1), stopped.at(-1)])}`);
  }
  return { runs: speedOf(runs), stopped: speedOf(stopped) };
}

function speedOf(costs: readonly TcpCost[]): TunnelSpeed {
  return {
    mbps: summarise(costs.map(({ mbps }) => mbps)),
    cpuSecondsPerGbit: summarise(costs.map(({ cpuSecondsPerGbit }) => cpuSecondsPerGbit)),
  };
}

await reportPart(measureWatched);
