import { defaultRouteTableId, type Ccn } from '../../domain/ccn/ccn.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId } from '../../domain/resource-id.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, idList, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type NewCcn = Pick<
  Ccn,
  'name' | 'description' | 'qosLevel' | 'prepaid' | 'metering' | 'bandwidthLimit' | 'tags'
>;
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
          accountId: caller.accountId,
          region: caller.region,
          createdAt: clock.now(),
          id: ids.resourceId('ccn'),
          routeEcmp: false,
          routeOverlap: false,
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
