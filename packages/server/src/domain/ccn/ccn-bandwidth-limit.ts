import type { CcnId } from '../resource-id.ts';

/**
 * What a user set: everything that leaves a region for others, or what passes between two regions, in each direction on
 * its own (docs/spec/semantics.md section 9, docs/adr/0011). A region needs no attached instance yet.
 */
export interface CcnBandwidthLimit extends RegionScope {
  readonly ccnId: CcnId;
  readonly limitMbps: number;
  readonly createdAt: number;
}

/** One region, or two that stand in the order in which they were named; their order means nothing. */
export interface RegionScope {
  readonly region: string;
  /** Null: the limit is that of one region. Set exactly when the CCN limits between regions. */
  readonly peerRegion: string | null;
}

/** Mbit/s, where nothing is set (docs/spec/semantics.md section 9). */
export const defaultLimitMbps = 1000;

export function isSameScope(a: RegionScope, b: RegionScope): boolean {
  return scopeKey(a) === scopeKey(b);
}

/** Equal exactly for scopes that mean the same. */
export function scopeKey({ region, peerRegion }: RegionScope): string {
  return peerRegion === null ? region : [region, peerRegion].sort().join(' ');
}
