import type { VpnConnectionId } from '../resource-id.ts';
import type { Finding } from './finding.ts';
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
  /** Milliseconds since the epoch; null: acknowledged, until it is gone. One that comes later is another. */
  readonly until: number | null;
  readonly createdAt: number;
}

export function mutes({ until, createdAt }: FindingMute, { since }: Pick<Finding, 'since'>, now: number): boolean {
  return until === null ? since <= createdAt : now < until;
}

/** It mutes nothing any more, whatever is found. */
export function isOver({ until }: FindingMute, now: number): boolean {
  return until !== null && until <= now;
}
