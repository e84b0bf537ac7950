import * as fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { chosenPlans, routeFactsOf } from '../../testing/chosen-plans.ts';
import { rowsOf, type NetworkRows } from '../../testing/image-of.ts';
import { isByUsability, otherPathsByUsability, routesByUsability } from '../../testing/routes-by-usability.ts';
import { sampleUplink } from '../../testing/sample-network.ts';
import { ccnWorldArbitrary } from '../../testing/simulation/arbitrary-ccn-routing.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import { planFor, planKeys } from '../planner/plan-for.ts';
import { hasOtherPath } from './choose-routes.ts';
import type { NetnsPlan } from './plan.ts';

vi.setConfig({ testTimeout: 3_600_000 });

/** Sets of tunnels that are chosen for. LANDBRIDGE_CHOICES=200000 for a long look. */
const choices = Number(process.env['LANDBRIDGE_CHOICES'] ?? 6000);

const tunnelsArbitrary = fc.array(fc.nat(), { minLength: 10, maxLength: 10 });
const caseArbitrary = fc.record({ world: fc.oneof(worldArbitrary, ccnWorldArbitrary), failures: tunnelsArbitrary });

/** How a planner or a chooser would be wrong. */
interface Mistake {
  readonly rows?: (rows: NetworkRows) => NetworkRows;
  readonly plan?: (plan: NetnsPlan) => NetnsPlan;
}

/** Throws where what is chosen from plans that know no usability is not what a planner says that does. */
function compare(asks: number, { rows: asRead = (rows) => rows, plan: asMade = (plan) => plan }: Mistake = {}): void {
  let asked = 0;
  const run = fc.property(caseArbitrary, ({ world: { desired }, failures }) => {
    if (asked >= asks) return;
    const [rows, read] = [rowsOf(desired), rowsOf(asRead(desired))];
    const plans = planKeys(rows).flatMap((key) => planFor(key, read, sampleUplink) ?? []).map(asMade);
    for (const failed of failures) {
      asked += 1;
      // The bits of a number say which tunnels do not work.
      const bitOf = new Map(desired.vpnConnections.map(({ id }, at) => [id, 1 << at % 31]));
      compareAll(plans, desired, (id) => ((bitOf.get(id) ?? 0) & failed) === 0);
    }
  });
  fc.assert(run, { numRuns: asks, endOnFailure: true, reporter: throwFirst });
}

function compareAll(plans: readonly NetnsPlan[], desired: NetworkRows, isUsable: IsUsable): void {
  const rows = rowsOf(desired);
  for (const { key, routes } of chosenPlans(plans, isUsable)) {
    check(`routes of ${key}`, routes.filter((route) => isByUsability(key, route)), routesByUsability(key, rows, isUsable));
  }
  const { isServed } = routeFactsOf(plans, isUsable);
  for (const gateway of rows.vpnGateways.all()) {
    const { watches = [] } = plans.find(({ key }) => key === gateway.id) ?? {};
    const found = Object.fromEntries(watches.map(({ id, otherPath }) => [id, hasOtherPath(otherPath, isServed)]));
    check(`other paths of ${gateway.id}`, found, otherPathsByUsability(gateway, rows, isUsable));
  }
}

function check(what: string, found: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(found, wanted)) {
    throw new Error(`${what} differ: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
  }
}

/** A whole world is too long to print: the seed and the path make it again. */
function throwFirst<Given>({ failed, seed, counterexamplePath, errorInstance }: fc.RunDetails<Given>): void {
  if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath ?? ''}: ${String(errorInstance)}`);
}

test('whatever works, what is chosen from plans that know nothing of it is what a planner says that knows it', () => {
  compare(choices);
});

const withNeeds = (plan: NetnsPlan, change: (hops: NetnsPlan['routes'][number]['nextHops']) => typeof hops) => ({
  ...plan,
  routes: plan.routes.map((route) => ({ ...route, nextHops: change(route.nextHops) })),
});

