import { cidrContains, parseCidr, type IpAddress } from '@landbridge/net';

const refused = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map(parseCidr);

/**
 * True for an address that an IDC's device may have: IPv4, unicast, not link-local. Private addresses are allowed:
 * a self-hosted gateway may well meet its peers inside a company's network (docs/spec/semantics.md section 13).
 */
export function isPeerAddress(address: IpAddress): boolean {
  return !address.includes(':') && !refused.some((block) => cidrContains(block, address));
}
