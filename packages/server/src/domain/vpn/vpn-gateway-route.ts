import type { Cidr } from '@landbridge/net';
import type { Owned } from '../owned.ts';
import type { CcnId, VpnConnectionId, VpnGatewayId, VpnGatewayRouteId } from '../resource-id.ts';

/** 0 is preferred, 100 is standby; nothing else exists (docs/spec/semantics.md section 6). */
export type RoutePriority = 0 | 100;

/** A tunnel of the gateway, or the CCN that it is attached to. */
export type GatewayNextHop =
  { readonly kind: 'vpn-connection'; readonly id: VpnConnectionId } | { readonly kind: 'ccn'; readonly id: CcnId };

/** An entry of a VPN gateway's route table that a user made. */
export interface VpnGatewayRoute extends Owned {
  readonly id: VpnGatewayRouteId;
  readonly vpnGatewayId: VpnGatewayId;
  readonly destination: Cidr;
  readonly nextHop: GatewayNextHop;
  readonly priority: RoutePriority;
  readonly enabled: boolean;
  readonly description: string;
  readonly updatedAt: number;
}

/** An entry that says what lies behind the gateway; one to its CCN says what does not. */
export type TunnelRoute = VpnGatewayRoute & { readonly nextHop: { readonly kind: 'vpn-connection' } };

export function isTunnelRoute(route: VpnGatewayRoute): route is TunnelRoute {
  return route.nextHop.kind === 'vpn-connection';
}
