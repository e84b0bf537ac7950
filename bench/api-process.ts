import { fork } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callAction, type Credential } from '@landbridge/client';
import { serveDry } from '@landbridge/server';
import { measureGrowth, type GrowthResult } from './api-growth.ts';
import { hostileCallKinds, type FuzzOrder, type FuzzReport, type HostileCallKind } from './hostile-calls.ts';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { round } from './statistics.ts';

// A program of its own, started by main.ts: what calls cost with few tunnels and with many, and then the server in this
// process, while another process sends it hostile calls.

export interface ApiResult {
  /** Absent in results from before it was measured. */
  readonly growth?: readonly GrowthResult[];
  readonly kinds: readonly FuzzResult[];
}

export interface FuzzResult {
  readonly name: string;
  readonly callsPerSecond: number;
  /** Codes of the answers, by how often they came. */
  readonly answers: Readonly<Record<string, number>>;
  /** The longest time between two turns of the server's event loop, milliseconds, and what it computed meanwhile. */
  readonly longestHoldMs: number;
  readonly longestHoldCpuMs: number;
  /** Of a DescribeVpcs that another caller makes every 20 ms meanwhile. */
  readonly longestAnswerMs: number;
  readonly residentMib: number;
}

interface Bench {
  readonly url: string;
  readonly credential: Credential;
}

async function measure({ url, credential }: Bench, kind: HostileCallKind | null, seconds: number): Promise<FuzzResult> {
  const order: FuzzOrder = { url, credential, kind, seconds };
  const sender = fork(new URL('hostile-calls.ts', import.meta.url), [JSON.stringify(order)]);
  const finished = new Promise<FuzzReport>((resolve, reject) => {
    sender.once('message', resolve).once('error', reject);
    sender.once('exit', () => reject(new Error(`${kind}: the sender ended without a report`)));
  });
  const holds = new LoopHolds();
  const { calls, answers, longestAnswerMs } = await finished;
  const { longestMs, longestCpuMs } = holds.stop();
  return {
    name: kind ?? 'none',
    callsPerSecond: round(calls / seconds),
    answers,
    longestHoldMs: round(longestMs),
    longestHoldCpuMs: round(longestCpuMs),
    longestAnswerMs: round(longestAnswerMs),
    residentMib: Math.round(process.memoryUsage().rss / 1024 / 1024),
  };
}

/** Time between two turns of a timer that is due every millisecond: by the clock, and what of it this thread computed. */
class LoopHolds {
  #longestMs = 0;
  #longestCpuMs = 0;
  #at = performance.now();
  #cpu = process.threadCpuUsage();
  readonly #timer = setInterval(() => this.#look(), 1);

  stop(): { readonly longestMs: number; readonly longestCpuMs: number } {
    clearInterval(this.#timer);
    return { longestMs: this.#longestMs, longestCpuMs: this.#longestCpuMs };
  }

  #look(): void {
    const now = performance.now();
    const { user, system } = process.threadCpuUsage(this.#cpu);
    this.#longestMs = Math.max(this.#longestMs, now - this.#at);
    this.#longestCpuMs = Math.max(this.#longestCpuMs, (user + system) / 1000);
    this.#at = now;
    this.#cpu = process.threadCpuUsage();
  }
}

await reportPart(async (request: PartRequest, say: Say): Promise<ApiResult> => {
  const growth = await measureGrowth(request, say);
  return { growth, kinds: await measureHostileCalls(request, say) };
});

async function measureHostileCalls({ rounds, seconds }: PartRequest, say: Say): Promise<readonly FuzzResult[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'landbridge-bench-'));
  const config = join(dataDir, 'landbridge.json');
  await writeFile(config, JSON.stringify({ logLevel: 'warn', rateLimits: { default: 1_000_000 } }));
  const stop = new AbortController();
  const url = await new Promise<string>((resolve, reject) => {
    const flags = { dataDir, config, listen: '127.0.0.1:0', dataPlane: 'none' };
    serveDry(flags, { signal: stop.signal, onListening: resolve }).catch(reject);
  });
  try {
    const credential = JSON.parse(await readFile(join(dataDir, 'admin.json'), 'utf8')) as Credential;
    for (let index = 0; index < 20; index++) {
      await callAction({ url, credential }, 'vpc', 'CreateVpc', { VpcName: `vpc-${index}`, CidrBlock: '10.0.0.0/16' });
    }
    const kinds: FuzzResult[] = [];
    for (const kind of [null, ...hostileCallKinds]) {
      const result = await measure({ url, credential }, kind, rounds * seconds);
      say(`${result.name}: the loop computed for ${result.longestHoldCpuMs} ms at most`);
      kinds.push(result);
    }
    return kinds;
  } finally {
    stop.abort();
    await rm(dataDir, { recursive: true, force: true });
  }
}
