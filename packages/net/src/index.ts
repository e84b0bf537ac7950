/**
 * Value types of IP networking and the algebra of CIDR blocks, on bigint, for both families. Pure: no I/O, no clock, no
 * dependency. Text is parsed once at the edge into branded canonical strings, so that `===` compares them.
 */
export {
  AddressSyntaxError,
  AsnSyntaxError,
  InterfaceNameSyntaxError,
  ValueSyntaxError,
} from './value-syntax-error.ts';
export { ipFamily, ipFromBigInt, ipToBigInt, isIpAddress, parseIpAddress } from './ip-address.ts';
export type { IpAddress, IpFamily } from './ip-address.ts';
export {
  addressCount,
  cidrFamily,
  cidrPrefixLength,
  cidrRange,
  firstHost,
  isCidr,
  lastAddress,
  networkAddress,
  normalizeCidr,
  parseCidr,
} from './cidr.ts';
export type { Cidr, CidrRange } from './cidr.ts';
export { aggregateCidrs, cidrContains, cidrsOverlap, compareCidr, subtractCidr } from './cidr-algebra.ts';
export { CidrIndex } from './cidr-index.ts';
export { nextFreeAddress, nextFreeCidr } from './free-space.ts';
export type { NextFreeAddressOptions } from './free-space.ts';
export { parseAsn } from './asn.ts';
export type { Asn } from './asn.ts';
export { parseInterfaceName } from './interface-name.ts';
export type { InterfaceName } from './interface-name.ts';
export { milliseconds, minutes, seconds, toSeconds } from './duration.ts';
export type { Duration } from './duration.ts';
