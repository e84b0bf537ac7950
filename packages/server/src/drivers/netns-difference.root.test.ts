import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseCidr, parseIpAddress } from '@landbridge/net';
import { patience } from '@landbridge/testbed/poll';
import { PrivateNetnsFolder } from '@landbridge/testbed/private-netns-folder';
import { privateKernel } from '../../testing/private-kernel.ts';
import { applied, difference } from '../plan/parts.ts';
import type { ChainPlan } from '../plan/packet-filter.ts';
import type { LinkPlan, NetnsPlan, RoutePlan, RulePlan } from '../plan/plan.ts';
import { converge, type Convergence, type ConvergeOptions } from './converge.ts';
import { inNetns, type Kernel } from './kernel.ts';
import { readDevices } from './link.ts';
import type { Netnsd } from './netnsd.ts';
import { ProvenPlans } from './proven-plans.ts';

/* Root only. Plans one after the other, written by what differs, leave the namespace that the last one alone would have made. */

const [here, twin] = ['lb-vpngw-00000001', 'lb-vpngw-00000002'] as const;
const bridge = 'vpc-00000001';

let folder: PrivateNetnsFolder;
let kernel: Kernel;

interface Tunnel {
  readonly n: number;
  readonly mtu: number;
  readonly address: number;
  readonly isSpd: boolean;
}

/** What a plan has, by small numbers. */
interface Wanted {
  readonly tunnels: readonly Tunnel[];
  /** Destination and tunnels; those without a device among these have to wait. */
  readonly routes: readonly { readonly to: number; readonly metric: number; readonly by: readonly number[] }[];
  readonly bridge: { readonly mtu: number; readonly addresses: readonly number[]; readonly limit: number | null };
  readonly neighbours: readonly number[];
  readonly proxies: readonly number[];
  readonly setting: '0' | '1';
}

const few = (max: number, maxLength: number) => fc.uniqueArray(fc.nat({ max }), { maxLength });
/** Where an address goes a look is needed, and many changes shall do without. */
const seldom = <T>(other: fc.Arbitrary<T>, mostly: T) =>
  fc.oneof({ arbitrary: fc.constant(mostly), weight: 8 }, { arbitrary: other, weight: 1 });
const wanted: fc.Arbitrary<Wanted> = fc.record({
  tunnels: fc.uniqueArray(
    fc.record({
      n: fc.nat({ max: 4 }),
      mtu: fc.constantFrom(1400, 1420),
      address: seldom(fc.nat({ max: 2 }), 0),
      isSpd: fc.boolean(),
    }),
    { maxLength: 5, selector: ({ n }) => n },
  ),
  routes: fc.uniqueArray(
    fc.record({
      to: fc.nat({ max: 4 }),
      metric: fc.constantFrom(1, 101),
      by: fc.uniqueArray(fc.nat({ max: 4 }), { minLength: 1, maxLength: 2 }),
    }),
    { maxLength: 6, selector: ({ to, metric }) => `${to} ${metric}` },
  ),
  bridge: fc.record({
    mtu: fc.constantFrom(1500, 1600),
    addresses: seldom(few(3, 3), [0, 1]),
    limit: fc.option(fc.constantFrom(10, 100)),
  }),
  neighbours: few(3, 3),
  proxies: few(3, 3),
  setting: fc.constantFrom('0', '1'),
});

const nameOf = (n: number) => `vpnx-0000000${n}`;

