import { existsSync, readdirSync } from 'node:fs';
import { charonOf, type CharonConnection } from '../drivers/daemons/charon.ts';
import { DaemonProcesses } from '../drivers/daemons/daemon-processes.ts';
import { KeptDaemon } from '../drivers/daemons/kept-daemon.ts';
import { closeTunnels } from '../drivers/end-ike-sas.ts';
import { gatewayPaths, runFolder } from '../drivers/gateway-paths.ts';
import { binaries } from '../drivers/installed-binaries.ts';
import { systemKernel, type Kernel } from '../drivers/kernel.ts';
import { connectionIdOf } from '../drivers/named-connection.ts';
import { installationOf } from '../drivers/netns.ts';
import { asPlanKey, netnsName } from '../plan/names.ts';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { Log } from '../platform/logger.ts';
import { DrainMark } from '../platform/drain-mark.ts';
import { OwnFolder } from '../platform/own-folder.ts';
import { sideBySide } from '../platform/side-by-side.ts';
import { seamFolder } from '../seam/seam-socket.ts';

export interface DrainOptions {
  readonly dataDir: string;
  /** Without it, only tells what would go down. */
  readonly confirmed: boolean;
  readonly kernel?: Kernel;
}

/** A gateway and the tunnels that its charon has an IKE_SA of; null where it does not answer. */
export interface DrainedGateway {
  readonly key: string;
  readonly tunnels: readonly string[] | null;
}

/** As long as an agent that has much to do may take, and a goodbye to peers that do not answer. */
const mostMs = 60_000;
const goodbyeMs = 10_000;
const lookMs = 250;
const mostAtOnce = 8;

/**
 * Takes every tunnel of this host down, each peer told by a DELETE, and keeps them down until it is undone; gateways stay, configured and
 * standing. The agent does it where it runs: it alone switches routes first. Where none runs, charons are told from here, and the next
 * agent finds the mark before it does anything.
 * @returns what was up before. Throws where something of it is up still.
 */
export async function drainHost(options: DrainOptions): Promise<readonly DrainedGateway[]> {
  const { dataDir, confirmed, kernel = systemKernel() } = options;
  const charons = charonsIn(dataDir, kernel);
  const before = await ofEach(charons, seen);
  if (!confirmed) return before;
  markOf(dataDir).set();
  using claims = new DisposableStack();
  if (takesAgentsPlace(claims, dataDir)) await ofEach(charons, close);
  await untilDown(charons);
  return before;
}

/** From now on tunnels may come up again: an agent that runs hears of it within a second, and the next one before it begins. */
export function undoDrain(dataDir: string): { readonly wasDrained: boolean } {
  const mark = markOf(dataDir);
  const wasDrained = mark.since() !== null;
  mark.remove();
  return { wasDrained };
}

function markOf(dataDir: string): DrainMark {
  if (!existsSync(dataDir)) throw new Error(`there is no installation in ${dataDir}: --data-dir names its directory`);
  return new DrainMark(new OwnFolder(dataDir, 'agent'));
}

/** False where an agent runs; else none can start until it is given up. */
function takesAgentsPlace(claims: DisposableStack, dataDir: string): boolean {
  try {
    claims.use(claimDataDir(seamFolder(installationOf(dataDir))));
    return true;
  } catch {
    return false;
  }
}

interface GatewayCharon {
  readonly key: string;
  readonly daemon: KeptDaemon<CharonConnection>;
}

function charonsIn(dataDir: string, kernel: Kernel): GatewayCharon[] {
  const folder = runFolder(dataDir);
  const keys = existsSync(folder) ? readdirSync(folder).map(asPlanKey) : [];
  const processes = new DaemonProcesses();
  const nothing = () => undefined;
  const logger = new Log({ logLevel: 'warn' }).of.network;
  return keys
    .filter((key) => key !== undefined)
    .map((key) => {
      const paths = gatewayPaths(dataDir, key);
      // It is spoken to, and never started here.
      const kind = { netns: netnsName(key), paths, binaries, beforeStart: () => Promise.resolve() };
      const kept = { processes, kernel, clock, logger, onDeath: nothing, onDisconnect: nothing };
      return { key, daemon: new KeptDaemon(charonOf({ ...kind, dataPlane: 'kernel' }), kept) };
    });
}

/** Not all of thousands at once. */
async function ofEach<T>(charons: readonly GatewayCharon[], ask: (charon: GatewayCharon) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  await sideBySide([...charons.entries()], mostAtOnce, async ([place, charon]) => (answers[place] = await ask(charon)));
  return answers;
}

/** What does not go well is seen afterwards. */
async function close({ daemon }: GatewayCharon): Promise<void> {
  const signal = AbortSignal.timeout(goodbyeMs);
  await daemon.whileRunning(signal, ({ charon }) => closeTunnels(charon, clock, signal)).catch(() => undefined);
}

async function seen({ key, daemon }: GatewayCharon): Promise<DrainedGateway> {
  const signal = AbortSignal.timeout(goodbyeMs);
  const tunnels = new Set<string>();
  try {
    await daemon.whileRunning(signal, async ({ charon }) => {
      for (const { name } of await charon.listSas({}, { signal })) tunnels.add(connectionIdOf(name) ?? name);
    });
    return { key, tunnels: [...tunnels].sort() };
  } catch {
    return { key, tunnels: null };
  }
}

/** Nothing is loaded that anybody could open again, and nothing is open. */
async function untilDown(charons: readonly GatewayCharon[]): Promise<void> {
  const deadline = clock.elapsed() + mostMs;
  for (;;) {
    const problems = (await ofEach(charons, whyNotDown)).filter((why) => why !== null);
    if (problems.length === 0) return;
    if (clock.elapsed() > deadline) throw new Error(`this host is not drained: ${problems.join('; ')}`);
    await clock.delay(lookMs);
  }
}

async function whyNotDown({ key, daemon }: GatewayCharon): Promise<string | null> {
  const signal = AbortSignal.timeout(goodbyeMs);
  let why: string | null = null;
  try {
    await daemon.whileRunning(signal, async ({ charon }) => {
      const loaded = await charon.getConns({ signal });
      const open = loaded.length > 0 ? [] : await charon.listSas({}, { signal });
      if (loaded.length > 0) why = `${key} still has ${loaded.length} tunnels loaded`;
      else if (open.length > 0) why = `${key} still has ${open.length} IKE_SAs`;
    });
  } catch (error) {
    return `${key} cannot be asked (${(error as Error).message})`;
  }
  return why;
}
