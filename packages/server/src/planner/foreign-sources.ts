import { aggregateCidrs, CidrIndex, subtractCidr, type Cidr } from '@landbridge/net';
import { attachmentOf, ccnRoutesInAllTables, type CcnRoute } from '../domain/ccn-routes.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import type { VpnGatewayId } from '../domain/resource-id.ts';
import { assumeUsable } from '../domain/tunnel-usability.ts';
import { mappingsOf } from '../domain/vpn-connection.ts';
import { isTunnelRoute } from '../domain/vpn-gateway-route.ts';
import { everything } from './layout.ts';

/**
 * Where nothing behind this gateway of a CCN has its address: what comes out of a tunnel from there is forged (docs/adr/0006).
 * A failover changes nothing here, so that no packet is lost to a filter while ranges come and go.
 */
export function foreignSources(gatewayId: VpnGatewayId, desired: DesiredState): Cidr[] {
  const attachment = attachmentOf(gatewayId, desired);
  if (attachment === undefined) return [];
  const own = new CidrIndex(ownRanges(gatewayId, desired).map((range) => [range, range]));
  const vpcRanges = new Map<string, Cidr>(desired.vpcs.map(({ id, cidr }) => [id, cidr]));
  const others = ccnRoutesInAllTables(attachment.ccnId, desired, assumeUsable).filter(
    ({ enabled, instance, destination }) => enabled && instance.id !== gatewayId && destination !== everything,
  );
  // A VPC's addresses are its own, with or without a subnet.
  const whole = new Set(others.map(({ instance, destination }) => vpcRanges.get(instance.id) ?? destination));
  return aggregateCidrs([
    ...[...whole].flatMap((range) => subtractCidr(range, own.overlapping(range))),
    ...others.flatMap((route) => ofVpcAlone(route, own)),
  ]);
}

/** Whatever the gateway was told to lie behind it: also ranges that are disabled, withdrawn or in conflict. */
function ownRanges(gatewayId: VpnGatewayId, { vpnGatewayRoutes, vpnConnections }: DesiredState): Cidr[] {
  return [
    ...vpnGatewayRoutes
      .filter((route) => route.vpnGatewayId === gatewayId && isTunnelRoute(route))
      .map(({ destination }) => destination),
    ...vpnConnections
      .filter(({ vpnGatewayId, mode }) => vpnGatewayId === gatewayId && mode === 'spd')
      .flatMap((connection) => mappingsOf(connection).map(({ remote }) => remote)),
  ];
}

/**
 * A subnet inside a wider range of the gateway: its addresses are the VPC's all the same. Not so with another gateway's
 * range: the same sites may be behind both.
 */
function ofVpcAlone({ instance, destination }: CcnRoute, own: CidrIndex<Cidr>): Cidr[] {
  return instance.kind === 'vpc' ? subtractCidr(destination, own.within(destination)) : [];
}
