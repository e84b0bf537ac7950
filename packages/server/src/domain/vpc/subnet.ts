import { firstHost, type Cidr, type IpAddress } from '@landbridge/net';
import type { Owned, Tag } from '../owned.ts';
import type { RouteTableId, SubnetId, VpcId } from '../resource-id.ts';

export interface Subnet extends Owned {
  readonly id: SubnetId;
  readonly vpcId: VpcId;
  readonly name: string;
  readonly cidr: Cidr;
  readonly zone: string;
  readonly routeTableId: RouteTableId;
  readonly enableBroadcast: boolean;
  readonly tags: readonly Tag[];
}

/** A host interface, or one VLAN of it, brought into a subnet (`landbridge` service, AttachSubnetInterface). */
export interface SubnetInterface {
  readonly accountId: string;
  readonly subnetId: SubnetId;
  readonly vpcId: VpcId;
  /** Name in the host's network namespace. */
  readonly interfaceName: string;
  /** 802.1Q id 1..4094, or null for the untagged interface itself. */
  readonly vlanId: number | null;
  readonly createdAt: number;
}

/** The address hosts of the subnet use as their gateway: the first host address. */
export function subnetGatewayAddress(subnet: Pick<Subnet, 'cidr'>): IpAddress {
  return firstHost(subnet.cidr);
}
