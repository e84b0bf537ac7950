import type { ChildConfig, IkeConnection } from '@landbridge/vici';
import { createHash } from 'node:crypto';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ConnectionPlan } from '../plan/plan.ts';

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

/** @param preSharedKeyDigest changes with the key and tells nothing about it. */
export function nameConnection(plan: ConnectionPlan, preSharedKeyDigest: string, esp: EspChoice): NamedConnection {
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
