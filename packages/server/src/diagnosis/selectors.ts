import type { ChildPlan } from '../plan/plan.ts';
import { told, type Explanation } from './explanation.ts';

/** Traffic selectors as charon writes them, ours first; several have spaces between. */
export interface SelectorPair {
  readonly ours: string;
  readonly theirs: string;
}

type Pair = Pick<ChildPlan, 'localTs' | 'remoteTs'>;

const mostNamed = 3;

/** `10.0.0.0/24 (here) === 192.168.1.0/24 (there)`, at most three of them. */
export function describeSelectors(children: readonly Pair[]): string {
  const named = children.slice(0, mostNamed).map(({ localTs, remoteTs }) => describePair(localTs, remoteTs));
  const more = children.length > mostNamed ? ` and ${children.length - mostNamed} more` : '';
  return `${named.join(', ')}${more}`;
}

/** What is wrong with a pair that none of the children holds. */
export function selectorDifference(children: readonly Pair[], { ours, theirs }: SelectorPair): Explanation {
  const isSwapped = children.some(({ localTs, remoteTs }) => localTs === theirs && remoteTs === ours);
  const code = isSwapped ? 'selectors-swapped' : 'selectors-differ';
  return told(code, describeSelectors(children), describePair(ours, theirs));
}

/** A CHILD_SA, with what was agreed on. */
export interface AgreedSelectors {
  readonly name: string;
  readonly localTs: readonly string[];
  readonly remoteTs: readonly string[];
}

/**
 * The first child of the plan that is only there in part. A peer may open several CHILD_SAs for parts of it, which
 * together may be the whole, so only a child with a single one is judged.
 */
export function narrowedSelectors(
  children: readonly ChildPlan[],
  agreed: readonly AgreedSelectors[],
): Explanation | null {
  const byName = Map.groupBy(agreed, ({ name }) => name);
  for (const child of children) {
    const own = byName.get(child.name) ?? [];
    const pairs = new Set(own.map(({ localTs, remoteTs }) => describePair(localTs.join(' '), remoteTs.join(' '))));
    const [only, ...others] = pairs;
    const wanted = describePair(child.localTs, child.remoteTs);
    if (only === undefined || others.length > 0 || only === wanted) continue;
    return told('selectors-narrowed', wanted, only);
  }
  return null;
}

function describePair(here: string, there: string): string {
  return `${here} (here) === ${there} (there)`;
}
