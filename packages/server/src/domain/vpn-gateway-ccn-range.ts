import { compareCidr, type Cidr } from '@landbridge/net';
import type { DesiredState } from './desired-state.ts';
import { digestId } from './digest-id.ts';
import type { VpnGatewayId, VpnGatewayRouteId } from './resource-id.ts';
import { mappingsOf } from './vpn-connection.ts';

/** A range behind a VPN gateway that its CCN may hear of. */
export interface CcnRange {
  readonly id: VpnGatewayRouteId;
  readonly destination: Cidr;
  readonly enabled: boolean;
  /** Since when it could be announced. */
  readonly arrivedAt: number;
}

type Rows = Pick<DesiredState, 'vpnConnections' | 'vpnGatewayRoutes' | 'ccnRangeChoices'>;

/**
 * The IDC ranges of a gateway: those of its enabled routes, announced by themselves, and the remote ranges of its SPD
 * tunnels, announced once a user enables them (spec/semantics.md section 8).
 */
export function ccnRangesOf(gatewayId: VpnGatewayId, rows: Rows): CcnRange[] {
  const choices = new Map(
    rows.ccnRangeChoices.filter(({ vpnGatewayId }) => vpnGatewayId === gatewayId).map((c) => [c.destination, c]),
  );
  const routed = routedRanges(gatewayId, rows);
  const ranges = [...new Set([...routed.keys(), ...policyRanges(gatewayId, rows)])].sort(compareCidr);
  return ranges.map((destination) => {
    const choice = choices.get(destination);
    const routedAt = routed.get(destination);
    return {
      id: digestId('vpnr', gatewayId, destination),
      destination,
      enabled: choice?.enabled ?? routedAt !== undefined,
      arrivedAt: routedAt ?? choice?.updatedAt ?? 0,
    };
  });
}

/** Destination → when its first enabled route came. */
function routedRanges(gatewayId: VpnGatewayId, { vpnGatewayRoutes }: Rows): Map<Cidr, number> {
  const ranges = new Map<Cidr, number>();
  for (const { vpnGatewayId, enabled, destination, createdAt } of vpnGatewayRoutes) {
    if (vpnGatewayId !== gatewayId || !enabled) continue;
    ranges.set(destination, Math.min(createdAt, ranges.get(destination) ?? createdAt));
  }
  return ranges;
}

function policyRanges(gatewayId: VpnGatewayId, { vpnConnections }: Rows): Cidr[] {
  return vpnConnections
    .filter(({ vpnGatewayId, mode }) => vpnGatewayId === gatewayId && mode === 'spd')
    .flatMap((connection) => mappingsOf(connection).map(({ remote }) => remote));
}
