import { cidrsOverlap, normalizeCidr, type Cidr } from '@landbridge/net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { rowsOf } from '../../testing/image-of.ts';
import { sampleConnection, sampleGatewayRoute, sampleNetwork, sampleUplink } from '../../testing/sample-network.ts';
import { planFor } from './plan-for.ts';
import { tunnelsThatMeet } from './tunnel-watch.ts';

/** Few bits vary, so that ranges meet often. */
const range: fc.Arbitrary<Cidr> = fc
  .tuple(fc.constantFrom(0, 1, 128, 129), fc.integer({ min: 0, max: 32 }))
  .map(([octet, length]) => normalizeCidr(`10.${octet}.${octet}.0/${length}`));

test('tunnels meet that have two destinations which overlap, whichever of them is compared with which', () => {
  fc.assert(
    fc.property(fc.array(fc.array(range, { maxLength: 5 }), { maxLength: 6 }), (lists) => {
      const tunnels = lists.map((ranges, number) => [`vpnx-tunnel0${number}` as VpnConnectionId, ranges] as const);
      const expected = tunnels.map(([id, own]) => {
        const others = tunnels.filter(
          ([other, ranges]) => other !== id && own.some((one) => ranges.some((another) => cidrsOverlap(one, another))),
        );
        return [id, others.map(([other]) => other)];
      });
      const found = tunnelsThatMeet(new Map(tunnels));
      expect([...found].map(([id, others]) => [id, [...others].sort()])).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test('a plan with 1,000 routes spread over 20 tunnels is made in a moment', () => {
  const tunnels = Array.from({ length: 20 }, (_, number) => sampleConnection(number + 1));
  const routes = Array.from({ length: 1000 }, (_, n) =>
    sampleGatewayRoute(`100.${n >> 8}.${n & 255}.0/24`, (n % 20) + 1),
  );
  const rows = rowsOf(sampleNetwork(tunnels, routes));
  const plan = () => planFor('vpngw-gateway1', rows, sampleUplink);
  // Once for the compiler.
  expect(plan()?.watches).toHaveLength(20);
  const started = process.cpuUsage();
  plan();
  const { user, system } = process.cpuUsage(started);
  // It took 2,000 ms when every route was compared with every other one, and takes some 20: of the processor, however busy the machine is.
  expect((user + system) / 1000).toBeLessThan(500);
});
