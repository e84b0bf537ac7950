import type { IpAddress } from '@landbridge/net';
import type { SubnetId, VpnConnectionId } from '../resource-id.ts';
import type { ProofRefusal } from './path-proof.ts';

/** A tunnel whose routes shall be taken out for a while, and between which ends packets flow meanwhile. */
export interface DrillOrder {
  /** Says nothing to the side that acts but how often. */
  readonly accountId: string;
  readonly tunnel: VpnConnectionId;
  readonly from: SubnetId;
  readonly to: IpAddress;
  /** As long as the routes are out. */
  readonly seconds: number;
}

/** What packets met while the others served, and before and after. */
export interface FailoverDrill {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly sent: number;
  readonly answered: number;
  /** The most unanswered in a row: as long as both switches may have kept packets away, times `spacingMs`. */
  readonly longestLoss: number;
  /** False: the routes came back before, since nothing served in their place, or the tunnel failed. */
  readonly isWhole: boolean;
}

/** Of the tunnel itself. */
export type UndrillableTunnel = 'not-used' | 'no-standby';

/** `unanswered`: nobody answers pings there, so nothing could be measured. */
export type DrillRefusal = ProofRefusal | UndrillableTunnel | 'unanswered';

export const drillRefusals = [
  ...(['not-used', 'no-standby', 'unanswered', 'not-there', 'no-free-address'] as const),
  ...(['vpc-busy', 'host-busy', 'account-proves-often', 'not-started'] as const),
] as const satisfies readonly DrillRefusal[];

/** Who drills failovers. Whoever cannot be reached now rejects with NotProvingError. */
export interface FailoverDrilling {
  drill(order: DrillOrder): Promise<FailoverDrill | DrillRefusal>;
}

export const drillBounds = {
  seconds: { least: 3, usual: 10, most: 20 },
  /** Of the packets that are counted. */
  spacingMs: 20,
  /** Packets flow so long before the routes are taken out, and after they are back. */
  aroundMs: 1500,
  /** To find an address, and to be slow. */
  graceMs: 20_000,
} as const;
