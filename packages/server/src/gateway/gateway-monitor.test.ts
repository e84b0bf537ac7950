import { parseCidr } from '@landbridge/net';
import type { Charon, CharonEvent, IkeSa } from '@landbridge/vici';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { ObservedState } from '../domain/operator/observed-state.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { NoAnswerError } from '../platform/patience.ts';
import { outlivingMs } from '../domain/vpn/tunnel-usability.ts';
import type { TunnelWatch } from '../plan/plan.ts';
import { GatewayMonitor } from './gateway-monitor.ts';
import type { FilterCounter } from '../drivers/nft.ts';
import type { DataPlaneSa } from '../drivers/data-plane-sa.ts';
import { childSa, ikeSa, sampleWatched, watched } from '../../testing/sample-sas.ts';
import type { WatchedConnection } from './watched-connection.ts';

const { id } = watched.plan;
const up = ikeSa({ childSas: [childSa()] });

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

/** A charon whose SAs a test sets. */
function bench(
  first: readonly IkeSa[] = [],
  clock: Clock = systemClock,
  connection: WatchedConnection = watched,
  readSas?: () => Promise<readonly DataPlaneSa[] | null>,
  readCounters?: () => Promise<readonly FilterCounter[]>,
) {
  let ikeSas = first;
  const once: (readonly IkeSa[])[] = [];
  let lists = 0;
  let isStopped = false;
  let stopsWhenTold = false;
  const silences: boolean[] = [];
  let handle: (event: CharonEvent) => void = () => undefined;
  let notFound: string | null = null;
  const log = (text: string, group = 'IKE') =>
    handle({ kind: 'log', group, level: 1, thread: 3, ikeSaName: watched.name, ikeSaUniqueId: 1, text });
  const initiated: string[] = [];
  const rekeyed: number[] = [];
  const terminated: number[] = [];
  const closed = Promise.withResolvers<Error | undefined>();
  const charon = {
    closed: closed.promise,
    on: (_kinds: unknown, handler: typeof handle) => {
      handle = handler;
      return Promise.resolve(() => Promise.resolve());
    },
    listSas: (_filter: unknown, { signal }: { signal: AbortSignal }) => {
      lists++;
      if (isStopped) return untilAborted(signal);
      if (notFound !== null) log(notFound, 'KNL');
      return Promise.resolve(once.shift() ?? ikeSas);
    },
    initiate: ({ child }: { child: string }, { signal }: { signal: AbortSignal }) => {
      initiated.push(child);
      isStopped ||= stopsWhenTold;
      return isStopped ? untilAborted(signal) : Promise.resolve();
    },
    rekey: ({ childId }: { childId: number }) => Promise.resolve(rekeyed.push(childId)),
    terminate: ({ childId }: { childId: number }) => Promise.resolve(terminated.push(childId)),
  } as unknown as Charon;
  const observed = new ObservedState();
  const told: boolean[] = [];
  const onChildSas = (installed: ReadonlyMap<unknown, boolean>) => void told.push(...installed.values());
  const onSilence = (isSilent: boolean) => void silences.push(isSilent);
  const logger = pino({ level: 'silent' });
  const looks = { ...(readSas && { readSas }), ...(readCounters && { readCounters }) };
  const monitor = new GatewayMonitor({ observed, clock, logger, onChildSas, onSilence, ...looks });
  monitor.setConnections([connection]);
  const stop = new AbortController();
  const running = monitor.run(charon, stop.signal);
  return {
    monitor,
    observed,
    lists: () => lists,
    initiated,
    rekeyed,
    terminated,
    told,
    running,
    silences,
    /** Charon has a process and does not answer, or does so again. */
    setStopped: (now: boolean) => (isStopped = now),
    /** Charon answers until it is told something to do. */
    stopWhenTold: () => (stopsWhenTold = true),
    change: (now: readonly IkeSa[]) => {
      ikeSas = now;
      handle({ kind: 'ike-updown', isUp: true, ikeSa: up });
    },
    /** The next lists show this, those after them the truth. */
    showFirst: (...wrong: (readonly IkeSa[])[]) => {
      once.push(...wrong);
      handle({ kind: 'ike-updown', isUp: true, ikeSa: up });
    },
    /** Everything is gone, and charon says so; returns how often it was asked since. */
    announceEnd: () => {
      ikeSas = [];
      const before = lists;
      handle({ kind: 'child-updown', isUp: false, ikeSa: up, childSa: childSa() });
      return () => lists - before;
    },
    log,
    /** What charon says whenever it lists its SAs; null: it finds them all. */
    sayWhenListing: (text: string | null) => (notFound = text),
    loseCharon: () => closed.resolve(new Error('gone')),
    end: async () => {
      stop.abort(new Error('test ends'));
      await running;
    },
  };
}

