import type { UplinkForwarding } from '../plan/facts.ts';
import { forwardingChains } from '../plan/names.ts';
import type { ChainPlan, FilterRule } from '../plan/packet-filter.ts';
import { accept, drop, filterChain, is, isIn, isNotIn, when } from './filter-words.ts';

/**
 * The host has to forward what comes in by the uplink, and the kernel's setting knows no destinations: where it is ours, this
 * lets pass what is for gateways or from them, and nothing else from the uplink. Where the host was a router before, that is the
 * operator's business; the empty chain remembers it. IPv6 is never our setting.
 */
export function forwardingGuard(forwarding: UplinkForwarding, uplink: string, gateways: readonly string[]): ChainPlan {
  if (forwarding === 'operator') return { name: forwardingChains.operator, rules: [] };
  return filterChain(forwardingChains.ours, 'forward', 'accept', [
    when(is('meta nfproto', 'ipv6')).do(accept),
    ...(gateways.length === 0 ? closed(uplink) : betweenUplinkAnd(gateways, uplink)),
  ]);
}

const countedDrop = [{ countHere: true }, drop] as const;

/** Without a gateway the setting is given back, but after the filter: nothing passes until then. */
function closed(uplink: string): FilterRule[] {
  const comment = 'from the uplink, and there is no gateway';
  return [{ ...when(is('iifname', uplink)).do(...countedDrop), comment }];
}

function betweenUplinkAnd(gateways: readonly string[], uplink: string): FilterRule[] {
  return [
    {
      ...when(is('iifname', uplink), isNotIn('oifname', gateways)).do(...countedDrop),
      comment: 'from the uplink, not for a gateway',
    },
    {
      ...when(isIn('iifname', gateways), isNotIn('oifname', [...gateways, uplink])).do(...countedDrop),
      comment: 'from a gateway, not for the uplink',
    },
  ];
}
