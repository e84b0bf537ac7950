import { cidrContains, cidrsOverlap, type Cidr } from '@landbridge/net';
import { mappingsOf, type VpnConnection } from '../domain/vpn-connection.ts';
import type { GatewayView } from './gateway-view.ts';
import type { TunnelWatch } from './plan.ts';
import { planProbe } from './probe.ts';

/** SPD tunnels are watched for the CCN, which has other ways to their ranges; elsewhere there is nothing to switch to. */
export function planTunnelWatches(view: GatewayView): TunnelWatch[] {
  const isOnCcn = view.network?.kind === 'ccn';
  const tunnels = view.connections.filter(({ mode }) => mode === 'route' || isOnCcn);
  const destinations = new Map(tunnels.map((tunnel) => [tunnel.id, destinationsOf(tunnel, view)]));
  return tunnels.map((tunnel) => ({
    id: tunnel.id,
    needsChildSa: tunnel.negotiation !== 'flowTrigger',
    probe: planProbe(tunnel),
    alternatives: tunnels
      .filter(({ id }) => id !== tunnel.id && meet(destinations.get(id) ?? [], destinations.get(tunnel.id) ?? []))
      .map(({ id }) => id),
    hasOtherPath: isOnCcn && isCovered(destinations.get(tunnel.id) ?? [], view),
  }));
}

function destinationsOf(tunnel: VpnConnection, { routes }: GatewayView): Cidr[] {
  if (tunnel.mode === 'spd') return mappingsOf(tunnel).map(({ remote }) => remote);
  return routes
    .filter((route) => route.enabled && route.nextHop.id === tunnel.id)
    .map(({ destination }) => destination);
}

/** The CCN leads to one of the destinations without this gateway. */
function isCovered(destinations: readonly Cidr[], { network }: GatewayView): boolean {
  return destinations.some((destination) => network?.destinations.some((range) => cidrContains(range, destination)));
}

function meet(some: readonly Cidr[], others: readonly Cidr[]): boolean {
  return some.some((one) => others.some((other) => cidrsOverlap(one, other)));
}
