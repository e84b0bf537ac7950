import { parseIpAddress } from '@landbridge/net';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { ToldProbes } from '../../testing/told-probes.ts';
import type { NewEvent } from '../domain/operator/event.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { TunnelWatch } from '../plan/plan.ts';
import type { RememberedTunnels } from './failover-memory.ts';
import { probePair } from '../plan/probe-pair.ts';
import { TunnelFailover } from './tunnel-failover.ts';

const one: VpnConnectionId = 'vpnx-tunnel01';
const two: VpnConnectionId = 'vpnx-tunnel02';
const holdDown = { checkedMs: 10_000, uncheckedMs: 3000 };
const intervalMs = 100;

function watchOf(id: VpnConnectionId, alternatives: readonly VpnConnectionId[], isProbed = true): TunnelWatch {
  const probe = {
    localAddress: parseIpAddress('169.254.128.1'),
    remoteAddress: parseIpAddress('169.254.128.2'),
    ...{ intervalMs, timeoutMs: 100, threshold: 3 },
  };
  return { id, needsChildSa: true, probe: isProbed ? probe : null, alternatives };
}

/** A gateway's failover with everything around it, and time that the test moves. */
function setUp(watches: readonly TunnelWatch[], remembered: RememberedTunnels = new Map()) {
  const clock = new FakeClock();
  const observed = new ObservedState();
  const events: NewEvent[] = [];
  let saved = (): RememberedTunnels => remembered;
  let switches = 0;
  let isServed = false;
  observed.onUsability(() => switches++);
  let writes = 0;
  const failover = new TunnelFailover({
    ...{ observed, clock, holdDown },
    memory: {
      read: () => new Map(remembered),
      note: (newest) => {
        saved = newest;
        writes++;
      },
    },
    record: (event) => events.push(event),
    isServed: () => isServed,
  });
  // Those that are probed have their check from here on, whichever it is.
  const told = new Map<VpnConnectionId, ToldProbes>();
  let current = watches;
  const endProbe = (id: VpnConnectionId, isAnswered: boolean) => {
    const probe = current.find((watch) => watch.id === id)?.probe;
    if (probe == null) return;
    const pair = probePair(probe);
    const probes = told.get(id) ?? new ToldProbes();
    told.set(id, probes);
    failover.noteProbes([{ id, pair, ...probes.end(isAnswered, clock.elapsed()) }]);
  };
  const usableBeforePlan = watches.map(({ id }) => observed.isUsable(id));
  failover.setTunnels(watches);
  return {
    ...{ clock, events, failover, observed, usableBeforePlan, endProbe },
    /** Another pair of a tunnel is probed anew. */
    setTunnels: (newest: readonly TunnelWatch[]) => {
      current = newest;
      told.clear();
      failover.setTunnels(newest);
    },
    saved: () => saved(),
    switches: () => switches,
    writes: () => writes,
    serve: (is: boolean) => (isServed = is),
    kinds: (id: VpnConnectionId) => events.filter(({ resourceId }) => resourceId === id).map(({ kind }) => kind),
    isUsable: (id: VpnConnectionId) => observed.isUsable(id),
    up: (...ids: VpnConnectionId[]) => failover.noteChildSas(new Map(ids.map((id) => [id, true]))),
    down: (...ids: VpnConnectionId[]) => failover.noteChildSas(new Map(ids.map((id) => [id, false]))),
    /** One probe per answer, an interval apart. */
    probe: async (id: VpnConnectionId, ...answers: boolean[]) => {
      for (const isAnswered of answers) {
        await clock.advance(intervalMs);
        endProbe(id, isAnswered);
      }
    },
  };
}

const pair = [watchOf(one, [two]), watchOf(two, [one])];

test('one word of charon about many tunnels is one decision: each is told once, and one file is written', () => {
  const ids = Array.from({ length: 300 }, (_, number): VpnConnectionId => `vpnx-${String(number).padStart(8, '0')}`);
  const { up, down, switches, writes, isUsable } = setUp(ids.map((id) => watchOf(id, [], false)));
  up(...ids);
  const before = { switches: switches(), writes: writes() };
  down(...ids);
  expect([switches() - before.switches, writes() - before.writes]).toEqual([300, 1]);
  expect(ids.some(isUsable)).toBe(false);
});

