import { clampMss } from './clamp-mss.ts';
import { wan } from '../plan/names.ts';
import type { ChainPlan, FilterRule, TablePlan } from '../plan/packet-filter.ts';
import { accept, always, drop, filterChain, is, isIn, isNot, isNotIn, tableOf, when } from './filter-words.ts';
import { wanAddress } from './uplink.ts';
import { guardProbesIn, guardProbesOut } from './probe.ts';
import { checkGatewaySources } from './gateway-sources.ts';
import type { GatewayView } from './gateway-view.ts';
import { icmpInside, icmpOutside } from './router-input.ts';
import type { Tunnel } from './tunnel.ts';

/**
 * The gateway's nft chains. Routing decides where packets go; this decides what may never happen: inner packets on
 * `wan`, clear text from `wan` into a tunnel, packets into an SPD tunnel outside its mappings. What may come out of a tunnel is
 * decided before routing (gateway-sources.ts). What a packet costs here does not grow with the number of tunnels: rules are for
 * sets of them, and an SPD tunnel has chains of its own.
 */
export function planGatewayFilter(view: GatewayView): TablePlan {
  return tableOf(checkGatewaySources(view), { chains: [input(view), output(view), ...forward(view)] });
}

const fromWan = is('iifname', wan);
const toWan = is('oifname', wan);
const fromInside = isNot('iifname', wan);

/** The public address answers on `wan` only, inside addresses answer inside only: no reply may cross over. */
function input(view: GatewayView): ChainPlan {
  const { gateway, uplink } = view;
  const address = wanAddress(gateway, uplink);
  return filterChain('input', 'input', 'drop', [
    when(is('iifname', 'lo')).do(accept),
    when(fromWan, isNot('ip daddr', address)).do(drop),
    when(fromInside, is('ip daddr', address)).do(drop),
    ...guardProbesIn(view.connections),
    when(fromWan, isIn('udp dport', ['500', '4500'])).do(accept),
    when(fromWan, is('ip protocol', 'esp')).do(accept),
    when(fromWan, isIn('icmp type', icmpOutside)).do(accept),
    when(fromInside, isIn('icmp type', icmpInside)).do(accept),
  ]);
}

/** ICMP errors quote the packet they answer, which may be an inner one. */
function output(view: GatewayView): ChainPlan {
  const { gateway, uplink } = view;
  return filterChain('output', 'output', 'accept', [
    ...guardProbesOut(view.connections),
    when(toWan, isNot('ip saddr', wanAddress(gateway, uplink))).do(drop),
    when(toWan, is('meta nfproto', 'ipv6')).do(drop),
    when(toWan, isNotIn('icmp type', ['echo-request', 'echo-reply'])).do(drop),
  ]);
}

/** What forwards, and before it the chains that it leads to. */
function forward(view: GatewayView): ChainPlan[] {
  const { tunnels, network } = view;
  const spd = tunnels.filter(({ into }) => into !== null);
  const open = [
    ...tunnels.filter(({ into }) => into === null).map(nameOf),
    ...(network === null ? [] : [network.device]),
  ];
  const rules = [
    when(fromWan).do(drop),
    when(toWan).do(drop),
    ...forbidTransit(view),
    ...clampMss(tunnels.map(({ link, mtu }) => ({ name: link.name, mtu }))),
    ...sealSpd(spd, view),
    ...gotoIntoSpd(spd),
    ...(open.length === 0 ? [] : [when(isIn('iifname', open), isIn('oifname', open)).do(accept)]),
  ];
  return [...spd.flatMap(({ into }) => into ?? []), filterChain('forward', 'forward', 'drop', rules)];
}

/** What a CCN sent here is not for the CCN: it would come back for ever. */
function forbidTransit({ network }: GatewayView): FilterRule[] {
  if (network?.kind !== 'ccn') return [];
  return [when(is('iifname', network.device), is('oifname', network.device)).do(drop)];
}

/** Out of an SPD tunnel packets go to the network side only. */
function sealSpd(spd: readonly Tunnel[], { network }: GatewayView): FilterRule[] {
  if (spd.length === 0) return [];
  const fromSpd = isIn('iifname', spd.map(nameOf));
  const open = network === null ? [] : [when(fromSpd, is('oifname', network.device)).do(accept)];
  return [...open, when(fromSpd).do(drop)];
}

/** To the chains of SPD tunnels, which decide. */
function gotoIntoSpd(spd: readonly Tunnel[]): FilterRule[] {
  if (spd.length === 0) return [];
  const chains = Object.fromEntries(spd.map(({ link, into }) => [link.name, into?.name ?? '']));
  return [always({ gotoBy: 'oifname', chains })];
}

function nameOf({ link }: Tunnel): string {
  return link.name;
}
