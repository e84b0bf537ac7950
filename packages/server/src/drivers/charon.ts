import { ViciCommandError, ViciEncodeError, type Charon, type IkeConnection, type StartAction } from '@landbridge/vici';
import { createHash } from 'node:crypto';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ChildPlan, ConnectionPlan } from '../planner/plan.ts';

/**
 * A connection is loaded under the name `<vpnx-…>@<digest>`, its pre-shared key likewise. The digest covers everything
 * charon is told, so what charon lists shows which connections fit, without any memory of ours.
 */
export interface NamedConnection {
  readonly id: VpnConnectionId;
  readonly name: string;
  readonly config: IkeConnection;
}

/** What becomes of the packets of CHILD_SAs, as far as that is not the tunnel's own choice. */
export interface EspChoice {
  readonly dataPlane: 'kernel' | 'uxfrm';
  /** UDP port 4500 for ESP where no NAT is in between, too; else it is IP protocol 50 there. */
  readonly alwaysInUdp: boolean;
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
  readonly added: readonly NamedConnection[];
}

export type PreSharedKeySource = (id: VpnConnectionId) => Promise<string>;

/** Packets a CHILD_SA may be late: bursts of segmentation offload over several queues reorder more than the default 32. */
const replayWindow = 2048;

/** @param preSharedKeyDigest changes with the key and tells nothing about it. */
export function nameConnection(plan: ConnectionPlan, preSharedKeyDigest: string, esp: EspChoice): NamedConnection {
  const config = planIkeConnection(plan, esp);
  const text = JSON.stringify([config, plan.epoch, preSharedKeyDigest]);
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { id: plan.id, name: `${plan.id}@${digest}`, config };
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
  { dataPlane }: EspChoice,
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
  const keys = new Set(actual.sharedKeys);
  // A connection whose key is missing cannot come up: it counts as not loaded.
  const complete = new Set(actual.connections.filter((name) => keys.has(name)));
  return {
    removed: actual.connections.filter((name) => !names.has(name)),
    removedKeys: actual.sharedKeys.filter((id) => !names.has(id)),
    orphanedIkeSas: [...new Set(actual.ikeSas)].filter(
      (name) => !names.has(name) && !actual.connections.includes(name) && connectionIdOf(name) !== null,
    ),
    added: wanted.filter(({ name }) => !complete.has(name)),
  };
}

/** The old form of a connection goes first: charon answers a peer by the first connection that fits. */
export async function applyConnections(
  charon: Charon,
  changes: ConnectionChanges,
  preSharedKey: PreSharedKeySource,
  signal: AbortSignal,
): Promise<void> {
  for (const name of changes.removed) await removeConnection(charon, name, signal);
  for (const name of changes.orphanedIkeSas) await terminateIke(charon, name, signal);
  for (const id of changes.removedKeys) await charon.unloadShared(id, { signal });
  const problems: string[] = [];
  for (const connection of changes.added) {
    try {
      await addConnection(charon, connection, preSharedKey, signal);
    } catch (error) {
      // What one connection suffers from is not the others' business, unless charon is gone.
      if (!(error instanceof ViciCommandError || error instanceof ViciEncodeError)) throw error;
      problems.push(`${connection.id}: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join('; '));
}

async function addConnection(
  charon: Charon,
  { id, name, config }: NamedConnection,
  preSharedKey: PreSharedKeySource,
  signal: AbortSignal,
): Promise<void> {
  const owners = [config.local.id ?? '', config.remote.id ?? ''];
  await charon.loadShared({ id: name, type: 'IKE', data: await preSharedKey(id), owners }, { signal });
  await charon.loadConn(name, config, { signal });
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
