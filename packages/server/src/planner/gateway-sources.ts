import type { Cidr } from '@landbridge/net';
import type { ChainPlan, FilterMatch, FilterRule, TablePlan } from '../plan/packet-filter.ts';
import { accept, always, drop, is, when } from './filter-words.ts';
import { countBy, gotoBy, isNotOf } from './gateway-sets.ts';
import type { GatewayView, NetworkSide } from './gateway-view.ts';
import { inRanges, refuseIpv6, sourceChain } from './source-check.ts';

/**
 * What may come out of a gateway's tunnels (docs/adr/0006 and 0019): nothing in the name of the network side; out of an SPD
 * tunnel the reverse of its mappings; out of a destination-routing tunnel sources that an enabled gateway route leads back to
 * it, unless the gateway's check is switched off. Each tunnel's answer is in a chain of its own, which a map of devices leads
 * to. A failover changes nothing here.
 */
export function checkGatewaySources({ tunnels, network }: GatewayView): Partial<TablePlan> {
  return {
    counters: tunnels.flatMap(({ filter }) => filter.counters),
    chains: [
      ...(tunnels.some(({ filter }) => filter.hearsRouters)
        ? [fromRouters(tunnels.flatMap(({ filter }) => filter.ranges))]
        : []),
      ...tunnels.flatMap(({ filter }) => filter.chains),
      sourceChain(besideTunnels(network), [
        ...refuseIpv6(countBy('count-ipv6'), drop),
        ...refuseNetworkSources(network?.sources ?? []),
        always(gotoBy('iifname', 'from-tunnel')),
      ]),
    ],
  };
}

/** The network side, which most packets come from or go to, is compared before a set is asked. */
function besideTunnels(network: NetworkSide | null): FilterMatch[] {
  return [...(network === null ? [] : [is('iifname', network.device)]), isNotOf('tunnels', 'iifname')];
}

/** A peer could otherwise make its packets match another tunnel's mapping, or pose as a machine of the network. */
function refuseNetworkSources(sources: readonly Cidr[]): FilterRule[] {
  const own = inRanges('ip saddr', sources);
  if (own === undefined) return [];
  return [when(own).do(countBy('count-network-source'), drop)];
}

/** ICMP errors of routers on the way, whose addresses need no route: any address that is behind no other tunnel. */
function fromRouters(behindTunnels: readonly Cidr[]): ChainPlan {
  const known = inRanges('ip saddr', behindTunnels);
  const refused = known === undefined ? [] : [when(known).do(countBy('count-unrouted-source'), drop)];
  return { name: 'from-routers', rules: [...refused, always(accept)] };
}
