import type { Page } from './page-steps.ts';

type Pages = ReadonlyMap<string, Page>;

/** Pages that a reader has gone through before, the first one first. Pure. */
export function pagesBefore(pages: Pages, path: string): readonly string[] {
  const page = pages.get(path);
  if (page === undefined) throw new Error(`there is no page ${path}`);
  return page.goesOnFrom === null ? [] : [...pagesBefore(pages, page.goesOnFrom), page.goesOnFrom];
}

/** They leave another network than they found: whoever goes on from the same page comes first, and finds it as that one left it. */
const changeTheNetwork = ['docs/site-file.md', 'docs/guides/several-sites.md', 'docs/guides/failover.md'];

/** Each page right after what it goes on from, as far as that can be: so few pages are gone through again. Pure. */
export function readingOrder(pages: Pages): readonly string[] {
  const isKnown = (path: string | null) => path !== null && pages.has(path);
  const after = (path: string | null): string[] =>
    [...pages]
      .filter(([, { goesOnFrom }]) => (isKnown(goesOnFrom) ? goesOnFrom : null) === path)
      .map(([name]) => name)
      .toSorted((one, other) => changeTheNetwork.indexOf(one) - changeTheNetwork.indexOf(other))
      .flatMap((name) => [name, ...after(name)]);
  return after(null);
}
