import { cidrContains } from './cidr-algebra.ts';
import { parseCidr, type Cidr } from './cidr.ts';
import type { IpAddress } from './ip-address.ts';

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(parseCidr);

/** True of an IPv4 address or range for private use (RFC 1918), or behind the NAT of a provider (RFC 6598). */
export function isPrivateRange(range: Cidr | IpAddress): boolean {
  return privateRanges.some((outer) => cidrContains(outer, range));
}
