import type { CcnRangeKey } from '../domain/ccn/ccn-range-key.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import { chooseRoutes, servedRanges, type IsServed } from '../plan/choose-routes.ts';
import type { IssuedPlan, NeedPlan, PlanKey, RoutePlan } from '../plan/plan.ts';

/** What routes of plans, and what of CCNs, may depend on. */
type Needed = VpnConnectionId | CcnRangeKey;

/** All of a plan that counts here. */
export type RoutedPlan = Pick<
  IssuedPlan,
  'key' | 'netns' | 'links' | 'routes' | 'candidates' | 'watches' | 'switching'
>;

/**
 * The newest plans that were seen, who of them depends on which tunnel and on which range of a CCN, and what CCNs serve. A tunnel
 * that fails costs what depends on it: the candidates of its CCN once, and the routes of the plans that lead there.
 */
export class PlansAtHand {
  readonly #isUsable: IsUsable;
  readonly #plans = new Map<PlanKey, RoutedPlan>();
  /** When each was read. */
  readonly #readAt = new Map<PlanKey, number>();
  #reads = 0;
  readonly #dependents = new Map<Needed, Set<PlanKey>>();
  /** CCN → what it serves. */
  readonly #servedBy = new Map<PlanKey, ReadonlySet<CcnRangeKey>>();
  /** By any CCN. */
  readonly #served = new Set<CcnRangeKey>();
  /** CCNs of which something changed that decides what they serve. */
  readonly #doubted = new Set<PlanKey>();
  readonly #touched = new Set<PlanKey>();

  constructor(isUsable: IsUsable) {
    this.#isUsable = isUsable;
  }

  get(key: PlanKey): RoutedPlan | undefined {
    return this.#plans.get(key);
  }

  /**
   * To be asked when a plan has been read: what is read later is newer. Generations do not tell: who adopts an older database
   * begins again with lower ones.
   */
  noteRead(): number {
    return ++this.#reads;
  }

  /** One that was read before the one at hand is left where it is. */
  keep(plan: RoutedPlan, readAt: number): void {
    const { key } = plan;
    const before = this.#plans.get(key);
    if (readAt < (this.#readAt.get(key) ?? 0)) return;
    this.#readAt.set(key, readAt);
    this.#plans.set(key, plan);
    if (before !== undefined && isRoutedAs(before, plan)) return;
    this.#replaceNeeds(key, before === undefined ? new Set() : needsOf(before), needsOf(plan));
    if ((before?.candidates ?? plan.candidates) !== undefined) this.#doubted.add(key);
  }

  /** There is no such plan any more. */
  forget(key: PlanKey): void {
    const plan = this.#plans.get(key);
    if (plan === undefined) return;
    this.#plans.delete(key);
    this.#readAt.delete(key);
    this.#replaceNeeds(key, needsOf(plan), new Set());
    if (plan.candidates !== undefined) this.#doubted.add(key);
  }

  /** To be called when `isUsable` says something else of it. */
  usabilityChanged(id: VpnConnectionId): void {
    for (const key of this.#dependents.get(id) ?? []) {
      if (this.#plans.get(key)?.candidates !== undefined) this.#doubted.add(key);
      else this.#touched.add(key);
    }
  }

  readonly isServed: IsServed = (range) => {
    this.#settle();
    return this.#served.has(range);
  };

  /** A plan's routes as they are to be written now. */
  routesOf({ routes }: Pick<RoutedPlan, 'routes'>): RoutePlan[] {
    return chooseRoutes(routes, { isUsable: this.#isUsable, isServed: this.isServed });
  }

  /** Plans that depend on what changed since the last time, and whose routes may therefore be others. */
  takeTouched(): PlanKey[] {
    this.#settle();
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }

  #settle(): void {
    for (const key of this.#doubted) {
      const served = servedRanges(this.#plans.get(key)?.candidates ?? [], this.#isUsable);
      const before = this.#servedBy.get(key) ?? new Set();
      if (served.size === 0) this.#servedBy.delete(key);
      else this.#servedBy.set(key, served);
      for (const range of before) if (!served.has(range)) this.#serve(range, false);
      for (const range of served) if (!before.has(range)) this.#serve(range, true);
    }
    this.#doubted.clear();
  }

  #serve(range: CcnRangeKey, isServed: boolean): void {
    if (isServed) this.#served.add(range);
    else this.#served.delete(range);
    for (const key of this.#dependents.get(range) ?? []) this.#touched.add(key);
  }

  #replaceNeeds(key: PlanKey, before: ReadonlySet<Needed>, after: ReadonlySet<Needed>): void {
    for (const needed of before) {
      if (after.has(needed)) continue;
      const dependents = this.#dependents.get(needed);
      dependents?.delete(key);
      if (dependents?.size === 0) this.#dependents.delete(needed);
    }
    for (const needed of after) {
      const dependents = this.#dependents.get(needed);
      if (dependents === undefined) this.#dependents.set(needed, new Set([key]));
      else dependents.add(key);
    }
  }
}

/** The very same objects, as they mostly are. */
function isRoutedAs(before: RoutedPlan, plan: RoutedPlan): boolean {
  return before.routes === plan.routes && before.candidates === plan.candidates && before.watches === plan.watches;
}

function needsOf({ routes, candidates = [], watches = [] }: RoutedPlan): Set<Needed> {
  const hops = routes.flatMap(({ nextHops }) => nextHops);
  return new Set<Needed>([
    ...hops.flatMap(({ needs }) => (needs === undefined ? [] : neededBy(needs))),
    ...candidates.flatMap(({ tunnels = [] }) => tunnels),
    ...watches.flatMap(({ otherPath = [] }) => (otherPath === 'always' ? [] : otherPath)),
  ]);
}

function neededBy(needs: NeedPlan): readonly Needed[] {
  return 'tunnels' in needs ? needs.tunnels : needs.ranges;
}
