import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@landbridge/client';
import { residentMib } from '../lab/src/resident-memory.ts';
import type { CallOrder, CallReport } from './api-callers.ts';
import { makeNetwork, newTunnels, tunnelIdIn, type MakeEach, type Network, type NetworkSize } from './api-network.ts';
import { busyCpuSeconds, cpuSeconds } from './cpu-time.ts';
import type { PartRequest, Say } from './part-process.ts';
import { PinnedCallers } from './pinned-callers.ts';
import { PinnedServer } from './pinned-server.ts';
import { round } from './statistics.ts';

/** What calls cost with few tunnels and with many: the server has one core, its callers another. */
export interface GrowthResult extends NetworkSize {
  readonly describeById: CallCost;
  readonly page: CallCost;
  readonly create: CallCost;
  /** Of the server after all that, with its plans made. */
  readonly residentMib: number;
  readonly startSeconds: number;
  /** Cores that others kept busy meanwhile. */
  readonly othersBusy: number;
}

export interface CallCost {
  readonly callsPerSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Of the server's core, for one call; what it does afterwards for it counts as well. */
  readonly cpuMs: number;
}

export const networkSizes: readonly NetworkSize[] = [20, 1000].flatMap((perGateway) =>
  [100, 1000, 10_000].map((tunnels) => ({ tunnels, perGateway })),
);

const [serverCore, callersCore] = [0, 1];
const callers = { describe: 16, create: 8, fill: 8 };
const createdInOneRound = 200;

export async function measureGrowth(request: PartRequest, say: Say): Promise<readonly GrowthResult[]> {
  const results: GrowthResult[] = [];
  for (const size of networkSizes) {
    results.push(await inNewFolder((folder) => measureSize(folder, size, request)));
    say(`${size.tunnels} tunnels, ${size.perGateway} on a gateway: ${JSON.stringify(results.at(-1))}`);
  }
  return results;
}

async function inNewFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-bench-'));
  try {
    await mkdir(join(folder, 'data'), { mode: 0o700 });
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureSize(folder: string, size: NetworkSize, request: PartRequest): Promise<GrowthResult> {
  using sender = new PinnedCallers(callersCore);
  // The rows are written through the API, and read by a server that starts with them.
  const network = await withServer(folder, (server) =>
    makeNetwork(size, createdInOneRound, makeEach(new Load(server, sender))),
  );
  const others = await OthersBusy.start();
  return await withServer(folder, async (server) => {
    const costs = await measureCalls(new Load(server, sender), network, request);
    const resident = (await residentMib(server.pid)) ?? 0;
    const othersBusy = await others.cores(await cpuSeconds(server.pid), await cpuSeconds(sender.pid));
    return { ...size, ...costs, residentMib: resident, startSeconds: round(server.startSeconds), othersBusy };
  });
}

async function withServer<Result>(folder: string, work: (server: PinnedServer) => Promise<Result>): Promise<Result> {
  const server = await PinnedServer.start(folder, serverCore);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function measureCalls(
  load: Load,
  { gatewayIds, tunnelIds, sparePeers }: Network,
  { rounds, seconds }: PartRequest,
): Promise<Pick<GrowthResult, 'describeById' | 'page' | 'create'>> {
  const byId = tunnelIds.map((id) => ({ VpnConnectionIds: [id] }));
  const pages = tunnelIds.flatMap((_, Offset) => (Offset % 100 === 0 ? [{ Offset, Limit: 100 }] : []));
  const describe = { action: 'DescribeVpnConnections', callers: callers.describe };
  const [describes, paged, created]: [Measured[], Measured[], Measured[]] = [[], [], []];
  // Compiled, and plans made, before it counts.
  await load.measure({ ...describe, parameters: byId, seconds: 1 });
  for (let at = 0; at < rounds; at++) {
    describes.push(await load.measure({ ...describe, parameters: byId, seconds }));
    paged.push(await load.measure({ ...describe, parameters: pages, seconds }));
    const parameters = newTunnels(gatewayIds, sparePeers);
    created.push(await load.measure({ action: 'CreateVpnConnection', callers: callers.create, parameters }));
    const extra = (created.at(-1)?.replies ?? []).map((reply, index) => ({
      VpnGatewayId: parameters[index]?.['VpnGatewayId'],
      VpnConnectionId: tunnelIdIn(reply),
    }));
    await makeEach(load)('DeleteVpnConnection', extra);
  }
  return { describeById: costOf(describes), page: costOf(paged), create: costOf(created) };
}

type Measured = CallReport & { readonly cpuMs: number };

/** The median round. */
function costOf(measured: readonly Measured[]): CallCost {
  const sorted = [...measured].sort((a, b) => a.calls / a.seconds - b.calls / b.seconds);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no rounds');
  const { calls, seconds, medianMs, p99Ms, cpuMs } = middle;
  return { callsPerSecond: Math.round(calls / seconds), medianMs, p99Ms, cpuMs };
}

/** Calls of one server, and what they cost it. */
class Load {
  readonly #server: PinnedServer;
  readonly #callers: PinnedCallers;

  constructor(server: PinnedServer, callers: PinnedCallers) {
    this.#server = server;
    this.#callers = callers;
  }

  async measure(order: Omit<CallOrder, 'url' | 'credential'>): Promise<Measured> {
    const { url, credential, pid } = this.#server;
    const before = await cpuSeconds(pid);
    const report = await this.#callers.make({ ...order, url, credential });
    const { own } = await cpuSeconds(pid);
    return { ...report, cpuMs: round(((own - before.own) * 1000) / report.calls) };
  }
}

function makeEach(load: Load): MakeEach {
  return async (action: string, parameters: readonly JsonObject[]) =>
    (await load.measure({ action, parameters, callers: callers.fill })).replies;
}

/** What the machine does beside server and callers, which makes absolute figures worse. */
class OthersBusy {
  readonly #busySeconds: number;
  readonly #at = performance.now();

  private constructor(busySeconds: number) {
    this.#busySeconds = busySeconds;
  }

  static async start(): Promise<OthersBusy> {
    return new OthersBusy(await busyCpuSeconds());
  }

  async cores(...ours: readonly { readonly own: number }[]): Promise<number> {
    const busy = (await busyCpuSeconds()) - this.#busySeconds - ours.reduce((sum, { own }) => sum + own, 0);
    return round((busy * 1000) / (performance.now() - this.#at));
  }
}
