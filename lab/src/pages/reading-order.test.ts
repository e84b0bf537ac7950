import { expect, it } from 'vitest';
import { pagesBefore, readingOrder } from './reading-order.ts';

const pages = new Map(
  Object.entries({
    'docs/guides/failover.md': 'first.md',
    'docs/guides/several-sites.md': 'first.md',
    'line.md': 'ccn.md',
    'access.md': 'first.md',
    'ccn.md': null,
    'first.md': null,
  }).map(([path, goesOnFrom]) => [path, { goesOnFrom, steps: [] }]),
);

it('has each page after what it goes on from, and those last that change the network', () => {
  expect(readingOrder(pages)).toEqual([
    ...['ccn.md', 'line.md'],
    ...['first.md', 'access.md', 'docs/guides/several-sites.md', 'docs/guides/failover.md'],
  ]);
});

it('knows what was read before', () => {
  expect(pagesBefore(pages, 'line.md')).toEqual(['ccn.md']);
  expect(pagesBefore(pages, 'first.md')).toEqual([]);
  expect(() => pagesBefore(pages, 'none.md')).toThrow('there is no page none.md');
});
