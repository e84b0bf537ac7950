import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fakeHostFiles, sampleDaemons } from '../../../testing/fake-host-files.ts';
import { documentedDaemonCosts, measureDaemonCosts, scaled, spread } from './daemon-costs.ts';

const { memory } = documentedDaemonCosts;

describe('what one more takes', () => {
  test('is such that what was seen comes to what it took, and a tunnel is never for nothing', () => {
    const seenArbitrary = fc.record({ vpnGateways: fc.integer({ min: 1, max: 32 }), vpnConnections: fc.nat(5000) });
    fc.assert(
      fc.property(seenArbitrary, fc.integer({ min: 1, max: 10 ** 11 }), (seen, taken) => {
        const each = scaled(memory, taken, seen);
        const all = seen.vpnGateways * each.vpnGateways + seen.vpnConnections * each.vpnConnections;
        // Each of them is rounded up.
        expect(all).toBeGreaterThanOrEqual(taken * (1 - 1e-9));
        expect(all - taken).toBeLessThanOrEqual(seen.vpnGateways + seen.vpnConnections + 1);
        expect(each.vpnConnections).toBeGreaterThan(0);
      }),
    );
  });

  it('is as documented where nothing runs, or nothing can be asked', async () => {
    expect(scaled(memory, 0, { vpnGateways: 0, vpnConnections: 0 })).toEqual(memory);
    const gateway = { runDirectory: '/r', tunnels: 3, charon: 1, uxfrm: null };
    expect(await measureDaemonCosts(fakeHostFiles({}), [gateway])).toEqual(documentedDaemonCosts);
  });

  it('is what the daemons of those gateways take that tell it whole', async () => {
    const daemons = (pss: number) => ({ charon: { pid: 1, pss, threads: 17 }, uxfrm: { pid: 2, pss, threads: 3 } });
    const files = fakeHostFiles(sampleDaemons('/r', daemons(24 * 1024)));
    const whole = { runDirectory: '/r', tunnels: 0, charon: 1, uxfrm: 2 };
    const costs = await measureDaemonCosts(files, [whole, { ...whole, uxfrm: 7 }]);
    expect(costs.memory.vpnGateways).toBe(2 * memory.vpnGateways);
    expect(costs.threads).toEqual({ vpnGateways: 20, vpnConnections: 0 });
  });
});

test('of many some are asked, evenly spread, each once', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.integer({ min: 1, max: 40 }), (count, most) => {
      const all = Array.from({ length: count }, (_, index) => index);
      const some = spread(all, most);
      expect(some.length).toBe(Math.min(count, most));
      expect(new Set(some).size).toBe(some.length);
      const gaps = some.slice(1).map((one, index) => one - some[index]!);
      if (gaps.length > 0) expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
    }),
  );
});
