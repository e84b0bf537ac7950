import { expect, it } from 'vitest';
import { pagesBefore, readingOrder } from './reading-order.ts';

const pages = new Map(
  Object.entries({
    'docs/guides/failover.md': 'docs/first.md',
    'docs/guides/several-sites.md': 'docs/first.md',
    'docs/line.md': 'docs/ccn.md',
    'docs/access.md': 'docs/first.md',
    'docs/ccn.md': null,
    'docs/first.md': null,
  }).map(([path, goesOnFrom]) => [path, { goesOnFrom, steps: [] }]),
);

it('has each page after what it goes on from, and those last that change the network', () => {
  expect(readingOrder(pages)).toEqual([
    ...['docs/ccn.md', 'docs/line.md'],
    ...['docs/first.md', 'docs/access.md', 'docs/guides/several-sites.md', 'docs/guides/failover.md'],
  ]);
});

it('knows what was read before', () => {
  expect(pagesBefore(pages, 'docs/line.md')).toEqual(['docs/ccn.md']);
  expect(pagesBefore(pages, 'docs/first.md')).toEqual([]);
  expect(() => pagesBefore(pages, 'docs/none.md')).toThrow('there is no page docs/none.md');
});
