import { blockOfOne, cidrContains, cidrsOverlap, type Cidr } from '@landbridge/net';
import type { RefusalReason } from '../../domain/refusal.ts';
import type { Vpc } from '../../domain/vpc/vpc.ts';
import { mappingsOf, type VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { Rows } from '../../image/rows.ts';

/** What stands in the way of a range that shall be a VPC's, or shall be it no longer. */
export interface RangeConflict {
  /** For which the range is refused. */
  readonly reason: RefusalReason;
  /** Of what is in the way. */
  readonly id: string;
  readonly range: Cidr;
}

/**
 * What is in the way of a new range of a VPC: its other ranges; and, as what is local to a VPC leaves it by no route, no tunnel
 * and no probe, whatever leads to a destination inside it (docs/spec/actions.md section 2.2). Wider destinations are not in the
 * way: local ranges come before them.
 */
export function conflictsOfNewRange(range: Cidr, vpc: Vpc, rows: Rows): RangeConflict[] {
  const inside = [...routesOf(vpc, rows), ...aroundGateways(range, vpc, rows)];
  return [...overlappingRanges(range, vpc), ...inside.filter((other) => cidrContains(range, other.range))];
}

/** What is in the way of taking a range from a VPC: the subnets in it. */
export function conflictsOfOldRange(range: Cidr, { id }: Vpc, { subnets }: Rows): RangeConflict[] {
  const inside = subnets.overlapping('cidr', [range], id);
  return inside.map((subnet) => ({ reason: 'secondary-range-in-use', id: subnet.id, range: subnet.cidr }));
}

function overlappingRanges(range: Cidr, { id, cidr, secondaryRanges }: Vpc): RangeConflict[] {
  const others = secondaryRanges.filter((other) => cidrsOverlap(other.cidr, range));
  return [
    ...(cidrsOverlap(cidr, range) ? [{ reason: 'secondary-range-overlaps-block', id, range: cidr } as const] : []),
    ...others.map((other) => ({ reason: 'secondary-range-overlaps-other', id, range: other.cidr }) as const),
  ];
}

function routesOf({ id }: Vpc, { vpcRoutes }: Rows): RangeConflict[] {
  const routes = vpcRoutes.of('vpc', id);
  return routes.map((route) => ({ reason: 'secondary-range-holds-route', id: route.id, range: route.destination }));
}

/** Found by the indexes of ranges: a gateway may have a thousand routes. */
function aroundGateways(range: Cidr, { id: vpcId }: Vpc, rows: Rows): RangeConflict[] {
  const { vpnGateways, vpnConnections, vpnGatewayRoutes } = rows;
  return vpnGateways.of('vpc', vpcId).flatMap(({ id: gatewayId }): RangeConflict[] => [
    ...vpnConnections.overlapping('remotes', [range], gatewayId).flatMap(conflictsWithRemotes),
    ...vpnConnections.overlapping('probes', [range], gatewayId).flatMap(conflictsWithProbes),
    ...vpnGatewayRoutes.overlapping('destinations', [range], gatewayId).map(({ id, destination }) => {
      return { reason: 'secondary-range-holds-gateway-route', id, range: destination } as const;
    }),
  ]);
}

function conflictsWithRemotes(tunnel: VpnConnection): RangeConflict[] {
  return mappingsOf(tunnel).map(({ remote }) => {
    return { reason: 'secondary-range-holds-remote', id: tunnel.id, range: remote };
  });
}

function conflictsWithProbes({ id, healthCheck }: VpnConnection): RangeConflict[] {
  const addresses = [healthCheck.localAddress, healthCheck.remoteAddress].filter((address) => address !== null);
  return addresses.map((address) => ({ reason: 'secondary-range-holds-probe', id, range: blockOfOne(address) }));
}
