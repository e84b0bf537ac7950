import type { Cidr, IpAddress } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import type { ProbePlan } from '../plan/plan.ts';
import type { HealthCheckObservation, TunnelObservation } from '../domain/operator/observation.ts';
import type { FilterCounter } from '../drivers/nft.ts';
import { DataPlaneWatch } from './data-plane-watch.ts';

const id = 'vpnx-tunnel01';
const selectors = [{ localTs: '10.0.1.0/24' as Cidr, remoteTs: '192.168.1.0/24' as Cidr }];

interface Counted {
  readonly in?: number;
  readonly out?: number;
  readonly asked?: number;
  readonly answered?: number;
  readonly outside?: number;
  readonly check?: HealthCheckObservation['state'];
  readonly connected?: boolean;
}

function observation({ in: inPackets = 0, out = 0, check, connected = true }: Counted): TunnelObservation {
  const probes = { sent: 10, lost: 5, unsent: 0, meanDelayMs: 1 };
  const schedule = { intervalMs: 100, wantedMs: 100 };
  const healthCheck = check === undefined ? null : { state: check, answeredAt: null, probes, schedule };
  return {
    id,
    sas: { ikeEstablished: true, children: {}, connected, lastError: null, changedAt: 0 },
    usability: { fault: null, healthCheck },
    traffic: { inBytes: 0, outBytes: 0, inPackets, outPackets: out, lastInAt: null, lastOutAt: null, rekeys: 0 },
    findings: [],
  };
}

function evidence({ asked = 0, answered = 0, outside = 0 }: Counted): FilterCounter[] {
  const counts = { asked, answered, 'outside-mappings': outside };
  return Object.entries(counts).map(([name, packets]) => ({ name: `${id}.${name}`, packets, bytes: 0 }));
}

/** Looks whenever one is due; times in seconds. */
function start() {
  const watch = new DataPlaneWatch();
  let elapsed = 0;
  const look = (counted: Counted, seconds: number) => {
    elapsed += seconds * 1000;
    const probe = counted.check === undefined ? null : probePlan;
    const found = watch.look(
      [{ observation: observation(counted), probe, selectors, unmapped: null }],
      evidence(counted),
      {
        elapsed,
        origin: 0,
      },
    );
    return (found.get(id) ?? []).map(({ code }) => code);
  };
  const glance = (counted: Counted, seconds: number) => {
    elapsed += seconds * 1000;
    watch.glance(evidence(counted), elapsed);
  };
  return { watch, look, glance, dueIn: () => watch.nextDue - elapsed, glanceIn: () => watch.nextGlance - elapsed };
}

const probePlan = {
  ...{ localAddress: '169.254.1.1' as IpAddress, remoteAddress: '169.254.1.2' as IpAddress },
  ...{ intervalMs: 100, timeoutMs: 100, threshold: 3 },
} as ProbePlan;

