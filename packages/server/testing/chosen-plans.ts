import { chooseRoutes, servedRanges, type RouteFacts } from '../src/plan/choose-routes.ts';
import type { NetnsPlan } from '../src/plan/plan.ts';
import type { IsUsable } from '../src/domain/vpn/tunnel-usability.ts';

/** What of the routes of all these plans holds while these tunnels work. */
export function routeFactsOf(plans: readonly NetnsPlan[], isUsable: IsUsable): RouteFacts {
  const served = new Set(plans.flatMap(({ candidates = [] }) => [...servedRanges(candidates, isUsable)]));
  return { isUsable, isServed: (range) => served.has(range) };
}

/** All plans of a network with the routes that are to be written while these tunnels work. */
export function chosenPlans(plans: readonly NetnsPlan[], isUsable: IsUsable): NetnsPlan[] {
  const facts = routeFactsOf(plans, isUsable);
  return plans.map((plan) => ({ ...plan, routes: chooseRoutes(plan.routes, facts) }));
}