test('one tunnel of a thousand that fails or returns is news of one tunnel, whoever tells it', async () => {
  const ids = Array.from({ length: 1000 }, (_, number): VpnConnectionId => `vpnx-${String(number).padStart(8, '0')}`);
  const [first, second] = ids as [VpnConnectionId, VpnConnectionId];
  const { observed, endProbe, failover, isUsable, probe, up } = setUp(
    ids.map((id, place) => watchOf(id, [ids[place ^ 1]!])),
  );
  up(...ids);
  for (const id of ids) endProbe(id, true);
  const published = vi.spyOn(observed, 'recordUsability');
  const told = () => published.mock.calls.splice(0).map(([id]) => id);
  failover.noteChildSas(new Map(ids.map((id) => [id, id !== first])));
  expect([told(), isUsable(first)]).toEqual([[first], false]);
  failover.noteChildSas(new Map(ids.map((id) => [id, true])));
  expect(told()).toEqual([first]);
  await probe(second, false, false, false);
  // The third one fails it, and ends the wait of the first.
  expect([told(), isUsable(first), isUsable(second)]).toEqual([[second, second, second, first], true, false]);
  failover.noteChildSas(new Map(ids.map((id) => [id, true])));
  failover.servedChanged();
  expect(told()).toEqual([]);
});

test('whatever was told of whom, what was left out of each decision would have changed nothing', async () => {
  const ids: readonly VpnConnectionId[] = ['vpnx-tunnel01', 'vpnx-tunnel02', 'vpnx-tunnel03', 'vpnx-tunnel04'];
  const some = fc.subarray([...ids], { minLength: 1 });
  const world = fc
    .array(fc.record({ one: fc.nat(3), two: fc.nat(3) }), { minLength: 2, maxLength: 6 })
    .map((meetings) =>
      ids.map((id, place): TunnelWatch => {
        const met = meetings.flatMap(({ one: x, two: y }) => (x === place ? [y] : y === place ? [x] : []));
        const alternatives = ids.filter((_, other) => other !== place && met.includes(other));
        return {
          ...watchOf(id, alternatives, place % 2 === 0),
          ...(place === 3 && { otherPath: ['range-a' as const] }),
        };
      }),
    );
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('look' as const), up: fc.subarray([...ids], { minLength: 2 }) }),
    },
    fc.record({
      kind: fc.constant('probes' as const),
      of: some,
      isAnswered: fc.boolean(),
      times: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({ kind: fc.constant('served' as const), is: fc.boolean() }),
    fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(100, 2999, 3000, 10_000) }),
    fc.record({ kind: fc.constant('plan' as const), watches: world }),
  );
  await fc.assert(
    fc.asyncProperty(world, fc.array(step, { maxLength: 30 }), async (first, steps) => {
      const now = setUp(first);
      now.up(...ids);
      for (const id of ids) now.endProbe(id, true);
      let watches = first;
      for (const each of steps) {
        if (each.kind === 'look') now.failover.noteChildSas(new Map(ids.map((id) => [id, each.up.includes(id)])));
        else if (each.kind === 'plan') now.setTunnels((watches = each.watches));
        else if (each.kind === 'time') await now.clock.advance(each.ms);
        else if (each.kind === 'served') {
          now.serve(each.is);
          now.failover.servedChanged();
        } else {
          for (let time = 0; time < each.times; time++) for (const id of each.of) now.endProbe(id, each.isAnswered);
        }
        const before = [ids.map(now.isUsable), now.events.length];
        // Anew by a plan that says the same, which concerns them all.
        now.failover.setTunnels(watches.map((watch) => ({ ...watch })));
        expect([ids.map(now.isUsable), now.events.length]).toEqual(before);
      }
    }),
    { numRuns: 80 },
  );
});

describe('a new tunnel', () => {
  test('is unusable until charon has a CHILD_SA of it, and then at once', () => {
    const { isUsable, kinds, switches, up } = setUp([{ ...watchOf(one, [], false), otherPath: 'always' }]);
    expect([isUsable(one), switches()]).toEqual([false, 1]);
    up(one);
    expect([isUsable(one), switches(), kinds(one)]).toEqual([true, 2, []]);
  });

  test('that waits for its first packet is usable', () => {
    const { isUsable, switches } = setUp([{ ...watchOf(one, [], false), needsChildSa: false }]);
    expect([isUsable(one), switches()]).toEqual([true, 0]);
  });
});