const missing = 'querying SAD entry with SPI c4f1a2b3 failed: No such process (3)';
const soon = { timeout: 900, interval: 5 };

describe('GatewayMonitor', () => {
  it('tells within a second that a tunnel came up or went down', async () => {
    const { observed, change, end } = bench();
    await vi.waitFor(() => expect(observed.tunnel(id).sas).toMatchObject({ connected: false, lastError: null }), soon);
    change([up]);
    await vi.waitFor(() => expect(observed.tunnel(id).sas?.connected).toBe(true), soon);
    change([]);
    await vi.waitFor(() => expect(observed.tunnel(id).sas?.connected).toBe(false), soon);
    await end();
  });

  it('keeps what it saw of a tunnel that is down while the uplink is missing', async () => {
    const clock = new FakeClock();
    const { observed, end } = bench([], clock);
    await clock.advance(100);
    const before = observed.tunnel(id).sas;
    expect(before?.connected).toBe(false);
    observed.recordHostFindings([{ name: 'uplink', ok: false, message: 'The bridge br0 does not exist' }]);
    await clock.advance(20_000);
    expect(observed.tunnel(id).sas).toBe(before);
    await end();
  });

  it('asks again when a CHILD_SA is missing whose end nobody announced: charon may have moved it while it listed', async () => {
    const clock = new FakeClock();
    const { observed, told, showFirst, end } = bench([up], clock);
    await clock.advance(100);
    const before = observed.tunnel(id).sas;
    expect(before?.connected).toBe(true);
    told.length = 0;
    showFirst([ikeSa({ state: 'REKEYED' }), ikeSa({ uniqueId: 2 })], []);
    await clock.advance(200);
    expect(told).toContain(true);
    expect(told).not.toContain(false);
    expect(observed.tunnel(id).sas).toBe(before);
    await end();
  });

  it('believes at once that a CHILD_SA is gone whose end was announced', async () => {
    const clock = new FakeClock();
    const { observed, announceEnd, end } = bench([up], clock);
    await clock.advance(100);
    const lists = announceEnd();
    await clock.advance(25);
    expect(observed.tunnel(id).sas?.connected).toBe(false);
    expect(lists()).toBe(1);
    await end();
  });

  it('keeps the newest reason until the tunnel is up', async () => {
    const { observed, change, log, end } = bench();
    log('retransmit 2 of request with message ID 0');
    await vi.waitFor(() => expect(observed.tunnel(id).sas?.lastError).toMatch(/^Peer silent/), soon);
    log('received AUTHENTICATION_FAILED notify error');
    await vi.waitFor(() => expect(observed.tunnel(id).sas?.lastError).toMatch(/^Authentication refused/), soon);
    expect(observed.tunnel(id).findings).toMatchObject([{ code: 'authentication-refused', object: id }]);
    change([up]);
    await vi.waitFor(() => expect(observed.tunnel(id).sas).toMatchObject({ connected: true, lastError: null }), soon);
    expect(observed.tunnel(id).findings).toEqual([]);
    change([]);
    await vi.waitFor(() => expect(observed.tunnel(id).sas).toMatchObject({ connected: false, lastError: null }), soon);
    await end();
  });

  it('says that the peer stopped answering when that ends a tunnel that was up', async () => {
    const { observed, change, log, end } = bench([up]);
    await vi.waitFor(() => expect(observed.tunnel(id).sas?.connected).toBe(true), soon);
    log('giving up after 5 retransmits');
    change([]);
    await vi.waitFor(() => expect(observed.tunnel(id).sas?.lastError).toMatch(/stopped answering/), soon);
    await end();
  });

  it('takes a charon that does not answer for silent, not for dead, until it has not answered three times', async () => {
    const clock = new FakeClock();
    const { observed, told, silences, setStopped, running } = bench([up], clock);
    const ended = running.catch((error: unknown) => error);
    await clock.advance(100);
    const before = observed.tunnel(id).sas;
    expect(before?.connected).toBe(true);
    setStopped(true);
    await clock.advance(14_000);
    expect(silences).toEqual([]);
    await clock.advance(2000);
    expect(silences).toEqual([true]);
    setStopped(false);
    await clock.advance(12_000);
    expect(silences).toEqual([true, false]);
    setStopped(true);
    await clock.advance(40_000);
    expect(await ended).toBeInstanceOf(NoAnswerError);
    expect(told).not.toContain(false);
    expect(observed.tunnel(id).sas).toBe(before);
  });

  it('takes a charon for silent that stops between its list and what it is told', async () => {
    const clock = new FakeClock();
    const { initiated, silences, stopWhenTold, running } = bench([], clock);
    const ended = running.catch((error: unknown) => error);
    stopWhenTold();
    await clock.advance(12_000);
    expect(initiated).toEqual([id]);
    expect(silences).toEqual([true]);
    await clock.advance(40_000);
    expect(await ended).toBeInstanceOf(NoAnswerError);
  });

  it('does not take its own stall for a silence of charon', async () => {
    const clock = new FakeClock();
    const { silences, setStopped, end } = bench([up], clock);
    await clock.advance(100);
    setStopped(true);
    await clock.advance(5100);
    for (let stall = 0; stall < 5; stall++) await clock.stall(60_000);
    await clock.advance(9000);
    expect(silences).toEqual([]);
    setStopped(false);
    await clock.advance(2000);
    expect(silences).toEqual([true, false]);
    await end();
  });

  it.each([
    ['cannot be read', new Error('ip: Resource temporarily unavailable')],
    ['do not come', new NoAnswerError(10_000)],
  ])('goes on to watch charon when the SAs of the data plane %s', async (_what, error) => {
    const clock = new FakeClock();
    let reads = 0;
    const { observed, silences, change, sayWhenListing, end } = bench([up], clock, watched, () => {
      reads++;
      return Promise.reject(error);
    });
    sayWhenListing(missing);
    await clock.advance(100);
    expect(reads).toBe(1);
    change([]);
    await clock.advance(500);
    expect(observed.tunnel(id).sas?.connected).toBe(false);
    change([up]);
    await clock.advance(6000);
    expect(observed.tunnel(id).sas?.connected).toBe(true);
    expect(reads).toBe(2);
    expect(silences).toEqual([]);
    await end();
  });

  it('renews an SA that the data plane does not have, ends it when that did not help, and no other', async () => {
    const clock = new FakeClock();
    const { localHost, remoteHost } = up;
    const inbound = { destination: localHost, spi: 0xa };
    const both = [inbound, { destination: remoteHost, spi: 0xb }];
    let dataPlane: readonly DataPlaneSa[] | null = both;
    const { rekeyed, terminated, sayWhenListing, end } = bench([up], clock, watched, () => Promise.resolve(dataPlane));
    sayWhenListing(missing);
    await clock.advance(20_000);
    dataPlane = null;
    await clock.advance(20_000);
    expect([rekeyed, terminated]).toEqual([[], []]);
    dataPlane = [inbound];
    await clock.advance(7000);
    expect([rekeyed, terminated]).toEqual([[1], []]);
    await clock.advance(21_000);
    expect([rekeyed, terminated]).toEqual([[1], [1]]);
    await end();
  });

  it.each([
    ['within 6 seconds when charon says so', 60_000, missing, 6000],
    ['within 16 minutes when it does not, and reads nothing before', 14 * 60_000, null, 120_000],
  ])('finds an SA that is missing %s', async (_when, quietMs, said, withinMs) => {
    const clock = new FakeClock();
    let reads = 0;
    const { rekeyed, sayWhenListing, end } = bench([up], clock, watched, () => {
      reads++;
      return Promise.resolve([]);
    });
    await clock.advance(quietMs);
    expect(reads).toBe(0);
    sayWhenListing(said);
    await clock.advance(withinMs);
    expect(rekeyed).toEqual([1]);
    await end();
  });

  it('renews an IKEv1 CHILD_SA that hears nothing since the IKE_SA was renewed', async () => {
    const clock = new FakeClock();
    const { installed, ...rest } = childSa();
    const sent = (packetsOut: number, initiatorSpi: string) => {
      const passed = { ...installed!, packetsIn: 100, packetsOut };
      return ikeSa({ version: 1, initiatorSpi, childSas: [{ ...rest, installed: passed }] });
    };
    const ikeV1 = { ...watched, plan: { ...watched.plan, version: 1 as const } };
    const { rekeyed, change, end } = bench([sent(100, '1'.repeat(16))], clock, ikeV1);
    await clock.advance(100);
    change([sent(1000, '3'.repeat(16))]);
    await clock.advance(1500);
    expect(rekeyed).toEqual([]);
    await clock.advance(1500);
    expect(rekeyed).toEqual([1]);
    await end();
  });

  it('says what a passive tunnel waits for of which the peer has opened a part, unless a better reason is known', async () => {
    const clock = new FakeClock();
    const children = ['a', 'b'].map((name, at) => ({
      ...{ name, localTs: parseCidr(`10.0.${at}.0/24`), remoteTs: parseCidr('192.168.1.0/24') },
    }));
    const passive = { ...watched, plan: { ...watched.plan, negotiation: 'passive' as const, children } };
    const part = ikeSa({ childSas: [childSa({ name: 'a' })] });
    const { observed, log, end } = bench([part], clock, passive);
    await clock.advance(100);
    const reason = () => observed.tunnel(id).sas?.lastError;
    expect(reason()).toMatch(/^Child not opened: 10\.0\.1\.0\/24 \(here\) === 192\.168\.1\.0\/24 \(there\)/);
    log('received AUTHENTICATION_FAILED notify error');
    await clock.advance(100);
    expect(reason()).toMatch(/^Authentication refused/);
    await end();
  });

  it('initiates what is missing', async () => {
    const { initiated, end } = bench();
    await vi.waitFor(() => expect(initiated).toEqual([id]), { timeout: 3000 });
    await end();
  });

  it('ends with charon, and then calls everything down with the reason', async () => {
    const { monitor, observed, running, loseCharon } = bench([up]);
    await vi.waitFor(() => expect(observed.tunnel(id).sas?.connected).toBe(true), soon);
    loseCharon();
    await running;
    monitor.markDown('why', { sasOutlive: false });
    expect(observed.tunnel(id).sas).toMatchObject({ connected: false, ikeEstablished: false, lastError: 'why' });
  });

  it.each([
    ['not before a minute is over while packets flow on without charon', true, []],
    ['at once when they do not', false, [false]],
  ])('tells of missing CHILD_SAs %s', async (_when, sasOutlive, atOnce) => {
    const clock = new FakeClock();
    const { monitor, told, change, end } = bench([up], clock);
    await clock.advance(100);
    expect(told).toContain(true);
    monitor.markDown('why', { sasOutlive });
    change([]);
    told.length = 0;
    await clock.advance(100);
    expect(told.slice(0, 1)).toEqual(atOnce);
    await clock.advance(outlivingMs + 10_000);
    expect(told).toContain(false);
    change([up]);
    await clock.advance(100);
    expect(told.at(-1)).toBe(true);
    await end();
  });

  it('does not take the SAs of a connection’s earlier form for its own, and forgets connections', async () => {
    const { monitor, observed, end } = bench([up]);
    await vi.waitFor(() => expect(observed.tunnel(id).sas?.connected).toBe(true), soon);
    const changed = { ...watched, name: `${id}@ffffffffffff` };
    monitor.setConnections([changed]);
    expect(observed.tunnel(id).sas?.connected).toBe(false);
    monitor.setConnections([sampleWatched('vpnx-00000002', 1)]);
    expect(observed.tunnel(id).sas).toBeNull();
    await end();
  });
});

