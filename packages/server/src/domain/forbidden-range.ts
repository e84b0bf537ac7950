import { cidrsOverlap, everything, parseCidr, type Cidr } from '@landbridge/net';

const forbidden = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '255.0.0.0/8'].map(parseCidr);

/**
 * Ranges that neither a security policy nor a route may name: 0.x, loopback, multicast, 255.x and IPv6;
 * 0.0.0.0/0 is allowed as "everything" (docs/spec/semantics.md section 5).
 */
export function isForbiddenRange(range: Cidr): boolean {
  if (range === everything) return false;
  return range.includes(':') || forbidden.some((block) => cidrsOverlap(block, range));
}
