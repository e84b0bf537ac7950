import type { Cidr } from '@landbridge/net';
import type { Owned, Tag } from '../owned.ts';
import type { CcnId, DirectConnectGatewayId, RouteItemId, RouteTableId, VpcId, VpnGatewayId } from '../resource-id.ts';

export interface RouteTable extends Owned {
  readonly id: RouteTableId;
  readonly vpcId: VpcId;
  readonly name: string;
  /** True for the VPC's default table, to which new subnets bind. */
  readonly isMain: boolean;
  readonly tags: readonly Tag[];
}

export type VpcNextHop =
  | { readonly kind: 'vpn-gateway'; readonly id: VpnGatewayId }
  | { readonly kind: 'direct-connect-gateway'; readonly id: DirectConnectGatewayId };

/** A route that a CCN put into a VPC's route table; nobody can edit it there. */
export interface VpcCcnRoute {
  readonly id: RouteItemId;
  readonly routeId: number;
  readonly routeTableId: RouteTableId;
  readonly vpcId: VpcId;
  readonly destination: Cidr;
  readonly ccnId: CcnId;
  readonly createdAt: number;
}

/** A user route of a VPC route table (docs/spec/semantics.md section 10). */
export interface VpcRoute extends Owned {
  readonly id: RouteItemId;
  /** Numeric id of the same route on the wire, unique in the whole service. */
  readonly routeId: number;
  readonly routeTableId: RouteTableId;
  readonly vpcId: VpcId;
  readonly destination: Cidr;
  readonly nextHop: VpcNextHop;
  readonly description: string;
  readonly enabled: boolean;
}
