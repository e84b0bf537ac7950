import type { Cidr, IpAddress } from '@landbridge/net';
import type { Owned, Tag } from '../owned.ts';
import type { VpcId } from '../resource-id.ts';

export interface Vpc extends Owned {
  readonly id: VpcId;
  readonly name: string;
  readonly cidr: Cidr;
  readonly isDefault: boolean;
  readonly enableMulticast: boolean;
  readonly dnsServers: readonly IpAddress[];
  readonly domainName: string;
  /** Publish the VPC's CIDR to a CCN instead of each subnet. */
  readonly publishVpcCidr: boolean;
  readonly publishVpcCidrIpv6: boolean;
  readonly tags: readonly Tag[];
}
