import { rmSync } from 'node:fs';
import { createAgent } from '../agent/agent.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import { chooseDataPlane, probeHost } from '../drivers/host-capabilities.ts';
import { binaries } from '../drivers/installed-binaries.ts';
import { systemKernel, type Kernel } from '../drivers/kernel.ts';
import { installationOf } from '../drivers/netns.ts';
import { networkRecordOf, standingNetwork } from '../hold/reason-to-hold.ts';
import type { IssuedPlan } from '../plan/plan.ts';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { Log } from '../platform/logger.ts';
import { seamFolder } from '../seam/seam-socket.ts';

export interface RemovalOptions {
  readonly dataDir: string;
  /** Without it, only tells what would be removed. */
  readonly confirmed: boolean;
  readonly kernel?: Kernel;
}

/** Of the host's own: nothing. Its sysctls stay. */
const emptyHost: IssuedPlan = {
  key: 'host',
  netns: null,
  generation: 0,
  sysctls: {},
  links: [],
  rules: [],
  routes: [],
  proxies: [],
  filter: null,
  charon: null,
};

const mostMs = 120_000;

/**
 * Takes down what an installation has made on this host: daemons, namespaces, devices, routes, packet filter. What is stored stays.
 * @returns the namespaces that are removed. Throws where its agent runs, and where something could not be removed.
 */
export async function removeNetwork({ dataDir, confirmed, kernel }: RemovalOptions): Promise<readonly string[]> {
  const used = kernel ?? systemKernel();
  const folder = seamFolder(installationOf(dataDir));
  const record = networkRecordOf(dataDir);
  const standing = standingNetwork({ dataDir, kernel: used, record });
  const before = await standing.netns();
  if (!confirmed) return before;
  using claims = new DisposableStack();
  claims.use(claimDataDir(folder));
  await removeAll(dataDir, used);
  const left = await standing.netns();
  if (left.length > 0) throw new Error(`could not be removed: ${left.join(', ')}`);
  record.remove();
  claims.dispose();
  rmSync(folder, { recursive: true, force: true });
  return before;
}

/** By an agent that is told that nothing is wanted. */
async function removeAll(dataDir: string, kernel: Kernel): Promise<void> {
  const observed = new ObservedState();
  const agent = createAgent({
    source: {
      planFor: (key) => Promise.resolve(key === 'host' ? emptyHost : undefined),
      listKeys: () => Promise.resolve(['host'] as const),
      preSharedKey: () => Promise.reject(new Error('no keys here')),
      preSharedKeyDigest: () => Promise.reject(new Error('no keys here')),
    },
    ...{ observed, dataDir, binaries, kernel, clock },
    dataPlane: chooseDataPlane(await probeHost(binaries), 'auto').name,
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
