import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { callAction, type Credential } from '@landbridge/client';
import { serve } from '@landbridge/server';
import { hostileCallKinds, type FuzzOrder, type FuzzReport, type HostileCallKind } from './hostile-calls.ts';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { round } from './statistics.ts';

// A program of its own, started by main.ts: the server in this process, while another thread sends it hostile calls.

export interface ApiResult {
  readonly kinds: readonly FuzzResult[];
}

export interface FuzzResult {
  readonly name: string;
  readonly callsPerSecond: number;
  /** Codes of the answers, by how often they came. */
  readonly answers: Readonly<Record<string, number>>;
  /** The longest time for which the server's event loop did nothing else, and the 99th percentile, milliseconds. */
  readonly longestHoldMs: number;
  readonly holdP99Ms: number;
  /** Of a DescribeVpcs that another caller makes every 20 ms meanwhile. */
  readonly longestAnswerMs: number;
  readonly residentMib: number;
}

/** Timers of a loop that does nothing come this much apart. */
const resolution = 1;

interface Bench {
  readonly url: string;
  readonly credential: Credential;
}

async function measure({ url, credential }: Bench, kind: HostileCallKind, seconds: number): Promise<FuzzResult> {
  const order: FuzzOrder = { url, credential, kind, seconds };
  const worker = new Worker(new URL('hostile-calls.ts', import.meta.url), { workerData: order });
  const finished = new Promise<FuzzReport>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  const { calls, answers, longestAnswerMs } = await finished;
  delays.disable();
  await worker.terminate();
  const hold = (nanoseconds: number) => round(Math.max(0, nanoseconds / 1e6 - resolution));
  return {
    name: kind,
    callsPerSecond: round(calls / seconds),
    answers,
    longestHoldMs: hold(delays.max),
    holdP99Ms: hold(delays.percentile(99)),
    longestAnswerMs: round(longestAnswerMs),
    residentMib: Math.round(process.memoryUsage().rss / 1024 / 1024),
  };
}

await reportPart(async ({ rounds, seconds }: PartRequest, say: Say): Promise<ApiResult> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'landbridge-bench-'));
  const config = join(dataDir, 'landbridge.json');
  await writeFile(config, JSON.stringify({ logLevel: 'warn', rateLimits: { default: 1_000_000 } }));
  const stop = new AbortController();
  const url = await new Promise<string>((resolve, reject) => {
    const flags = { dataDir, config, listen: '127.0.0.1:0', dataPlane: 'none' };
    serve(flags, { signal: stop.signal, onListening: resolve }).catch(reject);
  });
  try {
    const credential = JSON.parse(await readFile(join(dataDir, 'admin.json'), 'utf8')) as Credential;
    for (let index = 0; index < 20; index++) {
      await callAction({ url, credential }, 'vpc', 'CreateVpc', { VpcName: `vpc-${index}`, CidrBlock: '10.0.0.0/16' });
    }
    const kinds: FuzzResult[] = [];
    for (const kind of hostileCallKinds) {
      const result = await measure({ url, credential }, kind, rounds * seconds);
      say(`${kind}: the loop was held for ${result.longestHoldMs} ms at most`);
      kinds.push(result);
      await setTimeout(200);
    }
    return { kinds };
  } finally {
    stop.abort();
    await rm(dataDir, { recursive: true, force: true });
  }
});
