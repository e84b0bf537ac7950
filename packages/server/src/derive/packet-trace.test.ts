import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { ccnWorldArbitrary } from '../../testing/simulation/arbitrary-ccn-routing.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import { probesOf, type Probe } from '../../testing/simulation/comparison.ts';
import { modelOracle, type Oracle } from '../../testing/simulation/matrix.ts';
import { traceOracle } from '../../testing/simulation/trace-oracle.ts';
import { rowsOf } from '../../testing/image-of.ts';
import { ping } from '../../testing/simulation/packet.ts';
import { byRoute, bySpd, idcRange, route, scenario } from '../../testing/simulation/scenario-worlds.ts';
import { assumeUsable } from '../domain/vpn/tunnel-usability.ts';
import { PacketTraces, type Origin } from './packet-trace.ts';
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

const waysIn = ({ desired }: World, origin: Origin, source: string, destination: string) =>
  new PacketTraces(rowsOf(desired), assumeUsable)
    .pathsOf(origin, ping(source, destination))
    .map(({ hops, end }) => ({ hops: hops.map(({ at, decidedBy: { kind } }) => `${at} ${kind}`), end }));

test('a path says what decides at each hop, and where and why it ends', () => {
  const world = scenario({ tunnels: [byRoute(1), bySpd(2)], routes: [route(1)], vpcRoutes: [1, 2].map(idcRange) });
  const [subnet, tunnel] = [
    { kind: 'subnet', id: 'subnet-subnet0a' },
    { kind: 'vpn-connection', id: 'vpnx-tunnel01' },
  ] as const;
  const sent = (destination: string) => waysIn(world, subnet, '10.0.1.5', destination);
  expect(sent('192.168.1.6')).toEqual([
    { hops: ['vpc-network1 vpc-route', 'vpngw-gateway1 gateway-route'], end: tunnel },
  ]);
  expect(sent('192.168.2.6')).toEqual([
    {
      hops: ['vpc-network1 vpc-route', 'vpngw-gateway1 mapping'],
      end: { kind: 'vpn-connection', id: 'vpnx-tunnel02' },
    },
  ]);
  const inVpc = ['vpc-network1 vpc-range'];
  expect(sent('10.0.2.1')).toEqual([{ hops: inVpc, end: { kind: 'router', id: 'subnet-subnet0b' } }]);
  expect(sent('10.0.9.9')).toEqual([{ hops: inVpc, end: { kind: 'nowhere', why: 'no-subnet', at: 'vpc-network1' } }]);
  expect(sent('192.168.3.6')).toEqual([{ hops: [], end: { kind: 'nowhere', why: 'no-route', at: 'vpc-network1' } }]);
  expect(waysIn(world, tunnel, '192.168.1.6', '10.0.1.5')).toEqual([
    { hops: ['vpngw-gateway1 vpc-range', ...inVpc], end: subnet },
  ]);
  expect(waysIn(world, tunnel, '192.168.7.6', '10.0.1.5')).toEqual([
    { hops: [], end: { kind: 'nowhere', why: 'foreign-source', at: 'vpngw-gateway1' } },
  ]);
});
