import { cidrContains, ipToBigInt, parseCidr, type IpAddress } from '@landbridge/net';

const refused = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map(parseCidr);

/**
 * True for an address that an IDC's device may have: IPv4, unicast, not link-local, and neither the first nor the last of
 * its class. Private addresses are allowed: a self-hosted gateway may well meet its peers inside a company's network
 * (docs/spec/semantics.md section 13).
 */
export function isPeerAddress(address: IpAddress): boolean {
  if (address.includes(':') || refused.some((block) => cidrContains(block, address))) return false;
  const number = Number(ipToBigInt(address));
  const hosts = hostsOfClass(number);
  return number % hosts !== 0 && number % hosts !== hosts - 1;
}

/** How many addresses the classes A, B and C have for hosts (RFC 791 section 3.2). */
function hostsOfClass(address: number): number {
  if (address < 128 * 2 ** 24) return 2 ** 24;
  return address < 192 * 2 ** 24 ? 2 ** 16 : 2 ** 8;
}
