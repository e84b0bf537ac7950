import { isIP } from 'node:net';
import { isPrivateRange, parseIpAddress } from '@landbridge/net';
import type { ConnectionPlan } from '../plan/plan.ts';
import { told, type Explanation } from './explanation.ts';

/** Who the peer takes us for, and itself; null where it did not say. */
export interface ReceivedIdentities {
  readonly own: string | null;
  readonly peer: string | null;
}

/** Which of the two identities is not the tunnel's; null where both are. */
export function identityDifference(plan: ConnectionPlan, { own, peer }: ReceivedIdentities): Explanation | null {
  const [localId, remoteId] = [bareIdentity(plan.localId), bareIdentity(plan.remoteId)];
  if (peer !== null && !isSameIdentity(peer, remoteId)) {
    const isBehindNat = isPrivate(peer) && isIP(remoteId) !== 0 && !isPrivate(remoteId);
    return told(isBehindNat ? 'private-identity-behind-nat' : 'remote-identity-differs', remoteId, peer);
  }
  if (own !== null && !isSameIdentity(own, localId)) {
    return told('local-identity-differs', localId, own);
  }
  return null;
}

/** Names are compared without regard to case (RFC 4343), addresses have one spelling. */
export function isSameIdentity(one: string, other: string): boolean {
  return bareIdentity(one).toLowerCase() === bareIdentity(other).toLowerCase();
}

/** Without the kind that a plan writes before it. */
export function bareIdentity(identity: string): string {
  return identity.replace(/^fqdn:/, '');
}

function isPrivate(identity: string): boolean {
  return isIP(identity) === 4 && isPrivateRange(parseIpAddress(identity));
}
