import { blockOfOne, cidrContains, cidrsOverlap, type Cidr } from '@landbridge/net';
import type { RefusalReason } from '../../domain/refusal.ts';
import { rangesOfVpc, type Vpc } from '../../domain/vpc/vpc.ts';
import { mappingsOf, type HealthCheck } from '../../domain/vpn/vpn-connection.ts';
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

function overlappingRanges(range: Cidr, vpc: Vpc): RangeConflict[] {
  const others = rangesOfVpc(vpc).filter((own) => cidrsOverlap(own, range));
  return others.map((own) => {
    const reason = own === vpc.cidr ? 'secondary-range-overlaps-block' : 'secondary-range-overlaps-other';
    return { reason, id: vpc.id, range: own };
  });
}

function routesOf({ id }: Vpc, { vpcRoutes }: Rows): RangeConflict[] {
  const routes = vpcRoutes.of('vpc', id);
  return routes.map((route) => ({ reason: 'secondary-range-holds-route', id: route.id, range: route.destination }));
}

/** Found by the indexes of ranges: a gateway may have a thousand routes. */
function aroundGateways(range: Cidr, { id }: Vpc, rows: Rows): RangeConflict[] {
  const { vpnGateways, vpnConnections, vpnGatewayRoutes } = rows;
  return vpnGateways.of('vpc', id).flatMap((gateway): RangeConflict[] => {
    const routes = vpnGatewayRoutes.overlapping('destinations', [range], gateway.id);
    const mapped = vpnConnections.overlapping('remotes', [range], gateway.id);
    const probed = vpnConnections.overlapping('probes', [range], gateway.id);
    return [
      ...mapped.flatMap((tunnel) => conflictsWith('secondary-range-holds-remote', tunnel.id, remotesOf(tunnel))),
      ...routes.map(({ id: routeId, destination }): RangeConflict => {
        return { reason: 'secondary-range-holds-gateway-route', id: routeId, range: destination };
      }),
      ...probed.flatMap((tunnel) => {
        return conflictsWith('secondary-range-holds-probe', tunnel.id, probedBy(tunnel.healthCheck));
      }),
    ];
  });
}

function conflictsWith(reason: RefusalReason, id: string, ranges: readonly Cidr[]): RangeConflict[] {
  return ranges.map((range) => ({ reason, id, range }));
}

function remotesOf(tunnel: Parameters<typeof mappingsOf>[0]): Cidr[] {
  return mappingsOf(tunnel).map(({ remote }) => remote);
}

function probedBy({ localAddress, remoteAddress }: HealthCheck): Cidr[] {
  return [localAddress, remoteAddress].filter((address) => address !== null).map(blockOfOne);
}
