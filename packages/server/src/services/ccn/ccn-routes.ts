import { ccnRoutesOf, twinOf, type CcnRoute, type TableOfCcn } from '../../derive/ccn-routes.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId } from '../../domain/resource-id.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { nameOf } from './ccn-attachments.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface CcnRouteView extends CcnRoute {
  readonly instanceName: string;
  /** Of the instance. */
  readonly accountId: string;
}

export type CcnRouteService = ReturnType<typeof ccnRouteService>;

export function ccnRouteService({ decide, read, observed, clock }: ServiceDependencies) {
  return {
    /** In all route tables of the CCN, the default one first. */
    list: (caller: Caller, id: CcnId): Promise<CcnRouteView[]> =>
      read((rows) => {
        orNotFound(rows.ccns.find(caller, id), id);
        return tablesOf(rows, id)
          .flatMap((table) => ccnRoutesOf(table, rows, observed.isUsable))
          .map((route) => ({
            ...route,
            instanceName: nameOf(route.instance, rows),
            accountId: rows.ccnAttachments.get(route.instance.id)?.accountId ?? '',
          }));
      }),

    /** All or none. A route's id tells its table. */
    setEnabled: (caller: Caller, id: CcnId, routeIds: readonly string[], enabled: boolean): Promise<void> =>
      decide(caller, (rows) => {
        const ccn = orNotFound(rows.ccns.find(caller, id), id);
        const tables = tablesOf(rows, id);
        const known = new Map<string, CcnRoute>(
          tables.flatMap((table) => ccnRoutesOf(table, rows, observed.isUsable)).map((route) => [route.id, route]),
        );
        for (const routeId of routeIds) {
          const table = orNotFound(known.get(routeId), routeId);
          // As it is after the switches before this one.
          const routes = ccnRoutesOf(table, rows, observed.isUsable);
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
          rows.ccnRouteChoices.put(choice);
        }
      }),
  };
}

function tablesOf(rows: Rows, ccnId: CcnId): TableOfCcn[] {
  return rows.ccnRouteTables.of('ccn', ccnId).map(({ id: routeTableId }) => ({ ccnId, routeTableId }));
}
