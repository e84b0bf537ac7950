import { isIP } from 'node:net';
import type { ConnectionPlan } from '../plan/plan.ts';
import type { Explanation } from './explanation.ts';

/** Who the peer takes us for, and itself; null where it did not say. */
export interface ReceivedIdentities {
  readonly own: string | null;
  readonly peer: string | null;
}

/** Which of the two identities is not the tunnel's; null where both are. */
export function identityDifference(plan: ConnectionPlan, { own, peer }: ReceivedIdentities): Explanation | null {
  const [localId, remoteId] = [bare(plan.localId), bare(plan.remoteId)];
  if (peer !== null && !isSameIdentity(peer, remoteId)) {
    const isBehindNat = isPrivateAddress(peer) && isIP(remoteId) !== 0 && !isPrivateAddress(remoteId);
    return {
      code: isBehindNat ? 'private-identity-behind-nat' : 'remote-identity-differs',
      ours: remoteId,
      theirs: peer,
    };
  }
  if (own !== null && !isSameIdentity(own, localId)) {
    return { code: 'local-identity-differs', ours: localId, theirs: own };
  }
  return null;
}

/** Names are compared without regard to case (RFC 4343), addresses have one spelling. */
export function isSameIdentity(one: string, other: string): boolean {
  return bare(one).toLowerCase() === bare(other).toLowerCase();
}

function bare(identity: string): string {
  return identity.replace(/^fqdn:/, '');
}

function isPrivateAddress(text: string): boolean {
  return (
    isIP(text) === 4 &&
    /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(text)
  );
}
