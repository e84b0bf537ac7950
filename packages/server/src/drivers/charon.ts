import {
  ViciCommandError,
  ViciEncodeError,
  ViciError,
  type Charon,
  type IkeConnection,
  type StartAction,
} from '@landbridge/vici';
import { createHash } from 'node:crypto';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ChildPlan, ConnectionPlan } from '../planner/plan.ts';

/**
 * A connection is loaded under the name `<vpnx-…>@<digest>`, its pre-shared key under that and a digest of its owners. The
 * digests cover everything charon is told, so what charon lists shows which connections fit, without any memory of ours.
 * The owners depend on the gateway's other tunnels: when they change, the key is loaded anew and the connection stays.
 */
export interface NamedConnection {
  readonly id: VpnConnectionId;
  readonly name: string;
  readonly config: IkeConnection;
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
  readonly connections: readonly string[];
  readonly sharedKeys: readonly string[];
  /** Connection names of the IKE_SAs. */
  readonly ikeSas: readonly string[];
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
}

export type PreSharedKeySource = (id: VpnConnectionId) => Promise<string>;

/** @param preSharedKeyDigest changes with the key and tells nothing about it. */
export function nameConnection(plan: ConnectionPlan, preSharedKeyDigest: string, esp: EspChoice): NamedConnection {
  const config = planIkeConnection(plan, esp);
  const name = `${plan.id}@${digestOf([config, plan.epoch, preSharedKeyDigest])}`;
  const { id, keyOwners } = plan;
  return { id, name, config, keyName: `${name}/${digestOf(keyOwners)}`, keyOwners };
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
    reauthTimeSeconds: 0,
    // Two ends that start at once, or a peer that restarts, make two IKE_SAs. charon's other policies make each end drop
    // one of its own choice, often both; duplicates are reduced by the monitor, to the same one on both ends.
    unique: 'never',
    children: Object.fromEntries(plan.children.map((child) => [child.name, planChild(plan, child, esp)])),
  };
}

function planChild(
  plan: ConnectionPlan,
  child: ChildPlan,
  { dataPlane, replayWindow }: EspChoice,
): IkeConnection['children'][string] {
  const start = startAction(plan.negotiation);
  return {
    mode: 'tunnel',
    localTs: [child.localTs],
    remoteTs: [child.remoteTs],
    espProposals: plan.espProposals,
    startAction: start,
    closeAction: start,
    dpdAction: dpdAction(plan),
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

function startAction(negotiation: ConnectionPlan['negotiation']): StartAction {
  return ({ active: 'start', flowTrigger: 'trap', passive: 'none' } as const)[negotiation];
}

/** A passive gateway only answers, also after its peer was lost. */
function dpdAction({ dpdAction: action, negotiation }: ConnectionPlan): StartAction {
  if (negotiation === 'passive') return 'none';
  if (action === 'restart') return 'start';
  return negotiation === 'flowTrigger' ? 'trap' : 'none';
}

export async function readCharon(charon: Charon, signal: AbortSignal): Promise<CharonState> {
  const [connections, sharedKeys, ikeSas] = await Promise.all([
    charon.getConns({ signal }),
    charon.getShared({ signal }),
    charon.listSas({}, { signal }),
  ]);
  return { connections, sharedKeys, ikeSas: ikeSas.map(({ name }) => name) };
}

export function diffConnections(wanted: readonly NamedConnection[], actual: CharonState): ConnectionChanges {
  const names = new Set(wanted.map(({ name }) => name));
  const keyNames = new Set(wanted.map(({ keyName }) => keyName));
  const [connections, keys] = [new Set(actual.connections), new Set(actual.sharedKeys)];
  return {
    removed: actual.connections.filter((name) => !names.has(name)),
    removedKeys: actual.sharedKeys.filter((name) => !keyNames.has(name)),
    orphanedIkeSas: [...new Set(actual.ikeSas)].filter(
      (name) => !names.has(name) && !connections.has(name) && connectionIdOf(name) !== null,
    ),
    addedKeys: wanted.filter(({ keyName }) => !keys.has(keyName)),
    added: wanted.filter(({ name }) => !connections.has(name)),
  };
}

/**
 * The old form of a connection goes first: charon answers a peer by the first connection that fits. Keys come before the
 * connections, which begin to negotiate. Returns what could not be loaded, and why: what one connection suffers from is
 * not the others' business.
 */
export async function applyConnections(
  charon: Charon,
  changes: ConnectionChanges,
  preSharedKey: PreSharedKeySource,
  signal: AbortSignal,
): Promise<ReadonlyMap<VpnConnectionId, string>> {
  for (const name of changes.removed) await removeConnection(charon, name, signal);
  for (const name of changes.orphanedIkeSas) await terminateIke(charon, name, signal);
  for (const name of changes.removedKeys) await charon.unloadShared(name, { signal });
  const problems = new Map<VpnConnectionId, string>();
  const load = async (loaded: readonly NamedConnection[], work: (one: NamedConnection) => Promise<void>) => {
    for (const one of loaded) if (!problems.has(one.id)) await work(one).catch(noteProblem(problems, one.id, signal));
  };
  await load(changes.addedKeys, async ({ id, keyName, keyOwners }) => {
    const data = await preSharedKey(id);
    await charon.loadShared({ id: keyName, type: 'IKE', data, owners: keyOwners }, { signal });
  });
  await load(changes.added, ({ name, config }) => charon.loadConn(name, config, { signal }));
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
export async function dropConnections(charon: Charon, ids: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
  const { connections, ikeSas } = await readCharon(charon, signal);
  const isTheirs = (name: string) => ids.has(connectionIdOf(name) ?? '');
  for (const name of new Set([...connections, ...ikeSas].filter(isTheirs)))
    await removeConnection(charon, name, signal);
}

async function removeConnection(charon: Charon, name: string, signal: AbortSignal): Promise<void> {
  try {
    await charon.unloadConn(name, { signal });
  } catch (error) {
    if (!(error instanceof ViciCommandError)) throw error;
  }
  await terminateIke(charon, name, signal);
}

/** The peer is told, but not waited for. */
async function terminateIke(charon: Charon, name: string, signal: AbortSignal): Promise<void> {
  try {
    await charon.terminate({ ike: name, force: true }, { signal });
  } catch (error) {
    // None there.
    if (!(error instanceof ViciCommandError)) throw error;
  }
}
