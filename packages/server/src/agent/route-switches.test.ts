import { parseCidr } from '@landbridge/net';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { NewEvent } from '../domain/operator/event.ts';
import { converge } from '../drivers/converge.ts';
import { ProvenPlans } from '../drivers/proven-plans.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { adjacent } from '../plan/cable.ts';
import type { IssuedPlan, PlanKey } from '../plan/plan.ts';
import { FakeKernel } from '../../testing/fake-kernel.ts';
import { RouteSwitches } from './route-switches.ts';

const ccn = 'ccn-network1';
const table = 100;
const [one, two, vpc] = ['vpngw-gateway1', 'vpngw-gateway2', 'vpc-network1'] as const;
const destination = parseCidr('192.168.1.0/24');
const place = `${table} ${destination} 0`;

function planOf(key: PlanKey, links: readonly PlanKey[], leadsTo: string | null): IssuedPlan {
  const nextHops = leadsTo === null ? [] : [{ device: leadsTo }];
  const route = { table, destination, metric: 0, kind: 'unicast', nextHops } as const;
  return {
    ...{ key, netns: `lb-${key}`, generation: 1, sysctls: {}, rules: [], proxies: [], filter: null, charon: null },
    links: links.map((name) => ({ kind: 'veth-peer', name, addresses: [], adjacent: adjacent(name) })),
    ...(key === ccn && { switching: { table, tells: 'ranges' } as const }),
    routes: leadsTo === null ? [] : [route],
  };
}

/** A CCN with two gateways and a VPC, whose plans the test changes. */
async function setUp() {
  const fake = new FakeKernel();
  const instances = [one, two, vpc];
  const plans = new Map<PlanKey, IssuedPlan>([
    [ccn, planOf(ccn, instances, one)],
    [one, planOf(one, [ccn], null)],
    [two, planOf(two, [ccn], ccn)],
    [vpc, planOf(vpc, [ccn], ccn)],
  ]);
  for (const { netns, links } of plans.values()) {
    await fake.run(['ip', 'netns', 'add', netns ?? '']);
    for (const { name } of links) fake.netns(netns ?? '').links.set(name, newLink());
  }
  const switched: PlanKey[] = [];
  const planned: PlanKey[] = [];
  const events: NewEvent[] = [];
  const proven = new ProvenPlans();
  const switches = new RouteSwitches({
    source: {
      planFor: (key) => {
        planned.push(key);
        return Promise.resolve(plans.get(key));
      },
    },
    kernel: fake.kernel,
    proven,
    clock: new FakeClock(),
    logger: pino({ level: 'silent' }),
    record: (event) => events.push(event),
    onSwitched: (key) => switched.push(key),
  });
  const options = { tunnelMtu: 'ours', inTurn: switches.inTurn, proven, onLook: () => undefined } as const;
  const converged = (key: PlanKey) => converge(fake.kernel, plans.get(key)!, options);
  const hops = (key: PlanKey) => fake.netns(`lb-${key}`).routes.get(place)?.devices;
  return { fake, plans, switches, switched, planned, events, converged, hops, instances };
}

function newLink() {
  const link = { ifId: null, mac: '', master: null, alias: null, peer: null, addresses: new Map() };
  return { kind: 'veth', up: true, mtu: 1500, ...link };
}

/** Waits until so many namespaces have been switched. */
async function settled(switched: readonly PlanKey[], count: number): Promise<void> {
  await expect.poll(() => new Set(switched).size).toBeGreaterThanOrEqual(count);
}

test('a CCN follows its gateway, and everything attached follows the CCN', async () => {
  const { plans, switches, switched, events, converged, hops, instances } = await setUp();
  for (const key of plans.keys()) await converged(key);
  plans.set(ccn, planOf(ccn, instances, two));
  plans.set(vpc, planOf(vpc, [ccn], null));
  switches.requestForGateway(one);
  await settled(switched, 4);
  expect([hops(ccn), hops(vpc), hops(two)]).toEqual([[two], undefined, [ccn]]);
  expect([...new Set(switched)].sort()).toEqual([ccn, ...instances].sort());
  expect(events.map(({ resourceId, kind }) => `${resourceId} ${kind}`)).toEqual([
    `${one} range-withdrawn`,
    `${two} range-announced`,
  ]);
});

test('a burst of verdicts costs a few plans, not one for each', async () => {
  const { plans, switches, switched, planned, converged, hops, instances } = await setUp();
  for (const key of plans.keys()) await converged(key);
  planned.length = 0;
  for (let verdict = 0; verdict < 300; verdict++) switches.requestForGateway(one);
  plans.set(ccn, planOf(ccn, instances, two));
  for (let verdict = 0; verdict < 300; verdict++) switches.requestForGateway(one);
  await settled(switched, 4);
  expect(hops(ccn)).toEqual([two]);
  expect(planned.filter((key) => key === one).length).toBeLessThan(10);
  expect(planned.length).toBeLessThan(20);
});

test.each([
  ['is about to apply', /^route replace/],
  ['has read the kernel', /route show table all/],
])('a round with an older plan that %s does not bring back a withdrawn route', async (_name, pattern) => {
  const { fake, plans, switches, switched, converged, hops, instances } = await setUp();
  const stop = fake.stopAt(pattern);
  const round = converged(ccn);
  await stop.reached;
  plans.set(ccn, planOf(ccn, instances, two));
  switches.requestForGateway(one);
  // As far as it gets while the round is held up.
  await new Promise((resolve) => setImmediate(resolve));
  stop.go();
  await round;
  await settled(switched, 4);
  expect(hops(ccn)).toEqual([two]);
});

test('a round with an older plan that begins after the switch uses the newest routes', async () => {
  const { plans, switches, switched, converged, hops, instances } = await setUp();
  await converged(ccn);
  const older = plans.get(ccn)!;
  plans.set(ccn, planOf(ccn, instances, two));
  switches.requestForGateway(one);
  await settled(switched, 4);
  const used = await switches.inTurn(older, ({ routes }) => Promise.resolve(routes));
  expect(used).toEqual(plans.get(ccn)?.routes);
  expect(hops(ccn)).toEqual([two]);
});
