import { existsSync, rmSync } from 'node:fs';
import { createAgent } from '../agent/agent.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import { converge } from '../drivers/converge.ts';
import { DaemonProcesses } from '../drivers/daemons/daemon-processes.ts';
import { runFolder } from '../drivers/gateway-paths.ts';
import { settingsToGiveBack, type GivenBack } from '../drivers/host-settings.ts';
import { binaries } from '../drivers/installed-binaries.ts';
import { systemKernel, type Kernel } from '../drivers/kernel.ts';
import { installationOf } from '../drivers/netns.ts';
import { ProvenPlans } from '../drivers/proven-plans.ts';
import { applySysctls, readSysctls, sysctlPath, type Sysctls } from '../drivers/sysctl.ts';
import { networkRecordOf, standingNetwork } from '../hold/reason-to-hold.ts';
import type { NetnsPlan } from '../plan/plan.ts';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { Log } from '../platform/logger.ts';
import { seamFolder } from '../seam/seam-socket.ts';
import { hostSettingsFile } from './host-settings-file.ts';

export interface RemovalOptions {
  readonly dataDir: string;
  /** Without it, only tells what would be removed. */
  readonly confirmed: boolean;
  readonly kernel?: Kernel;
}

/** What an installation has on this host. */
export interface Removal {
  /** Ids of what has a namespace. */
  readonly netns: readonly string[];
  /** Settings of the host's own, which go back to what they were. */
  readonly host: GivenBack;
}

const mostMs = 120_000;
/** For a goodbye to the peers. */
const daemonGraceMs = 2000;

/**
 * Takes down what an installation has made on this host: daemons, namespaces, devices, routes, packet filter, and gives the host back its
 * settings. What is stored stays. Done twice, or after one that was cut short, it removes what is left.
 * @returns what is removed. Throws where its agent runs, and where something could not be removed.
 */
export async function removeNetwork({ dataDir, confirmed, kernel }: RemovalOptions): Promise<Removal> {
  const used = kernel ?? systemKernel();
  const installation = installationOf(dataDir);
  const folder = seamFolder(installation);
  const record = networkRecordOf(dataDir);
  const standing = standingNetwork({ dataDir, kernel: used, record });
  using claims = new DisposableStack();
  if (confirmed) claims.use(claimDataDir(folder));
  const removal = { netns: await standing.netns(), host: await readHostSettings(used, installation) };
  if (!confirmed) return removal;
  await removeNamespaces(dataDir, used);
  await clearHost(used, removal.host.settings);
  const stray = await strayDaemons(new DaemonProcesses(), dataDir);
  const left = [...(await standing.netns()), ...stray.map(({ runDirectory }) => runDirectory)];
  if (left.length > 0) throw new Error(`could not be removed: ${left.join(', ')}`);
  record.remove();
  claims.dispose();
  rmSync(folder, { recursive: true, force: true });
  return removal;
}

async function readHostSettings(kernel: Kernel, installation: string): Promise<GivenBack> {
  const written = hostSettingsFile(installation).read();
  return settingsToGiveBack(written, await readSysctls(kernel, null, Object.keys(written).map(sysctlPath)));
}

/**
 * By an agent that is told that nothing is wanted. The host's own namespace is not its business yet: what gateways say to their peers at
 * the end goes through there.
 */
async function removeNamespaces(dataDir: string, kernel: Kernel): Promise<void> {
  const processes = new DaemonProcesses();
  // Whose files somebody has removed before.
  for (const daemon of await strayDaemons(processes, dataDir)) await processes.stop(daemon, clock, daemonGraceMs);
  const agent = createAgent({
    source: {
      planFor: () => Promise.resolve(undefined),
      listKeys: () => Promise.resolve([]),
      preSharedKey: () => Promise.reject(new Error('no keys here')),
      preSharedKeyDigest: () => Promise.reject(new Error('no keys here')),
    },
    ...{ observed: new ObservedState(), dataDir, binaries, kernel, clock },
    // Nothing is made: which one matters to nobody.
    dataPlane: 'kernel',
    espAlwaysInUdp: false,
    pathMtu: 1500,
    logger: new Log({ logLevel: 'warn' }).of.network,
  });
  const stop = new AbortController();
  const running = agent.run(stop.signal);
  try {
    await agent.idle(AbortSignal.timeout(mostMs));
  } finally {
    stop.abort();
    await running;
  }
}

/** Of this installation's daemons those that no folder of a gateway speaks of. */
async function strayDaemons(processes: DaemonProcesses, dataDir: string) {
  const daemons = await processes.findIn(runFolder(dataDir));
  return daemons.filter(({ runDirectory }) => !existsSync(runDirectory));
}

/** Nothing of ours in the host's own namespace; its settings go back before the packet filter that they made necessary. */
async function clearHost(kernel: Kernel, sysctls: Sysctls): Promise<void> {
  const nothing: NetnsPlan = {
    key: 'host',
    netns: null,
    sysctls: {},
    ...{ links: [], rules: [], routes: [], proxies: [], filter: null, charon: null },
  };
  // The kernel rounds some of them: that it says the same afterwards is not asked for.
  const writes = Object.entries(sysctls).map(([name, value]) => ({ name, value }));
  // One that the kernel does not take keeps nothing else of ours on the host.
  const refused = await applySysctls(kernel, null, { writes, missing: [] }).then(
    () => null,
    (error: unknown) => error as Error,
  );
  const { failure } = await converge(kernel, nothing, {
    tunnelMtu: 'ours',
    proven: new ProvenPlans(),
    onLook: () => undefined,
    inTurn: (plan, round) => round(plan),
  });
  if (failure !== null) throw failure;
  if (refused !== null) throw refused;
}
