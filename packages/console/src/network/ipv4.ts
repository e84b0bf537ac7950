/** The number of an IPv4 address; null: it is none. */
export function addressNumber(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const parts = match.slice(1).map(Number);
  return parts.every((part) => part <= 255) ? parts.reduce((number, part) => number * 256 + part, 0) : null;
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

interface Range {
  readonly first: number;
  readonly prefix: number;
}

/** Of `10.0.0.0/16`; null: it is no range. */
export function rangeOf(text: string): Range | null {
  const [address = '', length = '', ...more] = text.split('/');
  const first = addressNumber(address);
  if (first === null || more.length > 0 || !/^\d{1,2}$/.test(length) || Number(length) > 32) return null;
  return { first, prefix: Number(length) };
}

/** An address of the range that a host may have: not the first ones, which are routers', nor that of broadcasts. */
export function hostIn(text: string): string | null {
  const range = rangeOf(text);
  if (range === null) return null;
  const size = 2 ** (32 - range.prefix);
  return addressOf(range.first + (size < 4 ? 0 : Math.min(10, size - 2)));
}
