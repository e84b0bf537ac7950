import { cidrPrefixLength, ipFromBigInt, networkAddress, type Cidr } from '@landbridge/net';

const allOnes = 0xffff_ffffn;

/** `10.0.0.0/16` → `10.0.0.0 255.255.0.0` */
export function networkAndMask(range: Cidr): string {
  return `${networkAddress(range)} ${maskOf(cidrPrefixLength(range))}`;
}

/** `10.0.0.0/16` → `10.0.0.0 0.0.255.255` */
export function networkAndWildcard(range: Cidr): string {
  const hostBits = allOnes >> BigInt(cidrPrefixLength(range));
  return `${networkAddress(range)} ${ipFromBigInt(4, hostBits)}`;
}

function maskOf(prefixLength: number): string {
  return ipFromBigInt(4, (allOnes << BigInt(32 - prefixLength)) & allOnes);
}
