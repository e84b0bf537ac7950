import { cidrRange } from './cidr.ts';
import type { Cidr, CidrRange } from './cidr.ts';

interface Entry<T> {
  readonly range: CidrRange;
  readonly value: T;
}

/**
 * Values by block, asked for those whose blocks meet another one. Two blocks meet exactly when one contains the other, so
 * that there are two questions: what lies around a block, which costs a lookup for each prefix length in use, and what lies
 * within it, a search in sorted order. Neither grows with the number of blocks elsewhere.
 */
export class CidrIndex<T> {
  readonly #entries: readonly Entry<T>[];
  /** Block (see keyOf) → the values that stand there. */
  readonly #at = new Map<bigint, T[]>();
  /** In use, by family. */
  readonly #prefixLengths = { 4: new Set<number>(), 6: new Set<number>() };

  constructor(entries: Iterable<readonly [Cidr, T]>) {
    const read = Array.from(entries, ([cidr, value]) => ({ range: cidrRange(cidr), value }));
    this.#entries = read.sort((a, b) => compareRanges(a.range, b.range));
    for (const { range, value } of this.#entries) {
      this.#prefixLengths[range.family].add(range.prefixLength);
      const key = keyOf(range, range.prefixLength);
      const standing = this.#at.get(key);
      if (standing === undefined) this.#at.set(key, [value]);
      else standing.push(value);
    }
  }

  /** Of the blocks that contain this one; itself is among them. */
  around(cidr: Cidr): T[] {
    return this.#around(cidrRange(cidr));
  }

  /** Of the blocks that this one contains; itself is among them. */
  within(cidr: Cidr): T[] {
    return this.#within(cidrRange(cidr));
  }

  /** Of all blocks that share an address with this one. */
  overlapping(cidr: Cidr): T[] {
    const range = cidrRange(cidr);
    return [...this.#around(range, range.prefixLength - 1), ...this.#within(range)];
  }

  #around(range: CidrRange, longest = range.prefixLength): T[] {
    const values: T[] = [];
    for (const prefixLength of this.#prefixLengths[range.family]) {
      if (prefixLength <= longest) values.push(...(this.#at.get(keyOf(range, prefixLength)) ?? []));
    }
    return values;
  }

  #within(range: CidrRange): T[] {
    const values: T[] = [];
    for (let place = this.#firstNotBefore(range); ; place++) {
      const entry = this.#entries[place];
      if (entry?.range.family !== range.family || entry.range.first > range.last) return values;
      values.push(entry.value);
    }
  }

  #firstNotBefore(range: CidrRange): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && compareRanges(entry.range, range) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The order of compareCidr. */
function compareRanges(a: CidrRange, b: CidrRange): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.prefixLength - b.prefixLength;
}

/** The block of this prefix length around a range, as one number: network, prefix length and family. */
function keyOf({ family, first }: CidrRange, prefixLength: number): bigint {
  const hostBits = BigInt((family === 4 ? 32 : 128) - prefixLength);
  return ((first >> hostBits) << 16n) | BigInt(prefixLength << 4) | BigInt(family);
}