const mistakes: Record<string, Mistake> = {
  'a standby is forgotten': { plan: (plan) => ({ ...plan, routes: plan.routes.filter(({ metric }) => metric !== 101) }) },
  'of equal cost only one is used': {
    plan: (plan) => withNeeds(plan, (hops) => hops.filter(({ needs }, at) => at === 0 || needs === undefined)),
  },
  'nothing is needed': { plan: (plan) => withNeeds(plan, (hops) => hops.map(({ needs: _, ...hop }) => hop)) },
  'of several ranges only the first is looked at': {
    plan: (plan) =>
      withNeeds(plan, (hops) =>
        hops.map((hop) =>
          hop.needs !== undefined && 'ranges' in hop.needs
            ? { ...hop, needs: { ranges: hop.needs.ranges.slice(0, 1) } }
            : hop,
        ),
      ),
  },
  'of several tunnels to a range only the first counts': {
    plan: withCandidates((candidate) => {
      return candidate.tunnels === undefined ? [candidate] : [{ ...candidate, tunnels: candidate.tunnels.slice(0, 1) }];
    }),
  },
  'who overlaps does not wait': { plan: withCandidates(({ yieldsTo: _, ...candidate }) => [candidate]) },
  'who overlaps never steps in': {
    plan: withCandidates((candidate) => (candidate.yieldsTo === undefined ? [candidate] : [])),
  },
  'who overlaps waits for the first only': {
    plan: withCandidates(({ yieldsTo, ...candidate }) => {
      return [yieldsTo === undefined ? candidate : { ...candidate, yieldsTo: yieldsTo.slice(0, 1) }];
    }),
  },
  'there is no other path': { plan: ({ watches, ...plan }) => ({ ...plan, ...(watches && { watches: watches.map(({ otherPath: _, ...watch }) => watch) }) }) },
  'what waited for a route that is disabled by hand steps in whenever it came': {
    rows: (rows) => ({ ...rows, ccnRouteChoices: rows.ccnRouteChoices.map((one) => ({ ...one, updatedAt: -1 })) }),
  },
  'what came after a route was disabled by hand waits for it': {
    rows: (rows) => ({ ...rows, ccnRouteChoices: rows.ccnRouteChoices.map((one) => ({ ...one, updatedAt: 9 })) }),
  },
  'nothing is enabled or disabled by hand': { rows: (rows) => ({ ...rows, ccnRouteChoices: [] }) },
  'disabled entries count': {
    rows: (rows) => ({ ...rows, vpnGatewayRoutes: rows.vpnGatewayRoutes.map((one) => ({ ...one, enabled: true })) }),
  },
  'ranges of SPD tunnels are not enabled by users': { rows: (rows) => ({ ...rows, ccnRangeChoices: [] }) },
  'whoever was attached first came first, whenever its ranges did': {
    rows: (rows) => ({
      ...rows,
      ccnAttachments: rows.ccnAttachments.map((one) => ({ ...one, createdAt: 0 })),
    }),
  },
  'equal ranges always share': { rows: (rows) => ({ ...rows, ccns: rows.ccns.map((one) => ({ ...one, routeEcmp: true })) }) },
  'whatever overlaps is enabled': {
    rows: (rows) => ({ ...rows, ccns: rows.ccns.map((one) => ({ ...one, routeOverlap: true })) }),
  },
  'policies let everything in and out': { rows: (rows) => ({ ...rows, ccnRoutePolicyLists: [] }) },
};

function withCandidates(change: (candidate: Candidate) => Candidate[]): (plan: NetnsPlan) => NetnsPlan {
  return (plan) => ({ ...plan, ...(plan.candidates && { candidates: plan.candidates.flatMap(change) }) });
}

type Candidate = NonNullable<NetnsPlan['candidates']>[number];

describe('it is not so where', () => {
  test.each(Object.entries(mistakes))('%s', (_what, mistake) => {
    expect(() => compare(50_000, mistake)).toThrow(/differ/);
  });
});
