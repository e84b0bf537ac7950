import type { Cidr } from '@landbridge/net';
import { tunnelMtu } from '../domain/esp-overhead.ts';
import { mappingsOf, type VpnConnection } from '../domain/vpn-connection.ts';
import { clampMss } from './clamp-mss.ts';
import { deviceSet } from './device-set.ts';
import { everything, wan } from './layout.ts';
import { boundUplink, wanAddress } from './uplink.ts';
import { guardProbesIn, guardProbesOut } from './probe.ts';
import type { GatewayView } from './gateway-view.ts';
import { icmpInside, icmpOutside } from './router-input.ts';

/**
 * The gateway's nft chains. Routing decides where packets go; this decides what may never happen: inner packets on
 * `wan`, clear text from `wan` into a tunnel, packets of an SPD tunnel outside its mappings. What a packet costs here does not
 * grow with the number of tunnels: rules are for sets of them, and an SPD tunnel has chains of its own.
 */
export function renderGatewayFilter(view: GatewayView): string {
  return [renderInput(view), renderOutput(view), renderForward(view), boundUplink(view)].join('\n');
}

/** The public address answers on `wan` only, inside addresses answer inside only: no reply may cross over. */
function renderInput(view: GatewayView): string {
  const { gateway, uplink } = view;
  const address = wanAddress(gateway, uplink);
  return chain('input', 'type filter hook input priority filter; policy drop;', [
    'iifname "lo" accept',
    `iifname "${wan}" ip daddr != ${address} drop`,
    `iifname != "${wan}" ip daddr ${address} drop`,
    ...guardProbesIn(view.connections),
    ...refuseForgedSources(view),
    `iifname "${wan}" udp dport { 500, 4500 } accept`,
    `iifname "${wan}" ip protocol esp accept`,
    `iifname "${wan}" icmp type ${icmpOutside} accept`,
    `iifname != "${wan}" icmp type ${icmpInside} accept`,
  ]);
}

/** ICMP errors quote the packet they answer, which may be an inner one. */
function renderOutput(view: GatewayView): string {
  const { gateway, uplink } = view;
  return chain('output', 'type filter hook output priority filter; policy accept;', [
    ...guardProbesOut(view.connections),
    `oifname "${wan}" ip saddr != ${wanAddress(gateway, uplink)} drop`,
    `oifname "${wan}" meta nfproto ipv6 drop`,
    `oifname "${wan}" icmp type != { echo-request, echo-reply } drop`,
  ]);
}

function renderForward(view: GatewayView): string {
  const { connections, network, uplink } = view;
  const spd = connections.filter(({ mode }) => mode === 'spd');
  const open = [
    ...connections.filter(({ mode }) => mode === 'route').map(({ id }) => id),
    ...(network === null ? [] : [network.device]),
  ];
  const rules = [
    `iifname "${wan}" drop`,
    `oifname "${wan}" drop`,
    ...refuseForgedSources(view),
    ...forbidTransit(view),
    ...clampMss(connections.map(({ id, esp }) => ({ name: id, mtu: tunnelMtu(uplink.pathMtu, esp) }))),
    ...goto('iifname', 'from', spd),
    ...goto('oifname', 'into', spd),
    ...(open.length === 0 ? [] : [`iifname ${deviceSet(open)} oifname ${deviceSet(open)} accept`]),
  ];
  return [
    ...spd.flatMap((connection) => [renderFromSpd(connection, view), renderIntoSpd(connection)]),
    chain('forward', 'type filter hook forward priority filter; policy drop;', rules),
  ].join('\n');
}

/**
 * Nothing comes out of a tunnel in the name of the network side: a peer on a destination-routing tunnel could otherwise make
 * its packets match another tunnel's mapping (docs/adr/0006).
 */
function refuseForgedSources({ connections, network }: GatewayView): string[] {
  const sources = network?.sources ?? [];
  if (sources.length === 0 || connections.length === 0) return [];
  const tunnels = deviceSet(connections.map(({ id }) => id));
  const ranges = sources.length === 1 ? sources.join() : `{ ${sources.join(', ')} }`;
  return [`iifname ${tunnels} ip saddr ${ranges} drop`];
}

/** What a CCN sent here is not for the CCN: it would come back for ever. */
function forbidTransit({ network }: GatewayView): string[] {
  return network?.kind === 'ccn' ? [`iifname "${network.device}" oifname "${network.device}" drop`] : [];
}

/** To the chains of SPD tunnels, which decide. */
function goto(field: 'iifname' | 'oifname', prefix: string, connections: readonly VpnConnection[]): string[] {
  if (connections.length === 0) return [];
  return [`${field} vmap { ${connections.map(({ id }) => `"${id}" : goto ${prefix}-${id}`).join(', ')} }`];
}

/** Out of an SPD tunnel only the reverse of a mapping, and to the network side only. */
function renderFromSpd(connection: VpnConnection, { network }: GatewayView): string {
  const admitted =
    network === null
      ? []
      : mappingsOf(connection).map(
          ({ local, remote }) => `oifname "${network.device}" ${match('saddr', remote)}${match('daddr', local)}accept`,
        );
  return chain(`from-${connection.id}`, null, [...admitted, 'drop']);
}

/** Into an SPD tunnel only what a mapping names. */
function renderIntoSpd(connection: VpnConnection): string {
  const admitted = mappingsOf(connection).map(
    ({ local, remote }) => `${match('saddr', local)}${match('daddr', remote)}accept`,
  );
  return chain(`into-${connection.id}`, null, [...admitted, 'drop']);
}

function match(field: 'saddr' | 'daddr', range: Cidr): string {
  return range === everything ? '' : `ip ${field} ${range} `;
}

/** @param header of a base chain; null for one that others lead to. */
function chain(name: string, header: string | null, rules: readonly string[]): string {
  const lines = header === null ? rules : [header, ...rules];
  return [`chain ${name} {`, ...lines.map((line) => `  ${line}`), '}', ''].join('\n');
}
