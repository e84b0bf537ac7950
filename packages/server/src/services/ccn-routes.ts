import { ccnRoutesOf, twinOf, type CcnRoute } from '../domain/ccn-routes.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import { refuse } from '../domain/refusal.ts';
import type { CcnId } from '../domain/resource-id.ts';
import { readDesiredState } from '../store/desired-state.ts';
import type { Caller } from './caller.ts';
import { touchCcn } from './ccn-changes.ts';
import { orNotFound } from './changes.ts';
import type { ServiceDependencies } from './dependencies.ts';

export interface CcnRouteView extends CcnRoute {
  readonly instanceName: string;
  readonly accountId: string;
}

export type CcnRouteService = ReturnType<typeof ccnRouteService>;

export function ccnRouteService({ store, observed, clock }: ServiceDependencies) {
  return {
    list: (caller: Caller, id: CcnId): Promise<CcnRouteView[]> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, id), id);
        const rows = await readDesiredState(transaction);
        const nameOf = namesOf(rows);
        return ccnRoutesOf(id, rows, observed.isUsable).map((route) => ({
          ...route,
          instanceName: nameOf.get(route.instance.id) ?? '',
          accountId: caller.accountId,
        }));
      }),

    /** All or none. */
    setEnabled: (caller: Caller, id: CcnId, routeIds: readonly string[], enabled: boolean): Promise<void> =>
      store.transaction(async (transaction) => {
        const ccn = orNotFound(await transaction.ccns.find(caller, id), id);
        for (const routeId of routeIds) {
          const routes = ccnRoutesOf(id, await readDesiredState(transaction), observed.isUsable);
          const route = orNotFound(
            routes.find((candidate) => candidate.id === routeId),
            routeId,
          );
          const twin = enabled ? twinOf(route, routes, ccn) : undefined;
          if (twin !== undefined && twin.id !== route.id) {
            refuse('ccn-route-overlap', { destination: route.destination, other: twin.id, instance: twin.instance.id });
          }
          const { destination, instance } = route;
          // Somebody else may serve in place of a range that is unusable: disabling it must not end that.
          const updatedAt = route.obstacle?.kind === 'unusable' ? 0 : clock.now();
          const choice = { ccnId: id, instanceId: instance.id, destination, enabled, updatedAt };
          await transaction.ccnRouteChoices.put(choice);
        }
        await touchCcn(transaction, id);
      }),
  };
}

function namesOf({ vpcs, vpnGateways, directConnectGateways }: DesiredState): Map<string, string> {
  return new Map([...vpcs, ...vpnGateways, ...directConnectGateways].map(({ id, name }) => [id, name]));
}
