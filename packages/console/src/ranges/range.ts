import { ipFromBigInt, ipv4Block, normalizeCidr, parseIpAddress } from '@landbridge/net';

/** An IPv4 range as numbers, so that ten thousand of them are compared and searched at once. */
export interface Range {
  /** The first address. */
  readonly first: number;
  /** How many addresses, a power of two. */
  readonly size: number;
}

/** Of `10.2.3.4`; null: it is none. */
export function addressOf(text: string): number | null {
  return blockOf(text, parseIpAddress)?.first ?? null;
}

/** Of `10.2.0.0/16`; host bits, which policies may be written with, count for nothing. Null: it is none. */
export function rangeOf(text: string): Range | null {
  return text.includes('/') ? blockOf(text, normalizeCidr) : null;
}

function blockOf(text: string, parse: (text: string) => Parameters<typeof ipv4Block>[0]): Range | null {
  try {
    const block = ipv4Block(parse(text));
    return block === null ? null : { first: block.first, size: block.size };
  } catch {
    return null;
  }
}

export function holds({ first, size }: Range, address: number): boolean {
  return address >= first && address < first + size;
}

/** By the first address, the widest first. */
export function byRange(a: Range, b: Range): number {
  return a.first - b.first || b.size - a.size;
}

/** An address of the range that a host may have: not the first ones, which are routers', nor that of broadcasts. */
export function hostIn(text: string): string | null {
  const range = rangeOf(text);
  if (range === null) return null;
  const { first, size } = range;
  return ipFromBigInt(4, BigInt(first + (size < 4 ? 0 : Math.min(10, size - 2))));
}
