import { tunnelMtu } from '../domain/vpn/esp-overhead.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import { clampMss } from './clamp-mss.ts';
import { deviceSet } from './device-set.ts';
import { wanAddress } from './uplink.ts';
import { guardProbesIn, guardProbesOut } from './probe.ts';
import { renderGatewaySources } from './gateway-sources.ts';
import type { GatewayView } from './gateway-view.ts';
import { icmpInside, icmpOutside } from './router-input.ts';
import { renderChain } from './source-check.ts';
import { acceptMappings } from './spd-mappings.ts';
import { wan } from '../plan/names.ts';

/**
 * The gateway's nft chains. Routing decides where packets go; this decides what may never happen: inner packets on
 * `wan`, clear text from `wan` into a tunnel, packets into an SPD tunnel outside its mappings. What may come out of a tunnel is
 * decided before routing (gateway-sources.ts). What a packet costs here does not grow with the number of tunnels: rules are for
 * sets of them, and an SPD tunnel has chains of its own.
 */
export function renderGatewayFilter(view: GatewayView): string {
  return [renderGatewaySources(view), renderInput(view), renderOutput(view), renderForward(view)].join('\n');
}

/** The public address answers on `wan` only, inside addresses answer inside only: no reply may cross over. */
function renderInput(view: GatewayView): string {
  const { gateway, uplink } = view;
  const address = wanAddress(gateway, uplink);
  return renderChain('input', [
    'type filter hook input priority filter; policy drop;',
    'iifname "lo" accept',
    `iifname "${wan}" ip daddr != ${address} drop`,
    `iifname != "${wan}" ip daddr ${address} drop`,
    ...guardProbesIn(view.connections),
    `iifname "${wan}" udp dport { 500, 4500 } accept`,
    `iifname "${wan}" ip protocol esp accept`,
    `iifname "${wan}" icmp type ${icmpOutside} accept`,
    `iifname != "${wan}" icmp type ${icmpInside} accept`,
  ]);
}

/** ICMP errors quote the packet they answer, which may be an inner one. */
function renderOutput(view: GatewayView): string {
  const { gateway, uplink } = view;
  return renderChain('output', [
    'type filter hook output priority filter; policy accept;',
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
    ...forbidTransit(view),
    ...clampMss(connections.map(({ id, esp }) => ({ name: id, mtu: tunnelMtu(uplink.pathMtu, esp) }))),
    ...sealSpd(spd, view),
    ...gotoIntoSpd(spd),
    ...(open.length === 0 ? [] : [`iifname ${deviceSet(open)} oifname ${deviceSet(open)} accept`]),
  ];
  return [
    ...spd.map(renderIntoSpd),
    renderChain('forward', ['type filter hook forward priority filter; policy drop;', ...rules]),
  ].join('\n');
}

/** What a CCN sent here is not for the CCN: it would come back for ever. */
function forbidTransit({ network }: GatewayView): string[] {
  return network?.kind === 'ccn' ? [`iifname "${network.device}" oifname "${network.device}" drop`] : [];
}

/** Out of an SPD tunnel packets go to the network side only. */
function sealSpd(connections: readonly VpnConnection[], { network }: GatewayView): string[] {
  if (connections.length === 0) return [];
  const spd = `iifname ${deviceSet(connections.map(({ id }) => id))}`;
  return [...(network === null ? [] : [`${spd} oifname "${network.device}" accept`]), `${spd} drop`];
}

/** To the chains of SPD tunnels, which decide. */
function gotoIntoSpd(connections: readonly VpnConnection[]): string[] {
  if (connections.length === 0) return [];
  return [`oifname vmap { ${connections.map(({ id }) => `"${id}" : goto into-${id}`).join(', ')} }`];
}

/** Into an SPD tunnel only what a mapping names. */
function renderIntoSpd(connection: VpnConnection): string {
  const admitted = acceptMappings(connection, { local: 'saddr', remote: 'daddr' });
  return renderChain(`into-${connection.id}`, [...admitted, 'drop']);
}