function planOf(netns: string, want: Wanted): NetnsPlan {
  const tunnels = want.tunnels.map(({ n, mtu, address }): LinkPlan => {
    const addresses = [{ address: `10.1.${address}.1/32`, scope: 'global' as const }];
    return { kind: 'tunnel', name: nameOf(n), ifId: n + 1, mtu, addresses };
  });
  const names = new Set(tunnels.map(({ name }) => name));
  const spd = want.tunnels.filter(({ isSpd }) => isSpd).map(({ n }) => n);
  const routes = want.routes
    .map((route) => ({ ...route, by: route.by.map(nameOf).filter((name) => names.has(name)) }))
    .filter(({ by }) => by.length > 0)
    .map(({ to, metric, by }): RoutePlan => {
      const nextHops = by.map((device) => ({ device }));
      return { table: 100, destination: parseCidr(`10.8.${to}.0/24`), metric, kind: 'unicast', nextHops };
    });
  return {
    key: netns.slice('lb-'.length) as NetnsPlan['key'],
    netns,
    sysctls: { 'net.ipv4.ip_forward': want.setting, 'net.ipv4.conf.all.rp_filter': '0' },
    links: [
      { kind: 'loopback', name: 'lo', addresses: [{ address: '169.254.0.2/32', scope: 'link' }] },
      {
        ...{ kind: 'bridge' as const, name: bridge, mtu: want.bridge.mtu, mac: '02:00:00:00:00:05' },
        addresses: want.bridge.addresses.map((n) => ({ address: `10.0.${n}.1/24`, scope: 'global' as const })),
        ...(want.bridge.limit !== null && { egressLimitMbps: want.bridge.limit }),
        neighbours: want.neighbours.map((n) => ({
          address: parseIpAddress(`10.0.0.${n + 10}`),
          mac: n === 0 ? '02:00:00:00:00:aa' : `02:00:00:00:01:0${n}`,
        })),
      },
      ...tunnels,
    ],
    rules: [
      ...spd.map((n): RulePlan => ({ priority: 50, iif: nameOf(n), action: { kind: 'lookup', table: 101 } })),
      ...tunnels.map(({ name }): RulePlan => ({ priority: 200, iif: name, action: { kind: 'lookup', table: 100 } })),
      { priority: 300, action: { kind: 'blackhole' } },
    ],
    routes: [
      { table: 101, destination: parseCidr('0.0.0.0/0'), metric: 0, kind: 'blackhole', nextHops: [] },
      ...routes,
    ],
    proxies: want.proxies.map((n) => ({ device: bridge, address: parseIpAddress(`10.0.9.${n + 1}`) })),
    filter: {
      counters: want.tunnels.map(({ n }) => `drops.${n}`),
      sets: [{ name: 'spd', fields: ['iifname'], elements: spd.map((n) => [nameOf(n)]) }],
      chains: [
        ...want.tunnels.map(({ n, address }): ChainPlan => ({
          name: `of-${n}`,
          rules: [
            {
              matches: [{ field: 'ip saddr', in: [`10.1.${address}.0/24`] }],
              actions: [{ count: `drops.${n}` }, { verdict: 'drop' }],
            },
          ],
        })),
        {
          name: 'forward',
          base: { type: 'filter', hook: 'forward', priority: 'filter', policy: 'drop' },
          rules: [
            { matches: [{ fields: ['iifname'], inSet: 'spd' }], actions: [{ verdict: 'accept' }] },
            ...want.tunnels.map(({ n }) => ({
              matches: [{ field: 'iifname', is: nameOf(n) } as const],
              actions: [{ goto: `of-${n}` }],
            })),
          ],
        },
      ],
    },
    charon: null,
  };
}

/** As it comes over the seam: what stays is the same object. */
function shared(before: NetnsPlan | undefined, plan: NetnsPlan): NetnsPlan {
  return applied(difference(before, plan), before) as NetnsPlan;
}

/** One namespace, and what is known of it. */
class Place {
  readonly netns: string;
  readonly #kernel: Kernel;
  readonly #proven = new ProvenPlans();
  readonly told: string[] = [];
  /** Lines that match are refused. */
  refuses: RegExp | null = null;
  looks = 0;
  news = 0;

  constructor(netns: string) {
    this.netns = netns;
    const { netnsd } = kernel;
    this.#kernel = { ...kernel, netnsd: this.#between(netnsd) };
  }

