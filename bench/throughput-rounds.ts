import { ping } from '../lab/src/ping.ts';
import { measureTcp } from '../lab/src/throughput.ts';
import type { PathUnderTest } from './path-under-test.ts';
import { summarise, type Summary } from './statistics.ts';

export interface PathResult {
  readonly name: PathUnderTest['name'];
  /** Mbit/s of TCP goodput. */
  readonly tcpOneStream: Summary;
  readonly tcpFourStreams: Summary;
  /** Mean of 200 pings each, milliseconds. */
  readonly pingMs: Summary;
}

interface Samples {
  readonly one: number[];
  readonly four: number[];
  readonly ping: number[];
}

/** Measures all paths in turn, several rounds, so that whatever else the machine does meets all of them alike. */
export async function measureRounds(
  paths: readonly PathUnderTest[],
  options: { readonly rounds: number; readonly seconds: number; readonly onProgress: (line: string) => void },
): Promise<PathResult[]> {
  const samples = new Map<PathUnderTest, Samples>(paths.map((path) => [path, { one: [], four: [], ping: [] }]));
  for (let round = 1; round <= options.rounds; round++) {
    for (const [path, kept] of samples) {
      kept.one.push(await measureStreams(path, options.seconds, 1));
      kept.four.push(await measureStreams(path, options.seconds, 4));
      kept.ping.push(await meanRoundTrip(path));
      const [one, four, rtt] = [kept.one.at(-1), kept.four.at(-1), kept.ping.at(-1)];
      options.onProgress(
        `round ${round}  ${path.name}: ${one?.toFixed(0)} and ${four?.toFixed(0)} Mbit/s, ${rtt?.toFixed(3)} ms`,
      );
    }
  }
  return [...samples].map(([{ name }, { one, four, ping: times }]) => ({
    name,
    tcpOneStream: summarise(one),
    tcpFourStreams: summarise(four),
    pingMs: summarise(times),
  }));
}

async function measureStreams({ from, to, prepare }: PathUnderTest, seconds: number, streams: number): Promise<number> {
  await prepare?.();
  return measureTcp({ from, to, seconds, streams });
}

async function meanRoundTrip({ from, to, name }: PathUnderTest): Promise<number> {
  const { meanMs } = await ping(from, to.address, { count: 200, interval: 0.005 });
  if (meanMs === null) throw new Error(`${name}: no ping was answered`);
  return meanMs;
}