test('the return waits while another instance of the CCN serves', async () => {
  const watch = watchOf(one, [], false);
  const { clock, down, failover, isUsable, up } = setUp([watch]);
  up(one);
  down(one);
  failover.setTunnels([{ ...watch, otherPath: 'always' }]);
  up(one);
  expect(isUsable(one)).toBe(false);
  await clock.advance(holdDown.uncheckedMs);
  expect(isUsable(one)).toBe(true);
});

describe('while the CCN leads elsewhere what the tunnel leads to', () => {
  const watch = { ...watchOf(one, [], false), otherPath: ['range-a'] as const };

  test('the return waits, and it ends when nothing serves any more', () => {
    const { down, failover, isUsable, kinds, serve, up } = setUp([watch]);
    up(one);
    serve(true);
    down(one);
    up(one);
    expect([isUsable(one), kinds(one)]).toEqual([false, ['tunnel-withdrawn', 'held-down']]);
    failover.servedChanged();
    expect(isUsable(one)).toBe(false);
    serve(false);
    failover.servedChanged();
    expect([isUsable(one), kinds(one).at(-1)]).toEqual([true, 'tunnel-returned']);
  });

  test('what fails in the same look is not counted on: faults are told before anybody asks', () => {
    const other = { ...watchOf(two, [], false), otherPath: 'always' as const };
    const { down, failover, isUsable, observed, serve, up } = setUp([watch, other]);
    up(one, two);
    down(one);
    serve(true);
    observed.onUsability((id) => serve(id === two && observed.isUsable(two)));
    failover.noteChildSas(
      new Map([
        [one, true],
        [two, false],
      ]),
    );
    expect([isUsable(one), isUsable(two)]).toEqual([true, false]);
  });
});

describe('probes', () => {
  test('are told with the interval that is kept to, and the one that was wanted', () => {
    const plain = watchOf(one, []);
    const stretched = { ...plain, id: two, probe: { ...plain.probe!, intervalMs: 1200, wantedIntervalMs: 100 } };
    const { observed } = setUp([plain, stretched, watchOf('vpnx-tunnel03', [], false)]);
    expect(observed.tunnels().map(({ usability }) => usability?.healthCheck?.schedule ?? null)).toEqual([
      { intervalMs: 100, wantedMs: 100 },
      { intervalMs: 1200, wantedMs: 100 },
      null,
    ]);
  });

  test('withdraw the tunnel at the third in a row that is not answered', async () => {
    const { isUsable, kinds, probe, up } = setUp(pair);
    up(one, two);
    await probe(one, true, false, false);
    expect(isUsable(one)).toBe(true);
    await probe(one, false);
    expect([isUsable(one), isUsable(two)]).toEqual([false, true]);
    expect(kinds(one)).toEqual(['probe-answered', 'probe-failed', 'tunnel-withdrawn']);
  });

  test('that were never answered withdraw nothing, and the state says so', async () => {
    const { isUsable, observed, probe, up } = setUp([watchOf(one, [])]);
    up(one);
    await probe(one, ...Array<boolean>(20).fill(false));
    expect(isUsable(one)).toBe(true);
    expect(observed.tunnel(one).usability?.healthCheck).toMatchObject({
      state: 'unknown',
      probes: { sent: 20, lost: 20, meanDelayMs: null },
    });
  });

  test('withdraw a lone tunnel too, which returns with the first answer', async () => {
    const { isUsable, probe, up } = setUp([watchOf(one, [])]);
    up(one);
    await probe(one, true, false, false, false);
    expect(isUsable(one)).toBe(false);
    await probe(one, true);
    expect(isUsable(one)).toBe(true);
  });

  test('to another pair of addresses are another check; other settings are not', async () => {
    const { setTunnels, isUsable, observed, probe, up } = setUp([watchOf(one, [])]);
    up(one);
    await probe(one, true, false, false, false);
    const changed = watchOf(one, []);
    setTunnels([{ ...changed, probe: { ...changed.probe!, threshold: 8 } }]);
    expect(isUsable(one)).toBe(false);
    setTunnels([{ ...changed, probe: { ...changed.probe!, remoteAddress: parseIpAddress('169.254.128.6') } }]);
    expect([isUsable(one), observed.tunnel(one).usability?.healthCheck?.state]).toEqual([true, 'unknown']);
  });
});

