import { describeFailure } from '../lab/src/describe-failure.ts';
import type { PairedDevice } from '../lab/src/idc-pair.ts';
import { PacketStream } from '../lab/src/packet-stream.ts';
import { buildFiveVpc, type FiveVpc } from '../lab/src/scenarios/5-vpc.ts';
import { shortHoldDown } from '../lab/src/scenarios/pair-states.ts';
import { quickHealthCheck, waitForPath, waitUntilHealthy } from '../lab/src/scenarios/two-devices.ts';
import { World } from '../lab/src/world.ts';

// A program of its own, started by failover.ts in the lab's host namespace.

/** Failure to restored: the longest gap in a stream of 1,000 packets a second from the VPC to the IDC. */
export interface FailoverResult {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly samplesMs: readonly number[];
}

export type FailoverMessage =
  | { readonly kind: 'progress' | 'failure'; readonly line: string }
  | { readonly kind: 'results'; readonly results: readonly FailoverResult[] };

interface Fault {
  readonly name: string;
  begin(device: PairedDevice): Promise<void>;
  end(device: PairedDevice): Promise<void>;
}

const faults: readonly Fault[] = [
  {
    name: 'silent peer, probes of 100 ms × 3',
    begin: (device) => device.drop(['in', 'out']),
    end: (device) => device.dropNothing(),
  },
  {
    name: 'SAs deleted by the peer',
    begin: (device) => device.deleteSas(),
    end: (device) => device.acceptSas(),
  },
];

const tell = (message: FailoverMessage): boolean | undefined => process.send?.(message);

async function measureOnce(world: World, built: FiveVpc, fault: Fault): Promise<number> {
  const { vpc1, pair } = built;
  await using stream = await PacketStream.start({ from: vpc1.hostA, to: pair.host, packetsPerSecond: 1000 });
  await stream.waitForMore(200);
  await fault.begin(pair.first);
  await waitForPath(built, [2]);
  await stream.waitForMore(200, 30_000);
  const { longestGapMs } = await stream.stop();
  await fault.end(pair.first);
  await waitUntilHealthy(world, built);
  await waitForPath(built, [1]);
  return longestGapMs;
}

function summarise(name: string, samplesMs: readonly number[]): FailoverResult {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { name, p50Ms: at(0.5), p99Ms: at(0.99), samplesMs };
}

async function run(repetitions: number): Promise<void> {
  const world = await World.start({ settings: shortHoldDown });
  const built = await buildFiveVpc(world, { priorities: [0, 100], healthCheck: quickHealthCheck });
  await waitForPath(built, [1]);
  const results: FailoverResult[] = [];
  for (const fault of faults) {
    const samples: number[] = [];
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      samples.push(await measureOnce(world, built, fault));
      tell({ kind: 'progress', line: `${fault.name}, ${repetition}: ${samples.at(-1)} ms` });
    }
    results.push(summarise(fault.name, samples));
  }
  await world.stop();
  tell({ kind: 'results', results });
}

try {
  await run(Number(process.argv[2]));
} catch (error) {
  const state = await describeFailure();
  tell({ kind: 'failure', line: `${state}\n${error instanceof Error ? error.message : String(error)}` });
  process.exitCode = 1;
}
process.disconnect();
