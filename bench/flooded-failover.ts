import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ApiEndpoint } from '@landbridge/client';
import { poll } from '@landbridge/testbed/poll';
import { buildFiveVpc, type FiveVpc } from '../lab/src/scenarios/5-vpc.ts';
import { quickHealthCheck, waitForPath } from '../lab/src/scenarios/two-devices.ts';
import { World } from '../lab/src/world.ts';
import type { CallOrder } from './api-callers.ts';
import type { FuzzOrder } from './hostile-calls.ts';
import { measurePairOutage } from './pair-outage.ts';
import type { Say } from './part-process.ts';
import { summarise, type Summary } from './statistics.ts';
import { noRateLimits } from './no-rate-limits.ts';

/** A silent peer of a pair of tunnels, probes of 100 ms × 3: the longest time between two arrivals at the IDC, milliseconds. */
export interface FloodedFailover {
  readonly quietMs: Summary;
  /** While 16 callers ask as fast as they are answered, and somebody sends what is hard to read. */
  readonly floodedMs: Summary;
}

export async function measureFloodedFailover(repetitions: number, say: Say): Promise<FloodedFailover> {
  const world = await World.start({
    settings: { holdDown: { checkedMs: 1000, uncheckedMs: 500 }, rateLimits: noRateLimits },
  });
  const built = await buildFiveVpc(world, { priorities: [0, 100], healthCheck: quickHealthCheck });
  await waitForPath(built, [1]);
  const quietMs = await measureTimes(world, built, repetitions);
  say(`failover, API quiet: ${JSON.stringify(quietMs)}`);
  const endpoint = await world.server.endpoint();
  const callers = flood(endpoint);
  let floodedMs: Summary;
  try {
    await poll(
      'the API is flooded',
      () => answerMs(world),
      (ms) => ms > 5,
      { within: 20_000 },
    );
    floodedMs = await measureTimes(world, built, repetitions);
    if (callers.some(({ exitCode }) => exitCode !== null)) throw new Error('whoever floods the API has ended');
  } finally {
    await Promise.all(callers.map(end));
  }
  say(`failover, API flooded: ${JSON.stringify(floodedMs)}`);
  await world.stop();
  return { quietMs, floodedMs };
}

async function measureTimes(world: World, built: FiveVpc, repetitions: number): Promise<Summary> {
  const samples: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) samples.push(await measurePairOutage(world, built));
  return summarise(samples);
}

async function answerMs({ cloud }: World): Promise<number> {
  const started = performance.now();
  await cloud.call('DescribeVpcs');
  return performance.now() - started;
}

/** For as long as it takes. */
function flood({ url, credential }: ApiEndpoint): readonly ChildProcess[] {
  const seconds = 3600;
  const order: CallOrder = {
    ...{ url, credential, seconds, callers: 16 },
    ...{ action: 'DescribeVpnConnections', parameters: [{}] },
  };
  const callers = fork(new URL('api-callers.ts', import.meta.url));
  callers.send(order);
  const hostile: FuzzOrder = { url, credential, kind: 'JSON, 9,500 keys', seconds };
  return [callers, fork(new URL('hostile-calls.ts', import.meta.url), [JSON.stringify(hostile)])];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