describe('a missing CHILD_SA', () => {
  test('withdraws the tunnel at once', () => {
    const { down, isUsable, up } = setUp([watchOf(one, [two], false), watchOf(two, [one], false)]);
    up(one, two);
    down(one);
    expect([isUsable(one), isUsable(two)]).toEqual([false, true]);
  });

  test('says nothing about a tunnel that the first packet brings up', () => {
    const { down, isUsable } = setUp([{ ...watchOf(one, [], false), needsChildSa: false }]);
    down(one);
    expect(isUsable(one)).toBe(true);
  });

  test('keeps a new tunnel out; it comes in with its first CHILD_SA, without hold-down', () => {
    const { down, isUsable, kinds, up } = setUp(pair);
    up(two);
    down(one);
    expect(isUsable(one)).toBe(false);
    up(one);
    expect(isUsable(one)).toBe(true);
    expect(kinds(one)).toEqual([]);
  });
});

describe('the return', () => {
  test('of an unchecked tunnel waits for its hold-down', async () => {
    const { clock, down, isUsable, kinds, up } = setUp([watchOf(one, [two], false), watchOf(two, [one], false)]);
    up(one, two);
    down(one);
    up(one);
    await clock.advance(2999);
    expect(isUsable(one)).toBe(false);
    await clock.advance(1);
    expect(isUsable(one)).toBe(true);
    expect(kinds(one)).toEqual(['tunnel-withdrawn', 'held-down', 'tunnel-returned']);
  });

  test('waits no longer when the time of day is corrected meanwhile', async () => {
    const { clock, down, isUsable, up } = setUp([watchOf(one, [two], false), watchOf(two, [one], false)]);
    up(one, two);
    down(one);
    up(one);
    clock.setBy(-3_600_000);
    await clock.advance(2999);
    expect(isUsable(one)).toBe(false);
    await clock.advance(1);
    expect(isUsable(one)).toBe(true);
  });

  test('starts to wait anew at every probe that is not answered', async () => {
    const { isUsable, probe, up } = setUp(pair);
    up(one, two);
    await probe(one, true, false, false, false);
    const clean = Array<boolean>(98).fill(true);
    await probe(one, ...clean, false, ...clean);
    expect(isUsable(one)).toBe(false);
    await probe(one, true, true);
    expect(isUsable(one)).toBe(true);
  });

  test('does not wait for answers to a check that was never answered', async () => {
    const { setTunnels, isUsable, observed, probe, up } = setUp(pair);
    up(one, two);
    await probe(one, true, false, false, false);
    const { probe: before } = watchOf(one, [two]);
    const other = { ...before!, remoteAddress: parseIpAddress('169.254.128.6') };
    setTunnels([{ ...watchOf(one, [two]), probe: other }, watchOf(two, [one])]);
    expect(observed.tunnel(one).usability).toMatchObject({ fault: 'hold-down', healthCheck: { state: 'unknown' } });
    await probe(one, ...Array<boolean>(100).fill(false));
    expect([isUsable(one), observed.tunnel(one).usability?.healthCheck?.state]).toEqual([true, 'unknown']);
  });

  test('does not wait when nothing serves in its place', async () => {
    const { down, isUsable, probe, up } = setUp(pair);
    up(one, two);
    await probe(one, true, false, false, false);
    await probe(one, true);
    expect([isUsable(one), isUsable(two)]).toEqual([false, true]);
    down(two);
    expect([isUsable(one), isUsable(two)]).toEqual([true, false]);
  });
});

