import type { Cidr } from '@landbridge/net';
import type { Owned } from './owned.ts';
import type { VpnConnectionId, VpnGatewayId, VpnGatewayRouteId } from './resource-id.ts';

/** 0 is preferred, 100 is standby; nothing else exists (spec/semantics.md section 6). */
export type RoutePriority = 0 | 100;

/** An entry of a VPN gateway's route table that a user made. */
export interface VpnGatewayRoute extends Owned {
  readonly id: VpnGatewayRouteId;
  readonly vpnGatewayId: VpnGatewayId;
  readonly destination: Cidr;
  readonly nextHop: { readonly kind: 'vpn-connection'; readonly id: VpnConnectionId };
  readonly priority: RoutePriority;
  readonly enabled: boolean;
  readonly description: string;
  readonly updatedAt: number;
}
