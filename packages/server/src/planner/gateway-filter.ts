import type { Cidr } from '@landbridge/net';
import { tunnelMtu } from '../domain/esp-overhead.ts';
import { mappingsOf, type VpnConnection } from '../domain/vpn-connection.ts';
import { clampMss } from './clamp-mss.ts';
import { everything, wan } from './layout.ts';
import { wanAddress } from './uplink.ts';
import { guardProbesIn, guardProbesOut } from './probe.ts';
import type { GatewayView } from './gateway-view.ts';

/**
 * The gateway's nft chains. Routing decides where packets go; this decides what may never happen: inner packets on
 * `wan`, clear text from `wan` into a tunnel, packets of an SPD tunnel outside its mappings.
 */
export function renderGatewayFilter(view: GatewayView): string {
  return [renderInput(view), renderOutput(view), renderForward(view)].join('\n');
}

/** The public address answers on `wan` only, inside addresses answer inside only: no reply may cross over. */
function renderInput(view: GatewayView): string {
  const { gateway, uplink } = view;
  const address = wanAddress(gateway, uplink);
  return chain('input', 'type filter hook input priority filter; policy drop;', [
    'iifname "lo" accept',
    `iifname "${wan}" ip daddr != ${address} drop`,
    `iifname != "${wan}" ip daddr ${address} drop`,
    ...view.connections.flatMap(guardProbesIn),
    ...refuseForgedSources(view),
    `iifname "${wan}" udp dport { 500, 4500 } accept`,
    `iifname "${wan}" ip protocol { esp, icmp } accept`,
    `iifname != "${wan}" ip protocol icmp accept`,
  ]);
}

/** ICMP errors quote the packet they answer, which may be an inner one. */
function renderOutput(view: GatewayView): string {
  const { gateway, uplink } = view;
  return chain('output', 'type filter hook output priority filter; policy accept;', [
    ...view.connections.flatMap(guardProbesOut),
    `oifname "${wan}" ip saddr != ${wanAddress(gateway, uplink)} drop`,
    `oifname "${wan}" meta nfproto ipv6 drop`,
    `oifname "${wan}" icmp type != { echo-request, echo-reply } drop`,
  ]);
}

function renderForward(view: GatewayView): string {
  const spd = view.connections.filter(({ mode }) => mode === 'spd');
  const open = [
    ...view.connections.filter(({ mode }) => mode === 'route').map(({ id }) => id),
    ...(view.network === null ? [] : [view.network.device]),
  ];
  return chain('forward', 'type filter hook forward priority filter; policy drop;', [
    `iifname "${wan}" drop`,
    `oifname "${wan}" drop`,
    ...refuseForgedSources(view),
    ...forbidTransit(view),
    ...view.connections.flatMap(({ id, esp }) => clampMss(id, tunnelMtu(view.uplink.pathMtu, esp))),
    ...spd.flatMap((connection) => admitSpd(connection, view)),
    ...(open.length === 0 ? [] : [`iifname ${quoted(open)} oifname ${quoted(open)} accept`]),
  ]);
}

/**
 * Nothing comes out of a tunnel in the name of the network side: a peer on a destination-routing tunnel could otherwise make
 * its packets match another tunnel's mapping (docs/adr/0006).
 */
function refuseForgedSources({ connections, network }: GatewayView): string[] {
  const sources = network?.sources ?? [];
  if (sources.length === 0 || connections.length === 0) return [];
  const tunnels = quoted(connections.map(({ id }) => id));
  const ranges = sources.length === 1 ? sources.join() : `{ ${sources.join(', ')} }`;
  return [`iifname ${tunnels} ip saddr ${ranges} drop`];
}

/** What a CCN sent here is not for the CCN: it would come back for ever. */
function forbidTransit({ network }: GatewayView): string[] {
  return network?.kind === 'ccn' ? [`iifname "${network.device}" oifname "${network.device}" drop`] : [];
}

/** Into the tunnel only what a mapping names; out of it only the reverse, and to the network side only. */
function admitSpd(connection: VpnConnection, { network }: GatewayView): string[] {
  const { id } = connection;
  const mappings = mappingsOf(connection);
  const outbound = mappings.map(
    ({ local, remote }) => `oifname "${id}" ${match('saddr', local)}${match('daddr', remote)}accept`,
  );
  const inbound =
    network === null
      ? []
      : mappings.map(
          ({ local, remote }) =>
            `iifname "${id}" oifname "${network.device}" ${match('saddr', remote)}${match('daddr', local)}accept`,
        );
  return [...inbound, `iifname "${id}" drop`, ...outbound, `oifname "${id}" drop`];
}

function match(field: 'saddr' | 'daddr', range: Cidr): string {
  return range === everything ? '' : `ip ${field} ${range} `;
}

function quoted(names: readonly string[]): string {
  return `{ ${names.map((name) => `"${name}"`).join(', ')} }`;
}

function chain(name: string, header: string, rules: readonly string[]): string {
  return [`chain ${name} {`, `  ${header}`, ...rules.map((rule) => `  ${rule}`), '}', ''].join('\n');
}
