import type { PeerProposals } from '../domain/diagnosis/peer-proposals.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ConnectionPlan } from '../plan/plan.ts';

/** What peers said that were asked what they would accept (peer-questions/). */
export interface AskedPeers {
  /** It says no to what the tunnel offers, and not why: it may be asked, now or when this is noted again. */
  noteRefused(plan: ConnectionPlan): void;
  /** It came up: what refuses it from now on is another story. */
  noteConnected(id: VpnConnectionId): void;
  /** Of the tunnel as it is; null: it was not asked yet. */
  knownOf(plan: ConnectionPlan): PeerProposals | null;
}

/** Nobody is ever asked. */
export const nobodyAsked: AskedPeers = {
  noteRefused: () => undefined,
  noteConnected: () => undefined,
  knownOf: () => null,
};
