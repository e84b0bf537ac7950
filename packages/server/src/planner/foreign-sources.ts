import { aggregateCidrs, cidrContains, subtractCidr, type Cidr } from '@landbridge/net';
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
  const own = ownRanges(gatewayId, desired);
  const others = ccnRoutesInAllTables(attachment.ccnId, desired, assumeUsable).filter(
    ({ enabled, instance, destination }) => enabled && instance.id !== gatewayId && destination !== everything,
  );
  return aggregateCidrs([
    ...others.flatMap((route) => subtractCidr(wholeRange(route, desired), own)),
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

/** A VPC's addresses are its own, with or without a subnet. */
function wholeRange({ instance, destination }: CcnRoute, { vpcs }: DesiredState): Cidr {
  return vpcs.find(({ id }) => id === instance.id)?.cidr ?? destination;
}

/**
 * A subnet inside a wider range of the gateway: its addresses are the VPC's all the same. Not so with another gateway's
 * range: the same sites may be behind both.
 */
function ofVpcAlone({ instance, destination }: CcnRoute, own: readonly Cidr[]): Cidr[] {
  if (instance.kind !== 'vpc') return [];
  return subtractCidr(
    destination,
    own.filter((range) => cidrContains(destination, range)),
  );
}
