import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { PlanOutcome } from '../domain/operator/observation.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import { sampleGatewayPlan, sampleHostPlan, sampleIds, sampleVpcPlan } from '../../testing/sample-plans.ts';
import type { IssuedPlan, PlanKey } from '../plan/plan.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { createAgent } from './agent.ts';
import { FakeCharon } from '../../testing/fake-charon.ts';
import { FakeKernel } from '../../testing/fake-kernel.ts';

const most = 4;
const ids = sampleIds('chng', most);

/** What is wanted of one tunnel; null: there is none. */
type Wanted = { readonly ifId: number; readonly epoch: number } | null;

interface Tunnels {
  readonly devices: Readonly<Record<string, number | null>>;
  readonly connections: Readonly<Record<string, number | null>>;
}

/** A gateway with these tunnels, by their places among the ids. */
function planOf(wanted: readonly Wanted[], generation: number): IssuedPlan {
  const tunnels = ids.tunnels.filter((_, index) => (wanted[index] ?? null) !== null);
  const of = (id: string) => wanted[ids.tunnels.findIndex((one) => one === id)] ?? { ifId: 0, epoch: 0 };
  const plan = sampleGatewayPlan({ ...ids, tunnels }, generation);
  return {
    ...plan,
    links: plan.links.map((link) => (link.kind === 'tunnel' ? { ...link, ifId: of(link.name).ifId } : link)),
    charon: { connections: (plan.charon?.connections ?? []).map((one) => ({ ...one, ...of(one.id) })) },
  };
}

/** Of its generation or a later one, whatever other tunnels suffer from. */
function isTunnelApplied(
  outcome: PlanOutcome | undefined,
  { id, generation }: { readonly id: VpnConnectionId; readonly generation: number },
): boolean {
  return (outcome?.appliedGeneration ?? -1) >= generation && outcome?.failures?.has(id) !== true;
}

function start() {
  const [fake, clock, charon, observed] = [new FakeKernel(), new FakeClock(), new FakeCharon(), new ObservedState()];
  fake.host.links.set('uplink', { ...fake.host.link('lo'), kind: 'bridge', addresses: new Map() });
  fake.host.sysctls.set(`net/ipv4/conf/${ids.gateway}/forwarding`, '0');
  const plans = new Map<PlanKey, IssuedPlan>();
  for (const plan of [sampleHostPlan(ids), sampleVpcPlan(ids), planOf([], 0)]) plans.set(plan.key, plan);
  const agent = createAgent({
    source: {
      planFor: (key) => Promise.resolve(plans.get(key)),
      listKeys: () => Promise.resolve([...plans.keys()]),
      preSharedKey: () => Promise.resolve('secret'),
      preSharedKeyDigest: () => Promise.resolve('digest'),
    },
    ...{ observed, clock, kernel: fake.kernel, createDaemons: () => charon.daemons },
    ...{ dataDir: '/nowhere/landbridge', dataPlane: 'kernel' as const, espAlwaysInUdp: false, pathMtu: 1500 },
    binaries: { charon: '/nowhere', uxfrm: '/nowhere', uxfrmShim: '/nowhere', uxprobe: '/nowhere' },
    logger: pino({ level: 'silent' }),
  });
  const stop = new AbortController();
  const running = agent.run(stop.signal);
  const netns = () => fake.netns(`lb-${ids.gateway}`);
  let generation = 0;
  return {
    ...{ fake, clock, charon, observed },
    want: (wanted: readonly Wanted[]) => {
      plans.set(ids.gateway, planOf(wanted, ++generation));
      agent.enqueue([ids.gateway]);
      return generation;
    },
    outcome: () => observed.outcome(ids.gateway),
    /** Moves the clock until it is so, or for two minutes. */
    eventually: async (condition: () => boolean) => {
      for (let moved = 0; !condition() && moved < 120_000; moved += 100) await clock.advance(100);
      expect(condition(), condition.toString()).toBe(true);
    },
    /** Device → if_id, and connection id → if_id. */
    actual: (): Tunnels => ({
      devices: Object.fromEntries<number | null>(
        [...netns().links].filter(([, { kind }]) => kind === 'xfrm').map(([name, { ifId }]) => [name, ifId]),
      ),
      connections: Object.fromEntries<number | null>(
        [...charon.connections].map(([name, ifId]) => [name.split('@')[0] ?? '', ifId ?? null]),
      ),
    }),
    end: async () => {
      stop.abort(new Error('test ends'));
      await running;
    },
  };
}

