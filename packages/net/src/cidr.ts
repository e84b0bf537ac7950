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
    throw new AddressSyntaxError(
      'a CIDR block',
      text,
      `bits right of the prefix are set (did you mean ${hint}?)`,
      hint,
    );
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
  const block = ipv4Block(cidr);
  const { family, address, prefixLength } =
    block === null ? readCidr(cidr) : { family: 4 as const, address: BigInt(block.first), ...block };
  const size = 1n << BigInt(ipBits(family) - prefixLength);
  return { family, first: address, last: address + size - 1n, prefixLength };
}

/** An IPv4 block in numbers, which hold 32 bits exactly and cost a fraction of what bigints do. */
export interface Ipv4Block {
  readonly first: number;
  readonly size: number;
  readonly prefixLength: number;
}

const dot = 0x2e;
const slash = 0x2f;
const zero = 0x30;
const nine = 0x39;

/**
 * Null for IPv6; an address is a block of one. What a Cidr was checked for is not checked again: plans ask this of thousands.
 */
export function ipv4Block(cidr: Cidr | IpAddress): Ipv4Block | null {
  let [first, number, isPrefix] = [0, 0, false];
  for (let at = 0; at < cidr.length; at++) {
    const code = cidr.charCodeAt(at);
    if (code >= zero && code <= nine) number = number * 10 + code - zero;
    else if (code === dot || code === slash) {
      [first, number] = [first * 256 + number, 0];
      isPrefix = code === slash;
    } else return null;
  }
  if (!isPrefix) return { first: first * 256 + number, size: 1, prefixLength: 32 };
  return { first, size: 2 ** (32 - number), prefixLength: number };
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
