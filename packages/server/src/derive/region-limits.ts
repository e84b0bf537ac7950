import { defaultLimitMbps, isSameScope, type RegionScope } from '../domain/ccn/ccn-bandwidth-limit.ts';
import type { Ccn } from '../domain/ccn/ccn.ts';
import type { Rows } from '../image/rows.ts';
import type { CcnId } from '../domain/resource-id.ts';

/** A limit in force. */
export interface RegionLimit extends RegionScope {
  readonly limitMbps: number;
  readonly createdAt: number;
  readonly isDefault: boolean;
  /** Instances of its region, or of both, are attached. */
  readonly isAttached: boolean;
}

type LimitRows = Pick<Rows, 'ccnAttachments' | 'ccnBandwidthLimits'>;

/** Limits that were set, by age, and then the default for every attached region, or pair of them, that has none. */
export function regionLimitsOf(ccn: Ccn, rows: LimitRows): RegionLimit[] {
  const regions = attachedRegions(ccn.id, rows);
  const isAttached = ({ region, peerRegion }: RegionScope) =>
    regions.includes(region) && (peerRegion === null || regions.includes(peerRegion));
  const chosen = rows.ccnBandwidthLimits.of('ccn', ccn.id).map(({ region, peerRegion, limitMbps, createdAt }) => {
    const scope = { region, peerRegion };
    return { ...scope, limitMbps, createdAt, isDefault: false, isAttached: isAttached(scope) };
  });
  const others = scopesOf(ccn, regions).filter((scope) => !chosen.some((limit) => isSameScope(limit, scope)));
  const rest = { limitMbps: defaultLimitMbps, createdAt: ccn.createdAt, isDefault: true, isAttached: true };
  return [...chosen, ...others.map((scope) => ({ ...scope, ...rest }))];
}

/** Sorted by name. */
export function attachedRegions(ccnId: CcnId, { ccnAttachments }: Pick<Rows, 'ccnAttachments'>): string[] {
  const attached = ccnAttachments.of('ccn', ccnId);
  return [...new Set(attached.map(({ region }) => region))].sort();
}

function scopesOf({ bandwidthLimit }: Ccn, regions: readonly string[]): RegionScope[] {
  if (bandwidthLimit === 'outer-region') return regions.map((region) => ({ region, peerRegion: null }));
  return regions.flatMap((region, index) => regions.slice(index + 1).map((peerRegion) => ({ region, peerRegion })));
}
