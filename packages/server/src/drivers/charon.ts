import {
  ViciCommandError,
  ViciEncodeError,
  ViciError,
  type Charon,
  type ChildConfig,
  type ChildSa,
  type IkeConnection,
} from '@landbridge/vici';
import { createHash } from 'node:crypto';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Clock } from '../platform/clock.ts';
import type { ConnectionPlan } from '../plan/plan.ts';
import { isSameValue } from '../plan/same-value.ts';
import { endIkeSas, unlessGone } from './end-ike-sas.ts';

/**
 * A connection is loaded under the name `<vpnx-…>@<digest>`, its pre-shared key under that and a digest of its owners. The
 * connection's digest covers who is to begin and everything that charon is told but which children there are: these have names
 * of their own. So what charon lists shows what fits, without any memory of ours, and a child comes or goes without the others
 * being touched. A key's owners depend on the gateway's other tunnels: when they change, it alone is loaded anew.
 */
export interface NamedConnection {
  readonly id: VpnConnectionId;
  readonly name: string;
  readonly config: IkeConnection;
  /** Its children are initiated as soon as they are loaded. */
  readonly initiates: boolean;
  readonly keyName: string;
  readonly keyOwners: readonly string[];
}

/** What becomes of the packets of CHILD_SAs, as far as that is not the tunnel's own choice. */
export interface EspChoice {
  readonly dataPlane: 'kernel' | 'uxfrm';
  /** UDP port 4500 for ESP where no NAT is in between, too; else it is IP protocol 50 there. */
  readonly alwaysInUdp: boolean;
  /** Packets that one may be late (replay-window.ts). */
  readonly replayWindow: number;
}

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

interface KnownName {
  readonly preSharedKeyDigest: string;
  readonly esp: EspChoice;
  readonly named: NamedConnection;
}

/** Of a gateway's connections most stay the same objects from plan to plan. */
const knownNames = new WeakMap<ConnectionPlan, KnownName>();

/** @param preSharedKeyDigest changes with the key and tells nothing about it. */
export function nameConnection(plan: ConnectionPlan, preSharedKeyDigest: string, esp: EspChoice): NamedConnection {
  const known = knownNames.get(plan);
  if (known?.preSharedKeyDigest === preSharedKeyDigest && isSameValue(known.esp, esp)) return known.named;
  const named = nameAnew(plan, preSharedKeyDigest, esp);
  knownNames.set(plan, { preSharedKeyDigest, esp, named });
  return named;
}

