import { timingSafeEqual } from 'node:crypto';

/** Compares without telling by the time taken where two texts of one length differ. */
export function isEqualText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
