import type { ChainPlan, FilterRule, TablePlan } from '../plan/packet-filter.ts';
import { accept, always, isIn, when } from './filter-words.ts';
import type { GatewayView } from './gateway-view.ts';
import { countByDevice, dropCounters, inRanges, refuseIpv6, sourceChain } from './source-check.ts';
import type { Tunnel } from './tunnel.ts';

/**
 * What may come out of a gateway's tunnels (docs/adr/0006 and 0019): nothing in the name of the network side; out of an SPD
 * tunnel the reverse of its mappings; out of a destination-routing tunnel sources that an enabled gateway route leads back to
 * it, unless the gateway's check is switched off. Each tunnel's answer is in a chain of its own, which a map of devices leads
 * to. A failover changes nothing here.
 */
export function checkGatewaySources(view: GatewayView): Partial<TablePlan> {
  const { tunnels, gateway } = view;
  if (tunnels.length === 0) return {};
  const ids = tunnels.map(({ connection }) => connection.id);
  const held = tunnels.filter(
    ({ connection, farEnd }) => connection.mode === 'spd' || (gateway.checksSources && !farEnd.isAnywhere),
  );
  const routed = held.filter(({ connection }) => connection.mode === 'route');
  return {
    counters: [...dropCounters(ids, ['network-source', 'ipv6']), ...tunnels.flatMap(({ counters }) => counters)],
    chains: [
      ...(routed.some(({ farEnd }) => farEnd.ranges.length > 0) ? [fromRouters(routed, tunnels)] : []),
      ...held.map(({ farEnd }) => farEnd.chain),
      sourceChain([
        ...refuseIpv6(isIn('iifname', ids), countByDevice(ids, 'ipv6')),
        ...refuseNetworkSources(view),
        ...gotoChainOf(held),
      ]),
    ],
  };
}

/** A peer could otherwise make its packets match another tunnel's mapping, or pose as a machine of the network. */
function refuseNetworkSources({ tunnels, network }: GatewayView): FilterRule[] {
  const own = inRanges('ip saddr', network?.sources ?? []);
  if (own === undefined) return [];
  const ids = tunnels.map(({ connection }) => connection.id);
  return [when(isIn('iifname', ids), own).do(...countByDevice(ids, 'network-source'))];
}

function gotoChainOf(held: readonly Tunnel[]): FilterRule[] {
  if (held.length === 0) return [];
  const chains = Object.fromEntries(held.map(({ connection: { id }, farEnd }) => [id, farEnd.chain.name]));
  return [always({ gotoBy: 'iifname', chains })];
}

/** ICMP errors of routers on the way, whose addresses need no route: any address that is behind no other tunnel. */
function fromRouters(routed: readonly Tunnel[], all: readonly Tunnel[]): ChainPlan {
  const known = inRanges(
    'ip saddr',
    all.flatMap(({ farEnd }) => farEnd.ranges),
  );
  const ids = routed.map(({ connection }) => connection.id);
  const refused = known === undefined ? [] : [when(known).do(...countByDevice(ids, 'unrouted-source'))];
  return { name: 'from-routers', rules: [...refused, always(accept)] };
}
