import type { Ccn } from '../../domain/ccn/ccn.ts';
import { isSameScope, scopeKey, type RegionScope } from '../../domain/ccn/ccn-bandwidth-limit.ts';
import { regionLimitsOf, type RegionLimit } from '../../derive/region-limits.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId } from '../../domain/resource-id.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface LimitSetting extends RegionScope {
  /** Null: the default. */
  readonly limitMbps: number | null;
}

export interface RegionLimitView extends RegionLimit {
  readonly ccnId: CcnId;
  readonly qosLevel: Ccn['qosLevel'];
}

export type CcnBandwidthLimitService = ReturnType<typeof ccnBandwidthLimitService>;

/** What leaves the regions of a CCN, or passes between two of them (docs/adr/0011). */
export function ccnBandwidthLimitService({ decide, read, quotas, regions, clock }: ServiceDependencies) {
  return {
    /** By age; defaults last, by region. */
    list: (caller: Caller, id: CcnId): Promise<RegionLimitView[]> =>
      read((rows) => {
        const ccn = orNotFound(rows.ccns.find(caller, id), id);
        const limits = regionLimitsOf(ccn, rows);
        return limits.map((limit) => ({ ...limit, ccnId: id, qosLevel: ccn.qosLevel }));
      }),

    /** All or none. Limits that are not named stay. */
    set: (caller: Caller, id: CcnId, settings: readonly LimitSetting[]): Promise<void> =>
      decide(caller, (rows) => {
        const ccn = findPostpaid(rows, caller, id);
        checkScopes(ccn, settings);
        const existing = rows.ccnBandwidthLimits.of('ccn', id);
        for (const { region, peerRegion, limitMbps } of settings) {
          const before = existing.find((limit) => isSameScope(limit, { region, peerRegion }));
          if (before !== undefined) rows.ccnBandwidthLimits.remove(id, before.region, before.peerRegion ?? '');
          if (limitMbps === null) continue;
          regions.expect(region);
          if (peerRegion !== null) regions.expect(peerRegion);
          const createdAt = before?.createdAt ?? clock.now();
          rows.ccnBandwidthLimits.insert({ ccnId: id, region, peerRegion, limitMbps, createdAt });
        }
        const { length } = rows.ccnBandwidthLimits.of('ccn', id);
        checkQuota(quotas, 'bandwidthLimitsPerCcn', length - 1, id);
        replan(rows, ccn);
      }),

    /** Limits of the other kind go: what is not shown is not there. */
    changeKind: (caller: Caller, id: CcnId, bandwidthLimit: Ccn['bandwidthLimit']): Promise<void> =>
      decide(caller, (rows) => {
        const ccn = findPostpaid(rows, caller, id);
        if (ccn.bandwidthLimit === bandwidthLimit) return;
        for (const { region, peerRegion } of rows.ccnBandwidthLimits.of('ccn', id)) {
          rows.ccnBandwidthLimits.remove(id, region, peerRegion ?? '');
        }
        replan(rows, { ...ccn, bandwidthLimit });
      }),
  };
}

function findPostpaid(rows: Rows, caller: Caller, id: CcnId): Ccn {
  const ccn = orNotFound(rows.ccns.find(caller, id), id);
  return ccn.prepaid ? refuse('ccn-not-postpaid', { id }) : ccn;
}

/** The CCN's own plan changes; nothing does for its instances. */
function replan(rows: DraftRows, ccn: Ccn): void {
  rows.ccns.update(ccn);
}

function checkScopes({ id, bandwidthLimit }: Ccn, scopes: readonly RegionScope[]): void {
  const seen = new Set<string>();
  for (const scope of scopes) {
    const { region, peerRegion } = scope;
    if (bandwidthLimit === 'inter-region' && peerRegion === null) refuse('limit-needs-peer-region', { id, region });
    if (bandwidthLimit === 'outer-region' && peerRegion !== null) {
      refuse('limit-takes-no-peer-region', { id, region: peerRegion });
    }
    if (region === peerRegion) refuse('limit-within-region', { region });
    if (seen.has(scopeKey(scope))) refuse('limit-named-twice', { regions: scopeKey(scope).replace(' ', ' - ') });
    seen.add(scopeKey(scope));
  }
}
