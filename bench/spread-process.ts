import { buildFiveVpc } from '../lab/src/scenarios/5-vpc.ts';
import { quickHealthCheck, waitForPath } from '../lab/src/scenarios/two-devices.ts';
import { SpreadRoutes } from '../lab/src/spread-routes.ts';
import { World } from '../lab/src/world.ts';
import { cpuBetween, cpuSeconds } from './cpu-time.ts';
import { measurePairOutage } from './pair-outage.ts';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { summarise, type Summary } from './statistics.ts';

// A program of its own, started by main.ts in the lab's host namespace: 1,000 routes spread over 20 tunnels of one gateway.

export interface SpreadResult {
  /** A peer of a pair of tunnels falls silent, probes of 100 ms × 3: the longest time between two arrivals at the IDC. */
  readonly outageMs: Summary;
  /** One more route, until the gateway's plan is applied whole, and until it is gone again. */
  readonly addedMs: Summary;
  readonly removedMs: Summary;
  /** Of the server and its commands, for both, seconds. */
  readonly cpuSeconds: Summary;
}

async function measureSpread({ repetitions }: PartRequest, say: Say): Promise<SpreadResult> {
  const world = await World.start({ settings: { holdDown: { checkedMs: 1000, uncheckedMs: 500 } } });
  const built = await buildFiveVpc(world, { priorities: [0, 100], healthCheck: quickHealthCheck });
  const pair = [built.pair.first, built.pair.second].map(({ tunnel }) => tunnel.connectionId);
  const [outage, added, removed, cpu]: [number[], number[], number[], number[]] = [[], [], [], []];
  {
    await using spread = await SpreadRoutes.create(world, built.side, pair);
    await waitForPath(built, [1]);
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      outage.push(await measurePairOutage(world, built));
      const before = await cpuSeconds(world.server.pid);
      const change = await spread.addAndRemoveOne('100.127.0.0/24');
      const spent = cpuBetween(before, await cpuSeconds(world.server.pid));
      added.push(change.addedMs);
      removed.push(change.removedMs);
      cpu.push(spent.own + spent.children);
      say(`spread, repetition ${repetition}: ${outage.at(-1)} ms; a route more after ${added.at(-1)?.toFixed(0)} ms`);
    }
  }
  await world.stop();
  const [outageMs, addedMs, removedMs, spent] = [
    summarise(outage),
    summarise(added),
    summarise(removed),
    summarise(cpu),
  ];
  return { outageMs, addedMs, removedMs, cpuSeconds: spent };
}

await reportPart(measureSpread);
