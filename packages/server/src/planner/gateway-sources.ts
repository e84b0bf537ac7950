import { aggregateCidrs, type Cidr } from '@landbridge/net';
import { mappingsOf, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { ChainPlan, FilterRule, TablePlan } from '../plan/packet-filter.ts';
import { accept, always, isIn, when } from './filter-words.ts';
import type { GatewayView } from './gateway-view.ts';
import { everything } from './layout.ts';
import { acceptProbeAnswers } from './probe.ts';
import {
  acceptSources,
  countAndDrop,
  countByDevice,
  dropCounters,
  errorsAbout,
  inRanges,
  refuseIpv6,
  sourceChain,
} from './source-check.ts';
import { acceptMappings } from './spd-mappings.ts';

/**
 * What may come out of a gateway's tunnels (docs/adr/0006 and 0019): nothing in the name of the network side; out of an SPD
 * tunnel the reverse of its mappings; out of a destination-routing tunnel sources that an enabled gateway route leads back to
 * it, unless the gateway's check is switched off. Each tunnel's answer is in a chain of its own, which a map of devices leads
 * to. A failover changes nothing here.
 */
export function checkGatewaySources(view: GatewayView): Partial<TablePlan> {
  const { connections, gateway } = view;
  if (connections.length === 0) return {};
  const ids = connections.map(({ id }) => id);
  const ends = farEndsOf(view);
  const held = ends.filter(
    ({ connection, isAnywhere }) => connection.mode === 'spd' || (gateway.checksSources && !isAnywhere),
  );
  const routed = held.filter(({ connection }) => connection.mode === 'route');
  return {
    counters: [
      ...dropCounters(ids, ['network-source', 'ipv6']),
      ...connections.flatMap(({ id, mode }) =>
        dropCounters([id], [mode === 'spd' ? 'outside-mappings' : 'unrouted-source']),
      ),
    ],
    chains: [
      ...(routed.some(({ ranges }) => ranges.length > 0) ? [fromRouters(routed, ends)] : []),
      ...held.map((end) => (end.connection.mode === 'spd' ? fromSpd(end) : fromRouted(end))),
      sourceChain([
        ...refuseIpv6(isIn('iifname', ids), countByDevice(ids, 'ipv6')),
        ...refuseNetworkSources(view),
        ...gotoChainOf(held),
      ]),
    ],
  };
}

/** A tunnel and what is behind it: enabled gateway routes of any priority, usable or not; remote ranges of an SPD tunnel. */
interface FarEnd {
  readonly connection: VpnConnection;
  /** Without overlap. A default route does not count: it says nothing about who has which address. */
  readonly ranges: readonly Cidr[];
  /** Any address may be behind it. */
  readonly isAnywhere: boolean;
}

function farEndsOf({ connections, routes }: GatewayView): FarEnd[] {
  const enabled = Map.groupBy(
    routes.filter((route) => route.enabled),
    ({ nextHop }) => nextHop.id,
  );
  return connections.map((connection) => {
    const ranges =
      connection.mode === 'spd'
        ? mappingsOf(connection).map(({ remote }) => remote)
        : (enabled.get(connection.id) ?? []).map(({ destination }) => destination);
    const blocks = aggregateCidrs(ranges.filter((range) => range !== everything));
    return { connection, ranges: blocks, isAnywhere: ranges.includes(everything) || blocks[0] === everything };
  });
}

/** A peer could otherwise make its packets match another tunnel's mapping, or pose as a machine of the network. */
function refuseNetworkSources({ connections, network }: GatewayView): FilterRule[] {
  const own = inRanges('ip saddr', network?.sources ?? []);
  if (own === undefined) return [];
  const ids = connections.map(({ id }) => id);
  return [when(isIn('iifname', ids), own).do(...countByDevice(ids, 'network-source'))];
}

function gotoChainOf(held: readonly FarEnd[]): FilterRule[] {
  if (held.length === 0) return [];
  const chains = Object.fromEntries(held.map(({ connection: { id } }) => [id, `from-${id}`]));
  return [always({ gotoBy: 'iifname', chains })];
}

function fromRouted({ connection, ranges }: FarEnd): ChainPlan {
  const errors = errorsAbout(ranges);
  return {
    name: `from-${connection.id}`,
    rules: [
      ...acceptSources(ranges),
      ...acceptProbeAnswers(connection),
      ...(errors === undefined ? [] : [when(...errors).do({ goto: 'from-routers' })]),
      always(...countAndDrop(connection.id, 'unrouted-source')),
    ],
  };
}

/** ICMP errors of routers on the way, whose addresses need no route: any address that is behind no other tunnel. */
function fromRouters(routed: readonly FarEnd[], ends: readonly FarEnd[]): ChainPlan {
  const known = inRanges(
    'ip saddr',
    ends.flatMap(({ ranges }) => ranges),
  );
  const ids = routed.map(({ connection }) => connection.id);
  const refused = known === undefined ? [] : [when(known).do(...countByDevice(ids, 'unrouted-source'))];
  return { name: 'from-routers', rules: [...refused, always(accept)] };
}

/** Only the reverse of a mapping. */
function fromSpd({ connection }: FarEnd): ChainPlan {
  const admitted = acceptMappings(connection, { local: 'ip daddr', remote: 'ip saddr' });
  const refused = always(...countAndDrop(connection.id, 'outside-mappings'));
  return { name: `from-${connection.id}`, rules: [...admitted, refused] };
}
