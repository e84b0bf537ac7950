import { addressOf, byRange, holds } from '../ranges/range.ts';
import type { Holder, Route } from './route.ts';
import { usesFor, type Use, type Uses } from './use-of.ts';

/** A route with the words that are shown of it. */
export interface Row {
  readonly route: Route;
  readonly use: Use;
  readonly hopName: string;
  readonly from: string;
  readonly useWords: string;
  /** All of it in small letters, one thing a line. */
  readonly text: string;
}

/** How things are said. */
export interface Sayings {
  readonly nameOf: (id: string) => string;
  readonly from: (holder: Holder) => string;
  readonly use: (use: Use) => string;
}

export type SortBy = 'destination' | 'hop' | 'use';

export function rowOf(route: Route, use: Use, say: Sayings): Row {
  const { destination, hop, holder, note, priority } = route;
  const [hopName, from, useWords] = [say.nameOf(hop), say.from(holder), say.use(use)];
  const shown = [destination, hopName, hop, from, holder.id, useWords, note, priority === null ? '' : String(priority)];
  return { route, use, hopName, from, useWords, text: shown.join('\n').toLowerCase() };
}

const collator = new Intl.Collator(undefined, { numeric: true });
const order: Readonly<Record<Use['is'], number>> = { unused: 0, unknown: 1, used: 2 };

const comparisons: Readonly<Record<SortBy, (a: Row, b: Row) => number>> = {
  destination: () => 0,
  hop: (a, b) => collator.compare(a.hopName, b.hopName),
  use: (a, b) => order[a.use.is] - order[b.use.is] || collator.compare(a.useWords, b.useWords),
};

export function sorted(rows: readonly Row[], by: SortBy): readonly Row[] {
  const compare = comparisons[by];
  return rows.toSorted(
    (a, b) =>
      compare(a, b) ||
      byRange(a.route.range, b.route.range) ||
      collator.compare(a.from, b.from) ||
      (a.route.order ?? 0) - (b.route.order ?? 0),
  );
}

/**
 * Those in which each word of the filter stands somewhere. An address finds what its packets may follow, and it is told of each whether
 * they do. In the order of the rows.
 */
export function shownRows(rows: readonly Row[], filter: string, uses: Uses, say: Sayings): readonly Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const others = words.filter((word) => addressOf(word) === null);
  const addresses = words.map(addressOf).filter((address) => address !== null);
  let found = rows;
  for (const address of addresses) found = rowsFor(address, found, uses, say);
  return others.length === 0 ? found : found.filter(({ text }) => others.every((word) => text.includes(word)));
}

function rowsFor(address: number, rows: readonly Row[], uses: Uses, say: Sayings): readonly Row[] {
  const around = rows.filter(({ route }) => holds(route.range, address));
  const usesThere = usesFor(
    address,
    around.map(({ route }) => route),
    uses,
  );
  return around.map((row) => {
    const use = usesThere.get(row.route) ?? row.use;
    return use === row.use ? row : rowOf(row.route, use, say);
  });
}
