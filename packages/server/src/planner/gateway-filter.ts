import { countAsking } from './asking-counters.ts';
import { clampMssFrom, clampMssInto } from './clamp-mss.ts';
import { askingPort } from '../plan/asking-port.ts';
import { wan } from '../plan/names.ts';
import type { ChainPlan, FilterRule, TablePlan } from '../plan/packet-filter.ts';
import { accept, always, drop, filterChain, is, isIn, isNot, isNotIn, tableOf, when } from './filter-words.ts';
import { wanAddress } from './uplink.ts';
import { guardProbesIn, guardProbesOut } from './probe.ts';
import { checkGatewaySources } from './gateway-sources.ts';
import { gotoBy, isNotOf, isOf, isOfMtu, mtusOf, planGatewaySets } from './gateway-sets.ts';
import type { GatewayView, NetworkSide } from './gateway-view.ts';
import { unmappedPairs } from './spd-mappings.ts';
import { icmpInside, icmpOutside } from './router-input.ts';

/**
 * The gateway's nft chains. Routing decides where packets go; this decides what may never happen: inner packets on
 * `wan`, clear text from `wan` into a tunnel, packets into an SPD tunnel outside its mappings. What may come out of a tunnel is
 * decided before routing (gateway-sources.ts). What a packet costs here does not grow with the number of tunnels: rules are for
 * sets of them, and an SPD tunnel has chains of its own.
 */
export function planGatewayFilter(view: GatewayView): TablePlan {
  const remembered = view.connections.some(({ mode }) => mode === 'spd') ? [unmappedPairs] : [];
  const sets = [...planGatewaySets(view.tunnels, view.network?.device), ...remembered];
  return tableOf({ sets }, checkGatewaySources(view), {
    chains: [input(view), output(view), sealed(view.network), forward(view), countAsking()],
  });
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
    ...guardProbesIn,
    when(fromWan, isIn('udp dport', ['500', '4500', String(askingPort)])).do(accept),
    when(fromWan, is('ip protocol', 'esp')).do(accept),
    when(fromWan, isIn('icmp type', icmpOutside)).do(accept),
    when(fromInside, isIn('icmp type', icmpInside)).do(accept),
  ]);
}

/** ICMP errors quote the packet they answer, which may be an inner one. */
function output(view: GatewayView): ChainPlan {
  const { gateway, uplink } = view;
  return filterChain('output', 'output', 'accept', [
    ...guardProbesOut,
    when(toWan, isNot('ip saddr', wanAddress(gateway, uplink))).do(drop),
    when(toWan, is('meta nfproto', 'ipv6')).do(drop),
    when(toWan, isNotIn('icmp type', ['echo-request', 'echo-reply'])).do(drop),
  ]);
}

/** Only what is in a set passes: `wan` is in none. Most packets ask two of them, where they come from and where they go. */
function forward({ tunnels, network }: GatewayView): ChainPlan {
  return filterChain('forward', 'forward', 'drop', [
    clampMssInto(isOf('tunnels', 'oifname')),
    ...mtusOf(tunnels).map((mtu) => clampMssFrom(isOfMtu(mtu), mtu)),
    when(isNotOf('open', 'iifname')).do({ goto: sealedName }),
    ...forbidTransit(network),
    when(isOf('open', 'oifname')).do(accept),
    always(gotoBy('oifname', 'into-spd')),
  ]);
}

const sealedName = 'sealed';

/** Out of an SPD tunnel packets go to the network side only; out of `wan` nowhere. */
function sealed(network: NetworkSide | null): ChainPlan {
  const toNetwork = network === null ? [] : [when(isOf('spd', 'iifname'), is('oifname', network.device)).do(accept)];
  return { name: sealedName, rules: [...toNetwork, always(drop)] };
}

/** What a CCN sent here is not for the CCN: it would come back for ever. */
function forbidTransit(network: NetworkSide | null): FilterRule[] {
  if (network?.kind !== 'ccn') return [];
  return [when(is('iifname', network.device), is('oifname', network.device)).do(drop)];
}