describe('a drill', () => {
  /** Both up, answered, and known for long. */
  const working = async () => {
    const made = setUp(pair);
    made.up(one, two);
    await made.probe(one, true);
    await made.probe(two, true);
    await made.clock.advance(20_000);
    return made;
  };
  const settled = async (drilled: Promise<boolean>) => Promise.race([drilled, Promise.resolve('under way')]);

  test('takes the routes of a faultless tunnel out for its time, and no longer, whatever its hold-down would be', async () => {
    const { failover, isUsable, clock, kinds, events } = await working();
    const drilled = failover.drill(one, 4000);
    expect([isUsable(one), isUsable(two)]).toEqual([false, true]);
    expect(events.at(-1)).toMatchObject({ resourceId: one, kind: 'tunnel-withdrawn' });
    expect(events.at(-1)?.message).toContain('drill of 4 s');
    await clock.advance(3999);
    expect(await settled(drilled)).toBe('under way');
    expect(isUsable(one)).toBe(false);
    await clock.advance(1);
    expect(isUsable(one)).toBe(true);
    expect(await drilled).toBe(true);
    expect(kinds(one).slice(-2)).toEqual(['tunnel-withdrawn', 'tunnel-returned']);
    await clock.advance(60_000);
    expect([isUsable(one), isUsable(two)]).toEqual([true, true]);
  });

  test('is not prolonged by a probe that is lost before it or meanwhile', async () => {
    const { failover, isUsable, probe, clock } = await working();
    await probe(one, false);
    const began = clock.elapsed();
    const drilled = failover.drill(one, 4000);
    await probe(one, false);
    await clock.advance(began + 3999 - clock.elapsed());
    expect(isUsable(one)).toBe(false);
    await clock.advance(1);
    expect([isUsable(one), await drilled]).toEqual([true, true]);
  });

  test('of a tunnel that has just come up lasts its time, too', async () => {
    const { failover, isUsable, probe, clock, up } = setUp(pair);
    up(one, two);
    await probe(two, true);
    const began = clock.elapsed();
    const drilled = failover.drill(one, 3000);
    await clock.advance(began + 2999 - clock.elapsed());
    expect(isUsable(one)).toBe(false);
    await clock.advance(1);
    expect([isUsable(one), await drilled]).toEqual([true, true]);
  });

  test('is none before the IKE daemon has said a word, whatever is remembered', () => {
    const usable = { isUsable: true, answeredPair: null };
    const unchecked = [watchOf(one, [two], false), watchOf(two, [one], false)];
    const { failover, up } = setUp(
      unchecked,
      new Map([
        [one, usable],
        [two, usable],
      ]),
    );
    expect(failover.drillRefusal(one)).toBe('not-used');
    up(one);
    expect(failover.drillRefusal(one)).toBe('no-standby');
    up(two);
    expect(failover.drillRefusal(one)).toBeNull();
  });

  test('ends at once when what serves in its place fails', async () => {
    const { failover, isUsable, down } = await working();
    const drilled = failover.drill(one, 4000);
    down(two);
    expect([isUsable(one), isUsable(two)]).toEqual([true, false]);
    expect(await drilled).toBe(false);
  });

  test('ends with a fault of the tunnel, which then waits as after any', async () => {
    const { failover, isUsable, probe, clock } = await working();
    const drilled = failover.drill(one, 4000);
    await probe(one, false, false, false);
    expect(await drilled).toBe(false);
    await probe(one, true);
    // From the last loss on, which was one interval ago.
    await clock.advance(holdDown.checkedMs - intervalMs - 1);
    expect(isUsable(one)).toBe(false);
    await clock.advance(1);
    expect(isUsable(one)).toBe(true);
  });

  test('is none of a tunnel that is not used, nor where no other one is known to work, nor of one that is gone', async () => {
    const { failover, isUsable, down } = await working();
    expect(failover.drillRefusal('vpnx-00000000')).toBe('not-used');
    expect(failover.drillRefusal(one)).toBeNull();
    void failover.drill(one, 4000);
    // A second one would take the last routes out.
    expect(failover.drillRefusal(two)).toBe('no-standby');
    expect(await failover.drill(two, 4000)).toBe(false);
    expect(isUsable(two)).toBe(true);
    down(one);
    expect(failover.drillRefusal(one)).toBe('not-used');
    expect(failover.drillRefusal(two)).toBe('no-standby');
    const unproven = setUp(pair);
    unproven.up(one, two);
    expect(unproven.failover.drillRefusal(one)).toBe('no-standby');
  });

  test('ends with the tunnel and with this process, whose successor holds it down no longer than any', async () => {
    const { failover } = await working();
    const gone = failover.drill(one, 4000);
    failover.setTunnels([watchOf(two, [])]);
    expect(await gone).toBe(false);
    const made = await working();
    const stopped = made.failover.drill(one, 600_000);
    const remembered = made.saved();
    made.failover.stop();
    expect(await stopped).toBe(false);
    const next = setUp(pair, remembered);
    next.up(one, two);
    await next.probe(one, true);
    await next.probe(two, true);
    await next.clock.advance(holdDown.checkedMs);
    expect(next.isUsable(one)).toBe(true);
  });
});

