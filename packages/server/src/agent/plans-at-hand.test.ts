import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { chosenPlans, routeFactsOf } from '../../testing/chosen-plans.ts';
import { rowsOf, type NetworkRows } from '../../testing/image-of.ts';
import { sampleConnection, sampleGatewayRoute, sampleNetwork, sampleUplink } from '../../testing/sample-network.ts';
import { ccnWorldArbitrary } from '../../testing/simulation/arbitrary-ccn-routing.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { hasOtherPath } from '../plan/choose-routes.ts';
import type { IssuedPlan, NetnsPlan, PlanKey } from '../plan/plan.ts';
import { planFor, planKeys } from '../planner/plan-for.ts';
import { PlansAtHand } from './plans-at-hand.ts';

vi.setConfig({ testTimeout: 600_000 });

function plansOf(desired: NetworkRows): IssuedPlan[] {
  const rows = rowsOf(desired);
  return planKeys(rows).flatMap((key) => {
    const plan = planFor(key, rows, sampleUplink);
    return plan === undefined ? [] : [{ ...plan, generation: 1 }];
  });
}

/** Everything that is chosen from these plans, by key. */
function choicesOf(plans: readonly NetnsPlan[], isUsable: (id: VpnConnectionId) => boolean): Map<PlanKey, string> {
  const { isServed } = routeFactsOf(plans, isUsable);
  return new Map(
    chosenPlans(plans, isUsable).map(({ key, routes, watches = [] }) => {
      const paths = watches.map(({ otherPath }) => hasOtherPath(otherPath, isServed));
      return [key, JSON.stringify({ routes, paths })];
    }),
  );
}

const pick = fc.nat(9973);
const stepArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('usability'), picks: fc.array(pick, { maxLength: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('keep'), picks: fc.array(pick, { maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget'), picks: fc.array(pick, { maxLength: 1 }) }) },
);
const worlds = fc.oneof(fc.tuple(worldArbitrary, worldArbitrary), fc.tuple(ccnWorldArbitrary, ccnWorldArbitrary));
const runArbitrary = fc.tuple(worlds, fc.array(stepArbitrary, { minLength: 10, maxLength: 25, size: 'max' }));

test('whatever comes and goes, choices are those of the plans at hand, and whoever chooses otherwise now was touched', () => {
  const run = fc.property(runArbitrary, ([both, steps]) => {
    const issued = both.flatMap(({ desired }) => plansOf(desired));
    const tunnels = both.flatMap(({ desired }) => desired.vpnConnections.map(({ id }) => id));
    const failed = new Set<VpnConnectionId>();
    const isUsable = (id: VpnConnectionId) => !failed.has(id);
    const hand = new PlansAtHand(isUsable);
    const held = new Map<PlanKey, IssuedPlan>();
    for (const { kind, picks } of steps) {
      const before = choicesOf([...held.values()], isUsable);
      const own = new Set<PlanKey>();
      for (const at of picks) {
        const [plan, id] = [issued[at % issued.length], tunnels[at % tunnels.length]];
        if (kind === 'usability' && id !== undefined) {
          if (!failed.delete(id)) failed.add(id);
          hand.usabilityChanged(id);
        } else if (kind !== 'usability' && plan !== undefined) {
          own.add(plan.key);
          if (kind === 'keep') hand.keep(plan, hand.noteRead());
          else hand.forget(plan.key);
          if (kind === 'keep') held.set(plan.key, plan);
          else held.delete(plan.key);
        }
      }
      const touched = new Set(hand.takeTouched());
      const after = choicesOf([...held.values()], isUsable);
      for (const [key, plan] of held) {
        const paths = (plan.watches ?? []).map(({ otherPath }) => hasOtherPath(otherPath, hand.isServed));
        expect(JSON.stringify({ routes: hand.routesOf(plan), paths })).toBe(after.get(key));
        if (before.get(key) !== after.get(key) && !own.has(key)) expect(touched).toContain(key);
      }
    }
  });
  fc.assert(run, { numRuns: 150, endOnFailure: true });
});

test('a tunnel touches what depends on it, however much else there is', () => {
  const tunnels = Array.from({ length: 2 }, (_, number) => sampleConnection(number + 1));
  const routes = [sampleGatewayRoute('192.168.1.0/24', 1), sampleGatewayRoute('192.168.2.0/24', 2)];
  const [gateway] = plansOf(sampleNetwork(tunnels, routes)).filter(({ key }) => key.startsWith('vpngw-'));
  const hand = new PlansAtHand(() => true);
  const others = Array.from({ length: 1000 }, (_, number): IssuedPlan => {
    const device = `vpnx-other${number}` as const;
    const nextHops = [{ device, needs: { tunnels: [device] } }];
    return { ...gateway!, key: `vpngw-other${number}`, routes: [{ ...gateway!.routes[0]!, nextHops }], watches: [] };
  });
  for (const plan of [gateway!, ...others]) hand.keep(plan, hand.noteRead());
  hand.usabilityChanged('vpnx-tunnel01');
  expect(hand.takeTouched()).toEqual([gateway!.key]);
  hand.usabilityChanged('vpnx-nobody00');
  expect(hand.takeTouched()).toEqual([]);
});

test('what a plan does not depend on any more does not touch it, and other paths are among what it depends on', () => {
  const [host] = plansOf(sampleNetwork([]));
  const hand = new PlansAtHand(() => true);
  const watch = { id: 'vpnx-a', needsChildSa: true, probe: null, alternatives: [], otherPath: ['range-a'] } as const;
  const ccn = {
    ...host!,
    key: 'ccn-a',
    candidates: [{ key: 'range-a', tunnels: ['vpnx-b'] }],
  } as unknown as IssuedPlan;
  hand.keep({ ...host!, watches: [watch] }, hand.noteRead());
  hand.keep(ccn, hand.noteRead());
  expect(hand.takeTouched()).toEqual(['host']);
  hand.keep({ ...host!, watches: [] }, hand.noteRead());
  hand.forget('ccn-a');
  expect(hand.takeTouched()).toEqual([]);
});

test('a plan that was read earlier does not take the place of one that was read later, whatever their generations', () => {
  const [host] = plansOf(sampleNetwork([]));
  const hand = new PlansAtHand(() => true);
  const [earlier, later] = [hand.noteRead(), hand.noteRead()];
  const newer: IssuedPlan = { ...host!, generation: 6 };
  const older: IssuedPlan = { ...host!, generation: 7, routes: [] };
  hand.keep(newer, later);
  hand.keep(older, earlier);
  expect(hand.get('host')).toBe(newer);
});
