import { expect, it } from 'vitest';
import { branchesOf, countOf, leafText } from './plan-tree.ts';

it('calls items by what they are known by, and tells them apart', () => {
  const routes = [{ destination: '10.0.0.0/8' }, { destination: '10.0.0.0/8' }, { other: 1 }, 'text'];
  expect(branchesOf(routes).map(({ name }) => name)).toEqual(['1 · 10.0.0.0/8', '2 · 10.0.0.0/8', '3', '4']);
});

it('puts what is short into one line', () => {
  expect([null, 5, true, '', [], {}, ['a', 'b']].map(leafText)).toEqual(['–', '5', 'true', '', '–', '–', 'a, b']);
  expect([{ a: 1 }, [{}], Array.from({ length: 9 }, () => 'a')].map(leafText)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it('folds ten thousand items so that no fold holds more than a hundred, and loses none', () => {
  const many = Array.from({ length: 10_001 }, (_, index) => ({ id: `r-${index}` }));
  const folds = branchesOf(many);
  expect([folds[0]?.name, folds.at(-1)?.name]).toEqual(['1 – 100', '10001 – 10001']);
  const counts = folds.map(({ value }) => countOf(value as object));
  expect(Math.max(...counts)).toBe(100);
  expect(folds.flatMap(({ value }) => branchesOf(value as object)).map(({ value }) => value)).toEqual(many);
});
