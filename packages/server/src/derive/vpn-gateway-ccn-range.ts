import { compareCidr, type Cidr } from '@landbridge/net';
import type { Rows } from '../image/rows.ts';
import { digestId } from '../domain/digest-id.ts';
import type { VpnConnectionId, VpnGatewayId, VpnGatewayRouteId } from '../domain/resource-id.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import { mappingsOf } from '../domain/vpn/vpn-connection.ts';
import { isTunnelRoute } from '../domain/vpn/vpn-gateway-route.ts';

/** A range behind a VPN gateway that its CCN may hear of. */
export interface CcnRange {
  readonly id: VpnGatewayRouteId;
  readonly destination: Cidr;
  readonly enabled: boolean;
  /** That it is reached by. */
  readonly tunnels: readonly VpnConnectionId[];
  /** A tunnel that it is reached by works: only then it is announced (docs/spec/semantics.md section 7). */
  readonly isUsable: boolean;
  /** Since when it could be announced. An outage does not change it: what returns has its old place. */
  readonly arrivedAt: number;
}

type RangeRows = Pick<Rows, 'vpnConnections' | 'vpnGatewayRoutes' | 'ccnRangeChoices'>;

/**
 * The IDC ranges of a gateway: those of its enabled routes, announced by themselves, and the remote ranges of its SPD
 * tunnels, announced once a user enables them (docs/spec/semantics.md section 8).
 */
export function ccnRangesOf(gatewayId: VpnGatewayId, rows: RangeRows, isUsable: IsUsable): CcnRange[] {
  const choices = new Map(rows.ccnRangeChoices.of('vpnGateway', gatewayId).map((c) => [c.destination, c]));
  const routed = routedRanges(gatewayId, rows);
  const tunnels = tunnelsByRange(gatewayId, rows);
  const ranges = [...tunnels.keys()].sort(compareCidr);
  return ranges.map((destination) => {
    const choice = choices.get(destination);
    const routedAt = routed.get(destination);
    return {
      id: digestId('vpnr', gatewayId, destination),
      destination,
      enabled: choice?.enabled ?? routedAt !== undefined,
      tunnels: tunnels.get(destination) ?? [],
      isUsable: tunnels.get(destination)?.some(isUsable) === true,
      arrivedAt: routedAt ?? choice?.updatedAt ?? 0,
    };
  });
}

/** Destination → when its first enabled route came. */
function routedRanges(gatewayId: VpnGatewayId, { vpnGatewayRoutes }: RangeRows): Map<Cidr, number> {
  const ranges = new Map<Cidr, number>();
  for (const { enabled, destination, createdAt } of vpnGatewayRoutes
    .of('vpnGateway', gatewayId)
    .filter(isTunnelRoute)) {
    if (!enabled) continue;
    ranges.set(destination, Math.min(createdAt, ranges.get(destination) ?? createdAt));
  }
  return ranges;
}

/** Destination → the tunnels that its enabled routes lead into, and those that have it in a mapping. */
function tunnelsByRange(
  gatewayId: VpnGatewayId,
  { vpnGatewayRoutes, vpnConnections }: RangeRows,
): ReadonlyMap<Cidr, VpnConnectionId[]> {
  const routed = vpnGatewayRoutes
    .of('vpnGateway', gatewayId)
    .filter(isTunnelRoute)
    .filter(({ enabled }) => enabled)
    .map(({ destination, nextHop }) => ({ destination, id: nextHop.id }));
  const mapped = vpnConnections
    .of('vpnGateway', gatewayId)
    .filter(({ mode }) => mode === 'spd')
    .flatMap((connection) => mappingsOf(connection).map(({ remote }) => ({ destination: remote, id: connection.id })));
  const groups = Map.groupBy([...routed, ...mapped], ({ destination }) => destination);
  return new Map([...groups].map(([destination, entries]) => [destination, [...new Set(entries.map(({ id }) => id))]]));
}
