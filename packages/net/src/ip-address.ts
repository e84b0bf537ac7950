/**
 * IP addresses as canonical text. Two addresses are equal exactly when their strings are equal.
 *
 * IPv4: four decimal octets without leading zeros (RFC 6943 §3.1.1 "strict" form; `010` is octal to some readers, so it
 * is refused). IPv6: RFC 4291 §2.2 in any form is read, RFC 5952 is written; zone ids (RFC 4007 §11) are refused. An
 * IPv4-mapped address is an IPv6 address, written `::ffff:192.0.2.1` (RFC 5952 §5, as iproute2 does), and never equals
 * or contains the IPv4 one.
 */
import { AddressSyntaxError } from './value-syntax-error.ts';

declare const ipAddressBrand: unique symbol;
/** Canonical text of an IPv4 or IPv6 address: `192.0.2.1`, `2001:db8::1`. */
export type IpAddress = string & { readonly [ipAddressBrand]: true };
export type IpFamily = 4 | 6;

/** Longest text an address can have: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const LONGEST_ADDRESS = 45;
const IPV4_MAPPED_PREFIX = 0xffffn;

/** Address length in bits. */
export function ipBits(family: IpFamily): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** Reads any valid spelling and returns the canonical one; throws AddressSyntaxError. */
export function parseIpAddress(text: string): IpAddress {
  const family = text.includes(':') ? 6 : 4;
  return ipFromBigInt(family, readIp(text, text));
}

export function isIpAddress(text: string): boolean {
  try {
    parseIpAddress(text);
    return true;
  } catch {
    return false;
  }
}

export function ipFamily(address: IpAddress): IpFamily {
  return address.includes(':') ? 6 : 4;
}

/** The address as an unsigned number of 32 or 128 bits in network order. */
export function ipToBigInt(address: IpAddress): bigint {
  return readIp(address, address);
}

/** Inverse of ipToBigInt; throws RangeError when `value` does not fit the family. */
export function ipFromBigInt(family: IpFamily, value: bigint): IpAddress {
  if (value < 0n || value >> BigInt(ipBits(family)) !== 0n) {
    throw new RangeError(`${value} does not fit an IPv${family} address`);
  }
  return (family === 4 ? writeIpv4(value) : writeIpv6(value)) as IpAddress;
}

/** `whole` is the text to name in errors: the CIDR block around the address, perhaps. */
export function readIp(text: string, whole: string): bigint {
  if (text.length === 0) throw new AddressSyntaxError('an IP address', whole, 'it is empty');
  if (text.length > LONGEST_ADDRESS) throw new AddressSyntaxError('an IP address', whole, 'it is too long');
  if (text.includes('%')) throw new AddressSyntaxError('an IP address', whole, 'zone ids are not allowed');
  return text.includes(':') ? readIpv6(text, whole) : readIpv4(text, whole);
}

function readIpv4(text: string, whole: string): bigint {
  const fail = (reason: string) => new AddressSyntaxError('an IP address', whole, reason);
  const octets = text.split('.');
  if (octets.length !== 4) throw fail('an IPv4 address has four octets separated by dots');
  let value = 0;
  for (const octet of octets) {
    if (!/^[0-9]+$/.test(octet)) throw fail('an octet is a decimal number');
    if (octet.length > 1 && octet.startsWith('0')) throw fail('an octet has no leading zero');
    if (octet.length > 3 || Number(octet) > 255) throw fail('an octet is at most 255');
    value = value * 256 + Number(octet);
  }
  return BigInt(value);
}

function readIpv6(text: string, whole: string): bigint {
  const fail = (reason: string) => new AddressSyntaxError('an IP address', whole, reason);
  const halves = text.split('::');
  if (halves.length > 2) throw fail('"::" may appear once');
  const [left = [], right = []] = halves.map((half, index) => readGroups(half, index === halves.length - 1, whole));
  if (halves.length === 1) {
    if (left.length !== 8) throw fail('an IPv6 address without "::" has eight groups');
    return joinGroups(left);
  }
  const missing = 8 - left.length - right.length;
  if (missing < 1) throw fail('"::" stands for at least one group and there are eight groups in all');
  return joinGroups([...left, ...new Array<number>(missing).fill(0), ...right]);
}

/** One side of "::" as 16-bit groups; a dotted IPv4 tail counts as two and may stand only at the very end. */
function readGroups(half: string, isLastHalf: boolean, whole: string): number[] {
  if (half === '') return [];
  const parts = half.split(':');
  return parts.flatMap((part, index) => {
    if (part.includes('.')) {
      if (!isLastHalf || index !== parts.length - 1) {
        throw new AddressSyntaxError('an IP address', whole, 'a dotted IPv4 part may stand only at the end');
      }
      const tail = Number(readIpv4(part, whole));
      return [tail >>> 16, tail & 0xffff];
    }
    if (!/^[0-9a-fA-F]{1,4}$/.test(part)) {
      throw new AddressSyntaxError('an IP address', whole, 'a group is one to four hexadecimal digits');
    }
    return [Number.parseInt(part, 16)];
  });
}

function joinGroups(groups: readonly number[]): bigint {
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

function writeIpv4(value: bigint): string {
  const bits = Number(value);
  return [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join('.');
}

/** RFC 5952 §4: lower case, no leading zeros, the longest run (first of equals, at least two) of zero groups as "::". */
function writeIpv6(value: bigint): string {
  if (value >> 32n === IPV4_MAPPED_PREFIX) return `::ffff:${writeIpv4(value & 0xffff_ffffn)}`;
  const groups = Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(112 - 16 * index)) & 0xffffn));
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (best.length < 2) return hex(groups);
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}
