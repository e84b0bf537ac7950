import type { CcnRangeKey } from '../domain/ccn/ccn-range-key.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { CcnCandidatePlan, NeedPlan, NextHopPlan, OtherPathPlan, RoutePlan } from './plan.ts';

/** Which of the routes of plans are used: a failover in one place, without rows and without a planner. Pure. */

/** Whether a CCN serves a range, as `servedRanges` of its plan says. What no plan at hand tells of is not served. */
export type IsServed = (range: CcnRangeKey) => boolean;

/** What next hops may need. */
export interface RouteFacts {
  readonly isUsable: IsUsable;
  readonly isServed: IsServed;
}

/** What a CCN serves: once for everything that refers to it. */
export function servedRanges(candidates: readonly CcnCandidatePlan[], isUsable: IsUsable): ReadonlySet<CcnRangeKey> {
  const served = new Set<CcnRangeKey>();
  for (const { key, tunnels, yieldsTo = [] } of candidates) {
    if ((tunnels?.some(isUsable) ?? true) && !yieldsTo.some((other) => served.has(other))) served.add(key);
  }
  return served;
}

/**
 * A plan's routes as they are to be written. In the order of the plan; next hops need nothing any more. A route that has all its
 * hops is the same object each time.
 */
export function chooseRoutes(routes: readonly RoutePlan[], facts: RouteFacts): RoutePlan[] {
  return routes.flatMap((route) => {
    const met = route.nextHops.filter(({ needs }) => isMet(needs, facts));
    if (met.length === route.nextHops.length) return [inFull(route)];
    return met.length === 0 ? [] : [{ ...route, nextHops: met.map(withoutNeeds) }];
  });
}

const full = new WeakMap<RoutePlan, RoutePlan>();

function inFull(route: RoutePlan): RoutePlan {
  if (route.nextHops.every(({ needs }) => needs === undefined)) return route;
  const known = full.get(route) ?? { ...route, nextHops: route.nextHops.map(withoutNeeds) };
  full.set(route, known);
  return known;
}

/** Whether a CCN leads a destination of a tunnel to another instance. */
export function hasOtherPath(otherPath: OtherPathPlan | undefined, isServed: IsServed): boolean {
  return otherPath === 'always' || otherPath?.some(isServed) === true;
}

function isMet(needs: NeedPlan | undefined, { isUsable, isServed }: RouteFacts): boolean {
  if (needs === undefined) return true;
  return 'tunnels' in needs ? needs.tunnels.some(isUsable) : needs.ranges.some(isServed);
}

function withoutNeeds({ device, via }: NextHopPlan): NextHopPlan {
  return via === undefined ? { device } : { device, via };
}
