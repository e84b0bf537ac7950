/** Set operations on CIDR blocks. The two families never meet: blocks of different families are disjoint. */
import { cidrRange, ipv4Block, writeCidr } from './cidr.ts';
import type { Cidr, CidrRange } from './cidr.ts';
import { ipBits, ipFamily, ipToBigInt } from './ip-address.ts';
import type { IpAddress, IpFamily } from './ip-address.ts';

interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** True when every address of `inner` is in `outer`. */
export function cidrContains(outer: Cidr, inner: Cidr | IpAddress): boolean {
  const [block, within] = [ipv4Block(outer), ipv4Block(inner)];
  if (block !== null && within !== null) {
    return block.first <= within.first && within.first + within.size <= block.first + block.size;
  }
  const whole = cidrRange(outer);
  const part = isBlock(inner) ? cidrRange(inner) : addressRange(inner);
  return whole.family === part.family && whole.first <= part.first && part.last <= whole.last;
}

/** True when some address is in both; for CIDR blocks this means that one contains the other. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  const [block, other] = [ipv4Block(a), ipv4Block(b)];
  if (block !== null && other !== null) {
    return block.first < other.first + other.size && other.first < block.first + block.size;
  }
  const left = cidrRange(a);
  const right = cidrRange(b);
  return left.family === right.family && left.first <= right.last && right.first <= left.last;
}

/** The addresses of `from` that are in none of `minus`, as the fewest blocks, in order. */
export function subtractCidr(from: Cidr, minus: readonly Cidr[]): Cidr[] {
  const { family, first, last } = cidrRange(from);
  const result: Cidr[] = [];
  let next = first;
  for (const hole of mergeRanges(minus.map(cidrRange), family)) {
    if (hole.last < next) continue;
    if (hole.first > last) break;
    if (hole.first > next) result.push(...coverRange(family, { first: next, last: hole.first - 1n }));
    next = hole.last + 1n;
  }
  if (next <= last) result.push(...coverRange(family, { first: next, last }));
  return result;
}

/** The same set of addresses as the fewest blocks, without overlap, in order of compareCidr. */
export function aggregateCidrs(list: readonly Cidr[]): Cidr[] {
  const ranges = list.map(cidrRange);
  return ([4, 6] as const).flatMap((family) =>
    mergeRanges(ranges, family).flatMap((range) => coverRange(family, range)),
  );
}

/** Order: IPv4 before IPv6, then by network address, then the larger block first. */
export function compareCidr(a: Cidr, b: Cidr): number {
  const [block, other] = [ipv4Block(a), ipv4Block(b)];
  if (block !== null && other !== null) {
    return block.first - other.first || block.prefixLength - other.prefixLength;
  }
  const left = cidrRange(a);
  const right = cidrRange(b);
  if (left.family !== right.family) return left.family - right.family;
  if (left.first !== right.first) return left.first < right.first ? -1 : 1;
  return left.prefixLength - right.prefixLength;
}

function isBlock(value: Cidr | IpAddress): value is Cidr {
  return value.includes('/');
}

function addressRange(address: IpAddress): { family: IpFamily } & AddressRange {
  const value = ipToBigInt(address);
  return { family: ipFamily(address), first: value, last: value };
}

/** The ranges of one family, sorted, with overlapping and touching ones joined. */
function mergeRanges(ranges: readonly CidrRange[], family: IpFamily): AddressRange[] {
  const sorted = ranges.filter((range) => range.family === family).sort((a, b) => (a.first < b.first ? -1 : 1));
  const merged: { first: bigint; last: bigint }[] = [];
  for (const { first, last } of sorted) {
    const previous = merged.at(-1);
    if (previous === undefined || first > previous.last + 1n) merged.push({ first, last });
    else if (last > previous.last) previous.last = last;
  }
  return merged;
}

/** The fewest blocks that cover exactly this range: at each step the largest block that is aligned and still fits. */
function coverRange(family: IpFamily, { first, last }: AddressRange): Cidr[] {
  const blocks: Cidr[] = [];
  const bits = ipBits(family);
  for (let next = first; next <= last;) {
    let hostBits = 0;
    while (hostBits < bits) {
      const size = 1n << BigInt(hostBits + 1);
      if (next % size !== 0n || next + size - 1n > last) break;
      hostBits += 1;
    }
    blocks.push(writeCidr(family, next, bits - hostBits));
    next += 1n << BigInt(hostBits);
  }
  return blocks;
}
