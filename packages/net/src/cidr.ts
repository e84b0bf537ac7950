/** CIDR blocks as canonical text (RFC 4632, RFC 4291 §2.3): the host bits are zero, so equal blocks are equal strings. */
import { ipBits, ipFamily, ipFromBigInt, parseIpAddress, readIp } from './ip-address.ts';
import type { IpAddress, IpFamily } from './ip-address.ts';
import { AddressSyntaxError } from './value-syntax-error.ts';

declare const cidrBrand: unique symbol;
/** `192.0.2.0/24`, `2001:db8::/32`; host bits zero. */
export type Cidr = string & { readonly [cidrBrand]: true };

/** A block as an inclusive range of address numbers; what the algebra works on. */
export interface CidrRange {
  readonly family: IpFamily;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefixLength: number;
}

/** Reads `address/length`; throws AddressSyntaxError, also when bits right of the prefix are set. */
export function parseCidr(text: string): Cidr {
  if (!text.includes('/')) throw new AddressSyntaxError('a CIDR block', text, 'the prefix length is missing');
  const { family, address, prefixLength } = readCidr(text);
  const network = clearHostBits(family, address, prefixLength);
  if (network !== address) {
    const hint = writeCidr(family, network, prefixLength);
    throw new AddressSyntaxError('a CIDR block', text, `bits right of the prefix are set (did you mean ${hint}?)`);
  }
  return writeCidr(family, network, prefixLength);
}

/** Every IPv4 address. */
export const everything: Cidr = parseCidr('0.0.0.0/0');

/** As parseCidr, but clears host bits, and takes a bare address as a block of one. */
export function normalizeCidr(text: string): Cidr {
  if (!text.includes('/')) return blockOfOne(parseIpAddress(text));
  const { family, address, prefixLength } = readCidr(text);
  return writeCidr(family, clearHostBits(family, address, prefixLength), prefixLength);
}

export function blockOfOne(address: IpAddress): Cidr {
  return `${address}/${ipBits(ipFamily(address)).toString()}` as Cidr;
}

export function isCidr(text: string): boolean {
  try {
    parseCidr(text);
    return true;
  } catch {
    return false;
  }
}

export function cidrFamily(cidr: Cidr): IpFamily {
  return cidr.includes(':') ? 6 : 4;
}

export function cidrPrefixLength(cidr: Cidr): number {
  return Number(cidr.slice(cidr.indexOf('/') + 1));
}

/** The lowest address of the block. */
export function networkAddress(cidr: Cidr): IpAddress {
  return cidr.slice(0, cidr.indexOf('/')) as IpAddress;
}

/** The highest address of the block; in IPv4 up to /30 this is the broadcast address. */
export function lastAddress(cidr: Cidr): IpAddress {
  const { family, last } = cidrRange(cidr);
  return ipFromBigInt(family, last);
}

/**
 * The lowest address a host may have: network + 1, because the network address is not a host's (RFC 1122 §3.2.1.3) or
 * is the subnet-router anycast address (RFC 4291 §2.6.1). In /31, /32 (RFC 3021), /127 (RFC 6164) and /128 it is the
 * first address itself.
 */
export function firstHost(cidr: Cidr): IpAddress {
  const { family, first } = cidrRange(cidr);
  return ipFromBigInt(family, isPointToPoint(cidr) ? first : first + 1n);
}

export function addressCount(cidr: Cidr): bigint {
  return 1n << BigInt(ipBits(cidrFamily(cidr)) - cidrPrefixLength(cidr));
}

/** True for blocks of one or two addresses, which have neither network nor broadcast address. */
function isPointToPoint(cidr: Cidr): boolean {
  return addressCount(cidr) <= 2n;
}

export function cidrRange(cidr: Cidr): CidrRange {
  const { family, address, prefixLength } = cidr.includes(':') ? readCidr(cidr) : readCanonicalIpv4(cidr);
  const size = 1n << BigInt(ipBits(family) - prefixLength);
  return { family, first: address, last: address + size - 1n, prefixLength };
}

const dot = 0x2e;
const zero = 0x30;

/** What a Cidr was checked for is not checked again: plans ask this of thousands. */
function readCanonicalIpv4(cidr: Cidr): Pick<CidrRange, 'family' | 'prefixLength'> & { address: bigint } {
  const slash = cidr.indexOf('/');
  let [address, octet] = [0, 0];
  for (let at = 0; at < slash; at++) {
    const code = cidr.charCodeAt(at);
    if (code !== dot) octet = octet * 10 + code - zero;
    else [address, octet] = [address * 256 + octet, 0];
  }
  return { family: 4, address: BigInt(address * 256 + octet), prefixLength: Number(cidr.slice(slash + 1)) };
}

/** `network` must have zero host bits. */
export function writeCidr(family: IpFamily, network: bigint, prefixLength: number): Cidr {
  return `${ipFromBigInt(family, network)}/${prefixLength}` as Cidr;
}

function readCidr(text: string): { family: IpFamily; address: bigint; prefixLength: number } {
  const slash = text.indexOf('/');
  const address = readIp(text.slice(0, slash), text);
  const family = text.includes(':') ? 6 : 4;
  const length = text.slice(slash + 1);
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(length)) {
    throw new AddressSyntaxError('a CIDR block', text, 'the prefix length is a decimal number without leading zeros');
  }
  if (Number(length) > ipBits(family)) {
    const most = ipBits(family).toString();
    throw new AddressSyntaxError('a CIDR block', text, `an IPv${family} prefix length is at most ${most}`);
  }
  return { family, address, prefixLength: Number(length) };
}

function clearHostBits(family: IpFamily, address: bigint, prefixLength: number): bigint {
  const hostBits = BigInt(ipBits(family) - prefixLength);
  return (address >> hostBits) << hostBits;
}
