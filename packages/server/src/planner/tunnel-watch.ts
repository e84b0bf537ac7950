import { CidrIndex, type Cidr } from '@landbridge/net';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { mappingsOf, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import type { GatewayView } from './gateway-view.ts';
import type { TunnelWatch } from '../plan/plan.ts';
import { planProbes } from './probe.ts';

/** SPD tunnels are watched for the CCN, which has other ways to their ranges; elsewhere there is nothing to switch to. */
export function planTunnelWatches(view: GatewayView): TunnelWatch[] {
  const isOnCcn = view.network?.kind === 'ccn';
  const tunnels = view.connections.filter(({ mode }) => mode === 'route' || isOnCcn);
  const destinations = destinationsOf(tunnels, view.routes);
  const probes = planProbes(tunnels);
  const alternatives = tunnelsThatMeet(destinations);
  const positions = new Map(tunnels.map(({ id }, position) => [id, position]));
  const inOrder = (x: VpnConnectionId, y: VpnConnectionId): number => (positions.get(x) ?? 0) - (positions.get(y) ?? 0);
  const leadsElsewhere = (range: Cidr) => isOnCcn && view.network.leadsTo(range);
  return tunnels.map((tunnel) => ({
    id: tunnel.id,
    needsChildSa: tunnel.negotiation !== 'on-traffic',
    probe: probes.get(tunnel.id) ?? null,
    alternatives: [...(alternatives.get(tunnel.id) ?? [])].sort(inOrder),
    // The CCN leads to one of its destinations without this gateway.
    hasOtherPath: destinations.get(tunnel.id)?.some(leadsElsewhere) === true,
  }));
}

type Destinations = ReadonlyMap<VpnConnectionId, readonly Cidr[]>;

function destinationsOf(tunnels: readonly VpnConnection[], routes: readonly VpnGatewayRoute[]): Destinations {
  const routed = Map.groupBy(
    routes.filter(({ enabled }) => enabled),
    ({ nextHop }) => nextHop.id,
  );
  return new Map(
    tunnels.map((tunnel) => {
      const entries = tunnel.mode === 'spd' ? mappingsOf(tunnel).map(({ remote }) => remote) : undefined;
      return [tunnel.id, entries ?? routed.get(tunnel.id)?.map(({ destination }) => destination) ?? []];
    }),
  );
}

/** Tunnel → the others that have a destination which overlaps one of its own. */
export function tunnelsThatMeet(
  destinations: Destinations,
): ReadonlyMap<VpnConnectionId, ReadonlySet<VpnConnectionId>> {
  const entries = [...destinations].flatMap(([id, ranges]) => ranges.map((range) => [range, id] as const));
  const index = new CidrIndex(entries);
  const met = new Map([...destinations.keys()].map((id) => [id, new Set<VpnConnectionId>()]));
  for (const [range, id] of entries) {
    // Of two that overlap one lies around the other: each pair is found from its narrower side.
    for (const other of index.around(range)) {
      if (other === id) continue;
      met.get(id)?.add(other);
      met.get(other)?.add(id);
    }
  }
  return met;
}
