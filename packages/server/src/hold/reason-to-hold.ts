import { existsSync, readdirSync } from 'node:fs';
import { runFolder } from '../drivers/gateway-paths.ts';
import { systemKernel, type Kernel } from '../drivers/kernel.ts';
import { installationOf, readOwnNetns } from '../drivers/netns.ts';
import { NetworkRecord, type StorePosition } from '../platform/network-record.ts';
import { loadFittingKey } from '../store/key-file.ts';
import { StoreError } from '../store/store-error.ts';
import { storeFiles, type StoreFiles } from '../store/store-files.ts';
import { readStoreIdentity, type StoreIdentity } from '../store/store-identity.ts';

/** Why nothing may be changed in the network: its database is lost, or not the one it was made from. */
export interface ReasonToHold {
  /** For the operator. */
  readonly text: string;
  /** What has to be looked after: the store, or the agent, which alone knows what stands in the network. */
  readonly about: 'store' | 'agent';
  /** `landbridge adopt` can take what is there for the truth. */
  readonly canBeAdopted: boolean;
}

export interface InstallationPlace {
  readonly dataDir: string;
  readonly kernel?: Kernel;
  readonly record?: NetworkRecord;
  /** What stands in the network, where only another process can look; by kernel and record when absent. */
  readonly standing?: StandingNetwork;
}

/** What an installation has in the network. */
export interface StandingNetwork {
  /** Why nobody can say what stands there, for people; null where somebody can. */
  problem(): string | null;
  /** What it was made from; null when nobody knows. */
  madeFrom(): Promise<StorePosition | null>;
  /** Keys of its namespaces. */
  netns(): Promise<readonly string[]>;
  /** Gateways that have run-time files. */
  gateways(): Promise<readonly string[]>;
}

export function standingNetwork({
  dataDir,
  kernel = systemKernel(),
  record = networkRecordOf(dataDir),
}: InstallationPlace): StandingNetwork {
  return {
    problem: () => null,
    madeFrom: () => Promise.resolve(record.read()),
    netns: () => readOwnNetns(kernel, installationOf(dataDir)),
    gateways: () => Promise.resolve(existsSync(runFolder(dataDir)) ? readdirSync(runFolder(dataDir)) : []),
  };
}

/**
 * Compares the data directory with what an installation there has made, and changes nothing. Null: the database is the
 * one that the network was made from, or there is neither.
 */
export async function reasonToHold(place: InstallationPlace): Promise<ReasonToHold | null> {
  const { dataDir, standing = standingNetwork(place) } = place;
  const files = storeFiles(dataDir);
  const problem = standing.problem();
  if (problem !== null) {
    return { text: `What stands in the network is not known: ${problem}`, about: 'agent', canBeAdopted: false };
  }
  // Before the database, which a running service may move on meanwhile.
  const madeFrom = await standing.madeFrom();
  const identity = readIdentity(files);
  if (identity === null) return lostDatabase(dataDir, files, await standing.netns(), await standing.gateways());
  if ('text' in identity) return identity;
  if (madeFrom === null || (madeFrom.storeId === identity.storeId && madeFrom.serial <= identity.serial)) return null;
  const netns = await standing.netns();
  if (netns.length === 0) return null;
  const difference =
    madeFrom.storeId === identity.storeId
      ? `is older (change ${identity.serial}) than the network that was made from it (change ${madeFrom.serial})`
      : `is another one than the network was made from`;
  return {
    text: `${files.database} ${difference}: an old backup? ${netns.length} network namespaces are held as they are`,
    about: 'store',
    canBeAdopted: true,
  };
}

/** For people: what is wrong, and what to do. */
export function describeHold({ text, canBeAdopted }: ReasonToHold, dataDir: string): string {
  const way = canBeAdopted ? ` To go on with what is there: landbridge adopt --data-dir ${dataDir}` : '';
  return `Everything is held as it is, gateways go on. ${text}.${way}`;
}

export function networkRecordOf(dataDir: string): NetworkRecord {
  return new NetworkRecord(installationOf(dataDir));
}

function readIdentity(files: StoreFiles): StoreIdentity | ReasonToHold | null {
  try {
    const identity = readStoreIdentity(files.database);
    if (identity !== null) loadFittingKey(files, identity.keyFingerprint);
    return identity;
  } catch (error) {
    if (error instanceof StoreError)
      return { text: error.message.replace(/\.$/, ''), about: 'store', canBeAdopted: false };
    throw error;
  }
}

function lostDatabase(
  dataDir: string,
  files: StoreFiles,
  netns: readonly string[],
  gateways: readonly string[],
): ReasonToHold | null {
  // A first start that was cut short leaves an empty database and perhaps a key file.
  const isKeyAlone = existsSync(files.key) && !existsSync(files.database);
  const traces = [
    ...(netns.length > 0 ? [`${netns.length} network namespaces`] : []),
    ...(gateways.length > 0 ? [`the run-time files of ${gateways.length} gateways`] : []),
    ...(isKeyAlone ? [files.key] : []),
    ...(existsSync(files.administratorKey) ? [files.administratorKey] : []),
  ];
  if (traces.length === 0) return null;
  return {
    text:
      `there is no database in ${dataDir}, but ${traces.join(', ')} of an installation there: ` +
      'is its volume mounted? Mount it, or restore the database from your backup',
    about: 'store',
    canBeAdopted: true,
  };
}
