import { ViciCommandError, ViciEncodeError, ViciError, type Charon, type ChildSa } from '@landbridge/vici';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Clock } from '../platform/clock.ts';
import { sideBySide } from '../platform/side-by-side.ts';
import { endIkeSas, listSasOf, unlessGone } from './end-ike-sas.ts';
import { connectionIdOf, type NamedConnection } from './named-connection.ts';

/** Questions to charon, or to whoever has a key, at a time. */
const mostAtOnce = 8;

export interface CharonState {
  readonly connections: readonly LoadedNames[];
  readonly sharedKeys: readonly string[];
  readonly ikeSas: readonly ListedSas[];
}

/** A connection that is loaded, and its children. */
interface LoadedNames {
  readonly name: string;
  readonly children: readonly string[];
}

/** An IKE_SA of the connection `name` and its CHILD_SAs. */
interface ListedSas {
  readonly name: string;
  readonly childSas: readonly Pick<ChildSa, 'name' | 'uniqueId'>[];
}

export interface ConnectionChanges {
  /** Names to unload, with their IKE_SAs. */
  readonly removed: readonly string[];
  readonly removedKeys: readonly string[];
  /** Names of IKE_SAs that no loaded connection stands for. */
  readonly orphanedIkeSas: readonly string[];
  /** Whose keys are not loaded. */
  readonly addedKeys: readonly NamedConnection[];
  readonly added: readonly NamedConnection[];
  /** Loaded, with other children than wanted. */
  readonly changed: readonly NamedConnection[];
  /** Unique ids of CHILD_SAs whose child is not wanted any more. */
  readonly orphanedChildSas: readonly number[];
  /** To be initiated once they are loaded. */
  readonly initiated: readonly { readonly ike: string; readonly child: string }[];
}

export type PreSharedKeySource = (id: VpnConnectionId) => Promise<string>;

export async function readCharon(charon: Charon, signal: AbortSignal): Promise<CharonState> {
  const [connections, sharedKeys, ikeSas] = await Promise.all([
    charon.listConns({}, { signal }),
    charon.getShared({ signal }),
    charon.listSas({}, { signal }),
  ]);
  return {
    connections: connections.map(({ name, children }) => ({ name, children: children.map((child) => child.name) })),
    sharedKeys,
    ikeSas,
  };
}

export function diffConnections(wanted: readonly NamedConnection[], actual: CharonState): ConnectionChanges {
  const wantedByName = new Map(wanted.map((connection) => [connection.name, connection]));
  const keyNames = new Set(wanted.map(({ keyName }) => keyName));
  const loadedKeys = new Set(actual.sharedKeys);
  const loaded = new Map(actual.connections.map(({ name, children }) => [name, new Set(children)]));
  const orphanedIkeSas = actual.ikeSas
    .map(({ name }) => name)
    .filter((name) => !wantedByName.has(name) && !loaded.has(name) && connectionIdOf(name) !== null);
  return {
    removed: [...loaded.keys()].filter((name) => !wantedByName.has(name)),
    removedKeys: actual.sharedKeys.filter((name) => !keyNames.has(name)),
    orphanedIkeSas: [...new Set(orphanedIkeSas)],
    addedKeys: wanted.filter(({ keyName }) => !loadedKeys.has(keyName)),
    added: wanted.filter(({ name }) => !loaded.has(name)),
    changed: wanted.filter(({ name, config }) => {
      const [children, names] = [loaded.get(name), Object.keys(config.children)];
      return children !== undefined && (children.size !== names.length || !names.every((child) => children.has(child)));
    }),
    orphanedChildSas: orphanedChildSasOf(wanted, actual.ikeSas),
    initiated: wanted
      .filter(({ initiates }) => initiates)
      .flatMap(({ name, config }) =>
        Object.keys(config.children)
          .filter((child) => loaded.get(name)?.has(child) !== true)
          .map((child) => ({ ike: name, child })),
      ),
  };
}

/** Those whose child is not wanted any more, of connections that are. */
function orphanedChildSasOf(wanted: readonly NamedConnection[], ikeSas: readonly ListedSas[]): number[] {
  const byName = new Map(wanted.map((connection) => [connection.name, connection]));
  return ikeSas.flatMap(({ name, childSas }) => {
    const connection = byName.get(name);
    if (connection === undefined) return [];
    return childSas.filter((sa) => connection.config.children[sa.name] === undefined).map(({ uniqueId }) => uniqueId);
  });
}

