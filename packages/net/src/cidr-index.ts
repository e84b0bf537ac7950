import { cidrRange, ipv4Block } from './cidr.ts';
import type { Cidr } from './cidr.ts';

/**
 * A block as one number, so that numbers of a family stand in the order of compareCidr. An IPv4 block's is a `number`, since
 * most blocks are, and an IPv6 block's a bigint: of two families they are never equal.
 */
type BlockNumber = number | bigint;

/** Where a block begins, and how much of it is network: numbers in IPv4, bigints in IPv6. */
type Block =
  | { readonly family: 4; readonly first: number; readonly prefixLength: number }
  | { readonly family: 6; readonly first: bigint; readonly prefixLength: number };

/** The blocks of one family. */
interface Family {
  /** Of each block once, in order. */
  numbers: BlockNumber[];
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
      const block = blockOf(cidr);
      const number = numberOf(block);
      if (this.#put(block, number, value)) found[block.family].push(number);
    }
    for (const family of [4, 6] as const) this.#families[family].numbers = found[family].sort(inOrder);
  }

  /** How many values there are. */
  get size(): number {
    return this.#size;
  }

  add(cidr: Cidr, value: T): void {
    const block = blockOf(cidr);
    const number = numberOf(block);
    if (!this.#put(block, number, value)) return;
    const { numbers } = this.#families[block.family];
    numbers.splice(firstNotBefore(numbers, number), 0, number);
  }

  /** One of those that are this value; nothing happens where there is none. */
  remove(cidr: Cidr, value: T): void {
    const block = blockOf(cidr);
    const values = this.#at.get(numberOf(block)) ?? [];
    const place = values.indexOf(value);
    if (place < 0) return;
    this.#size--;
    if (values.length > 1) values.splice(place, 1);
    else this.#forget(block);
  }

  /** Of the blocks that contain this one; itself is among them. */
  around(cidr: Cidr): T[] {
    return [...this.#around(blockOf(cidr))];
  }

  /** Of the blocks that this one contains; itself is among them. */
  within(cidr: Cidr): T[] {
    return [...this.#within(blockOf(cidr))];
  }

  /** Of all blocks that share an address with this one. */
  overlapping(cidr: Cidr): T[] {
    return [...this.eachOverlapping(cidr)];
  }

  /** As `overlapping`, one after the other: for who may stop early. */
  *eachOverlapping(cidr: Cidr): Generator<T> {
    const block = blockOf(cidr);
    yield* this.#around(block, block.prefixLength - 1);
    yield* this.#within(block);
  }

  *#around(block: Block, longest = block.prefixLength): Generator<T> {
    for (const prefixLength of this.#families[block.family].prefixLengths.keys()) {
      if (prefixLength <= longest) yield* this.#at.get(numberOf(block, prefixLength)) ?? [];
    }
  }

  *#within(block: Block): Generator<T> {
    const { numbers } = this.#families[block.family];
    const end = endOf(block);
    for (let place = firstNotBefore(numbers, numberOf(block)); ; place++) {
      const number = numbers[place];
      if (number === undefined || number >= end) return;
      yield* this.#at.get(number) ?? [];
    }
  }

  /** True when nothing stood at this block before: its number is not among the sorted ones yet. */
  #put(block: Block, number: BlockNumber, value: T): boolean {
    this.#size++;
    const values = this.#at.get(number);
    if (values !== undefined) {
      values.push(value);
      return false;
    }
    this.#at.set(number, [value]);
    const { prefixLengths } = this.#families[block.family];
    prefixLengths.set(block.prefixLength, (prefixLengths.get(block.prefixLength) ?? 0) + 1);
    return true;
  }

  /** A block at which nothing stands any more. */
  #forget(block: Block): void {
    this.#at.delete(numberOf(block));
    const { numbers, prefixLengths } = this.#families[block.family];
    numbers.splice(firstNotBefore(numbers, numberOf(block)), 1);
    const others = (prefixLengths.get(block.prefixLength) ?? 0) - 1;
    if (others > 0) prefixLengths.set(block.prefixLength, others);
    else prefixLengths.delete(block.prefixLength);
  }
}

function emptyFamily(): Family {
  return { numbers: [], prefixLengths: new Map() };
}

function blockOf(cidr: Cidr): Block {
  const block = ipv4Block(cidr);
  if (block !== null) return { family: 4, ...block };
  const { first, prefixLength } = cidrRange(cidr);
  return { family: 6, first, prefixLength };
}

/** The room for a prefix length behind an address. */
const lengths = { 4: 64, 6: 256n } as const;

/** Of the block of this prefix length around one. */
function numberOf(block: Block, prefixLength = block.prefixLength): BlockNumber {
  if (block.family === 4) {
    return (block.first - (block.first % 2 ** (32 - prefixLength))) * lengths[4] + prefixLength;
  }
  const hostBits = BigInt(128 - prefixLength);
  return ((block.first >> hostBits) << hostBits) * lengths[6] + BigInt(prefixLength);
}

/** Greater than the numbers of all blocks within one, and of no block that begins behind it. */
function endOf(block: Block): BlockNumber {
  if (block.family === 4) return (block.first + 2 ** (32 - block.prefixLength)) * lengths[4];
  return (block.first + (1n << BigInt(128 - block.prefixLength))) * lengths[6];
}

function firstNotBefore(numbers: readonly BlockNumber[], number: BlockNumber): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = numbers[middle];
    if (found !== undefined && found < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

function inOrder(a: BlockNumber, b: BlockNumber): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
