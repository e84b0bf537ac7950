import { everything } from '@landbridge/net';
import { espProposal, ikeProposal } from '../domain/vpn/proposal.ts';
import { mappingsOf, type DpdOptions, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { ChildPlan, ConnectionPlan } from '../plan/plan.ts';

/** Rekeying starts after this share of a lifetime, so that we are first where both ends have the same lifetime. */
const rekeyShare = 0.9;
/** Two ends that renew an IKE_SA at once lose CHILD_SAs by IKEv1: who only answers leaves it to the other until the end. */
const lateRekeyShare = 0.97;
const bytesPerKilobyte = 1024;

/** What a VPN connection says of its two ends, in charon's terms (ConnectionPlan). */
export type ConnectionEnds = Pick<
  ConnectionPlan,
  'localAddress' | 'remoteAddress' | 'localId' | 'remoteId' | 'keyOwners'
>;

export function planConnection(connection: VpnConnection, ends: ConnectionEnds): ConnectionPlan {
  const { ike, esp } = connection;
  const lifeBytes = esp.lifetimeKilobytes * bytesPerKilobyte;
  return {
    id: connection.id,
    epoch: connection.epoch,
    version: ike.version,
    aggressive: ike.aggressive,
    ...ends,
    ikeProposals: [ikeProposal(ike)],
    ikeRekeySeconds: Math.floor(ike.lifetimeSeconds * ikeRekeyShare(connection)),
    ...planDpd(connection.dpd),
    negotiation: connection.negotiation,
    ifId: connection.ifId,
    espProposals: [espProposal(esp, ike.version)],
    espRekeySeconds: Math.floor(esp.lifetimeSeconds * rekeyShare),
    espLifeSeconds: esp.lifetimeSeconds,
    espRekeyBytes: Math.floor(lifeBytes * rekeyShare),
    espLifeBytes: lifeBytes,
    children: planChildren(connection),
  };
}

function ikeRekeyShare({ ike, negotiation }: VpnConnection): number {
  return ike.version === 1 && negotiation === 'passive' ? lateRekeyShare : rekeyShare;
}

/** Destination routing negotiates everything with everything; each SPD mapping is a CHILD_SA of its own. */
function planChildren(connection: VpnConnection): ChildPlan[] {
  if (connection.mode === 'route') return [{ name: connection.id, localTs: everything, remoteTs: everything }];
  return mappingsOf(connection).map(({ local, remote }) => ({
    name: `${connection.id}:${local}=${remote}`,
    localTs: local,
    remoteTs: remote,
  }));
}

/**
 * A peer is declared dead about DpdTimeout after it fell silent: a third of that until the question, the rest for
 * charon's retransmissions (16 s with our strongswan.conf). IKEv1 takes the timeout as it is.
 */
function planDpd({
  enabled,
  timeoutSeconds,
  action,
}: DpdOptions): Pick<ConnectionPlan, 'dpdDelaySeconds' | 'dpdTimeoutSeconds' | 'dpdAction'> {
  const delay = enabled ? Math.max(1, Math.floor(timeoutSeconds / 3)) : 0;
  return { dpdDelaySeconds: delay, dpdTimeoutSeconds: timeoutSeconds, dpdAction: action };
}
