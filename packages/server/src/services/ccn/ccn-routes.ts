import { ccnRoutesOf, twinOf, type CcnRoute, type TableOfCcn } from '../../derive/ccn-routes.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId } from '../../domain/resource-id.ts';
import { readDesiredState } from '../../store/desired-state.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Caller } from '../caller.ts';
import { instanceNames } from './ccn-attachments.ts';
import { touchCcn } from './ccn-changes.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface CcnRouteView extends CcnRoute {
  readonly instanceName: string;
  /** Of the instance. */
  readonly accountId: string;
}

export type CcnRouteService = ReturnType<typeof ccnRouteService>;

export function ccnRouteService({ store, observed, clock }: ServiceDependencies) {
  return {
    /** In all route tables of the CCN, the default one first. */
    list: (caller: Caller, id: CcnId): Promise<CcnRouteView[]> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, id), id);
        const rows = await readDesiredState(transaction);
        const nameOf = instanceNames(rows);
        const owners = new Map<string, string>(rows.ccnAttachments.map((row) => [row.instance.id, row.accountId]));
        return (await tablesOf(transaction, id))
          .flatMap((table) => ccnRoutesOf(table, rows, observed.isUsable))
          .map((route) => ({
            ...route,
            instanceName: nameOf.get(route.instance.id) ?? '',
            accountId: owners.get(route.instance.id) ?? '',
          }));
      }),

    /** All or none. A route's id tells its table. */
    setEnabled: (caller: Caller, id: CcnId, routeIds: readonly string[], enabled: boolean): Promise<void> =>
      store.transaction(async (transaction) => {
        const ccn = orNotFound(await transaction.ccns.find(caller, id), id);
        const rows = await readDesiredState(transaction);
        const tables = await tablesOf(transaction, id);
        const known = new Map<string, CcnRoute>(
          tables.flatMap((table) => ccnRoutesOf(table, rows, observed.isUsable)).map((route) => [route.id, route]),
        );
        for (const routeId of routeIds) {
          const table = orNotFound(known.get(routeId), routeId);
          // As it is after the switches before this one.
          const routes = ccnRoutesOf(table, await readDesiredState(transaction), observed.isUsable);
          const route = orNotFound(
            routes.find((candidate) => candidate.id === routeId),
            routeId,
          );
          const twin = enabled ? twinOf(route, routes, ccn) : undefined;
          if (twin !== undefined && twin.id !== route.id) {
            refuse('ccn-route-overlap', { destination: route.destination, other: twin.id, instance: twin.instance.id });
          }
          const { destination, instance, routeTableId } = route;
          // Somebody else may serve in place of a range that is unusable: disabling it must not end that.
          const updatedAt = route.obstacle?.kind === 'unusable' ? 0 : clock.now();
          const choice = { routeTableId, instanceId: instance.id, destination, enabled, updatedAt };
          await transaction.ccnRouteChoices.put(choice);
        }
        await touchCcn(transaction, id);
      }),
  };
}

async function tablesOf(transaction: Transaction, ccnId: CcnId): Promise<TableOfCcn[]> {
  const tables = (await transaction.ccnRouteTables.all()).filter((table) => table.ccnId === ccnId);
  return tables.map(({ id: routeTableId }) => ({ ccnId, routeTableId }));
}
