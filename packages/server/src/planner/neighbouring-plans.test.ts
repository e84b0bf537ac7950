import { parseCidr, parseIpAddress } from '@landbridge/net';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { rowsOf, type NetworkRows } from '../../testing/image-of.ts';
import { sampleUplink } from '../../testing/sample-network.ts';
import { ccnWorldArbitrary } from '../../testing/simulation/arbitrary-ccn-routing.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import { keyOfNetns, kindOf } from '../plan/names.ts';
import type { LinkPlan, NetnsPlan, PlanKey, PlanKind } from '../plan/plan.ts';
import { planFor, planKeys } from './plan-for.ts';

vi.setConfig({ testTimeout: 60_000 });

const bridged: Uplink = {
  mode: 'bridged',
  attach: { kind: 'bridge-port', bridge: 'br0' },
  addresses: [parseCidr('203.0.113.128/26')],
  prefixLength: 24,
  nextHop: parseIpAddress('203.0.113.1'),
  pathMtu: 1500,
};

/** A VPC's in the place of the CCN's, which worlds have none of. */
function withLinesToVpc(desired: NetworkRows): NetworkRows {
  const [vpc] = desired.vpcs;
  if (vpc === undefined) return desired;
  const { directConnectGateways, ccnAttachments } = desired;
  return {
    ...desired,
    directConnectGateways: directConnectGateways.map((gateway) => ({ ...gateway, network: 'vpc', vpcId: vpc.id })),
    ccnAttachments: ccnAttachments.filter(({ instance }) => instance.kind !== 'direct-connect-gateway'),
  };
}

const networkArbitrary = fc
  .tuple(fc.oneof(worldArbitrary, ccnWorldArbitrary), fc.boolean())
  .map(([{ desired }, isOfVpc]) => (isOfVpc ? withLinesToVpc(desired) : desired));

/** All plans of a network, whose tunnels work or not. */
const plansArbitrary = fc
  .tuple(networkArbitrary, fc.constantFrom(sampleUplink, bridged), fc.func(fc.boolean()))
  .map(([desired, uplink, isUsable]) => {
    const rows = rowsOf(desired);
    return new Map(planKeys(rows).map((key) => [key, planFor(key, rows, uplink, (id) => isUsable(id))!]));
  });

function eachPlan(rule: (plan: NetnsPlan, plans: ReadonlyMap<PlanKey, NetnsPlan>) => void): void {
  const property = fc.property(plansArbitrary, (plans) => {
    for (const plan of plans.values()) rule(plan, plans);
  });
  fc.assert(property, { numRuns: 100 });
}

function kindOfPlan(key: PlanKey): PlanKind {
  return kindOf(key) ?? 'host';
}

/** Where the far end of a pair is that this plan makes; undefined for any other link. */
function farPlanOf(link: LinkPlan): PlanKey | undefined {
  if (link.kind === 'bridge-port') return 'host';
  if (link.kind !== 'veth') return undefined;
  return link.peer.netns === null ? 'host' : keyOfNetns(link.peer.netns);
}

test('a link to another plan says so, and that plan has one that says so of this one', () => {
  const seen = new Set<string>();
  eachPlan((plan, plans) => {
    for (const { adjacent } of plan.links) {
      if (adjacent === undefined) continue;
      expect(adjacent.kind).toBe(kindOfPlan(adjacent.key));
      const back = plans.get(adjacent.key)?.links.filter((link) => link.adjacent?.key === plan.key);
      expect(back).toHaveLength(1);
      seen.add(`${kindOfPlan(plan.key)} ${adjacent.kind}`);
    }
  });
  expect([...seen].sort()).toEqual([
    'ccn direct-connect-gateway',
    'ccn vpc',
    'ccn vpn-gateway',
    'direct-connect-gateway ccn',
    'direct-connect-gateway vpc',
    'host vpn-gateway',
    'vpc ccn',
    'vpc direct-connect-gateway',
    'vpc vpn-gateway',
    'vpn-gateway ccn',
    'vpn-gateway host',
    'vpn-gateway vpc',
  ]);
});

test('a link is adjacent to the plan in whose namespace its far end is; one without a far end is to none', () => {
  eachPlan((plan) => {
    for (const link of plan.links) {
      if (link.kind === 'veth-peer') expect(link.adjacent).toBeDefined();
      else expect(link.adjacent?.key).toBe(farPlanOf(link));
    }
  });
});

test('a namespace names the kinds whose plans lay their cables to it, and no others', () => {
  const named = new Map<PlanKind, Set<PlanKind>>();
  const laid = new Map<PlanKind, Set<PlanKind>>();
  const add = (to: Map<PlanKind, Set<PlanKind>>, at: PlanKind, kinds: readonly PlanKind[]) =>
    to.set(at, new Set([...(to.get(at) ?? []), ...kinds]));
  eachPlan(({ key, links, cablesFrom = [] }) => {
    add(named, kindOfPlan(key), cablesFrom);
    for (const far of links.filter(({ kind }) => kind === 'veth').map(farPlanOf)) {
      // The host's plan is one of all gateways: its links name them.
      if (far !== undefined && far !== 'host') add(laid, kindOfPlan(far), [kindOfPlan(key)]);
    }
  });
  for (const [kind, kinds] of named) expect([...kinds].sort()).toEqual([...(laid.get(kind) ?? [])].sort());
});

test('a VPN gateway tells of its own routes, a CCN of the ranges in its default table, and nobody else of any', () => {
  eachPlan(({ key, switching }) => {
    const table = 100;
    const tellsOf: Partial<Record<PlanKind, object>> = {
      'vpn-gateway': { table, tells: 'route-switched', resourceId: key },
      ccn: { table, tells: 'ranges' },
    };
    expect(switching).toEqual(tellsOf[kindOfPlan(key)]);
  });
});
