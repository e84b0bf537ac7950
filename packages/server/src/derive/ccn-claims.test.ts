import { cidrsOverlap, normalizeCidr, type Cidr } from '@landbridge/net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CcnClaims } from './ccn-claims.ts';

/** Few bits vary, so that ranges lie in each other, beside each other and on each other. */
const route = fc
  .tuple(fc.constantFrom(0, 1, 128, 129), fc.integer({ min: 0, max: 32 }), fc.boolean())
  .map(([octet, length, isMeant]) => ({ destination: normalizeCidr(`10.${octet}.${octet}.0/${length}`), isMeant }));

test('finds the first claim that a look at one after the other finds', () => {
  fc.assert(
    fc.property(fc.array(route, { maxLength: 20 }), fc.array(route, { maxLength: 5 }), (claimed, asked) => {
      const claims = new CcnClaims<{ readonly destination: Cidr; readonly isMeant: boolean }>([
        ...[...claimed, ...asked].map(({ destination }) => destination),
      ]);
      for (const each of claimed) claims.add({ route: each, isChosen: false, until: Infinity });
      for (const { destination } of asked) {
        const expected = claimed.find((each) => each.isMeant && cidrsOverlap(each.destination, destination));
        expect(claims.first(destination, (claim) => claim.route.isMeant)?.route).toBe(expected);
      }
    }),
    { numRuns: 1000 },
  );
});
