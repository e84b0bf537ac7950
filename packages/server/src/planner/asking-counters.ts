import { askingSets, type AskingSet } from '../plan/asking-sets.ts';
import type { ChainPlan, FilterMatch, FilterRule, RememberingSetPlan } from '../plan/packet-filter.ts';
import { accept, is, when } from './filter-words.ts';
import { isOf } from './gateway-sets.ts';

/** Names of tunnels' devices alone come into it. */
const mostTunnels = 65_536;
const rememberedSeconds = 300;

export function planAskingSets(): RememberingSetPlan[] {
  return askingSets.map((name) => ({
    ...{ name, fields: ['iifname'] as const },
    ...{ size: mostTunnels, timeoutSeconds: rememberedSeconds },
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
      count('asked', 'oifname', { tcp: 'opening' }),
      count('asked', 'oifname', is('icmp type', 'echo-request')),
      count('answered', 'iifname', { tcp: 'accepting' }),
      count('answered', 'iifname', { tcp: 'refusing' }),
      count('answered', 'iifname', is('icmp type', 'echo-reply')),
      count('called', 'iifname', { tcp: 'opening' }),
      count('accepted', 'oifname', { tcp: 'accepting' }),
    ],
  };
}

function count(set: AskingSet, by: 'iifname' | 'oifname', match: FilterMatch): FilterRule {
  return when(match, isOf('tunnels', by)).do({ countIn: set, by });
}
