import { parseCidr } from '@landbridge/net';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import type { NewEvent } from '../domain/operator/event.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { converge } from '../drivers/converge.ts';
import { ProvenPlans } from '../drivers/proven-plans.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { adjacent } from '../plan/cable.ts';
import type { CcnCandidatePlan, IssuedPlan, NextHopPlan, PlanKey, RoutePlan } from '../plan/plan.ts';
import { FakeKernel } from '../../testing/fake-kernel.ts';
import { PlansAtHand } from './plans-at-hand.ts';
import { RouteSwitches } from './route-switches.ts';

const ccn = 'ccn-network1';
const table = 100;
const [one, two, vpc] = ['vpngw-gateway1', 'vpngw-gateway2', 'vpc-network1'] as const;
const [tunnelOne, tunnelTwo] = ['vpnx-tunnel01', 'vpnx-tunnel02'] as const;
const [behindOne, behindTwo] = ['range-one', 'range-two'] as const;
const destination = parseCidr('192.168.1.0/24');
const place = `${table} ${destination} 0`;

function planOf(key: PlanKey, links: readonly PlanKey[], ...nextHops: NextHopPlan[]): IssuedPlan {
  const route: RoutePlan = { table, destination, metric: 0, kind: 'unicast', nextHops };
  return {
    ...{ key, netns: `lb-${key}`, generation: 1, sysctls: {}, rules: [], proxies: [], filter: null, charon: null },
    links: links.map((name) => ({ kind: 'veth-peer', name, addresses: [], adjacent: adjacent(name) })),
    routes: [route],
  };
}

const to = (device: PlanKey, ...ranges: CcnCandidatePlan['key'][]): NextHopPlan => ({ device, needs: { ranges } });

/** The same range behind two gateways of a CCN, of which the second serves while the first does not. */
function plansOfCcn(): IssuedPlan[] {
  return [
    {
      ...planOf(ccn, [one, two, vpc], to(one, behindOne), to(two, behindTwo)),
      switching: { table, tells: 'ranges' },
      candidates: [
        { key: behindOne, destination, instance: one, tunnels: [tunnelOne] },
        { key: behindTwo, destination, instance: two, tunnels: [tunnelTwo], yieldsTo: [behindOne] },
      ],
    },
    planOf(one, [ccn], to(ccn, behindTwo)),
    planOf(two, [ccn], to(ccn, behindOne)),
    planOf(vpc, [ccn], to(ccn, behindOne, behindTwo)),
  ];
}

/** Namespaces of these plans, applied while all tunnels work. */
async function setUp(all: readonly IssuedPlan[] = plansOfCcn()) {
  const fake = new FakeKernel();
  const failed = new Set<VpnConnectionId>();
  const plans = new PlansAtHand((id) => !failed.has(id));
  for (const plan of all) {
    plans.keep(plan, plans.noteRead());
    await fake.run(['ip', 'netns', 'add', plan.netns ?? '']);
    for (const { name } of plan.links) fake.netns(plan.netns ?? '').links.set(name, newLink());
  }
  plans.takeTouched();
  const touched: PlanKey[] = [];
  const failures: PlanKey[] = [];
  const events: NewEvent[] = [];
  const proven = new ProvenPlans();
  const switches = new RouteSwitches({
    ...{ plans, kernel: fake.kernel, proven, clock: new FakeClock() },
    logger: pino({ level: 'silent' }),
    record: (event) => events.push(event),
    onTouched: (keys) => touched.push(...keys),
    onFailed: (key) => failures.push(key),
  });
  const options = { tunnelMtu: 'ours', inTurn: switches.inTurn, proven, onLook: () => undefined } as const;
  const planAt = (key: PlanKey) => all.find((plan) => plan.key === key)!;
  const converged = (key: PlanKey) => converge(fake.kernel, planAt(key), options);
  for (const { key } of all) await converged(key);
  fake.writes.length = 0;
  return {
    ...{ fake, plans, switches, touched, failures, events, converged },
    judge: (id: VpnConnectionId, isUsable: boolean) => {
      if (isUsable) failed.delete(id);
      else failed.add(id);
      switches.usabilityChanged(id);
    },
    hops: (key: PlanKey) => fake.netns(`lb-${key}`).routes.get(place)?.devices,
    told: () => events.map(({ resourceId, kind }) => `${resourceId} ${kind}`),
  };
}

function newLink() {
  const link = { ifId: null, mac: '', master: null, alias: null, peer: null, addresses: new Map() };
  return { kind: 'veth', up: true, mtu: 1500, ...link };
}

test('a CCN and everything attached to it switch together, and what leads where it did is left alone', async () => {
  const { fake, judge, hops, told, touched } = await setUp();
  const run = vi.spyOn(fake, 'run');
  expect([hops(ccn), hops(one), hops(two), hops(vpc)]).toEqual([[one], undefined, [ccn], [ccn]]);
  judge(tunnelOne, false);
  await expect.poll(() => [hops(ccn), hops(one), hops(two)]).toEqual([[two], [ccn], undefined]);
  expect(told()).toEqual([`${one} range-withdrawn`, `${two} range-announced`]);
  expect(touched.sort()).toEqual([ccn, one, two, vpc].sort());
  expect([fake.writes.length, hops(vpc)]).toEqual([3, [ccn]]);
  expect(run.mock.calls.filter(([argv]) => argv.includes(`lb-${vpc}`))).toEqual([]);
  judge(tunnelOne, true);
  await expect.poll(() => [hops(ccn), hops(one), hops(two)]).toEqual([[one], undefined, [ccn]]);
});

