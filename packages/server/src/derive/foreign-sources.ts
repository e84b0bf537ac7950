import {
  aggregateCidrs,
  cidrContains,
  CidrIndex,
  cidrsOverlap,
  everything,
  subtractCidr,
  type Cidr,
} from '@landbridge/net';
import type { CcnInstance } from '../domain/ccn/ccn.ts';
import { wholeRangeOf } from './ccn-announcement.ts';
import { attachmentOf, ccnRoutesInAllTables, type CcnRoute } from './ccn-routes.ts';
import { derivation } from './derivation.ts';
import type { Rows } from '../image/rows.ts';
import type { DirectConnectGatewayId, VpnGatewayId } from '../domain/resource-id.ts';
import { assumeUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Vpc } from '../domain/vpc/vpc.ts';
import { mappingsOf } from '../domain/vpn/vpn-connection.ts';
import { isTunnelRoute } from '../domain/vpn/vpn-gateway-route.ts';

type GatewayId = VpnGatewayId | DirectConnectGatewayId;

/**
 * Where nothing behind this gateway of a CCN has its address: what comes out of a tunnel or a line from there is forged
 * (docs/adr/0006). A failover changes nothing here, so that no packet is lost to a filter while ranges come and go.
 */
export function foreignSources(gatewayId: GatewayId, rows: Rows): readonly Cidr[] {
  return foreignToGateway(gatewayId, rows, assumeUsable);
}

const foreignToGateway = derivation(
  'foreign to a gateway',
  (id: GatewayId) => id,
  (gatewayId, rows) => {
    const own = indexOf(ownRanges(gatewayId, rows));
    const others = enabledRoutes(gatewayId, rows).filter(({ instance }) => instance.id !== gatewayId);
    const whole = new Set(others.map((route) => wholeRangeOf(route, rows)));
    return aggregateCidrs([
      ...[...whole].flatMap((range) => subtractCidr(range, own.overlapping(range))),
      ...others.flatMap((route) => ofVpcAlone(route, own)),
    ]);
  },
);

/**
 * Where in this VPC's range no machine of it has its address, as far as its CCN knows: others' ranges there, but for its own
 * longer ones. Empty unless ranges overlap.
 */
export function foreignSourcesOfVpc(vpc: Vpc, rows: Rows): readonly Cidr[] {
  return foreignToVpc(vpc, rows, assumeUsable);
}

const foreignToVpc = derivation(
  'foreign to a VPC',
  ({ id, cidr }: Vpc) => ({ id, cidr }),
  ({ id, cidr }, rows): readonly Cidr[] => {
    const routes = enabledRoutes(id, rows);
    const own = indexOf(routes.filter(({ instance }) => instance.id === id).map(({ destination }) => destination));
    const others = routes.filter(({ instance, destination }) => instance.id !== id && cidrsOverlap(destination, cidr));
    const foreign = others.flatMap(({ destination }) => subtractWithin(destination, own));
    // Of two ranges that overlap one contains the other.
    const within = foreign.filter((range) => cidrsOverlap(range, cidr));
    return aggregateCidrs(within.map((range) => (cidrContains(cidr, range) ? range : cidr)));
  },
);

/** A default route says nothing about who has which address. */
function enabledRoutes(instanceId: CcnInstance['id'], rows: Rows): CcnRoute[] {
  const attachment = attachmentOf(instanceId, rows);
  if (attachment === undefined) return [];
  return ccnRoutesInAllTables(attachment.ccnId, rows, assumeUsable).filter(
    ({ enabled, destination }) => enabled && destination !== everything,
  );
}

/** Whatever the gateway was told to lie behind it: also ranges that are disabled, withdrawn or in conflict. */
function ownRanges(gatewayId: GatewayId, { vpnGatewayRoutes, vpnConnections, directConnectRanges }: Rows): Cidr[] {
  return [
    ...directConnectRanges.of('directConnectGateway', gatewayId).map(({ destination }) => destination),
    ...vpnGatewayRoutes
      .of('vpnGateway', gatewayId)
      .filter(isTunnelRoute)
      .map(({ destination }) => destination),
    ...vpnConnections
      .of('vpnGateway', gatewayId)
      .filter(({ mode }) => mode === 'spd')
      .flatMap((connection) => mappingsOf(connection).map(({ remote }) => remote)),
  ];
}

/**
 * A subnet inside a wider range of the gateway: its addresses are the VPC's all the same. Not so with another gateway's
 * range: the same sites may be behind both.
 */
function ofVpcAlone({ instance, destination }: CcnRoute, own: CidrIndex<Cidr>): Cidr[] {
  return instance.kind === 'vpc' ? subtractWithin(destination, own) : [];
}

/** Less what the own ranges name as precisely or more so. */
function subtractWithin(range: Cidr, own: CidrIndex<Cidr>): Cidr[] {
  return subtractCidr(range, own.within(range));
}

function indexOf(ranges: readonly Cidr[]): CidrIndex<Cidr> {
  return new CidrIndex(ranges.map((range) => [range, range]));
}
