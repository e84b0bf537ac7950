/**
 * Value types of IP networking and the algebra of CIDR blocks, on bigint, for both families. Pure: no I/O, no clock, no
 * dependency. Text is parsed once at the edge into branded canonical strings, so that `===` compares them.
 */
export { ValueSyntaxError } from './value-syntax-error.ts';
export { ipFromBigInt, ipToBigInt, isIpAddress, parseIpAddress } from './ip-address.ts';
export type { IpAddress } from './ip-address.ts';
export {
  addressCount,
  blockOfOne,
  cidrPrefixLength,
  cidrRange,
  everything,
  firstHost,
  ipv4Block,
  isCidr,
  lastAddress,
  networkAddress,
  normalizeCidr,
  parseCidr,
} from './cidr.ts';
export type { Cidr, CidrRange } from './cidr.ts';
export { aggregateCidrs, cidrContains, cidrsOverlap, compareCidr, subtractCidr } from './cidr-algebra.ts';
export { CidrIndex } from './cidr-index.ts';
export { isPrivateRange } from './private-range.ts';
export { parseInterfaceName } from './interface-name.ts';
export type { InterfaceName } from './interface-name.ts';