test('when nothing serves any more the routes go, and come back with the first that does', async () => {
  const { judge, hops } = await setUp();
  judge(tunnelOne, false);
  judge(tunnelTwo, false);
  await expect.poll(() => [hops(ccn), hops(vpc)]).toEqual([undefined, undefined]);
  judge(tunnelTwo, true);
  await expect.poll(() => [hops(ccn), hops(vpc)]).toEqual([[two], [ccn]]);
});

test('a burst of verdicts is one switch, and one that ends as it began is none', async () => {
  const { fake, judge, hops, told } = await setUp();
  for (let verdict = 0; verdict < 301; verdict++) judge(tunnelOne, verdict % 2 === 1);
  await expect.poll(() => hops(ccn)).toEqual([two]);
  await expect.poll(() => told()).toHaveLength(2);
  expect(fake.writes).toHaveLength(3);
  for (let verdict = 0; verdict < 300; verdict++) judge(tunnelOne, verdict % 2 === 0);
  await new Promise((resolve) => setImmediate(resolve));
  expect([fake.writes.length, told().length, hops(ccn)]).toEqual([3, 2, [two]]);
});

test.each([
  ['is about to apply', /^route replace/],
  ['has read the kernel', /route show table all/],
])('a round that %s when a tunnel fails does not bring back its route', async (_name, pattern) => {
  const { fake, judge, converged, hops, told } = await setUp();
  fake.netns(`lb-${ccn}`).routes.clear();
  const stop = fake.stopAt(pattern);
  const round = converged(ccn);
  await stop.reached;
  judge(tunnelOne, false);
  // As far as it gets while the round is held up.
  await new Promise((resolve) => setImmediate(resolve));
  stop.go();
  await round;
  await expect.poll(() => hops(ccn)).toEqual([two]);
  await expect.poll(() => told()).toEqual([`${one} range-withdrawn`, `${two} range-announced`]);
  // One after the other: the older choice is never written over the newer one.
  const written = fake.writes.filter((line) => line.includes('dev vpngw-')).map((line) => /dev (\S+)/.exec(line)?.[1]);
  expect(written).toEqual([one, two]);
});

test('a round that has its turn before the switch writes what the switch would, which is told all the same', async () => {
  const { fake, judge, converged, hops, told } = await setUp();
  const stop = fake.stopAt(/route show table all/);
  const [first, second] = [converged(ccn), converged(ccn)];
  await stop.reached;
  judge(tunnelOne, false);
  await new Promise((resolve) => setImmediate(resolve));
  stop.go();
  await Promise.all([first, second]);
  expect(hops(ccn)).toEqual([two]);
  await expect.poll(() => told()).toEqual([`${one} range-withdrawn`, `${two} range-announced`]);
});

test('a switch that fails is left to the ordinary round', async () => {
  const { fake, judge, failures, converged, hops } = await setUp();
  fake.failOn(/^route replace/);
  judge(tunnelOne, false);
  await expect.poll(() => failures).toHaveLength(1);
  for (const key of failures) await converged(key);
  await expect.poll(() => [hops(ccn), hops(one), hops(two)]).toEqual([[two], [ccn], undefined]);
});

test('300 routes of a tunnel that fails are one batch and one event, and those of other tunnels are not touched', async () => {
  const links = [tunnelOne, tunnelTwo] as unknown as PlanKey[];
  const routes = Array.from({ length: 600 }, (_, number): RoutePlan => {
    const [device, metric] = number % 2 === 0 ? [tunnelOne, 1] : [tunnelTwo, 101];
    const nextHops = [{ device, needs: { tunnels: [device] } }];
    return {
      table,
      destination: parseCidr(`10.${number >> 9}.${(number >> 1) & 255}.0/24`),
      metric,
      kind: 'unicast',
      nextHops,
    };
  });
  const switching = { table, tells: 'route-switched', resourceId: one } as const;
  const { fake, judge, events } = await setUp([{ ...planOf(one, []), links: linksOf(links), routes, switching }]);
  judge(tunnelOne, false);
  await expect.poll(() => events).toHaveLength(1);
  expect(events[0]).toMatchObject({ resourceId: one, kind: 'route-switched' });
  expect(events[0]?.message).toBe(`10.0.0.0/24 and 299 others: from ${tunnelOne} to ${tunnelTwo}`);
  expect(fake.writes).toHaveLength(300);
  expect(fake.writes.every((line) => line.startsWith('route delete') && line.includes(tunnelOne))).toBe(true);
});

function linksOf(names: readonly string[]): IssuedPlan['links'] {
  return names.map((name) => ({ kind: 'veth-peer', name, addresses: [] }));
}
