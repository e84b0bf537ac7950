import { aggregateCidrs, type Cidr } from '@landbridge/net';
import { mappingsOf, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import { deviceSet } from './device-set.ts';
import type { GatewayView } from './gateway-view.ts';
import { everything } from './layout.ts';
import { acceptProbeAnswers } from './probe.ts';
import {
  acceptSources,
  countAndDrop,
  countByDevice,
  matchErrorsAbout,
  rangeSet,
  refuseIpv6,
  renderChain,
  renderCounters,
  renderSourceChain,
} from './source-check.ts';
import { acceptMappings } from './spd-mappings.ts';

/**
 * What may come out of a gateway's tunnels (docs/adr/0006 and 0019): nothing in the name of the network side; out of an SPD
 * tunnel the reverse of its mappings; out of a destination-routing tunnel sources that an enabled gateway route leads back to
 * it, unless the gateway's check is switched off. Each tunnel's answer is in a chain of its own, which a map of devices leads
 * to. A failover changes nothing here.
 */
export function renderGatewaySources(view: GatewayView): string {
  const { connections, gateway } = view;
  if (connections.length === 0) return '';
  const ids = connections.map(({ id }) => id);
  const ends = farEndsOf(view);
  const held = ends.filter(
    ({ connection, isAnywhere }) => connection.mode === 'spd' || (gateway.checksSources && !isAnywhere),
  );
  const routed = held.filter(({ connection }) => connection.mode === 'route');
  return [
    renderCounters(ids, ['network-source', 'ipv6']),
    ...connections.map(({ id, mode }) =>
      renderCounters([id], [mode === 'spd' ? 'outside-mappings' : 'unrouted-source']),
    ),
    routed.some(({ ranges }) => ranges.length > 0) ? renderFromRouters(routed, ends) : '',
    ...held.map((end) => (end.connection.mode === 'spd' ? renderFromSpd(end) : renderFromRouted(end))),
    renderSourceChain([
      ...refuseIpv6(`iifname ${deviceSet(ids)}`, countByDevice(ids, 'ipv6')),
      ...refuseNetworkSources(view),
      ...gotoChainOf(held),
    ]),
  ].join('');
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
function refuseNetworkSources({ connections, network }: GatewayView): string[] {
  const set = rangeSet(network?.sources ?? []);
  if (set === undefined) return [];
  const ids = connections.map(({ id }) => id);
  return [`iifname ${deviceSet(ids)} ip saddr ${set} ${countByDevice(ids, 'network-source')}`];
}

function gotoChainOf(held: readonly FarEnd[]): string[] {
  if (held.length === 0) return [];
  return [`iifname vmap { ${held.map(({ connection: { id } }) => `"${id}" : goto from-${id}`).join(', ')} }`];
}

function renderFromRouted({ connection, ranges }: FarEnd): string {
  const errors = matchErrorsAbout(ranges);
  return renderChain(`from-${connection.id}`, [
    ...acceptSources(ranges),
    ...acceptProbeAnswers(connection),
    ...(errors === undefined ? [] : [`${errors} goto from-routers`]),
    countAndDrop(connection.id, 'unrouted-source'),
  ]);
}

/** ICMP errors of routers on the way, whose addresses need no route: any address that is behind no other tunnel. */
function renderFromRouters(routed: readonly FarEnd[], ends: readonly FarEnd[]): string {
  const set = rangeSet(ends.flatMap(({ ranges }) => ranges));
  const ids = routed.map(({ connection }) => connection.id);
  const known = set === undefined ? [] : [`ip saddr ${set} ${countByDevice(ids, 'unrouted-source')}`];
  return renderChain('from-routers', [...known, 'accept']);
}

/** Only the reverse of a mapping. */
function renderFromSpd({ connection }: FarEnd): string {
  const admitted = acceptMappings(connection, { local: 'daddr', remote: 'saddr' });
  return renderChain(`from-${connection.id}`, [...admitted, countAndDrop(connection.id, 'outside-mappings')]);
}
