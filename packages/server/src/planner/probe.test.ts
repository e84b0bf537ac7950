import { parseIpAddress } from '@landbridge/net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleConnection } from '../../testing/sample-network.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import { planProbeRoutes, planProbeRules, planProbes } from './probe.ts';

function probed(number: number, intervalMs: number): VpnConnection {
  const [localAddress, remoteAddress] = [parseIpAddress('10.9.0.1'), parseIpAddress('10.9.0.2')];
  const healthCheck = { enabled: true, localAddress, remoteAddress, intervalMs, threshold: 3, timeoutMs: 100 };
  return sampleConnection(number, [], { healthCheck });
}

/** Thousands of them take a moment only. */
const one = probed(1, 100);
function copyOf(intervalMs: number, number: number): VpnConnection {
  return { ...one, id: `vpnx-${number}`, healthCheck: { ...one.healthCheck, intervalMs } };
}

test('what fits is left alone: 1,000 tunnels at the shortest interval', () => {
  const probes = [...planProbes(Array.from({ length: 1000 }, (_, number) => probed(number, 100))).values()];
  expect(probes).toHaveLength(1000);
  expect(new Set(probes.map(({ intervalMs }) => intervalMs))).toEqual(new Set([100]));
  expect(probes.some(({ wantedIntervalMs }) => wantedIntervalMs !== undefined)).toBe(false);
});

test('1,500 tunnels at 100 ms are probed every 150 ms, and the plan says what was wanted', () => {
  const probes = [...planProbes(Array.from({ length: 1500 }, (_, number) => probed(number, 100))).values()];
  expect(probes).toHaveLength(1500);
  expect(probes.every(({ intervalMs, wantedIntervalMs }) => intervalMs === 150 && wantedIntervalMs === 100)).toBe(true);
});

test('one rule leads to all of them, since every packet walks past every rule; without any there is none', () => {
  const some = Array.from({ length: 300 }, (_, number) => probed(number, 100));
  expect(planProbeRules(some)).toEqual(planProbeRules(some.slice(0, 1)));
  expect(planProbeRules(some)).toHaveLength(1);
  expect(planProbeRules([sampleConnection(1, [])])).toEqual([]);
  expect(some.flatMap(planProbeRoutes).filter(({ kind }) => kind === 'unicast')).toHaveLength(300);
});

test('whatever is wanted, no more is sent than can be, and nobody is favoured', () => {
  fc.assert(
    fc.property(fc.nat(2500), fc.array(fc.integer({ min: 100, max: 300 }), { minLength: 1 }), (count, wanted) => {
      const intervals = Array.from({ length: count }, (_, number) => wanted[number % wanted.length]!);
      const probes = [...planProbes(intervals.map(copyOf)).values()];
      const perSecond = probes.reduce((sum, { intervalMs }) => sum + 1000 / intervalMs, 0);
      expect(perSecond).toBeLessThanOrEqual(10_000.001);
      const factors = probes.map(({ intervalMs, wantedIntervalMs }) => intervalMs / (wantedIntervalMs ?? intervalMs));
      // But for whole milliseconds.
      if (factors.length > 0) expect(Math.max(...factors) - Math.min(...factors)).toBeLessThanOrEqual(0.01);
      expect(probes.every(({ intervalMs }, place) => intervalMs >= intervals[place]!)).toBe(true);
    }),
    { numRuns: 30 },
  );
});