  /** Applies a plan as an agent and a gateway's daemons do, with TUN devices of our own. */
  async apply(plan: NetnsPlan, signal?: AbortSignal): Promise<Convergence> {
    const tunnels = plan.links.filter(({ kind }) => kind === 'tunnel').map(({ name }) => name);
    const outcome = await converge(
      this.#kernel,
      plan,
      { ...this.#options, makeDevices: (noted) => this.#make(plan, noted) },
      signal,
    );
    const gone = (await this.#tuns()).filter((name) => !tunnels.includes(name));
    await this.#expecting(gone, () => this.#tuntap('delete', gone));
    this.#proven.replaceDevices(plan.key, gone, []);
    return outcome;
  }

  /** Everything that a plan speaks of, in the words of iproute2 and nft. */
  async state(): Promise<object> {
    const [links, rules, routes, proxies, neighbours, qdiscs, settings, nft] = await Promise.all([
      this.#ip('addr'),
      this.#ip('rule'),
      this.#ip('route show table all'),
      this.#ip('neigh show proxy'),
      this.#ip('neigh show nud permanent'),
      kernel.commands.run(inNetns(kernel, this.netns, ['tc', 'qdisc', 'show', 'dev', bridge])),
      kernel.netnsd.readSysctls(this.netns, ['net/ipv4/ip_forward', 'net/ipv4/conf/all/rp_filter']),
      kernel.commands.run(inNetns(kernel, this.netns, ['nft', '-s', 'list', 'table', 'inet', 'landbridge'])),
    ]);
    return {
      links: lines(links),
      ...{ rules: lines(rules), routes: lines(routes), proxies: lines(proxies), neighbours: lines(neighbours) },
      ...{ qdiscs: qdiscs.replace(/ [0-9a-f]+: /, ' '), settings, nft: chainsOf(nft) },
    };
  }

  get #options(): ConvergeOptions {
    return {
      ...{ tunnelMtu: 'ours', proven: this.#proven, onLook: () => (this.looks += 1) },
      inTurn: (newest, round) => round(newest),
    };
  }

  async #make(plan: NetnsPlan, noted: Kernel): Promise<boolean> {
    const have = new Set(await this.#tuns());
    const names = plan.links.filter(({ name, kind }) => kind === 'tunnel' && !have.has(name)).map(({ name }) => name);
    await this.#expecting(names, () => this.#tuntap('add', names));
    this.#proven.replaceDevices(plan.key, names, await readDevices(noted, this.netns, names));
    return names.length > 0;
  }

  async #tuns(): Promise<string[]> {
    const text = await this.#ip('tuntap show');
    return [...text.matchAll(/^(\S+): tun/gm)].map(([, name = '']) => name);
  }

  async #expecting(names: readonly string[], work: () => Promise<void>): Promise<void> {
    await kernel.netnsd.expect(this.netns, names);
    await work();
    await kernel.netnsd.expect(this.netns, []);
  }

  async #tuntap(verb: 'add' | 'delete', names: readonly string[]): Promise<void> {
    for (const name of names) await this.#ip(`tuntap ${verb} dev ${name} mode tun`);
  }

  #ip(words: string): Promise<string> {
    return kernel.commands.run(['ip', '-4', '-d', '-n', this.netns, ...words.split(' ')]);
  }

  #between(netnsd: Netnsd): Netnsd {
    const isRefused = (line: string) => this.refuses?.test(line) === true;
    return {
      ...{ show: netnsd.show.bind(netnsd), look: netnsd.look.bind(netnsd), listNft: netnsd.listNft.bind(netnsd) },
      ...{ readSysctls: netnsd.readSysctls.bind(netnsd), watch: netnsd.watch.bind(netnsd) },
      ...{ expect: netnsd.expect.bind(netnsd), add: netnsd.add.bind(netnsd), remove: netnsd.remove.bind(netnsd) },
      writeSysctls: (netns, values) => {
        this.told.push(...values.map((value) => value.join(' = ')));
        return netnsd.writeSysctls(netns, values);
      },
      change: async (netns, all) => {
        this.told.push(...all);
        const outcomes = await netnsd.change(
          netns,
          all.filter((line) => !isRefused(line)),
        );
        const next = outcomes.values();
        return all.map((line) => (isRefused(line) ? 'refused by the test' : (next.next().value ?? null)));
      },
      runNft: (netns, script) => {
        this.told.push(...script.split('\n').filter((line) => line.trim() !== ''));
        return isRefused(script) ? Promise.reject(new Error('refused by the test')) : netnsd.runNft(netns, script);
      },
    };
  }
}

/** In no order, without what differs from device to device. */
function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/^\d+: |qlen \d+|link-netnsid \S+|valid_lft.*|linkdown|\b\d+sec\b/g, '')
        .replace(/state \S+/, '')
        .trim(),
    )
    .map((line) =>
      line.replace(/(hello|tcn|topology_change|gc)_timer\s+\S+/g, '').replace(/NO-CARRIER,|,LOWER_UP/g, ''),
    )
    .filter((line) => line !== '')
    .sort();
}

/** Chains, sets and counters by themselves, elements in no order; the mark among them. */
function chainsOf(text: string): string[] {
  return text
    .replace(/^table .*$/m, '')
    .split(/^\t}$/m)
    .map((part) =>
      part.replace(/\{ ([^{}]*) \}/g, (_, list: string) => `{ ${list.split(/,\s+/).sort().join()} }`).trim(),
    )
    .sort();
}

