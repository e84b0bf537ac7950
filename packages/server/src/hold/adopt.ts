import { systemKernel, type Kernel } from '../drivers/kernel.ts';
import { installationOf, readOwnNetns } from '../drivers/netns.ts';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { Log } from '../platform/logger.ts';
import type { NetworkRecord } from '../platform/network-record.ts';
import { networkRecordOf, reasonToHold } from './reason-to-hold.ts';
import { openStore } from '../store/open-store.ts';
import { storeFiles } from '../store/store-files.ts';
import { readNetworkOwners } from '../store/store-identity.ts';

export interface Adoption {
  readonly reason: string;
  /** Ids of what the network has and the database does not: the service will remove it. */
  readonly removed: readonly string[];
}

export interface AdoptOptions {
  readonly dataDir: string;
  /** Without it, only tells what would happen. */
  readonly confirmed: boolean;
  readonly kernel?: Kernel;
  readonly record?: NetworkRecord;
}

/**
 * Takes the data directory as it is for the truth; a lost database begins anew. Null when nothing is held.
 * Throws when a service runs there, or when the database cannot be used at all.
 */
export async function adopt(options: AdoptOptions): Promise<Adoption | null> {
  const { dataDir, confirmed, kernel = systemKernel(), record = networkRecordOf(dataDir) } = options;
  const reason = await reasonToHold({ dataDir, kernel, record });
  if (reason === null) return null;
  if (!reason.canBeAdopted) throw new Error(`${reason.text}. To begin anew instead, move the database away first.`);
  const inNetwork = await readOwnNetns(kernel, installationOf(dataDir));
  const known = new Set(readNetworkOwners(storeFiles(dataDir).database));
  const adoption = { reason: reason.text, removed: inNetwork.filter((id) => !known.has(id)) };
  if (!confirmed) return adoption;
  using claims = new DisposableStack();
  claims.use(claimDataDir(dataDir));
  const store = await openStore({ dataDir, clock, logger: new Log({ logLevel: 'warn' }).of.store });
  try {
    record.write(await store.position());
  } finally {
    await store.close();
  }
  return adoption;
}
