import { parseCidr } from '@landbridge/net';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { ObservedState } from '../domain/operator/observed-state.ts';
import { adjacent } from '../plan/cable.ts';
import type { IssuedPlan, PlanKey } from '../plan/plan.ts';
import { createAgent, type Agent } from './agent.ts';
import { lookPeriodMs } from './looks.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { FakeKernel } from '../../testing/fake-kernel.ts';
import { sampleGatewayPlan, sampleHostPlan, sampleIds, sampleVpcPlan } from '../../testing/sample-plans.ts';

const ids = sampleIds('fake', 0);
const vpcNetns = `lb-${ids.vpc}`;
const gatewayNetns = `lb-${ids.gateway}`;

class Bench {
  readonly fake = new FakeKernel();
  readonly clock = new FakeClock();
  observed = new ObservedState();
  readonly plans = new Map<PlanKey, IssuedPlan>();
  /** Plans that come later. */
  readonly late = new Map<PlanKey, Promise<unknown>>();
  /** For their plans. */
  readonly asked: PlanKey[] = [];
  agent: Agent;
  #stop = new AbortController();
  #running: Promise<void>;

  constructor(plans: readonly IssuedPlan[]) {
    for (const plan of plans) this.plans.set(plan.key, plan);
    // The host interface that the addresses are answered on.
    this.fake.host.links.set('uplink', { ...this.fake.host.link('lo'), kind: 'bridge', addresses: new Map() });
    this.fake.host.sysctls.set(`net/ipv4/conf/${ids.gateway}/forwarding`, '0');
    [this.agent, this.#running] = this.#start();
  }

  #start(): [Agent, Promise<void>] {
    const agent = createAgent({
      source: {
        planFor: async (key) => {
          this.asked.push(key);
          await this.late.get(key);
          return this.plans.get(key);
        },
        listKeys: () => Promise.resolve([...this.plans.keys()]),
        preSharedKey: () => Promise.reject(new Error('not asked for')),
        preSharedKeyDigest: () => Promise.reject(new Error('not asked for')),
      },
      observed: this.observed,
      dataDir: '/nowhere/landbridge',
      dataPlane: 'kernel',
      espAlwaysInUdp: true,
      binaries: { charon: '/nowhere', uxfrm: '/nowhere', uxfrmShim: '/nowhere', uxprobe: '/nowhere' },
      pathMtu: 1500,
      clock: this.clock,
      logger: pino({ level: 'silent' }),
      kernel: this.fake.kernel,
    });
    return [agent, agent.run(this.#stop.signal)];
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('test ends'));
    await this.#running;
  }

  /** A control plane that remembers nothing. */
  async restart(): Promise<void> {
    await this.stop();
    this.#stop = new AbortController();
    this.observed = new ObservedState();
    [this.agent, this.#running] = this.#start();
  }

  /** Moves the clock until it is so, or for two minutes. Files are read in real time, which the clock does not know. */
  async eventually(condition: () => boolean): Promise<void> {
    for (let moved = 0; !condition() && moved < 120_000; moved += 100) await this.clock.advance(100);
    expect(condition(), condition.toString()).toBe(true);
  }

  async allApplied(): Promise<void> {
    await this.eventually(() => [...this.plans.keys()].every((key) => this.error(key) === null));
  }

  error(key: PlanKey): string | null | undefined {
    return this.observed.outcome(key)?.error;
  }
}

/** Without its charon, a gateway is a namespace like any other: the fake kernel has no daemons. */
const gatewayPlan: IssuedPlan = { ...sampleGatewayPlan(ids), charon: null };
const all = [sampleHostPlan(ids), sampleVpcPlan(ids), gatewayPlan];

describe('the agent on a fake kernel', () => {
  it('makes everything of three plans that wait for each other, and then has nothing to do', async () => {
    const bench = new Bench(all);
    await bench.allApplied();
    expect(
      bench.observed.outcomes().map(({ key, appliedGeneration, error }) => ({ key, appliedGeneration, error })),
    ).toEqual(
      expect.arrayContaining([
        { key: 'host', appliedGeneration: 0, error: null },
        { key: ids.vpc, appliedGeneration: 3, error: null },
        { key: ids.gateway, appliedGeneration: 7, error: null },
      ]),
    );
    expect(bench.fake.netns(gatewayNetns).link('wan').peer?.name).toBe(ids.gateway);
    expect([...bench.fake.host.proxies]).toEqual(['203.0.113.1 dev uplink protocol 76']);
    expect(bench.fake.netns(gatewayNetns).shapers.get('wan')).toBe(12_500_000);

    bench.fake.writes.length = 0;
    bench.agent.enqueue(bench.plans.keys());
    await bench.clock.advance(60_000);
    expect(bench.fake.writes).toEqual([]);
    await bench.stop();
  });

  it('recognises all of it after a restart and writes nothing', async () => {
    const bench = new Bench(all);
    await bench.allApplied();
    bench.fake.writes.length = 0;
    await bench.restart();
    await bench.allApplied();
    expect(bench.observed.outcomes().map(({ error }) => error)).toEqual([null, null, null]);
    expect(bench.fake.writes).toEqual([]);
    await bench.stop();
  });

  it.each([
    ['netns add', /^netns add/],
    ['marking', /^link set lo up alias/],
    ['the packet filter', /^nft /],
    ['link add', /^link add/],
    ['link set', /^link set/],
    ['address add', /^address add/],
    ['rule add', /^rule add/],
    ['route replace', /^route/],
    ['shaper', /^qdisc/],
    ['sysctl', /^net\/ipv4\/ip_forward/],
    ['proxy', /^neighbour/],
  ])('gets there when %s fails for a while', async (_name, pattern) => {
    const bench = new Bench(all);
    bench.fake.failOn(pattern, 5);
    await bench.eventually(() => !bench.fake.hasFaultsLeft);
    await bench.allApplied();
    expect(bench.observed.outcomes().map(({ error }) => error)).toEqual([null, null, null]);
    bench.fake.writes.length = 0;
    await bench.clock.advance(60_000);
    expect(bench.fake.writes).toEqual([]);
    await bench.stop();
  });

  it('tries again when a device vanishes in between', async () => {
    const bench = new Bench(all);
    bench.fake.failOn(/^address add 10\.0\.1\.1\/32/, 1, () =>
      bench.fake.deleteLink(bench.fake.netns(gatewayNetns), ids.vpc),
    );
    await bench.eventually(() => !bench.fake.hasFaultsLeft);
    await bench.allApplied();
    expect(bench.fake.netns(gatewayNetns).link(ids.vpc).addresses.has('10.0.1.1/32')).toBe(true);
    await bench.stop();
  });

  it('opens nothing while the packet filter is refused', async () => {
    const bench = new Bench([gatewayPlan]);
    bench.fake.failOn(/^nft /, 1000);
    await bench.eventually(() => bench.error(ids.gateway)?.includes('packet filter was refused') === true);
    expect([...bench.fake.netns(gatewayNetns).links.keys()]).toEqual(['lo']);
    expect(bench.observed.outcome(ids.gateway)?.appliedGeneration).toBe(-1);
    await bench.stop();
  });

  it('says what it waits for, and keeps the generation that was applied before', async () => {
    const bench = new Bench([sampleVpcPlan(ids)]);
    await bench.eventually(() => bench.error(ids.vpc) === `device ${ids.gateway} is not there yet`);
    // The rest of the plan does not wait.
    expect(bench.fake.netns(vpcNetns).link(ids.subnet).addresses.has('10.0.1.1/24')).toBe(true);
    bench.plans.set(ids.gateway, gatewayPlan);
    bench.agent.enqueue([ids.gateway]);
    // Not after the backoff of the VPC's plan: its new neighbour wakes it.
    await bench.agent.idle(AbortSignal.timeout(5000));
    expect(bench.error(ids.vpc)).toBe(null);
    await bench.stop();
  });

  it('repairs what others changed as soon as the kernel says so', async () => {
    const bench = new Bench(all);
    await bench.allApplied();
    const netns = bench.fake.netns(gatewayNetns);
    netns.rules.clear();
    netns.routes.clear();
    netns.routes.set('100 10.66.0.0/16 0', { kind: 'unicast', devices: ['wan'], source: null, protocol: '4' });
    netns.chains = [{ table: 'landbridge', name: 'forward' }];
    netns.link('wan').addresses.clear();
    const told = bench.clock.elapsed();
    bench.fake.watches.get(gatewayNetns)?.(['routes', 'nft']);
    await bench.eventually(() => netns.link('wan').addresses.size > 0);
    expect(bench.clock.elapsed() - told).toBeLessThan(2000);
    await bench.allApplied();
    expect(netns.rules.size).toBe(gatewayPlan.rules.length);
    expect([...netns.routes.keys()].sort()).toEqual(['100 10.0.0.0/16 0', '254 0.0.0.0/0 0']);
    expect(netns.chains[0]?.name).toMatch(/^plan_/);
    expect([...netns.link('wan').addresses.keys()]).toEqual(['203.0.113.1/32']);
    await bench.stop();
  });

  it('finds what the kernel does not tell within ten minutes, and does not look all the time', async () => {
    const bench = new Bench(all);
    await bench.allApplied();
    const netns = bench.fake.netns(gatewayNetns);
    await bench.clock.advance(60_000);
    let looks = 0;
    const look = bench.fake.look.bind(bench.fake);
    bench.fake.look = (...request) => {
      looks++;
      return look(...request);
    };
    netns.rules.clear();
    for (let moved = 0; netns.rules.size === 0 && moved < lookPeriodMs; moved += 1000) await bench.clock.advance(1000);
    expect(netns.rules.size).toBe(gatewayPlan.rules.length);
    expect(looks).toBeLessThan(10);
    await bench.stop();
  });

  it('writes a changed route without a look, and looks again once somebody else was there or a line was refused', async () => {
    const bench = new Bench(all);
    await bench.allApplied();
    const [route] = gatewayPlan.routes.filter(({ table }) => table === 100);
    const netns = bench.fake.netns(gatewayNetns);
    const looked: (string | null)[] = [];
    const look = bench.fake.look.bind(bench.fake);
    bench.fake.look = (name, ...request) => {
      looked.push(name);
      return look(name, ...request);
    };
    let generation = gatewayPlan.generation;
    /** The gateway with these routes more; resolves once they are applied. */
    async function withRoutes(...destinations: readonly string[]): Promise<void> {
      const more = destinations.map((destination) => ({ ...route!, destination: parseCidr(destination) }));
      generation++;
      bench.plans.set(ids.gateway, { ...gatewayPlan, generation, routes: [...gatewayPlan.routes, ...more] });
      [looked.length, bench.fake.writes.length] = [0, 0];
      bench.agent.enqueue([ids.gateway]);
      await bench.eventually(() => bench.observed.outcome(ids.gateway)?.appliedGeneration === generation);
      for (const destination of destinations) expect(netns.routes.has(`100 ${destination} 0`)).toBe(true);
      expect(netns.routes.size).toBe(gatewayPlan.routes.length + destinations.length);
    }
    await withRoutes('10.50.0.0/16');
    await withRoutes('10.51.0.0/16');
    expect(looked).toEqual([]);
    expect(bench.fake.writes.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      ...['route replace 10.51.0.0/16', 'route delete 10.50.0.0/16'],
    ]);
    // Somebody takes a route away, and is told of: it is looked at before anything is written.
    netns.routes.delete('100 10.0.0.0/16 0');
    bench.fake.watches.get(gatewayNetns)?.(['routes']);
    let writesBefore: number | undefined;
    const record = bench.fake.look.bind(bench.fake);
    bench.fake.look = (...request) => {
      writesBefore ??= bench.fake.writes.length;
      return record(...request);
    };
    await withRoutes('10.52.0.0/16');
    expect(looked).toContain(gatewayNetns);
    expect(writesBefore).toBe(0);
    // Somebody does so untold: the kernel refuses to delete it again.
    netns.routes.delete('100 10.52.0.0/16 0');
    await withRoutes('10.53.0.0/16');
    expect(looked).toContain(gatewayNetns);
    await withRoutes();
    expect(looked).toEqual([]);
    // Newer, and the same.
    await withRoutes();
    expect([looked, bench.fake.writes]).toEqual([[], []]);
    // Asked without a change: it is looked at.
    bench.agent.enqueue([ids.gateway]);
    await bench.eventually(() => looked.includes(gatewayNetns));
    await bench.stop();
  });

  it('watches a namespace anew that was lost from sight, and makes one anew that is gone', async () => {
    const bench = new Bench(all);
    await bench.allApplied();
    for (const word of ['lost', 'gone']) {
      const { watches, namespaces } = bench.fake;
      const tell = watches.get(gatewayNetns);
      watches.delete(gatewayNetns);
      if (word === 'gone') await bench.fake.run(['ip', 'netns', 'delete', gatewayNetns]);
      tell?.([word]);
      await bench.eventually(() => watches.has(gatewayNetns) && namespaces.has(gatewayNetns));
      await bench.allApplied();
      expect(bench.fake.netns(gatewayNetns).rules.size).toBe(gatewayPlan.rules.length);
    }
    await bench.stop();
  });

  it('removes namespaces of its own that no plan names, and nobody else’s', async () => {
    const bench = new Bench(all);
    await bench.allApplied();
    await bench.fake.run(['ip', 'netns', 'add', 'lb-vpc-stranger']);
    await bench.fake.run(['ip', 'netns', 'add', 'somebody']);
    bench.plans.delete(ids.vpc);
    await bench.eventually(() => bench.fake.writes.some((line) => line.endsWith(`delete ${vpcNetns}`)));
    // The gateway's plan still asks for its peer namespace; without that one it goes, too.
    bench.plans.delete(ids.gateway);
    bench.plans.set('host', { ...sampleHostPlan(ids), sysctls: {}, links: [], routes: [], proxies: [] });
    bench.agent.enqueue(['host']);
    await bench.eventually(() => bench.fake.namespaces.size === 2);
    await bench.eventually(() => bench.fake.host.proxies.size === 0);
    expect([...bench.fake.namespaces.keys()]).toEqual(['lb-vpc-stranger', 'somebody']);
    expect(bench.fake.host.links.has(ids.gateway)).toBe(false);
    expect([...bench.fake.host.routes, ...bench.fake.host.proxies]).toEqual([]);
    expect(bench.observed.outcome(ids.vpc)).toBeUndefined();
    await bench.stop();
  });

  it('sweeps nothing before the keys could be listed', async () => {
    const bench = new Bench(all);
    await bench.allApplied();
    await bench.stop();
    let isReadable = false;
    const stop = new AbortController();
    const agent = createAgent({
      source: {
        planFor: () => Promise.resolve(undefined),
        listKeys: () => (isReadable ? Promise.resolve([]) : Promise.reject(new Error('the store is locked'))),
        preSharedKey: () => Promise.reject(new Error('no')),
        preSharedKeyDigest: () => Promise.reject(new Error('no')),
      },
      observed: new ObservedState(),
      dataDir: '/nowhere/landbridge',
      dataPlane: 'kernel',
      espAlwaysInUdp: true,
      binaries: { charon: '/nowhere', uxfrm: '/nowhere', uxfrmShim: '/nowhere', uxprobe: '/nowhere' },
      pathMtu: 1500,
      clock: bench.clock,
      logger: pino({ level: 'silent' }),
      kernel: bench.fake.kernel,
    });
    const running = agent.run(stop.signal);
    await bench.clock.advance(20_000);
    expect(bench.fake.namespaces.size).toBe(2);
    isReadable = true;
    await bench.eventually(() => bench.fake.namespaces.size === 0);
    stop.abort(new Error('test ends'));
    await running;
  });
});

describe('the agent of data plane none', () => {
  it('reports plans as applied and runs nothing', async () => {
    const observed = new ObservedState();
    const clock = new FakeClock();
    const stop = new AbortController();
    const agent = createAgent({
      source: {
        planFor: (key) => Promise.resolve(all.find((plan) => plan.key === key)),
        listKeys: () => Promise.resolve(all.map(({ key }) => key)),
        preSharedKey: () => Promise.reject(new Error('no')),
        preSharedKeyDigest: () => Promise.reject(new Error('no')),
      },
      observed,
      dataDir: '/nowhere/landbridge',
      dataPlane: 'none',
      espAlwaysInUdp: true,
      binaries: { charon: '', uxfrm: '', uxfrmShim: '', uxprobe: '' },
      pathMtu: 1500,
      clock,
      logger: pino({ level: 'silent' }),
    });
    const running = agent.run(stop.signal);
    await agent.idle(AbortSignal.timeout(1000));
    expect(observed.outcome(ids.gateway)).toMatchObject({ appliedGeneration: 7, error: null });
    stop.abort(new Error('test ends'));
    await running;
  });
});

const ccn = 'ccn-testfake' as const;
const ccnNetns = `lb-${ccn}`;
const range = 'range-behind-a-tunnel' as const;
const tunnel = 'vpnx-somewhere' as const;
const place = { table: 100, destination: parseCidr('192.168.1.0/24'), metric: 0, kind: 'unicast' } as const;

/** A VPC on a CCN that leads a range to a gateway while a tunnel there works. The VPC's plan comes first. */
function plansOnCcn(): IssuedPlan[] {
  const vpcPlan = sampleVpcPlan(ids);
  const others = { sysctls: {}, rules: [], proxies: [], filter: null, charon: null, generation: 1 };
  const toCcn = { kind: 'veth', name: ccn, peer: { netns: ccnNetns, name: ids.vpc }, addresses: [] } as const;
  return [
    {
      ...vpcPlan,
      links: [...vpcPlan.links.filter(({ kind }) => kind !== 'veth-peer'), { ...toCcn, adjacent: adjacent(ccn) }],
      routes: [{ ...place, nextHops: [{ device: ccn, needs: { ranges: [range] } }] }],
    },
    {
      ...{ ...others, key: ccn, netns: ccnNetns, routes: [] },
      links: [{ kind: 'veth-peer', name: ids.vpc, addresses: [], adjacent: adjacent(ids.vpc) }],
      candidates: [{ key: range, destination: place.destination, instance: ids.gateway, tunnels: [tunnel] }],
    },
  ];
}

describe('a VPC on a CCN', () => {
  const fault = (bench: Bench, found: 'probe' | null) =>
    bench.observed.recordUsability(tunnel, { fault: found, healthCheck: null });
  const led = (bench: Bench) => bench.fake.netns(vpcNetns).routes.has('100 192.168.1.0/24 0');

  it('keeps its routes when the agent starts, though the plan of the CCN comes later', async () => {
    const bench = new Bench(plansOnCcn());
    await bench.allApplied();
    expect(led(bench)).toBe(true);
    bench.fake.writes.length = 0;
    const plan = Promise.withResolvers<undefined>();
    bench.late.set(ccn, plan.promise);
    await bench.restart();
    await bench.clock.advance(1000);
    expect([led(bench), bench.fake.writes]).toEqual([true, []]);
    plan.resolve(undefined);
    await bench.allApplied();
    expect([led(bench), bench.fake.writes]).toEqual([true, []]);
    await bench.stop();
  });

  it('follows a tunnel that fails somewhere behind the CCN, and nobody is asked for a plan', async () => {
    const bench = new Bench(plansOnCcn());
    await bench.allApplied();
    bench.asked.length = 0;
    fault(bench, 'probe');
    await expect.poll(() => led(bench)).toBe(false);
    fault(bench, null);
    await expect.poll(() => led(bench)).toBe(true);
    expect(bench.asked).toEqual([]);
    await bench.stop();
  });

  it('is looked at again when the plan of the CCN serves other ranges', async () => {
    const [vpcPlan, ccnPlan] = plansOnCcn();
    const bench = new Bench([vpcPlan!, { ...ccnPlan!, candidates: [] }]);
    await bench.allApplied();
    expect(led(bench)).toBe(false);
    bench.plans.set(ccn, { ...ccnPlan!, generation: 2 });
    bench.agent.enqueue([ccn]);
    // The clock stands still: it is no look in passing.
    await expect.poll(() => led(bench)).toBe(true);
    await bench.stop();
  });

  it('does not lead to a gateway that goes, when its tunnels are forgotten', async () => {
    const bench = new Bench(plansOnCcn());
    await bench.allApplied();
    fault(bench, 'probe');
    await expect.poll(() => led(bench)).toBe(false);
    bench.fake.writes.length = 0;
    bench.asked.length = 0;
    bench.plans.set(ccn, { ...bench.plans.get(ccn)!, generation: 2, candidates: [] });
    // Whoever is attached to the CCN brings the newest plan of it along, and the gateway would be the one here.
    bench.agent.enqueue([ids.vpc]);
    await bench.eventually(() => bench.asked.includes(ccn));
    bench.observed.recordUsability(tunnel, null);
    await bench.clock.advance(1000);
    expect(bench.fake.writes.filter((line) => line.startsWith('route'))).toEqual([]);
    await bench.stop();
  });
});
