import { cidrRange } from './cidr.ts';
import type { Cidr, CidrRange } from './cidr.ts';
import type { IpFamily } from './ip-address.ts';

/**
 * A block as one number, so that numbers of a family stand in the order of compareCidr. An IPv4 block's is a `number`, since
 * most blocks are, and an IPv6 block's a bigint: of two families they are never equal.
 */
type BlockNumber = number | bigint;

/** The blocks of one family. */
interface Family {
  /** Each once, in order. */
  blocks: BlockNumber[];
  /** How many of the blocks have this prefix length. */
  readonly prefixLengths: Map<number, number>;
}

/**
 * Values by block, asked for those whose blocks meet another one. Two blocks meet exactly when one contains the other, so
 * that there are two questions: what lies around a block, which costs a lookup for each prefix length in use, and what lies
 * within it, a search in sorted order. Neither grows with the number of blocks elsewhere.
 */
export class CidrIndex<T> {
  readonly #at = new Map<BlockNumber, T[]>();
  readonly #families = { 4: emptyFamily(), 6: emptyFamily() };
  #size = 0;

  constructor(entries: Iterable<readonly [Cidr, T]> = []) {
    const found = { 4: [] as BlockNumber[], 6: [] as BlockNumber[] };
    for (const [cidr, value] of entries) {
      const range = cidrRange(cidr);
      if (this.#put(range, value)) found[range.family].push(blockNumber(range));
    }
    for (const family of [4, 6] as const) this.#families[family].blocks = found[family].sort(byNumber);
  }

  /** How many values there are. */
  get size(): number {
    return this.#size;
  }

  add(cidr: Cidr, value: T): void {
    const range = cidrRange(cidr);
    if (!this.#put(range, value)) return;
    const { blocks } = this.#families[range.family];
    const block = blockNumber(range);
    blocks.splice(firstNotBefore(blocks, block), 0, block);
  }

  /** One of those that are this value; nothing happens where there is none. */
  remove(cidr: Cidr, value: T): void {
    const range = cidrRange(cidr);
    const block = blockNumber(range);
    const values = this.#at.get(block) ?? [];
    const place = values.indexOf(value);
    if (place < 0) return;
    this.#size--;
    if (values.length > 1) {
      values.splice(place, 1);
      return;
    }
    this.#at.delete(block);
    const { blocks, prefixLengths } = this.#families[range.family];
    blocks.splice(firstNotBefore(blocks, block), 1);
    const others = (prefixLengths.get(range.prefixLength) ?? 0) - 1;
    if (others > 0) prefixLengths.set(range.prefixLength, others);
    else prefixLengths.delete(range.prefixLength);
  }

  /** Of the blocks that contain this one; itself is among them. */
  around(cidr: Cidr): T[] {
    return [...this.#around(cidrRange(cidr))];
  }

  /** Of the blocks that this one contains; itself is among them. */
  within(cidr: Cidr): T[] {
    return [...this.#within(cidrRange(cidr))];
  }

  /** Of all blocks that share an address with this one. */
  overlapping(cidr: Cidr): T[] {
    return [...this.eachOverlapping(cidr)];
  }

  /** As `overlapping`, one after the other: for who may stop early. */
  *eachOverlapping(cidr: Cidr): Generator<T> {
    const range = cidrRange(cidr);
    yield* this.#around(range, range.prefixLength - 1);
    yield* this.#within(range);
  }

  *#around(range: CidrRange, longest = range.prefixLength): Generator<T> {
    for (const prefixLength of this.#families[range.family].prefixLengths.keys()) {
      if (prefixLength <= longest) yield* this.#at.get(blockNumber(range, prefixLength)) ?? [];
    }
  }

  *#within(range: CidrRange): Generator<T> {
    const { blocks } = this.#families[range.family];
    const end = endOf(range);
    for (let place = firstNotBefore(blocks, blockNumber(range)); ; place++) {
      const block = blocks[place];
      if (block === undefined || block >= end) return;
      yield* this.#at.get(block) ?? [];
    }
  }

  /** True when nothing stood at this block before; its number is not among the sorted ones then. */
  #put(range: CidrRange, value: T): boolean {
    this.#size++;
    const block = blockNumber(range);
    const values = this.#at.get(block);
    if (values !== undefined) {
      values.push(value);
      return false;
    }
    this.#at.set(block, [value]);
    const { prefixLengths } = this.#families[range.family];
    prefixLengths.set(range.prefixLength, (prefixLengths.get(range.prefixLength) ?? 0) + 1);
    return true;
  }
}

function emptyFamily(): Family {
  return { blocks: [], prefixLengths: new Map() };
}

/** As many prefix lengths as a block number has room for: an address is told by what stands left of them. */
const lengthsIn: Readonly<Record<IpFamily, number>> = { 4: 64, 6: 256 };

/** Of the block of this prefix length around a range. */
function blockNumber({ family, first, prefixLength }: CidrRange, length = prefixLength): BlockNumber {
  if (family === 6) {
    const hostBits = BigInt(128 - length);
    return ((first >> hostBits) << hostBits) * BigInt(lengthsIn[6]) + BigInt(length);
  }
  const address = Number(first);
  return (address - (address % 2 ** (32 - length))) * lengthsIn[4] + length;
}

/** Greater than the numbers of all blocks within the range, and of no other that begins behind it. */
function endOf({ family, last }: CidrRange): BlockNumber {
  return family === 6 ? (last + 1n) * BigInt(lengthsIn[6]) : (Number(last) + 1) * lengthsIn[4];
}

function firstNotBefore(blocks: readonly BlockNumber[], block: BlockNumber): number {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle] as BlockNumber) < block) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byNumber(a: BlockNumber, b: BlockNumber): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
