import { byRange, holds } from '../ranges/range.ts';
import type { Obstacle, Route } from './route.ts';

/** Why the routes of a tunnel are taken out, as DescribeSystemStatus says it. */
export type Fault = 'no-child-sa' | 'probe' | 'hold-down';

/** What is known of what routes need. */
export interface Facts {
  readonly isAgentHeard: boolean;
  /** Null: usable; undefined: nobody knows. */
  readonly faultOf: (tunnel: string) => Fault | null | undefined;
  /** The same of a tunnel with policies, of which each has CHILD_SAs of its own. */
  readonly policyFaultOf: (tunnel: string) => Fault | 'partly' | null | undefined;
  /** Whether the newest plan of a gateway is in force; undefined: nobody knows. */
  readonly isApplied: (gateway: string) => boolean | undefined;
}

type Hindrance =
  | Obstacle
  | { readonly kind: Fault }
  /** Of longer prefixes one is followed, or several that take all of it. */
  | { readonly kind: 'longer'; readonly by: string }
  | { readonly kind: 'priority'; readonly by: Route };

/** Why nobody can tell. */
type Doubt =
  | 'agent'
  /** Its tunnel was not seen yet. */
  | 'tunnel'
  /** Some CHILD_SAs of its tunnel are missing; which policy they are of is not told. */
  | 'partly'
  /** The newest change of its gateway is not in force yet. */
  | 'plan'
  /** Not known of a route that would be followed in its place. */
  | 'rival'
  /** What decides belongs to somebody else. */
  | 'unseen';

export type Use =
  | { readonly is: 'used' }
  | { readonly is: 'unused'; readonly why: Hindrance }
  | { readonly is: 'unknown'; readonly why: Doubt };

export type Uses = ReadonlyMap<Route, Use>;

const used: Use = { is: 'used' };
const doubt = (why: Doubt): Use => ({ is: 'unknown', why });
const hindered = (why: Hindrance): Use => ({ is: 'unused', why });

/** Of every route whether packets follow it. What is not known is said to be unknown. */
export function usesOf(routes: readonly Route[], facts: Facts): Uses {
  const uses = new Map(routes.map((route) => [route, useAlone(route, facts)]));
  for (const table of tablesOf(routes)) {
    for (const same of Map.groupBy(table, ({ destination }) => destination).values()) preferLeast(same, uses);
    preferLonger(table, uses);
  }
  return uses;
}

/**
 * What becomes of packets to one address, of routes that are known to be used or not: of each table those with the longest prefix are followed.
 * @param routes those whose destination holds it.
 */
export function usesFor(address: number, routes: readonly Route[], uses: Uses): Uses {
  const found = new Map(uses);
  for (const table of tablesOf(routes)) {
    const around = table.filter(({ range }) => holds(range, address)).sort((a, b) => byRange(b.range, a.range));
    let longest: Route | null = null;
    let doubtful: Route | null = null;
    for (const route of around) {
      const use = uses.get(route);
      const isBelow = (other: Route | null) => other !== null && other.range.size < route.range.size;
      if (use?.is === 'unknown' && longest === null) doubtful ??= route;
      if (use?.is !== 'used') continue;
      if (longest !== null && isBelow(longest)) found.set(route, hindered({ kind: 'longer', by: longest.destination }));
      else if (isBelow(doubtful)) found.set(route, doubt('rival'));
      else longest = route;
    }
  }
  return found;
}

function useAlone({ obstacle, isUnseen, tunnel, gateway, holder }: Route, facts: Facts): Use {
  if (obstacle !== null) return hindered(obstacle);
  if (isUnseen) return doubt('unseen');
  if (!facts.isAgentHeard) return doubt('agent');
  const faultOf = holder.kind === 'policies' ? facts.policyFaultOf : facts.faultOf;
  const fault = tunnel === null ? null : faultOf(tunnel);
  if (fault === undefined) return doubt('tunnel');
  if (fault === 'partly') return doubt('partly');
  if (fault !== null) return hindered({ kind: fault });
  return gateway === null || facts.isApplied(gateway) === true ? used : doubt('plan');
}

/** Routes that compete, by what is looked up. */
function tablesOf(routes: readonly Route[]): Iterable<readonly Route[]> {
  const competing = routes.filter(({ order }) => order !== null);
  return Map.groupBy(competing, ({ holder }) => holder.id).values();
}

/** @param same routes of one destination. */
function preferLeast(same: readonly Route[], uses: Map<Route, Use>): void {
  if (same.length < 2) return;
  const sorted = same.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
  let best: Route | null = null;
  let doubtful: Route | null = null;
  for (const route of sorted) {
    const use = uses.get(route);
    if (use === undefined || use.is === 'unused') continue;
    if (best !== null && best.order !== route.order) uses.set(route, hindered({ kind: 'priority', by: best }));
    else if (use.is === 'unknown') doubtful ??= route;
    else if (doubtful !== null && doubtful.order !== route.order) uses.set(route, doubt('rival'));
    else best = route;
  }
}

interface Open {
  readonly routes: readonly Route[];
  /** Addresses that longer prefixes take. */
  taken: number;
  /** Those, and what longer ones may take that nobody knows of. */
  perhapsTaken: number;
  /** One of those that take it. */
  by: string;
}

/** A route is followed by nobody when longer prefixes take all of its range. */
function preferLonger(table: readonly Route[], uses: Map<Route, Use>): void {
  const inOrder = [...Map.groupBy(table, ({ destination }) => destination).values()].sort((a, b) =>
    byRange(rangeOfAll(a), rangeOfAll(b)),
  );
  const around: Open[] = [];
  const close = () => {
    const open = around.pop();
    if (open === undefined) return;
    settle(open, around.at(-1), uses);
  };
  for (const routes of inOrder) {
    const { first } = rangeOfAll(routes);
    for (let last = around.at(-1); last !== undefined && !holds(rangeOfAll(last.routes), first); last = around.at(-1))
      close();
    around.push({ routes, taken: 0, perhapsTaken: 0, by: '' });
  }
  while (around.length > 0) close();
}

function rangeOfAll([route]: readonly Route[]) {
  return route?.range ?? { first: 0, size: 1 };
}

/** Decides about the routes of one destination, and tells the destination around it what they take of it. */
function settle({ routes, taken, perhapsTaken, by }: Open, around: Open | undefined, uses: Map<Route, Use>): void {
  const { size } = rangeOfAll(routes);
  const destination = routes[0]?.destination ?? '';
  const is = (what: Use['is']) => routes.some((route) => uses.get(route)?.is === what);
  const [takes, mayTake] = [is('used'), is('used') || is('unknown')];
  for (const route of routes) {
    if (uses.get(route)?.is !== 'used') continue;
    if (taken === size) uses.set(route, hindered({ kind: 'longer', by }));
    else if (perhapsTaken === size) uses.set(route, doubt('rival'));
  }
  if (around === undefined) return;
  around.taken += takes ? size : taken;
  around.perhapsTaken += mayTake ? size : perhapsTaken;
  around.by = takes ? destination : by || around.by;
}