describe('what is asked and not answered', () => {
  it('is suspected first, looked at again soon, and found when it is still so', () => {
    const { look, dueIn } = start();
    look({ asked: 10, answered: 10, in: 20, out: 20 }, 0);
    expect(dueIn()).toBe(4500);
    expect(look({ asked: 15, answered: 10, in: 20, out: 25 }, 4.5)).toEqual([]);
    expect(dueIn()).toBe(1000);
    // One more is enough: those before count on.
    expect(look({ asked: 16, answered: 10, in: 20, out: 26 }, 1)).toEqual(['esp-not-received']);
  });

  it('is nothing when the answers were only under way', () => {
    const { look } = start();
    look({ asked: 10, answered: 10, in: 20, out: 20 }, 0);
    look({ asked: 15, answered: 10, in: 20, out: 25 }, 4.5);
    expect(look({ asked: 15, answered: 15, in: 25, out: 25 }, 1)).toEqual([]);
    expect(look({ asked: 15, answered: 15, in: 25, out: 25 }, 4.5)).toEqual([]);
  });

  it('stands while nothing contradicts it, for minutes, and ends with the first packet', () => {
    const { look } = start();
    look({}, 0);
    look({ asked: 5, out: 5 }, 4.5);
    expect(look({ asked: 5, out: 5 }, 1)).toEqual(['esp-not-received']);
    for (let second = 0; second < 280; second += 10)
      expect(look({ asked: 5, out: 5 }, 10)).toEqual(['esp-not-received']);
    expect(look({ asked: 5, out: 5 }, 100)).toEqual([]);
    look({ asked: 10, out: 10 }, 4.5);
    expect(look({ asked: 10, out: 10 }, 1)).toEqual(['esp-not-received']);
    expect(look({ asked: 10, out: 10, in: 1 }, 4.5)).toEqual([]);
  });

  describe('of a tunnel with a health check', () => {
    const check = 'available';

    it('is glanced at in the packet filter alone while something is asked, and looked at no more often while it is answered', () => {
      const { watch, look, glance, dueIn, glanceIn } = start();
      look({ check }, 0);
      expect(glanceIn()).toBe(Infinity);
      look({ check, asked: 5, answered: 5, in: 50, out: 50 }, 4.5);
      expect([dueIn(), glanceIn()]).toEqual([4500, 1000]);
      for (let second = 1; second <= 4; second++) {
        glance({ asked: 5 + second * 10, answered: 5 + second * 10 - 1 }, 1);
        expect([dueIn(), glanceIn()]).toEqual([4500 - second * 1000, 1000]);
      }
      // Nothing is asked any more.
      look({ check, asked: 45, answered: 44, in: 90, out: 90 }, 0.5);
      look({ check, asked: 45, answered: 44, in: 90, out: 90 }, 4.5);
      expect(glanceIn()).toBe(Infinity);
      expect(watch.nextDue).toBeGreaterThan(0);
    });

    it.each([
      ['nothing comes in', 'esp-not-received', 0],
      ['probes alone are answered', 'peer-network-silent', 10],
    ])('is found within three seconds of the last answer, where %s', (_, code, inASecond) => {
      const { look, glance, dueIn } = start();
      look({ check }, 0);
      look({ check, asked: 5, answered: 5, in: 500, out: 500 }, 4.5);
      glance({ asked: 10, answered: 10 }, 1);
      glance({ asked: 15, answered: 12 }, 1);
      // Since then nothing is answered.
      glance({ asked: 20, answered: 12 }, 1);
      expect(dueIn()).toBe(0);
      const carried = 900;
      expect(look({ check, asked: 20, answered: 12, in: carried, out: 900 }, 0)).toEqual([]);
      expect(dueIn()).toBe(1000);
      expect(look({ check, asked: 25, answered: 12, in: carried + inASecond, out: 930 }, 1)).toEqual([code]);
    });

    it('is no fault where the answers were only under way', () => {
      const { look, glance, dueIn, glanceIn } = start();
      look({ check }, 0);
      look({ check, asked: 5, answered: 5, in: 50, out: 50 }, 4.5);
      glance({ asked: 9, answered: 5 }, 1);
      expect(dueIn()).toBe(0);
      expect(look({ check, asked: 9, answered: 9, in: 60, out: 60 }, 0)).toEqual([]);
      expect([dueIn(), glanceIn()]).toEqual([4500, 1000]);
    });

    it('is looked at no more often while nothing answers, and at once when something does', () => {
      const { look, glance, dueIn } = start();
      look({ check }, 0);
      look({ check, asked: 5, out: 50 }, 4.5);
      expect(look({ check, asked: 10, out: 90 }, 1)).toEqual(['esp-not-received']);
      expect(dueIn()).toBe(4500);
      for (let second = 1; second <= 3; second++) glance({ asked: 10 + second * 10 }, 1);
      expect(dueIn()).toBe(1500);
      glance({ asked: 50, answered: 1 }, 1);
      expect(dueIn()).toBe(0);
      expect(look({ check, asked: 50, answered: 1, in: 2, out: 130 }, 0)).toEqual([]);
    });

    it('costs nothing where the packet filter cannot be read, or nothing is connected', () => {
      const { watch, look, glanceIn } = start();
      look({ check }, 0);
      look({ check, asked: 5, answered: 5, in: 50, out: 50 }, 4.5);
      expect(glanceIn()).toBe(1000);
      watch.glance(null, 5500);
      expect(glanceIn()).toBe(Infinity);
      expect([...watch.rest([id], 6000)]).toEqual([[id, []]]);
      expect([watch.nextDue, watch.nextGlance]).toEqual([10_500, Infinity]);
      // What was counted before is nobody's fault.
      expect(look({ check, asked: 500, out: 500 }, 4.5)).toEqual([]);
    });
  });

  it('ends with the CHILD_SA', () => {
    const { look } = start();
    look({}, 0);
    look({ asked: 5, out: 5 }, 4.5);
    look({ asked: 5, out: 5 }, 1);
    expect(look({ asked: 5, out: 5, connected: false }, 4.5)).toEqual([]);
  });
});

it('probes that fail while nothing comes in need no second look, and are one finding', () => {
  const { look } = start();
  look({ check: 'unavailable', in: 5, out: 10 }, 0);
  expect(look({ check: 'unavailable', in: 5, out: 20 }, 1)).toEqual(['esp-not-received']);
});

it('drops are found at once, and forgotten soon after the last one', () => {
  const { look } = start();
  look({ outside: 100 }, 0);
  expect(look({ outside: 110 }, 4.5)).toEqual(['traffic-outside-mappings']);
  expect(look({ outside: 110 }, 4.5)).toEqual(['traffic-outside-mappings']);
  expect(look({ outside: 110 }, 4.5)).toEqual([]);
});

it('a counter that begins anew is not taken for packets that were there before', () => {
  const { look } = start();
  look({ asked: 100, out: 100 }, 0);
  expect(look({ asked: 2, out: 102 }, 4.5)).toEqual([]);
  expect(look({ asked: 2, out: 102 }, 1)).toEqual([]);
});

it('since when it is so stays', () => {
  const watch = new DataPlaneWatch();
  const at = (asked: number, elapsed: number) =>
    watch.look(
      [{ observation: observation({ out: asked }), probe: null, selectors, unmapped: null }],
      evidence({ asked }),
      {
        elapsed,
        origin: 0,
      },
    );
  at(0, 0);
  at(5, 4500);
  const since = at(6, 5500).get(id)?.[0]?.since;
  expect(at(20, 10_000).get(id)?.[0]?.since).toBe(since);
});

it('a packet filter that could not be read says nothing', () => {
  const watch = new DataPlaneWatch();
  expect(
    watch.look([{ observation: observation({}), probe: null, selectors, unmapped: null }], null, {
      elapsed: 0,
      origin: 0,
    }).size,
  ).toBe(0);
});