describe('a restarted control plane', () => {
  const remembered = new Map([[one, { isUsable: false, answeredPair: '169.254.128.1 169.254.128.2' }]]);

  test('leaves a withdrawn tunnel out, from before its first plan until it has proven itself', async () => {
    const { clock, isUsable, probe, up, usableBeforePlan } = setUp(pair, remembered);
    expect(usableBeforePlan).toEqual([false, true]);
    up(one, two);
    expect(isUsable(one)).toBe(false);
    await probe(one, true);
    expect(isUsable(one)).toBe(false);
    await clock.advance(10_000);
    expect(isUsable(one)).toBe(true);
  });

  test('waits for the first word of charon, however long that takes, without looking again and again', async () => {
    const { clock, isUsable, up } = setUp(pair, new Map([[one, { isUsable: false, answeredPair: null }]]));
    await clock.advance(2 * holdDown.checkedMs);
    expect(isUsable(one)).toBe(false);
    up(two, one);
    expect(isUsable(one)).toBe(false);
    await clock.advance(holdDown.checkedMs);
    expect(isUsable(one)).toBe(true);
  });

  test('remembers that the probe was answered once', async () => {
    const first = setUp(pair);
    first.up(one, two);
    await first.probe(one, true);
    const second = setUp(pair, first.saved());
    second.up(one, two);
    await second.probe(one, false, false, false);
    expect(second.isUsable(one)).toBe(false);
  });
});

test('whatever happens, a flapping line switches at most once per hold-down, and a faulty tunnel is never used', async () => {
  const step = fc.constantFrom('answer', 'loss', 'up', 'down');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { clock, down, endProbe, events, isUsable, observed, up } = setUp(pair);
      up(one, two);
      let hasChildSa = true;
      for (const kind of steps) {
        await clock.advance(intervalMs);
        if (kind === 'answer' || kind === 'loss') endProbe(one, kind === 'answer');
        else if (kind === 'up') up(one);
        else down(one);
        if (kind === 'up' || kind === 'down') hasChildSa = kind === 'up';
        const isFaulty = !hasChildSa || observed.tunnel(one).usability?.healthCheck?.state === 'unavailable';
        if (isFaulty) expect(isUsable(one)).toBe(false);
        expect(isUsable(two)).toBe(true);
      }
      // Sixty steps of 100 ms are less than the hold-down of ten seconds.
      const returns = events.filter(({ resourceId, kind }) => resourceId === one && kind === 'tunnel-returned');
      expect(returns.length).toBe(0);
    }),
    { numRuns: 15 },
  );
});

test('whatever happened, a tunnel whose faults are over returns after the hold-down, answered or never checked', async () => {
  const checked = watchOf(one, [two]);
  const checkedElsewhere = { ...checked, probe: { ...checked.probe!, remoteAddress: parseIpAddress('169.254.128.6') } };
  const changes = [checked, checkedElsewhere, watchOf(one, [two], false)];
  const step = fc.oneof(fc.constantFrom('answer', 'loss', 'up', 'down', 'restart'), fc.constantFrom(...changes));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      let watches = pair;
      let now = setUp(watches);
      now.up(one, two);
      for (const kind of steps) {
        await now.clock.advance(intervalMs);
        if (typeof kind === 'object') now.setTunnels((watches = [kind, watchOf(two, [one])]));
        else if (kind === 'up') now.up(one);
        else if (kind === 'down') now.down(one);
        else if (kind !== 'restart') now.endProbe(one, kind === 'answer');
        else {
          now = setUp(watches, now.saved());
          now.up(two);
        }
      }
      now.up(one);
      const isAnswered = now.observed.tunnel(one).usability?.healthCheck?.state !== 'unknown';
      now.endProbe(one, isAnswered);
      await now.clock.advance(holdDown.checkedMs - 1);
      now.endProbe(one, isAnswered);
      await now.clock.advance(1);
      expect(now.isUsable(one)).toBe(true);
    }),
    { numRuns: 30 },
  );
});
