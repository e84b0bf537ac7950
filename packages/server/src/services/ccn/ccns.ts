import { defaultRouteTableId, type Ccn } from '../../domain/ccn/ccn.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId } from '../../domain/resource-id.ts';
import type { Caller } from '../caller.ts';
import { touchCcn } from './ccn-changes.ts';
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

export function ccnService({ store, quotas, clock, ids }: ServiceDependencies) {
  return {
    create: (caller: Caller, input: NewCcn): Promise<CcnView> =>
      store.transaction(async (transaction) => {
        checkQuota(quotas, 'ccns', await transaction.ccns.count({ accountId: caller.accountId }));
        const ccn: Ccn = {
          ...input,
          accountId: caller.accountId,
          region: caller.region,
          createdAt: clock.now(),
          id: ids.resourceId('ccn'),
          routeEcmp: false,
          routeOverlap: false,
          generation: 1,
        };
        await transaction.ccns.insert(ccn);
        const { accountId, region, createdAt, id: ccnId } = ccn;
        await transaction.ccnRouteTables.insert({
          ...{ accountId, region, createdAt, id: defaultRouteTableId(ccnId), ccnId, isDefault: true },
          ...{ name: 'default', description: '' },
        });
        transaction.changed(ccn.id);
        return { ...ccn, instanceCount: 0, routeTableCount: 1 };
      }),

    list: (caller: Caller): Promise<CcnView[]> =>
      store.transaction(async (transaction) => {
        const attachments = Map.groupBy(await transaction.ccnAttachments.all(), ({ ccnId }) => ccnId);
        const tables = Map.groupBy(await transaction.ccnRouteTables.list(caller), ({ ccnId }) => ccnId);
        const ccns = await transaction.ccns.list(caller);
        return ccns.map((ccn) => ({
          ...ccn,
          instanceCount: attachments.get(ccn.id)?.length ?? 0,
          routeTableCount: tables.get(ccn.id)?.length ?? 0,
        }));
      }),

    /** Options left out stay. RouteOverlapFlag stays on once it is: false is taken as "no change", as terraform sends it. */
    modify: (caller: Caller, id: CcnId, changes: CcnChanges): Promise<void> =>
      store.transaction(async (transaction) => {
        const ccn = orNotFound(await transaction.ccns.find(caller, id), id);
        const routeOverlap = ccn.routeOverlap || changes.routeOverlap === true;
        const changed = { ...ccn, ...changes, routeOverlap };
        await transaction.ccns.update(changed);
        const isSame = changed.routeEcmp === ccn.routeEcmp && routeOverlap === ccn.routeOverlap;
        if (!isSame) await touchCcn(transaction, id);
      }),

    remove: (caller: Caller, id: CcnId): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, id), id);
        const blocking = (await transaction.ccnAttachments.listOfCcn(id)).map(({ instance }) => instance);
        if (blocking.length > 0) refuse('ccn-in-use', { id, blocking: idList(blocking) });
        const tables = (await transaction.ccnRouteTables.list(caller)).filter(({ ccnId }) => ccnId === id);
        const custom = tables.filter(({ isDefault }) => !isDefault);
        if (custom.length > 0) refuse('ccn-has-route-tables', { id, blocking: idList(custom) });
        await transaction.ccns.remove(id);
        transaction.changed(id);
      }),
  };
}
