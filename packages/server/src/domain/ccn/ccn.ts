import type { Cidr } from '@landbridge/net';
import type { Owned, Tag } from '../owned.ts';
import type { CcnId, CcnRouteTableId, DirectConnectGatewayId, VpcId, VpnGatewayId } from '../resource-id.ts';

/** A Cloud Connect Network: joins VPCs, VPN gateways and Direct Connect gateways (docs/spec/semantics.md section 9). */
export interface Ccn extends Owned {
  readonly id: CcnId;
  readonly name: string;
  readonly description: string;
  readonly qosLevel: 'platinum' | 'gold' | 'silver';
  readonly prepaid: boolean;
  readonly metering: 'bandwidth' | 'traffic';
  readonly bandwidthLimit: 'outer-region' | 'inter-region';
  /** Identical ranges of several instances share the traffic. */
  readonly routeEcmp: boolean;
  /** Overlapping ranges are enabled as they come, and the longest prefix decides. Never goes back to false. */
  readonly routeOverlap: boolean;
  readonly tags: readonly Tag[];
}

export type CcnInstance =
  | { readonly kind: 'vpc'; readonly id: VpcId }
  | { readonly kind: 'vpn-gateway'; readonly id: VpnGatewayId }
  | { readonly kind: 'direct-connect-gateway'; readonly id: DirectConnectGatewayId };

/** An instance is attached to at most one CCN. `region` is the instance's. */
export interface CcnAttachment extends Owned {
  readonly ccnId: CcnId;
  readonly instance: CcnInstance;
  readonly description: string;
  /** Routes what the instance sends. */
  readonly routeTableId: CcnRouteTableId;
  readonly boundAt: number;
  /** Counts attachments: who was first when several came at once. */
  readonly number: number;
  /** Of the commit that attached it: once the CCN's plan of then is applied, the instance is connected. */
  readonly generation: number;
}

/** A user enabled or disabled one route of a CCN's route table by hand. */
export interface CcnRouteChoice {
  readonly routeTableId: CcnRouteTableId;
  readonly instanceId: CcnInstance['id'];
  readonly destination: Cidr;
  readonly enabled: boolean;
  readonly updatedAt: number;
}

/** A user enabled or disabled one range of a VPN gateway towards its CCN (ModifyVpnGatewayCcnRoutes). */
export interface CcnRangeChoice {
  readonly vpnGatewayId: VpnGatewayId;
  readonly destination: Cidr;
  readonly enabled: boolean;
  readonly updatedAt: number;
}

/** The route table that a CCN is born with has an id made of the CCN's. */
export function defaultRouteTableId(id: CcnId): CcnRouteTableId {
  return `ccnrtb-${id.slice('ccn-'.length)}`;
}