function nameAnew(plan: ConnectionPlan, preSharedKeyDigest: string, esp: EspChoice): NamedConnection {
  const config = planIkeConnection(plan, esp);
  const shared = { ...config, children: planChild(plan, esp) };
  const name = `${plan.id}@${digestOf([shared, plan.negotiation, plan.epoch, preSharedKeyDigest])}`;
  const { id, keyOwners } = plan;
  const initiates = plan.negotiation === 'active';
  return { id, name, config, initiates, keyName: `${name}/${digestOf(keyOwners)}`, keyOwners };
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

/** `vpnx-8h2k1m3q@0123456789ab` → `vpnx-8h2k1m3q`; null for names that are not ours. */
export function connectionIdOf(name: string): VpnConnectionId | null {
  return (/^(vpnx-[0-9a-z]{8})@[0-9a-f]+$/.exec(name)?.[1] as VpnConnectionId | undefined) ?? null;
}

/** Connections and keys that a gateway wants, in the terms of swanctl.conf(5). */
export function planIkeConnection(plan: ConnectionPlan, esp: EspChoice): IkeConnection {
  return {
    version: plan.version,
    localAddrs: [plan.localAddress],
    remoteAddrs: [plan.remoteAddress],
    local: { auth: 'psk', id: plan.localId },
    remote: { auth: 'psk', id: plan.remoteId },
    proposals: plan.ikeProposals,
    ...(plan.version === 1 && { aggressive: plan.aggressive }),
    encap: esp.alwaysInUdp,
    mobike: false,
    fragmentation: 'yes',
    dpdDelaySeconds: plan.dpdDelaySeconds,
    ...(plan.version === 1 && plan.dpdDelaySeconds > 0 && { dpdTimeoutSeconds: plan.dpdTimeoutSeconds }),
    keyingTries: 0,
    rekeyTimeSeconds: plan.ikeRekeySeconds,
    ...(plan.version === 1 && plan.negotiation === 'passive' && lateTimes(plan.ikeRekeySeconds)),
    reauthTimeSeconds: 0,
    // Two ends that start at once, or a peer that restarts, make two IKE_SAs. charon's other policies make each end drop
    // one of its own choice, often both; duplicates are reduced by the monitor, to the same one on both ends.
    unique: 'never',
    children: Object.fromEntries(
      plan.children.map(({ name, localTs, remoteTs }) => [
        name,
        { localTs: [localTs], remoteTs: [remoteTs], ...planChild(plan, esp) },
      ]),
    ),
  };
}

/** charon renews up to a tenth earlier by chance, and ends what was not renewed a tenth later; here sooner than that. */
function lateTimes(rekeySeconds: number): Pick<IkeConnection, 'randTimeSeconds' | 'overTimeSeconds'> {
  return { randTimeSeconds: Math.floor(rekeySeconds * 0.05), overTimeSeconds: Math.ceil(rekeySeconds * 0.03) };
}

/**
 * What all children of a connection share. charon starts nothing by itself, neither when it is loaded nor when a peer closes
 * an SA or is dead: it would do so though another SA is there already, and close what it started before it is told to close
 * the whole. Who is to begin is initiated by applyConnections, and by the watchdog when it is missing.
 */
function planChild(
  plan: ConnectionPlan,
  { dataPlane, replayWindow }: EspChoice,
): Omit<ChildConfig, 'localTs' | 'remoteTs'> {
  const onTraffic = plan.negotiation === 'on-traffic' ? 'trap' : 'none';
  return {
    mode: 'tunnel',
    espProposals: plan.espProposals,
    startAction: onTraffic,
    closeAction: onTraffic,
    dpdAction: onTraffic === 'trap' && plan.dpdAction === 'restart' ? 'start' : onTraffic,
    rekeyTimeSeconds: plan.espRekeySeconds,
    lifeTimeSeconds: plan.espLifeSeconds,
    rekeyBytes: plan.espRekeyBytes,
    lifeBytes: plan.espLifeBytes,
    ifIdIn: plan.ifId,
    ifIdOut: plan.ifId,
    replayWindow,
    // The device that holds the gateway's address encrypts, where it can (ethtool: esp-hw-offload); charon looks.
    ...(dataPlane === 'kernel' && { hwOffload: 'auto' as const }),
  };
}

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
    orphanedChildSas: actual.ikeSas.flatMap(({ name, childSas }) => {
      const connection = wantedByName.get(name);
      if (connection === undefined) return [];
      return childSas.filter((sa) => connection.config.children[sa.name] === undefined).map(({ uniqueId }) => uniqueId);
    }),
    initiated: wanted
      .filter(({ initiates }) => initiates)
      .flatMap(({ name, config }) =>
        Object.keys(config.children)
          .filter((child) => loaded.get(name)?.has(child) !== true)
          .map((child) => ({ ike: name, child })),
      ),
  };
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
  for (const name of changes.removed) await unlessGone(charon.unloadConn(name, { signal }));
  const problems = new Map<VpnConnectionId, string>();
  const load = async (loaded: readonly NamedConnection[], work: (one: NamedConnection) => Promise<void>) => {
    for (const one of loaded) if (!problems.has(one.id)) await work(one).catch(noteProblem(problems, one.id, signal));
  };
  await load(changes.addedKeys, async ({ id, keyName, keyOwners }) => {
    const data = await preSharedKey(id);
    await charon.loadShared({ id: keyName, type: 'IKE', data, owners: keyOwners }, { signal });
  });
  for (const name of changes.removedKeys) await charon.unloadShared(name, { signal });
  await load([...changes.added, ...changes.changed], ({ name, config }) => charon.loadConn(name, config, { signal }));
  await endIkeSas(charon, new Set([...changes.removed, ...changes.orphanedIkeSas]), clock, signal);
  for (const childId of changes.orphanedChildSas) await unlessGone(charon.terminate({ childId }, { signal }));
  // What charon refuses to begin is the watchdog's business.
  for (const each of changes.initiated) {
    const id = connectionIdOf(each.ike);
    if (id !== null && !problems.has(id)) await unlessGone(charon.initiate(each, { signal }));
  }
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
