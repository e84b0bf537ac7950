import { isSameValue } from '../plan/same-value.ts';
import type { ChainPlan, DeviceMapPlan, ListedSetPlan, TablePlan } from '../plan/packet-filter.ts';
import { renderElement, renderRule, renderSet } from './nft-text.ts';

type SetPlan = TablePlan['sets'][number];
type ElementsPlan = ListedSetPlan | DeviceMapPlan;

/**
 * What makes one table of another, as commands of one transaction: only what differs is said, so that a tunnel more costs what a
 * tunnel is. Counters that stay, and what sets have remembered, are not touched. Null where the two differ in more than
 * commands can change: then the table is replaced.
 * @param table `landbridge`, a table of family inet that is as `before`.
 */
export function tableChanges(table: string, before: TablePlan, after: TablePlan): string[] | null {
  const [sets, chains] = [pairs(before.sets, after.sets), pairs(before.chains, after.chains)];
  if (sets.both.some(([from, to]) => !isAlike(from, to)) || !chains.both.every(isOfSameBase)) return null;
  if ([...chains.gone, ...chains.come].some(({ base }) => base !== undefined)) return null;
  const counters = difference(before.counters, after.counters);
  const changedChains = chains.both.filter(([from, to]) => !isSameValue(from, to));
  const elements = sets.both.flatMap(([from, to]) => (hasElements(from) && hasElements(to) ? [changed(from, to)] : []));
  const say = (verb: string, kind: string, name: string, ...rest: readonly string[]) =>
    [verb, kind, 'inet', table, name, ...rest].join(' ');
  const change = (verb: string, name: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : [say(verb, 'element', name, `{ ${texts.join(', ')} }`)];
  const rulesOf = ({ name, rules }: ChainPlan) => rules.map((rule) => say('add', 'rule', name, renderRule(rule)));
  // What is named has to be there first, and what goes has to be named by nothing any more.
  return [
    ...counters.come.map((name) => say('add', 'counter', name)),
    ...chains.come.map(({ name }) => say('add', 'chain', name)),
    ...sets.come.map((set) => renderSet(set, table)),
    ...chains.come.flatMap(rulesOf),
    ...changedChains.flatMap(([, chain]) => [say('flush', 'chain', chain.name), ...rulesOf(chain)]),
    ...elements.flatMap(({ name, gone }) => change('delete', name, gone)),
    ...elements.flatMap(({ name, come }) => change('add', name, come)),
    ...chains.gone.map(({ name }) => say('flush', 'chain', name)),
    ...sets.gone.map((set) => say('delete', 'to' in set ? 'map' : 'set', set.name)),
    ...chains.gone.map(({ name }) => say('delete', 'chain', name)),
    ...counters.gone.map((name) => say('delete', 'counter', name)),
  ];
}

interface Pairs<Part> {
  readonly come: readonly Part[];
  readonly gone: readonly Part[];
  readonly both: readonly (readonly [Part, Part])[];
}

function pairs<Part extends { readonly name: string }>(before: readonly Part[], after: readonly Part[]): Pairs<Part> {
  const former = new Map(before.map((part) => [part.name, part]));
  const both: [Part, Part][] = [];
  const come: Part[] = [];
  for (const part of after) {
    const from = former.get(part.name);
    if (from === undefined) come.push(part);
    else both.push([from, part]);
    former.delete(part.name);
  }
  return { come, gone: [...former.values()], both };
}

function difference<Item>(before: readonly Item[], after: readonly Item[]): { gone: Item[]; come: Item[] } {
  const [former, present] = [new Set(before), new Set(after)];
  return { gone: before.filter((item) => !present.has(item)), come: after.filter((item) => !former.has(item)) };
}

function hasElements(set: SetPlan): set is ElementsPlan {
  return 'elements' in set;
}

/** But for its elements. */
function isAlike(from: SetPlan, to: SetPlan): boolean {
  if (!hasElements(from) || !hasElements(to)) return isSameValue(from, to);
  return isSameValue({ ...from, elements: [] }, { ...to, elements: [] });
}

function isOfSameBase([from, to]: readonly [ChainPlan, ChainPlan]): boolean {
  return isSameValue(from.base, to.base);
}

/** Elements that are the same objects are the same; of the few others the texts tell. */
function changed(from: ElementsPlan, to: ElementsPlan): { name: string; gone: string[]; come: string[] } {
  const { gone, come } = difference<ElementsPlan['elements'][number]>(from.elements, to.elements);
  const textsOf = (set: ElementsPlan, elements: typeof gone) => elements.map((element) => renderElement(set, element));
  return { name: to.name, ...difference(textsOf(from, gone), textsOf(to, come)) };
}
