import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { ccnWorldArbitrary } from '../../testing/simulation/arbitrary-ccn-routing.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import { probesOf, type Probe } from '../../testing/simulation/comparison.ts';
import { modelOracle, type Oracle } from '../../testing/simulation/matrix.ts';
import { traceOracle } from '../../testing/simulation/trace-oracle.ts';
import type { World } from '../../testing/simulation/world.ts';

vi.setConfig({ testTimeout: 60_000 });

function sent(oracle: Oracle, probe: Probe): string[] {
  switch (probe.kind) {
    case 'subnet':
      return [...oracle.fromSubnet(probe.id, probe.packet)].sort();
    case 'line':
      return [...oracle.fromLine(probe.id, probe.packet)].sort();
    case 'tunnel':
      return [...oracle.fromTunnel(probe.id, probe.packet)].sort();
  }
}

function firstDifference(world: World) {
  const [trace, model] = [traceOracle(world), modelOracle(world)];
  for (const probe of probesOf(world)) {
    const [found, expected] = [sent(trace, probe), sent(model, probe)];
    if (found.join(' ') !== expected.join(' ')) return { probe, found, expected };
  }
  return undefined;
}

test('a packet arrives where the words of the specification say, whichever tunnels failed', () => {
  fc.assert(
    fc.property(worldArbitrary, (world) => {
      expect(firstDifference(world)).toBeUndefined();
    }),
    { numRuns: 150 },
  );
});

test('so it does with any route tables of a CCN', () => {
  fc.assert(
    fc.property(ccnWorldArbitrary, (world) => {
      expect(firstDifference(world)).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});
