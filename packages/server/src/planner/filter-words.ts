import type {
  BaseChainPlan,
  ChainPlan,
  FilterAction,
  FilterField,
  FilterMatch,
  FilterRule,
  TablePlan,
} from '../plan/packet-filter.ts';

/** Short forms of what the planner says in a packet filter most often. */
export const accept: FilterAction = { verdict: 'accept' };
export const drop: FilterAction = { verdict: 'drop' };

export function when(...matches: readonly FilterMatch[]): { readonly do: (...actions: FilterAction[]) => FilterRule } {
  return { do: (...actions) => ({ matches, actions }) };
}

export function always(...actions: readonly FilterAction[]): FilterRule {
  return { matches: [], actions };
}

export function is(field: FilterField, value: string): FilterMatch {
  return { field, is: value };
}

export function isNot(field: FilterField, value: string): FilterMatch {
  return { field, not: true, is: value };
}

export function isIn(field: FilterField, values: readonly string[]): FilterMatch {
  return { field, in: values };
}

export function isNotIn(field: FilterField, values: readonly string[]): FilterMatch {
  return { field, not: true, in: values };
}

export function filterChain(
  name: string,
  hook: BaseChainPlan['hook'],
  policy: BaseChainPlan['policy'],
  rules: readonly FilterRule[],
): ChainPlan {
  return { name, base: { type: 'filter', hook, priority: 'filter', policy }, rules };
}

/** Parts of a table, one after the other. */
export function tableOf(...parts: readonly Partial<TablePlan>[]): TablePlan {
  return {
    counters: parts.flatMap(({ counters = [] }) => counters),
    sets: parts.flatMap(({ sets = [] }) => sets),
    chains: parts.flatMap(({ chains = [] }) => chains),
  };
}
