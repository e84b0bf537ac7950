import {
  ipToBigInt,
  isIpAddress,
  parseIpAddress,
  subtractCidr,
  everything,
  ipFromBigInt,
  normalizeCidr,
  type Cidr,
} from '@landbridge/net';

/** Forms in which devices write IPv4 ranges. */

/** `255.255.255.0` → 24; null: no mask, or one with holes. */
export function maskLength(mask: string): number | null {
  const bits = numberOf(mask);
  if (bits === null) return null;
  const inverted = 0xffff_ffffn - bits;
  if ((inverted & (inverted + 1n)) !== 0n) return null;
  return 32 - inverted.toString(2).replace(/^0$/, '').length;
}

/** `0.0.0.255` → 24. */
export function wildcardLength(wildcard: string): number | null {
  const bits = numberOf(wildcard);
  return bits === null ? null : maskLength(ipFromBigInt(4, 0xffff_ffffn - bits));
}

/** The fewest blocks from the first to the last address; null: these are no addresses, or the wrong way round. */
export function cidrsOfRange(first: string, last: string): Cidr[] | null {
  const [from, to] = [numberOf(first), numberOf(last)];
  if (from === null || to === null || from > to) return null;
  const outside = [...blocksBelow(from), ...blocksAbove(to)];
  return subtractCidr(everything, outside);
}

function numberOf(text: string): bigint | null {
  return isIpAddress(text) && !text.includes(':') ? ipToBigInt(parseIpAddress(text)) : null;
}

/** All addresses below one. */
function blocksBelow(address: bigint): Cidr[] {
  return bits.flatMap((bit) => {
    if ((address & (1n << bit)) === 0n) return [];
    const network = (address >> (bit + 1n)) << (bit + 1n);
    return [normalizeCidr(`${ipFromBigInt(4, network)}/${32n - bit}`)];
  });
}

/** All addresses above one. */
function blocksAbove(address: bigint): Cidr[] {
  return bits.flatMap((bit) => {
    if ((address & (1n << bit)) !== 0n) return [];
    const network = ((address >> bit) | 1n) << bit;
    return [normalizeCidr(`${ipFromBigInt(4, network)}/${32n - bit}`)];
  });
}

const bits = Array.from({ length: 32 }, (_, at) => BigInt(at));