describe.runIf(process.getuid?.() === 0)('plans by what differs', { timeout: 240_000 * patience }, () => {
  beforeAll(async () => {
    folder = await PrivateNetnsFolder.create();
    kernel = privateKernel(folder, 'host');
  });
  beforeEach(renew);
  afterAll(async () => {
    for (const name of folder.list()) await kernel.commands.run(['ip', 'netns', 'delete', name]);
    folder[Symbol.dispose]();
  });

  async function renew(): Promise<void> {
    for (const name of folder.list()) await kernel.commands.run(['ip', 'netns', 'delete', name]);
    for (const name of [here, twin]) await kernel.commands.run(['ip', 'netns', 'add', name]);
  }

  const step = fc.record({
    want: wanted,
    refuses: fc.option(
      fc.constantFrom(/route replace/, /rule (add|delete)/, /address (add|delete)/, /element|chain/, /link set/),
      { freq: 4 },
    ),
  });

  it('leave what the last plan alone would have made, whatever was refused in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 7 }), wanted, async (steps, last) => {
        await renew();
        const [place, other] = [new Place(here), new Place(twin)];
        let before: NetnsPlan | undefined;
        for (const { want, refuses } of steps) {
          before = shared(before, planOf(here, want));
          place.refuses = refuses;
          place.told.length = 0;
          // What is refused may be needed for nothing.
          const applying = place.apply(before);
          const outcome = await applying.catch((error: unknown) => {
            expect(String(error)).toContain('refused by the test');
            return undefined;
          });
          for (const { line, problem } of outcome?.lines ?? []) {
            if (refuses?.test(line) === true) expect(problem).toContain('refused by the test');
          }
        }
        place.refuses = null;
        place.told.length = 0;
        const outcome = await place.apply(shared(before, planOf(here, last)));
        expect([outcome.failure, outcome.pending]).toEqual([null, []]);
        expect(outcome.lines.filter(({ by }) => by !== 'tc').map(({ line }) => line)).toEqual(place.told);
        await other.apply(planOf(twin, last));
        expect(await place.state()).toEqual(await other.state());
        // And a look finds nothing to do.
        place.told.length = 0;
        await place.apply(shared(before, planOf(here, last)));
        expect(place.told).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  const [first, second] = [0, 1].map((n) => ({ n, mtu: 1400, address: 0, isSpd: false })) as [Tunnel, Tunnel];
  const base: Wanted = {
    tunnels: [first, second],
    routes: [{ to: 0, metric: 1, by: [0] }],
    bridge: { mtu: 1500, addresses: [0, 1], limit: null },
    ...{ neighbours: [0], proxies: [0], setting: '1' },
  };

  it.each<[string, Partial<Wanted>]>([
    ['a route more', { routes: [...base.routes, { to: 1, metric: 1, by: [1] }] }],
    ['a route that leads elsewhere', { routes: [{ to: 0, metric: 1, by: [1] }] }],
    ['a route less', { routes: [] }],
    ['another rule, route and element of the packet filter', { tunnels: [{ ...first, isSpd: true }, second] }],
    ['an address more', { bridge: { ...base.bridge, addresses: [0, 1, 2] } }],
    ['another MTU', { bridge: { ...base.bridge, mtu: 1600 } }],
    ['another neighbour', { neighbours: [1] }],
    ['another proxy', { proxies: [1] }],
    ['another setting', { setting: '0' }],
  ])('need no look: %s', async (_, change) => {
    const [place, other] = [new Place(here), new Place(twin)];
    const before = shared(undefined, planOf(here, base));
    await place.apply(before);
    place.looks = 0;
    const outcome = await place.apply(shared(before, planOf(here, { ...base, ...change })));
    expect([outcome.failure, outcome.pending, place.looks]).toEqual([null, [], 0]);
    await other.apply(planOf(twin, { ...base, ...change }));
    expect(await place.state()).toEqual(await other.state());
  });

  it('where the last address of a device goes leave what the kernel takes away with it', async () => {
    const [place, other] = [new Place(here), new Place(twin)];
    const before = shared(undefined, planOf(here, base));
    await place.apply(before);
    const without = { ...base, bridge: { ...base.bridge, addresses: [] } };
    const outcome = await place.apply(shared(before, planOf(here, without)));
    expect([outcome.failure, outcome.pending]).toEqual([null, []]);
    await other.apply(planOf(twin, without));
    expect(await place.state()).toEqual(await other.state());
  });
});
