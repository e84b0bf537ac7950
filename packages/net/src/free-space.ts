/** Picking the lowest free block or address inside a CIDR block. Deterministic: the same input gives the same answer. */
import { cidrRange, isPointToPoint, writeCidr } from './cidr.ts';
import type { Cidr } from './cidr.ts';
import { ipBits, ipFromBigInt } from './ip-address.ts';
import type { IpAddress } from './ip-address.ts';

/**
 * The lowest block of the given prefix length inside `within` that overlaps none of `taken` (which may lie anywhere and
 * overlap each other); undefined when none is free or the block asked for is larger than `within`.
 * Throws RangeError when `prefixLength` is no prefix length of the family.
 */
export function nextFreeCidr(within: Cidr, prefixLength: number, taken: readonly Cidr[]): Cidr | undefined {
  const space = cidrRange(within);
  const bits = ipBits(space.family);
  if (!Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > bits) {
    throw new RangeError(`${prefixLength} is not an IPv${space.family} prefix length`);
  }
  if (prefixLength < space.prefixLength) return undefined;
  const size = 1n << BigInt(bits - prefixLength);
  let candidate = space.first;
  const obstacles = taken
    .map(cidrRange)
    .filter((range) => range.family === space.family)
    .sort((a, b) => (a.first < b.first ? -1 : 1));
  for (const { first, last } of obstacles) {
    if (last < candidate) continue;
    if (candidate + size - 1n < first) break;
    candidate = ((last + size) / size) * size;
  }
  return candidate + size - 1n <= space.last ? writeCidr(space.family, candidate, prefixLength) : undefined;
}

export interface NextFreeAddressOptions {
  /**
   * Leave out the network address and, in IPv4, the broadcast address; no effect on blocks of one or two addresses.
   * Default false: every address of the block is a candidate.
   */
  readonly skipNetworkAndBroadcast?: boolean;
}

/** The lowest address of `within` that is not in `taken`, or undefined. Takes at most `taken.size + 1` steps. */
export function nextFreeAddress(
  within: Cidr,
  taken: ReadonlySet<IpAddress>,
  { skipNetworkAndBroadcast = false }: NextFreeAddressOptions = {},
): IpAddress | undefined {
  const { family, first, last } = cidrRange(within);
  const skip = skipNetworkAndBroadcast && !isPointToPoint(within);
  const end = skip && family === 4 ? last - 1n : last;
  for (let value = skip ? first + 1n : first; value <= end; value += 1n) {
    const address = ipFromBigInt(family, value);
    if (!taken.has(address)) return address;
  }
  return undefined;
}
