import { accept, filterChain, is, when } from './filter-words.ts';

/**
 * What a router of ours lets in for itself: pings of its addresses, which people look for, and nothing else. ARP is not the
 * packet filter's; ICMP errors about forwarded packets are not for the router.
 */
export const routerInput = filterChain('input', 'input', 'drop', [when(is('icmp type', 'echo-request')).do(accept)]);

/** ICMP about what a VPN gateway itself sends by `wan`, and pings of its address. */
export const icmpOutside = ['echo-request', 'destination-unreachable', 'time-exceeded', 'parameter-problem'];
/** The same inside, with the answers to its probes. */
export const icmpInside = [
  'echo-request',
  'echo-reply',
  'destination-unreachable',
  'time-exceeded',
  'parameter-problem',
];
