import { cidrsOverlap, type Cidr } from '@landbridge/net';
import type { VpnConnection } from '../domain/vpn-connection.ts';
import type { GatewayView } from './gateway-view.ts';
import type { TunnelWatch } from './plan.ts';
import { planProbe } from './probe.ts';

/** SPD tunnels are not watched: there is nothing to switch to. */
export function planTunnelWatches(view: GatewayView): TunnelWatch[] {
  const tunnels = view.connections.filter(({ mode }) => mode === 'route');
  const destinations = new Map(tunnels.map((tunnel) => [tunnel.id, destinationsOf(tunnel, view)]));
  return tunnels.map((tunnel) => ({
    id: tunnel.id,
    needsChildSa: tunnel.negotiation !== 'flowTrigger',
    probe: planProbe(tunnel),
    alternatives: tunnels
      .filter(({ id }) => id !== tunnel.id && meet(destinations.get(id) ?? [], destinations.get(tunnel.id) ?? []))
      .map(({ id }) => id),
  }));
}

function destinationsOf({ id }: VpnConnection, { routes }: GatewayView): Cidr[] {
  return routes.filter((route) => route.enabled && route.nextHop.id === id).map(({ destination }) => destination);
}

function meet(some: readonly Cidr[], others: readonly Cidr[]): boolean {
  return some.some((one) => others.some((other) => cidrsOverlap(one, other)));
}
