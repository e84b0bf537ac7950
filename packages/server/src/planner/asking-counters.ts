import { askingCounterName, askingKinds } from '../domain/operator/asking-counters.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ChainPlan } from '../plan/packet-filter.ts';
import { accept, is, when } from './filter-words.ts';
import { countBy, type SetElement } from './gateway-sets.ts';

export function askingCountersOf(id: VpnConnectionId): string[] {
  return askingKinds.map((kind) => askingCounterName(id, kind));
}

export function askingElementsOf(id: VpnConnectionId): SetElement[] {
  return askingKinds.map((kind) => ({
    in: `count-${kind}` as const,
    element: { device: id, to: askingCounterName(id, kind) },
  }));
}

/**
 * Counts what asks and what answers, once it may pass: a tunnel that asks and hears nothing carries one way at most. Most packets open nothing,
 * and leave after two comparisons.
 */
export function countAsking(): ChainPlan {
  return {
    name: 'asking',
    base: { type: 'filter', hook: 'forward', priority: 'filter + 1', policy: 'accept' },
    rules: [
      when({ tcp: 'flowing' }).do(accept),
      when(is('ip protocol', 'udp')).do(accept),
      when({ tcp: 'opening' }).do(countBy('count-asked', 'oifname')),
      when(is('icmp type', 'echo-request')).do(countBy('count-asked', 'oifname')),
      when({ tcp: 'accepting' }).do(countBy('count-answered')),
      when({ tcp: 'refusing' }).do(countBy('count-answered')),
      when(is('icmp type', 'echo-reply')).do(countBy('count-answered')),
      when({ tcp: 'opening' }).do(countBy('count-called')),
      when({ tcp: 'accepting' }).do(countBy('count-accepted', 'oifname')),
    ],
  };
}