describe('the packet filter', () => {
  const probe = { remoteAddress: '169.254.1.2', intervalMs: 5000 };
  const answeredCheck = {
    ...{ state: 'available' as const, answeredAt: null, schedule: { intervalMs: 5000, wantedMs: 5000 } },
    probes: { sent: 10, lost: 0, unsent: 0, meanDelayMs: 1 },
  };

  it('is glanced at each second while something is asked, and charon’s SAs are listed no more often for it', async () => {
    const clock = new FakeClock();
    let [reads, asked, isAnswered, answered] = [0, 0, true, 0];
    const readCounters = () => {
      reads += 1;
      asked += 5;
      if (isAnswered) answered = asked;
      const counts = { asked, answered };
      return Promise.resolve(
        Object.entries(counts).map(([name, packets]) => ({ name: `${id}.${name}`, packets, bytes: 0 })),
      );
    };
    const test = bench([up], clock, watched, undefined, readCounters);
    test.monitor.setProbes([{ id, probe } as unknown as TunnelWatch]);
    test.observed.recordUsability(id, { fault: null, healthCheck: answeredCheck });
    await clock.advance(10_000);
    const before = { reads, lists: test.lists() };
    await clock.advance(20_000);
    expect(reads - before.reads).toBeGreaterThanOrEqual(18);
    expect(test.lists() - before.lists).toBeLessThanOrEqual(6);
    isAnswered = false;
    await clock.advance(4500);
    expect(test.observed.tunnel(id).findings.map(({ code }) => code)).toEqual(['peer-network-silent']);
    await test.end();
  });

  it('is not read, and charon asked once a minute, from the end of the last tunnel to the next one, which is seen soon', async () => {
    const clock = new FakeClock();
    let [reads, passed] = [0, 0];
    const readCounters = () => {
      [reads, passed] = [reads + 1, passed + 5];
      const names = ['asked', 'answered'].map((of) => `${id}.${of}`);
      return Promise.resolve(names.map((name) => ({ name, packets: passed, bytes: 0 })));
    };
    const test = bench([up], clock, watched, undefined, readCounters);
    test.monitor.setProbes([{ id, probe } as unknown as TunnelWatch]);
    test.observed.recordUsability(id, { fault: null, healthCheck: answeredCheck });
    await clock.advance(10_000);
    expect(reads).toBeGreaterThan(5);
    test.monitor.setConnections([]);
    await clock.advance(2000);
    const before = { reads, lists: test.lists() };
    await clock.advance(600_000);
    expect(reads).toBe(before.reads);
    expect(test.lists() - before.lists).toBeGreaterThanOrEqual(9);
    expect(test.lists() - before.lists).toBeLessThanOrEqual(11);
    test.monitor.setConnections([watched]);
    await clock.advance(5000);
    expect(test.observed.tunnel(id).sas?.connected).toBe(true);
    expect(reads).toBeGreaterThan(before.reads);
    await test.end();
  });

  it('is not read while nothing is connected, and what was found before is no more', async () => {
    const clock = new FakeClock();
    let reads = 0;
    const counted = [{ name: `${id}.outside-mappings`, packets: 0, bytes: 0 }];
    const readCounters = () => {
      reads += 1;
      return Promise.resolve(counted.map((counter) => ({ ...counter, packets: reads * 100 })));
    };
    const test = bench([up], clock, watched, undefined, readCounters);
    await clock.advance(10_000);
    expect(test.observed.tunnel(id).findings.map(({ code }) => code)).toEqual(['traffic-outside-mappings']);
    test.change([]);
    await clock.advance(10_000);
    const before = reads;
    await clock.advance(60_000);
    expect(reads).toBe(before);
    expect(test.observed.tunnel(id).findings.filter(({ code }) => code === 'traffic-outside-mappings')).toEqual([]);
    await test.end();
  });
});