function asWanted(wanted: readonly Wanted[]): Tunnels {
  const entries = wanted.flatMap((one, index) => (one === null ? [] : [[ids.tunnels[index] ?? '', one.ifId] as const]));
  return {
    devices: Object.fromEntries<number | null>(entries),
    connections: Object.fromEntries<number | null>(entries),
  };
}

/** Few if_ids for many tunnels: each is somebody else's soon. */
const wantedTunnels = fc
  .tuple(
    fc.shuffledSubarray([1, 2, 3, 4], { minLength: most }),
    fc.array(fc.option(fc.nat({ max: 1 })), { minLength: most, maxLength: most }),
  )
  .map(([ifIds, epochs]) => epochs.map((epoch, n): Wanted => (epoch === null ? null : { ifId: ifIds[n] ?? 0, epoch })));

describe('tunnels of one gateway', () => {
  it('are as wanted in the end, whatever was created, changed and deleted at full speed before', async () => {
    const steps = fc.array(fc.record({ wanted: wantedTunnels, pauseMs: fc.constantFrom(0, 0, 0, 50, 400) }), {
      minLength: 2,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const bench = start();
        try {
          let generation = 0;
          for (const { wanted, pauseMs } of all) {
            generation = bench.want(wanted);
            if (pauseMs > 0) await bench.clock.advance(pauseMs);
          }
          await bench.eventually(
            () => bench.outcome()?.appliedGeneration === generation && bench.outcome()?.error === null,
          );
          expect(bench.actual()).toEqual(asWanted(all.at(-1)?.wanted ?? []));
          expect(bench.charon.keys.size).toBe(bench.charon.connections.size);
        } finally {
          await bench.end();
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  const two: Wanted[] = [
    { ifId: 1, epoch: 0 },
    { ifId: 2, epoch: 0 },
  ];

  it.each([
    ['device cannot be made', (bench: ReturnType<typeof start>) => bench.fake.failOn(/link add vpnx-tst0/, 1_000_000)],
    ['connection cannot be loaded', (bench: ReturnType<typeof start>) => (bench.charon.refuses = /^vpnx-tst0/)],
    [
      'route cannot be entered',
      (bench: ReturnType<typeof start>) => bench.fake.failOn(/^route .*10\.8\.0\.0.*vpnx-tst0/, 1_000_000),
    ],
  ])('do not wait for one whose %s', async (_what, breakIt) => {
    const bench = start();
    const [bad, good] = ids.tunnels;
    if (bad === undefined || good === undefined) throw new Error('no tunnels');
    try {
      await bench.eventually(() => bench.outcome()?.error === null);
      breakIt(bench);
      const generation = bench.want(two);
      await bench.eventually(() => isTunnelApplied(bench.outcome(), { id: good, generation }));
      expect(isTunnelApplied(bench.outcome(), { id: bad, generation })).toBe(false);
      expect(bench.outcome()?.error).toContain(bad);
      expect(bench.actual().connections).toHaveProperty(good, 2);
      // A later tunnel does not wait either.
      const next = bench.want([...two, { ifId: 3, epoch: 0 }]);
      await bench.eventually(() => isTunnelApplied(bench.outcome(), { id: ids.tunnels[2] ?? bad, generation: next }));
      // And nothing of the bad one is in the way once it is gone.
      const last = bench.want([null, ...two.slice(1)]);
      await bench.eventually(() => bench.outcome()?.appliedGeneration === last && bench.outcome()?.error === null);
      expect(bench.actual()).toEqual(asWanted([null, ...two.slice(1)]));
    } finally {
      await bench.end();
    }
  });
});
