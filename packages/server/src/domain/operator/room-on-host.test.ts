import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { sampleCapacity, sampleRoom } from '../../../testing/sample-capacity.ts';
import { capacityResources, freshCapacity, type CarriedKind, type Load, type ResourceUse } from './host-capacity.ts';
import { hostRoom } from './room-on-host.ts';

const kinds: readonly CarriedKind[] = ['vpnGateways', 'vpnConnections'];
const loadArbitrary: fc.Arbitrary<Load> = fc.record({ vpnGateways: fc.nat(5000), vpnConnections: fc.nat(20_000) });
const costArbitrary: fc.Arbitrary<Load> = fc.record({ vpnGateways: fc.nat(3000), vpnConnections: fc.nat(300) });
const useArbitrary: fc.Arbitrary<ResourceUse> = fc.record({
  resource: fc.constantFrom(...capacityResources),
  ...{ limit: fc.nat(10 ** 9), kept: fc.nat(10 ** 6), used: fc.nat(10 ** 9), each: costArbitrary },
});
const capacityArbitrary = fc.record({
  ...{ measuredAt: fc.constant(0), measured: loadArbitrary, resources: fc.array(useArbitrary, { maxLength: 6 }) },
});

/** Whether so many more go into it, beside what was made since it was measured. What is given back makes no more of it than there is. */
function fits({ limit, kept, used, each }: ResourceUse, measured: Load, load: Load, kind: CarriedKind, more: number) {
  const since = kinds.map((one) => (load[one] - measured[one]) * each[one]);
  return Math.max(0, used + since[0]! + since[1]!) + more * each[kind] <= limit - kept;
}

const plus = (load: Load, kind: CarriedKind, more: number): Load => ({ ...load, [kind]: load[kind] + more });

describe('the room of a host', () => {
  test('is what fits by every resource, and one more does not', () => {
    fc.assert(
      fc.property(capacityArbitrary, loadArbitrary, fc.constantFrom(...kinds), (capacity, load, kind) => {
        const { resources, measured } = capacity;
        const room = hostRoom(capacity, load)[kind];
        const ending = resources.filter(({ each }) => each[kind] > 0);
        if (room === null) {
          expect(ending).toEqual([]);
          return;
        }
        const { more } = room;
        // Where what is there is too much already nothing fits, not even nothing.
        if (more > 0) expect(ending.every((use) => fits(use, measured, load, kind, more))).toBe(true);
        expect(ending.every((use) => fits(use, measured, load, kind, more + 1))).toBe(false);
      }),
    );
  });

  test('shrinks with each one that is made, before anybody looks again', () => {
    fc.assert(
      fc.property(capacityArbitrary, loadArbitrary, fc.constantFrom(...kinds), (capacity, made, kind) => {
        const { measured } = capacity;
        const load = plus(plus(measured, 'vpnGateways', made.vpnGateways), 'vpnConnections', made.vpnConnections);
        const [now, then] = [hostRoom(capacity, load), hostRoom(capacity, plus(load, kind, 1))];
        for (const each of kinds) expect(then[each]?.more ?? 0).toBeLessThanOrEqual(now[each]?.more ?? 0);
        const more = now[kind]?.more ?? 0;
        if (more > 0) expect(then[kind]?.more).toBe(more - 1);
      }),
    );
  });

  test('grows by each one that is deleted, as far as it has used anything', () => {
    fc.assert(
      fc.property(capacityArbitrary, fc.constantFrom(...kinds), (capacity, kind) => {
        const { measured } = capacity;
        fc.pre(measured[kind] > 0);
        const [now, then] = [hostRoom(capacity, measured), hostRoom(capacity, plus(measured, kind, -1))];
        for (const each of kinds) expect(then[each]?.more ?? 0).toBeGreaterThanOrEqual(now[each]?.more ?? 0);
        const [ending, more] = [now[kind]?.endedBy, now[kind]?.more ?? 0];
        if (more > 0 && ending!.used >= ending!.each[kind]) expect(then[kind]?.more).toBeGreaterThan(more);
      }),
    );
  });

  test('ends by what leaves the least', () => {
    fc.assert(
      fc.property(capacityArbitrary, loadArbitrary, fc.constantFrom(...kinds), (capacity, load, kind) => {
        const room = hostRoom(capacity, load)[kind];
        for (const use of capacity.resources) {
          const alone = hostRoom({ ...capacity, resources: [use] }, load)[kind];
          if (alone !== null) expect(room?.more).toBeLessThanOrEqual(alone.more);
        }
      }),
    );
  });

  it('is told by kind, each by its own end', () => {
    expect(sampleRoom.vpnGateways).toMatchObject({ more: 3, endedBy: { resource: 'memory' } });
    expect(sampleRoom.vpnConnections).toMatchObject({ more: 20, endedBy: { resource: 'tracked-connections' } });
  });

  it('of a host with less than what runs is none, and never less', () => {
    const [memory] = sampleCapacity.resources;
    const resources = [{ ...memory!, limit: 1 }];
    expect(hostRoom({ ...sampleCapacity, resources }, sampleCapacity.measured).vpnGateways?.more).toBe(0);
  });
});

it('what was measured a minute ago is known, and later nothing is', () => {
  expect(freshCapacity(sampleCapacity, 60_000)).toBe(sampleCapacity);
  expect(freshCapacity(sampleCapacity, 60_001)).toBeNull();
  expect(freshCapacity(null, 0)).toBeNull();
});
