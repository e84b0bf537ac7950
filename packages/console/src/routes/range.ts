/** An IPv4 range as numbers, so that ten thousand of them are compared and searched at once. */
export interface Range {
  /** The first address. */
  readonly first: number;
  /** How many addresses, a power of two. */
  readonly size: number;
}

/** Of `10.2.3.4`; null: it is none. */
export function addressOf(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const bytes = match.slice(1).map(Number);
  return bytes.some((byte) => byte > 255) ? null : bytes.reduce((address, byte) => address * 256 + byte, 0);
}

/** Of `10.2.0.0/16`; host bits, which policies may be written with, count for nothing. Null: it is none. */
export function rangeOf(text: string): Range | null {
  const [network = '', prefix = ''] = text.split('/', 2);
  const address = addressOf(network);
  const length = /^\d{1,2}$/.test(prefix) ? Number(prefix) : 33;
  if (address === null || length > 32) return null;
  const size = 2 ** (32 - length);
  return { first: address - (address % size), size };
}

export function holds({ first, size }: Range, address: number): boolean {
  return address >= first && address < first + size;
}

/** By the first address, the widest first. */
export function byRange(a: Range, b: Range): number {
  return a.first - b.first || b.size - a.size;
}
