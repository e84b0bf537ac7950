/** The algebra against a model: blocks inside one /26 (or /122) as sets of address numbers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregateCidrs, cidrContains, cidrsOverlap, compareCidr, subtractCidr } from './cidr-algebra.ts';
import { cidrRange, parseCidr, writeCidr } from './cidr.ts';
import type { Cidr } from './cidr.ts';
import { ipBits, ipFromBigInt, parseIpAddress } from './ip-address.ts';
import type { IpAddress, IpFamily } from './ip-address.ts';

const SPACE_BITS = 6;

/** Bases at both ends of the number space, where off-by-one and overflow live. */
const bases: Readonly<Record<IpFamily, readonly bigint[]>> = {
  4: [0n, 0x0a00_0000n, (1n << 32n) - (1n << BigInt(SPACE_BITS))],
  6: [0n, 0x2001_0db8n << 96n, (1n << 128n) - (1n << BigInt(SPACE_BITS))],
};

const space = fc
  .constantFrom<IpFamily>(4, 6)
  .chain((family) => fc.constantFrom(...bases[family]).map((base) => ({ family, base })));

function blockIn({ family, base }: { family: IpFamily; base: bigint }): fc.Arbitrary<Cidr> {
  return fc
    .integer({ min: 0, max: SPACE_BITS })
    .chain((hostBits) =>
      fc
        .integer({ min: 0, max: 2 ** (SPACE_BITS - hostBits) - 1 })
        .map((index) => writeCidr(family, base + (BigInt(index) << BigInt(hostBits)), ipBits(family) - hostBits)),
    );
}

const blocksInOneSpace = space.chain((where) =>
  fc.record({ where: fc.constant(where), one: blockIn(where), many: fc.array(blockIn(where), { maxLength: 8 }) }),
);
const blocksAnywhere = fc.array(space.chain(blockIn), { maxLength: 10 });

/** Every address of the blocks. */
function addressesOf(...blocks: readonly Cidr[]): Set<IpAddress> {
  const all = new Set<IpAddress>();
  for (const block of blocks) {
    const { family, first, last } = cidrRange(block);
    for (let value = first; value <= last; value += 1n) all.add(ipFromBigInt(family, value));
  }
  return all;
}

type Addresses = ReadonlySet<IpAddress>;

function isSubset(part: Addresses, whole: Addresses): boolean {
  return [...part].every((address) => whole.has(address));
}

function isDisjoint(a: Addresses, b: Addresses): boolean {
  return ![...a].some((address) => b.has(address));
}

function difference(from: Addresses, minus: Addresses): Addresses {
  return new Set([...from].filter((address) => !minus.has(address)));
}

function expectDisjointAndSorted(blocks: readonly Cidr[]): void {
  expect(blocks).toEqual([...blocks].sort(compareCidr));
  for (const [index, block] of blocks.entries()) {
    expect(blocks.slice(index + 1).filter((other) => cidrsOverlap(block, other))).toEqual([]);
  }
}

describe('against the model', () => {
  test('contains and overlaps', () => {
    const pair = fc.oneof(
      blocksInOneSpace.chain(({ where, one }) => fc.tuple(fc.constant(one), blockIn(where))),
      fc.tuple(space.chain(blockIn), space.chain(blockIn)),
    );
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const [inA, inB] = [addressesOf(a), addressesOf(b)];
        expect(cidrContains(a, b)).toBe(isSubset(inB, inA));
        expect(cidrsOverlap(a, b)).toBe(!isDisjoint(inA, inB));
        expect(cidrsOverlap(b, a)).toBe(cidrsOverlap(a, b));
        for (const address of inB) expect(cidrContains(a, address)).toBe(inA.has(address));
      }),
    );
  });

  test('subtract leaves exactly the rest, in the fewest blocks', () => {
    fc.assert(
      fc.property(blocksInOneSpace, blocksAnywhere, ({ one, many }, elsewhere) => {
        const minus = [...many, ...elsewhere];
        const rest = subtractCidr(one, minus);
        expect(addressesOf(...rest)).toEqual(difference(addressesOf(one), addressesOf(...minus)));
        expectDisjointAndSorted(rest);
        expect(aggregateCidrs(rest)).toEqual(rest);
      }),
    );
  });

  test('aggregate keeps the addresses, in the fewest blocks', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          blocksAnywhere,
          blocksInOneSpace.map(({ many }) => many),
        ),
        (blocks) => {
          const fewest = aggregateCidrs(blocks);
          expect(addressesOf(...fewest)).toEqual(addressesOf(...blocks));
          expectDisjointAndSorted(fewest);
          for (const block of fewest) expect(isMaximal(block, addressesOf(...blocks))).toBe(true);
        },
      ),
    );
  });
});

/** True when no wider block around this one lies wholly in the set. */
function isMaximal(block: Cidr, inUse: Addresses): boolean {
  const { family, first, prefixLength } = cidrRange(block);
  const hostBits = BigInt(ipBits(family) - prefixLength);
  if (Number(hostBits) >= SPACE_BITS) return true;
  const parent = writeCidr(family, (first >> (hostBits + 1n)) << (hostBits + 1n), prefixLength - 1);
  return !isSubset(addressesOf(parent), inUse);
}

describe('examples', () => {
  const cidrs = (...texts: string[]) => texts.map(parseCidr);

  test('the whole space minus a hole', () => {
    expect(subtractCidr(parseCidr('0.0.0.0/0'), cidrs('128.0.0.0/1'))).toEqual(['0.0.0.0/1']);
    expect(subtractCidr(parseCidr('10.0.0.0/8'), cidrs('0.0.0.0/0'))).toEqual([]);
    expect(subtractCidr(parseCidr('10.0.0.0/30'), cidrs('10.0.0.1/32'))).toEqual(['10.0.0.0/32', '10.0.0.2/31']);
    expect(subtractCidr(parseCidr('::/0'), cidrs('0.0.0.0/0'))).toEqual(['::/0']);
    expect(subtractCidr(parseCidr('::/0'), cidrs('::/1', '8000::/1'))).toEqual([]);
  });

  test('aggregation joins neighbours over the whole space', () => {
    expect(aggregateCidrs(cidrs('128.0.0.0/1', '::/1', '0.0.0.0/1', '8000::/1'))).toEqual(['0.0.0.0/0', '::/0']);
    expect(aggregateCidrs(cidrs('10.0.1.0/24', '10.0.2.0/24'))).toEqual(['10.0.1.0/24', '10.0.2.0/24']);
  });

  test('an IPv4-mapped address is in no IPv4 block', () => {
    expect(cidrContains(parseCidr('0.0.0.0/0'), parseIpAddress('::ffff:10.0.0.1'))).toBe(false);
    expect(cidrContains(parseCidr('::ffff:0.0.0.0/96'), parseIpAddress('10.0.0.1'))).toBe(false);
  });

  test('order: family, address, larger block first', () => {
    const sorted = cidrs('2.0.0.0/8', '10.0.0.0/8', '10.0.0.0/16', '10.0.1.0/24', '::/0', '1::/16');
    expect([...sorted].reverse().sort(compareCidr)).toEqual(sorted);
    expect(compareCidr(parseCidr('::/0'), parseCidr('::/0'))).toBe(0);
  });
});