/**
 * What differs from a list of connections that charon was brought to before. What nobody loaded or unloaded since is not asked
 * for; connections that are the very same objects are not looked at.
 */
export async function diffFromLoaded(
  charon: Charon,
  wanted: readonly NamedConnection[],
  before: ReadonlyMap<string, NamedConnection>,
  signal: AbortSignal,
): Promise<ConnectionChanges> {
  const fresh = wanted.filter((connection) => before.get(connection.name) !== connection);
  const names = new Set(wanted.map(({ name }) => name));
  const gone = [...before.values()].filter(({ name }) => !names.has(name));
  const replaced = fresh.flatMap(({ name }) => before.get(name) ?? []);
  const loaded = [...gone, ...replaced];
  const changes = diffConnections(fresh, {
    connections: loaded.map(({ name, config }) => ({ name, children: Object.keys(config.children) })),
    sharedKeys: loaded.map(({ keyName }) => keyName),
    ikeSas: [],
  });
  if (changes.changed.length === 0) return changes;
  const ikeSas = await listSasOf(charon, new Set(changes.changed.map(({ name }) => name)), signal);
  return { ...changes, orphanedChildSas: orphanedChildSasOf(changes.changed, ikeSas) };
}

/**
 * The old form of a connection goes first: charon answers a peer by the first connection that fits. Its SAs go before the
 * new form is initiated, which charon would do through them. Keys come before the connections, and
 * before those that they replace: a tunnel that stays is never without one. Returns what could not be
 * loaded, and why: what one connection suffers from is not the others' business.
 */
export async function applyConnections(
  charon: Charon,
  changes: ConnectionChanges,
  preSharedKey: PreSharedKeySource,
  clock: Clock,
  signal: AbortSignal,
): Promise<ReadonlyMap<VpnConnectionId, string>> {
  await sideBySide(changes.removed, mostAtOnce, (name) => unlessGone(charon.unloadConn(name, { signal })));
  const problems = new Map<VpnConnectionId, string>();
  const load = (loaded: readonly NamedConnection[], work: (one: NamedConnection) => Promise<void>) =>
    sideBySide(loaded, mostAtOnce, async (one) => {
      if (!problems.has(one.id)) await work(one).catch(noteProblem(problems, one.id, signal));
    });
  await load(changes.addedKeys, async ({ id, keyName, keyOwners }) => {
    const data = await preSharedKey(id);
    await charon.loadShared({ id: keyName, type: 'IKE', data, owners: keyOwners }, { signal });
  });
  await sideBySide(changes.removedKeys, mostAtOnce, (name) => charon.unloadShared(name, { signal }));
  await load([...changes.added, ...changes.changed], ({ name, config }) => charon.loadConn(name, config, { signal }));
  await endIkeSas(charon, new Set([...changes.removed, ...changes.orphanedIkeSas]), clock, signal);
  await sideBySide(changes.orphanedChildSas, mostAtOnce, (childId) =>
    unlessGone(charon.terminate({ childId }, { signal })),
  );
  // What charon refuses to begin is the watchdog's business.
  const initiated = changes.initiated.filter(({ ike }) => {
    const id = connectionIdOf(ike);
    return id !== null && !problems.has(id);
  });
  await sideBySide(initiated, mostAtOnce, (each) => unlessGone(charon.initiate(each, { signal })));
  return problems;
}

/** Passes on that charon is gone, which concerns all. */
function noteProblem(problems: Map<VpnConnectionId, string>, id: VpnConnectionId, signal: AbortSignal) {
  return (error: unknown): void => {
    signal.throwIfAborted();
    const isCharonGone =
      error instanceof ViciError && !(error instanceof ViciCommandError || error instanceof ViciEncodeError);
    if (isCharonGone || !(error instanceof Error)) throw error;
    problems.set(id, error.message);
  };
}

/** Ends these connections with their SAs, so that their devices and if_ids can become somebody else's. */
export async function dropConnections(
  charon: Charon,
  ids: ReadonlySet<string>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const { connections, ikeSas } = await readCharon(charon, signal);
  const isTheirs = (name: string) => ids.has(connectionIdOf(name) ?? '');
  const names = new Set([...connections, ...ikeSas].map(({ name }) => name).filter(isTheirs));
  for (const name of names) await unlessGone(charon.unloadConn(name, { signal }));
  await endIkeSas(charon, names, clock, signal);
}
