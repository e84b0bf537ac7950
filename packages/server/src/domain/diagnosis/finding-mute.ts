import type { VpnConnectionId } from '../resource-id.ts';
import type { FindingCode } from './finding-codes.ts';

/** Somebody knows of a finding, and nobody needs to be told of it. */
export interface FindingMute {
  readonly vpnConnectionId: VpnConnectionId;
  readonly code: FindingCode;
  readonly accountId: string;
  /** For people. */
  readonly reason: string;
  /** The access key that it was muted with. */
  readonly mutedBy: string;
  /** Milliseconds since the epoch; null: acknowledged, until it is gone. */
  readonly until: number | null;
  readonly createdAt: number;
}

/** One without an end stands until the finding is gone, and is removed then. */
export function mutes({ until }: Pick<FindingMute, 'until'>, now: number): boolean {
  return until === null || now < until;
}

/** It mutes nothing any more, whatever is found. */
export function isOver({ until }: FindingMute, now: number): boolean {
  return until !== null && until <= now;
}
