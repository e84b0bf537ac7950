import { cidrContains, type Cidr, type IpAddress } from '@landbridge/net';
import type { Owned, Tag } from '../owned.ts';
import type { VpcId } from '../resource-id.ts';

/** A range that a VPC got beside its first one (docs/spec/actions.md section 2.2). */
export interface SecondaryRange {
  readonly cidr: Cidr;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
}

export interface Vpc extends Owned {
  readonly id: VpcId;
  readonly name: string;
  /** Its first range, which it keeps. */
  readonly cidr: Cidr;
  /** In the order in which they came. No two ranges of a VPC overlap. */
  readonly secondaryRanges: readonly SecondaryRange[];
  readonly isDefault: boolean;
  readonly enableMulticast: boolean;
  readonly dnsServers: readonly IpAddress[];
  readonly domainName: string;
  /** Publish the VPC's ranges to a CCN instead of each subnet. */
  readonly publishVpcCidr: boolean;
  readonly publishVpcCidrIpv6: boolean;
  readonly tags: readonly Tag[];
}

/** What a VPC's addresses are taken from. */
export type VpcRanges = Pick<Vpc, 'cidr' | 'secondaryRanges'>;

/** Everything that is local to a VPC: the first range, then the secondary ones. */
export function rangesOfVpc({ cidr, secondaryRanges }: VpcRanges): readonly Cidr[] {
  return [cidr, ...secondaryRanges.map((range) => range.cidr)];
}

/** The range of the VPC that holds this one; undefined where none does. */
export function vpcRangeAround(vpc: VpcRanges, range: Cidr): Cidr | undefined {
  return rangesOfVpc(vpc).find((own) => cidrContains(own, range));
}
