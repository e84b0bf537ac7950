import { reject } from '../protocol/api-error.ts';

/** Where an object stands in the order by which pages go on: texts, compared one after the other. */
export type PagePlace = readonly string[];

/** The place that a token holds, of so many texts; undefined for the first page. */
export function readPaginationToken(token: string | undefined, length: number): PagePlace | undefined {
  if (token === undefined || token === '') return undefined;
  const place = parsed(token);
  const isPlace = Array.isArray(place) && place.length === length && place.every((part) => typeof part === 'string');
  return isPlace ? place : reject('pagination-token-malformed');
}

function parsed(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The items after this place, at most so many, in the order of their places, and the token for what comes next (empty: none).
 * Whatever is deleted or made in between, no item that stays is missed or told twice.
 */
export function pageAfter<Item>(
  items: readonly Item[],
  after: PagePlace | undefined,
  limit: number,
  placeOf: (item: Item) => PagePlace,
): { readonly page: readonly Item[]; readonly next: string } {
  const placed = items.map((item) => ({ item, place: placeOf(item) }));
  const rest = after === undefined ? placed : placed.filter(({ place }) => comparePlaces(place, after) > 0);
  rest.sort((a, b) => comparePlaces(a.place, b.place));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const next = last === undefined || page.length === rest.length ? '' : tokenOf(last.place);
  return { page: page.map(({ item }) => item), next };
}

function tokenOf(place: PagePlace): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function comparePlaces(a: PagePlace, b: PagePlace): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
