import type { UplinkForwarding } from '../plan/facts.ts';
import { forwardingChains } from '../plan/names.ts';
import { deviceSet } from './device-set.ts';

/**
 * The host has to forward what comes in by the uplink, and the kernel's setting knows no destinations: where it is ours, this
 * lets pass what is for gateways or from them, and nothing else from the uplink. Where the host was a router before, that is the
 * operator's business; the empty chain remembers it. IPv6 is never our setting.
 */
export function renderForwardingGuard(
  forwarding: UplinkForwarding,
  uplink: string,
  gateways: readonly string[],
): string {
  if (forwarding === 'operator') return `\nchain ${forwardingChains.operator} {\n}\n`;
  return `
chain ${forwardingChains.ours} {
  type filter hook forward priority filter; policy accept;
  meta nfproto ipv6 accept
  ${(gateways.length === 0 ? closed(uplink) : betweenUplinkAnd(gateways, uplink)).join('\n  ')}
}
`;
}

/** Without a gateway the setting is given back, but after the filter: nothing passes until then. */
function closed(uplink: string): string[] {
  return [`iifname "${uplink}" counter drop comment "from the uplink, and there is no gateway"`];
}

function betweenUplinkAnd(gateways: readonly string[], uplink: string): string[] {
  return [
    `iifname "${uplink}" oifname != ${deviceSet(gateways)} counter drop comment "from the uplink, not for a gateway"`,
    `iifname ${deviceSet(gateways)} oifname != ${deviceSet([...gateways, uplink])} counter drop comment "from a gateway, not for the uplink"`,
  ];
}
