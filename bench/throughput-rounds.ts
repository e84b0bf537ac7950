import { ping } from '../lab/src/ping.ts';
import { measureTcp } from '../lab/src/throughput.ts';
import { lossFreeRate } from './loss-free-rate.ts';
import type { PathUnderTest } from './path-under-test.ts';
import { measureTcpCost } from './tcp-cost.ts';
import { smallPacketRate } from './small-packet-rate.ts';
import { summarise, type Summary } from './statistics.ts';

/** What is measured of each path, in each round. */
const kinds = {
  /** Mbit/s of TCP goodput. */
  tcpOneStream: 'Mbit/s',
  tcpFourStreams: 'Mbit/s',
  /** Of the whole machine, both ends and iperf3 included, while one stream goes at full speed. */
  cpuSecondsPerGbit: 's/Gbit',
  /** Mean of 200 pings each. */
  pingMs: 'ms',
  /** The same beside one stream at full speed. */
  pingUnderLoadMs: 'ms',
  /** Packets a second of 64 bytes, the IPv4 header included, that arrive. */
  smallPackets: '/s',
  /** Mbit/s of UDP in packets of 1,300 bytes that arrive. */
  udpMbps: 'Mbit/s',
} as const;

type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as Kind[];

export type PathResult = { readonly name: PathUnderTest['name'] } & Readonly<Record<Kind, Summary>>;

const largeBytes = 1300;

/** Measures all paths in turn, several rounds, so that whatever else the machine does meets all of them alike. */
export async function measureRounds(
  paths: readonly PathUnderTest[],
  options: { readonly rounds: number; readonly seconds: number; readonly onProgress: (line: string) => void },
): Promise<PathResult[]> {
  const samples = new Map(paths.map((path) => [path, [] as Record<Kind, number>[]]));
  for (let round = 1; round <= options.rounds; round++) {
    for (const [path, before] of samples) {
      const now = await measureOnce(path, options.seconds, before.at(-1));
      before.push(now);
      const told = kindNames.map((kind) => `${kind} ${now[kind].toPrecision(3)} ${kinds[kind]}`);
      options.onProgress(`round ${round}  ${path.name}: ${told.join(', ')}`);
    }
  }
  return [...samples].map(([{ name }, each]) => ({ name, ...summariseEach(each) }));
}

function summariseEach(samples: readonly Record<Kind, number>[]): Record<Kind, Summary> {
  const entries = kindNames.map((kind) => [kind, summarise(samples.map((sample) => sample[kind]))]);
  return Object.fromEntries(entries) as Record<Kind, Summary>;
}

/** @param before of the same path, where the search for the highest rates goes on. */
async function measureOnce(
  path: PathUnderTest,
  seconds: number,
  before: Record<Kind, number> | undefined,
): Promise<Record<Kind, number>> {
  const { from, to } = path;
  const bitsPerPacket = largeBytes * 8;
  const largeStart = ((before?.udpMbps ?? 100) * 0.8 * 1e6) / bitsPerPacket;
  const { mbps, cpuSecondsPerGbit } = await measureTcpCost({ from, to, seconds });
  const load = measureTcp({ from, to, seconds });
  const pingUnderLoadMs = await meanRoundTrip(path);
  await load;
  return {
    tcpOneStream: mbps,
    tcpFourStreams: await measureTcp({ from, to, seconds, streams: 4 }),
    cpuSecondsPerGbit,
    pingMs: await meanRoundTrip(path),
    pingUnderLoadMs,
    smallPackets: await smallPacketRate(path, before?.smallPackets),
    udpMbps: ((await lossFreeRate(path, largeBytes, largeStart)) * bitsPerPacket) / 1e6,
  };
}

async function meanRoundTrip({ from, to, name }: PathUnderTest): Promise<number> {
  const { meanMs } = await ping(from, to.address, { count: 200, intervalSeconds: 0.005 });
  if (meanMs === null) throw new Error(`${name}: no ping was answered`);
  return meanMs;
}
