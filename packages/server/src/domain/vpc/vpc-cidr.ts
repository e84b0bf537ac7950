import { cidrContains, cidrPrefixLength, parseCidr, type Cidr } from '@landbridge/net';
import { vpcRangeAround, type VpcRanges } from './vpc.ts';

/** Private ranges a VPC may take its block from, with the largest block there (docs/spec/semantics.md section 10). */
const privateRanges = [
  { range: parseCidr('10.0.0.0/8'), shortestPrefix: 12 },
  { range: parseCidr('172.16.0.0/12'), shortestPrefix: 12 },
  { range: parseCidr('192.168.0.0/16'), shortestPrefix: 16 },
];
const longestPrefix = 28;
const shortestSubnetPrefix = 16;

/** True for a block that a VPC may have as one of its ranges. */
export function isVpcCidr(cidr: Cidr): boolean {
  const length = cidrPrefixLength(cidr);
  return privateRanges.some(
    ({ range, shortestPrefix }) => cidrContains(range, cidr) && length >= shortestPrefix && length <= longestPrefix,
  );
}

/** True for a block that a subnet of this VPC may have: inside one of its ranges, /16 to /28. */
export function isSubnetCidr(vpc: VpcRanges, cidr: Cidr): boolean {
  const length = cidrPrefixLength(cidr);
  return vpcRangeAround(vpc, cidr) !== undefined && length >= shortestSubnetPrefix && length <= longestPrefix;
}