describe('a clock that is set by an hour', () => {
  it.each([-3_600_000, 3_600_000])('%d ms changes no finding, nor since when it is so', async (set) => {
    const clock = new FakeClock();
    const test = bench([], clock);
    await clock.advance(1000);
    test.log('received AUTHENTICATION_FAILED notify error');
    await clock.advance(6000);
    const found = () => test.observed.tunnel(id).findings;
    const [before] = found();
    expect(before?.code).toBe('authentication-refused');
    clock.setBy(set);
    // It explains less, and what explained more is fresh.
    test.log('retransmit 2 of request with message ID 0');
    await clock.advance(6000);
    expect(found()).toEqual([{ ...before, since: before!.since + set }]);
    // Until a minute has passed, by the clock that nobody sets.
    await clock.advance(60_000);
    test.log('retransmit 2 of request with message ID 0');
    await clock.advance(6000);
    expect(found().map(({ code }) => code)).toEqual(['peer-silent']);
    await test.end();
  });

  it.each([-3_600_000, 3_600_000])(
    '%d ms proves nothing of a tunnel through which nothing passes any more',
    async (set) => {
      const clock = new FakeClock();
      const installed = { ...childSa().installed!, packetsIn: 5, packetsOut: 7 };
      const test = bench([ikeSa({ childSas: [childSa({ installed })] })], clock);
      await clock.advance(6000);
      const lastIn = () => test.observed.tunnel(id).traffic!.lastInAt!;
      const age = clock.now() - lastIn();
      expect(Math.abs(age)).toBeLessThan(10_000);
      clock.setBy(set);
      await clock.advance(6000);
      expect(clock.now() - lastIn()).toBe(age + 6000);
      await test.end();
    },
  );
});
