import { defaultRouteTableId, type Ccn } from '../../domain/ccn/ccn.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId } from '../../domain/resource-id.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, idList, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type NewCcn = Pick<Ccn, 'name' | 'description' | 'qosLevel' | 'prepaid' | 'metering' | 'tags'> & {
  /** Null: what is usual. */
  readonly bandwidthLimit: Ccn['bandwidthLimit'] | null;
};
export type CcnChanges = Partial<Pick<Ccn, 'name' | 'description' | 'routeEcmp' | 'routeOverlap'>>;

export interface CcnView extends Ccn {
  readonly instanceCount: number;
  readonly routeTableCount: number;
}

export type CcnService = ReturnType<typeof ccnService>;

export function ccnService({ decide, read, quotas, clock, ids }: ServiceDependencies) {
  return {
    create: (caller: Caller, input: NewCcn): Promise<CcnView> =>
      decide(caller, (rows) => {
        checkQuota(quotas, 'ccns', rows.ccns.of('account', caller.accountId).length);
        const ccn: Ccn = {
          ...input,
          bandwidthLimit: bandwidthLimitOf(input),
          accountId: caller.accountId,
          region: caller.region,
          createdAt: clock.now(),
          id: ids.resourceId('ccn'),
          routeEcmp: false,
          // docs/adr/0035: as the product has it, for good.
          routeOverlap: true,
        };
        rows.ccns.insert(ccn);
        const { accountId, region, createdAt, id: ccnId } = ccn;
        rows.ccnRouteTables.insert({
          ...{ accountId, region, createdAt, id: defaultRouteTableId(ccnId), ccnId, isDefault: true },
          ...{ name: 'default', description: '' },
        });
        return { ...ccn, instanceCount: 0, routeTableCount: 1 };
      }),

    list: (caller: Caller): Promise<CcnView[]> =>
      read((rows) => {
        return rows.ccns.list(caller).map((ccn) => ({
          ...ccn,
          instanceCount: rows.ccnAttachments.of('ccn', ccn.id).length,
          routeTableCount: rows.ccnRouteTables.of('ccn', ccn.id).length,
        }));
      }),

    /** Options left out stay. RouteOverlapFlag stays on once it is: false is taken as "no change", as terraform sends it. */
    modify: (caller: Caller, id: CcnId, changes: CcnChanges): Promise<void> =>
      decide(caller, (rows) => {
        const ccn = orNotFound(rows.ccns.find(caller, id), id);
        const routeOverlap = ccn.routeOverlap || changes.routeOverlap === true;
        rows.ccns.update({ ...ccn, ...changes, routeOverlap });
      }),

    remove: (caller: Caller, id: CcnId): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.ccns.find(caller, id), id);
        const blocking = rows.ccnAttachments.of('ccn', id).map(({ instance }) => instance);
        if (blocking.length > 0) refuse('ccn-in-use', { id, blocking: idList(blocking) });
        const custom = rows.ccnRouteTables.of('ccn', id).filter(({ isDefault }) => !isDefault);
        if (custom.length > 0) refuse('ccn-has-route-tables', { id, blocking: idList(custom) });
        rows.ccns.remove(id);
      }),
  };
}

/** A prepaid CCN pays for bandwidth between regions, and for nothing else (docs/spec/actions.md section 2.6). */
function bandwidthLimitOf({ prepaid, metering, bandwidthLimit }: NewCcn): Ccn['bandwidthLimit'] {
  if (!prepaid) return bandwidthLimit ?? 'outer-region';
  if (metering !== 'bandwidth') refuse('prepaid-ccn-meters-bandwidth');
  if (bandwidthLimit === 'outer-region') refuse('prepaid-ccn-limits-between-regions');
  return 'inter-region';
}
