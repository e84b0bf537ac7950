import { parseCidr } from '@landbridge/net';
import * as fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { chosenPlans, routeFactsOf } from '../../testing/chosen-plans.ts';
import { rowsOf, type NetworkRows } from '../../testing/image-of.ts';
import { isByUsability, otherPathsByUsability, routesByUsability } from '../../testing/routes-by-usability.ts';
import { sampleUplink } from '../../testing/sample-network.ts';
import { ccnWorldArbitrary } from '../../testing/simulation/arbitrary-ccn-routing.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import type { CcnRangeKey } from '../domain/ccn/ccn-range-key.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Rows } from '../image/rows.ts';
import { planFor, planKeys } from '../planner/plan-for.ts';
import { chooseRoutes, hasOtherPath, servedRanges } from './choose-routes.ts';
import type { NetnsPlan, RoutePlan } from './plan.ts';

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
    const plans = planKeys(rows)
      .flatMap((key) => planFor(key, read, sampleUplink) ?? [])
      .map(asMade);
    for (const failed of failures) {
      asked += 1;
      // The bits of a number say which tunnels do not work.
      const bitOf = new Map(desired.vpnConnections.map(({ id }, at) => [id, 1 << (at % 31)]));
      compareAll(plans, rows, (id) => ((bitOf.get(id) ?? 0) & failed) === 0);
    }
  });
  fc.assert(run, { numRuns: asks, endOnFailure: true, reporter: throwFirst });
}

function compareAll(plans: readonly NetnsPlan[], rows: Rows, isUsable: IsUsable): void {
  for (const { key, routes } of chosenPlans(plans, isUsable)) {
    check(
      `routes of ${key}`,
      routes.filter((route) => isByUsability(key, route)),
      routesByUsability(key, rows, isUsable),
    );
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

const range = (name: string): CcnRangeKey => `range-${name}`;

test('a range is served while a tunnel to it works and none of those is served that stand before it', () => {
  const [a, b, c] = ['vpnx-a', 'vpnx-b', 'vpnx-c'] as const;
  const place = { destination: parseCidr('192.168.1.0/24'), instance: 'vpngw-gateway1' } as const;
  const candidates = [
    { ...place, key: range('one'), tunnels: [a, b] },
    { ...place, key: range('two'), tunnels: [c] },
    { ...place, key: range('three'), yieldsTo: [range('one'), range('two')] },
    { ...place, key: range('four'), tunnels: [a], yieldsTo: [range('three')] },
    { ...place, key: range('five') },
  ];
  const served = (...working: string[]) =>
    [...servedRanges(candidates, (id) => working.includes(id))].map((key) => key.slice('range-'.length));
  expect(served(a, b, c)).toEqual(['one', 'two', 'four', 'five']);
  expect(served(b)).toEqual(['one', 'five']);
  expect(served(c)).toEqual(['two', 'five']);
  expect(served()).toEqual(['three', 'five']);
});

test('of the hops of equal cost those stay that have what they need; without any there is no route', () => {
  const route = { table: 100, destination: parseCidr('192.168.1.0/24'), metric: 1, kind: 'unicast' } as const;
  const [a, b] = ['vpnx-a', 'vpnx-b'] as const;
  const routes: RoutePlan[] = [
    { ...route, nextHops: [a, b].map((device) => ({ device, needs: { tunnels: [device] } })) },
    { ...route, metric: 1000, nextHops: [{ device: 'ccn-a', needs: { ranges: [range('one'), range('two')] } }] },
    { ...route, metric: 65535, kind: 'blackhole', nextHops: [] },
  ];
  const chosen = (...there: string[]) => {
    const isThere = (name: string) => there.includes(name);
    const found = chooseRoutes(routes, { isUsable: isThere, isServed: isThere });
    return found.map(({ metric, nextHops }) => [metric, ...nextHops.map((hop) => JSON.stringify(hop))]);
  };
  const [hopA, hopB, toCcn] = [a, b, 'ccn-a'].map((device) => JSON.stringify({ device }));
  expect(chosen(a, b, range('two'))).toEqual([[1, hopA, hopB], [1000, toCcn], [65535]]);
  expect(chosen(b)).toEqual([[1, hopB], [65535]]);
  expect(chosen(range('one'))).toEqual([[1000, toCcn], [65535]]);
  expect(chosen()).toEqual([[65535]]);
});

const withNeeds = (plan: NetnsPlan, change: (hops: NetnsPlan['routes'][number]['nextHops']) => typeof hops) => ({
  ...plan,
  routes: plan.routes.map((route) => ({ ...route, nextHops: change(route.nextHops) })),
});

const mistakes: Record<string, Mistake> = {
  'a standby is forgotten': {
    plan: (plan) => ({ ...plan, routes: plan.routes.filter(({ metric }) => metric !== 101) }),
  },
  'active and standby are of equal priority': {
    plan: (plan) => {
      const routes = plan.routes.map((route) => ({ ...route, metric: route.metric === 101 ? 1 : route.metric }));
      return { ...plan, routes };
    },
  },
  'of equal cost only one is used': {
    plan: (plan) => withNeeds(plan, (hops) => hops.filter(({ needs }, at) => at === 0 || needs === undefined)),
  },
  'nothing is needed': {
    plan: (plan) =>
      withNeeds(plan, (hops) => hops.map(({ device, via }) => (via === undefined ? { device } : { device, via }))),
  },
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
  'who overlaps does not wait': { plan: withCandidates((candidate) => [{ ...candidate, yieldsTo: [] }]) },
  'who overlaps never steps in': {
    plan: withCandidates((candidate) => (candidate.yieldsTo === undefined ? [candidate] : [])),
  },
  'who overlaps waits for the first only': {
    plan: withCandidates(({ yieldsTo, ...candidate }) => {
      return [yieldsTo === undefined ? candidate : { ...candidate, yieldsTo: yieldsTo.slice(0, 1) }];
    }),
  },
  'there is no other path': {
    plan: (plan) => ({ ...plan, watches: (plan.watches ?? []).map((watch) => ({ ...watch, otherPath: [] })) }),
  },
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
  'equal ranges always share': {
    rows: (rows) => ({ ...rows, ccns: rows.ccns.map((one) => ({ ...one, routeEcmp: true })) }),
  },
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
    expect(() => compare(200_000, mistake)).toThrow(/differ/);
  });
});
