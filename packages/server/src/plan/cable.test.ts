import * as fc from 'fast-check';
import { parseCidr, parseIpAddress } from '@landbridge/net';
import { expect, test, vi } from 'vitest';
import { rowsOf } from '../../testing/image-of.ts';
import { sampleUplink } from '../../testing/sample-network.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import { macOf } from './cable.ts';
import { planFor, planKeys } from '../planner/plan-for.ts';
import type { LinkPlan, NetnsPlan } from './plan.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';

vi.setConfig({ testTimeout: 60_000 });

const nat: Uplink = { mode: 'nat', interface: 'eth0', address: parseIpAddress('198.51.100.7'), pathMtu: 1500 };
const bridged: Uplink = {
  ...{ mode: 'bridged', attach: { kind: 'macvlan', interface: 'eth0' }, addresses: [parseCidr('203.0.113.128/26')] },
  ...{ prefixLength: 24, nextHop: parseIpAddress('203.0.113.1'), pathMtu: 1500 },
};

/** Ethernet address → the end of a cable that is given it: what a station there would answer. */
function stationsOf(plans: readonly NetnsPlan[]): Map<string, { plan: NetnsPlan; link: LinkPlan }> {
  const ends = plans.flatMap((plan) => plan.links.map((link) => ({ plan, link })));
  return new Map(ends.map(({ plan, link }) => [link.cable?.near.mac ?? '', { plan, link }]));
}

const neighboursOf = ({ neighbours = [], cable }: LinkPlan) => [
  ...neighbours,
  ...(cable ? [cable.near.neighbour] : []),
];

test('no next hop needs to be asked for: on a cable it is a permanent neighbour, with the address of the other end', () => {
  fc.assert(
    fc.property(worldArbitrary, fc.constantFrom(sampleUplink, nat, bridged), ({ desired }, uplink) => {
      const rows = rowsOf(desired);
      const plans = planKeys(rows).map((key) => planFor(key, rows, uplink)!);
      const stations = stationsOf(plans);
      for (const plan of plans) {
        for (const link of plan.links.filter(({ kind }) => kind !== 'bridge')) {
          const hops = plan.routes.flatMap(({ nextHops, destination }) =>
            nextHops
              .filter(({ device }) => device === link.name && link.kind !== 'tunnel')
              .map(({ via }) => via ?? destination.replace('/32', '')),
          );
          const known = neighboursOf(link).map(({ address }) => address);
          expect(known).toEqual(expect.arrayContaining(hops));
          if (link.cable === undefined) continue;
          const { near, far } = link.cable;
          expect([near.netns, near.name]).toEqual([plan.netns, link.name]);
          const there = stations.get(near.neighbour.mac ?? '')!;
          // Whichever plan comes first makes the same of both ends.
          expect(there.link.cable).toEqual({ near: far, far: near });
          const own = there.plan.links.flatMap(({ addresses }) => addresses.map((one) => one.address.split('/')[0]));
          expect(own).toContain(near.neighbour.address);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('no two ends have the same address', () => {
  expect(macOf({ netns: 'lb-vpc-1', name: 'vpngw-1' })).not.toBe(macOf({ netns: 'lb-vpngw-1', name: 'vpc-1' }));
  expect(macOf({ netns: null, name: 'wan' })).toMatch(/^02(:[0-9a-f]{2}){5}$/);
});
