import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cidrContains, cidrsOverlap } from './cidr-algebra.ts';
import { CidrIndex } from './cidr-index.ts';
import { normalizeCidr, parseCidr, type Cidr } from './cidr.ts';

/** Few bits vary, so that blocks lie in each other, beside each other and on each other. */
const block: fc.Arbitrary<Cidr> = fc.oneof(
  fc.tuple(fc.constantFrom(0, 4, 64, 128, 255), fc.integer({ min: 0, max: 32 })).map(([octet, length]) => {
    return normalizeCidr(`10.${octet}.${octet}.${octet}/${length}`);
  }),
  fc.tuple(fc.constantFrom('::', '8000::', 'a00:400::'), fc.integer({ min: 0, max: 128 })).map(([address, length]) => {
    return normalizeCidr(`${address}/${length}`);
  }),
);

test('finds what a comparison with every block finds', () => {
  fc.assert(
    fc.property(fc.array(block, { maxLength: 30 }), block, (blocks, asked) => {
      const index = new CidrIndex(blocks.map((cidr, number) => [cidr, number] as const));
      const numbersOf = (isMeant: (cidr: Cidr) => boolean) =>
        blocks.flatMap((cidr, number) => (isMeant(cidr) ? [number] : []));
      const sorted = (found: readonly number[]) => [...found].sort((a, b) => a - b);
      expect(sorted(index.around(asked))).toEqual(numbersOf((cidr) => cidrContains(cidr, asked)));
      expect(sorted(index.within(asked))).toEqual(numbersOf((cidr) => cidrContains(asked, cidr)));
      expect(sorted(index.overlapping(asked))).toEqual(numbersOf((cidr) => cidrsOverlap(cidr, asked)));
    }),
    { numRuns: 2000 },
  );
});

test('that grew and shrank equals one that was made at once', () => {
  const steps = fc.array(fc.record({ cidr: block, value: fc.nat(3), isRemoval: fc.boolean() }), { maxLength: 40 });
  fc.assert(
    fc.property(fc.array(block, { maxLength: 10 }), steps, block, (first, changes, asked) => {
      const entries = first.map((cidr): [Cidr, number] => [cidr, 0]);
      const index = new CidrIndex(entries);
      for (const { cidr, value, isRemoval } of changes) {
        const place = entries.findIndex(([at, standing]) => at === cidr && standing === value);
        if (!isRemoval) entries.push([cidr, value]);
        else if (place >= 0) entries.splice(place, 1);
        if (isRemoval) index.remove(cidr, value);
        else index.add(cidr, value);
      }
      const anew = new CidrIndex(entries);
      const sorted = (found: readonly number[]) => [...found].sort((a, b) => a - b);
      expect(index.size).toBe(entries.length);
      for (const cidr of [asked, ...entries.map(([at]) => at)]) {
        expect(sorted(index.around(cidr))).toEqual(sorted(anew.around(cidr)));
        expect(sorted(index.within(cidr))).toEqual(sorted(anew.within(cidr)));
        expect(sorted(index.overlapping(cidr))).toEqual(sorted(anew.overlapping(cidr)));
      }
    }),
    { numRuns: 500 },
  );
});

test('the families never meet, and an empty index has nothing', () => {
  const everything = new CidrIndex([
    [parseCidr('0.0.0.0/0'), 4],
    [parseCidr('::/0'), 6],
  ]);
  expect(everything.overlapping(parseCidr('10.0.0.0/8'))).toEqual([4]);
  expect(everything.overlapping(parseCidr('::/0'))).toEqual([6]);
  expect(everything.within(parseCidr('0.0.0.0/0'))).toEqual([4]);
  expect(new CidrIndex<number>([]).overlapping(parseCidr('0.0.0.0/0'))).toEqual([]);
});
