import { expect, it } from 'vitest';
import { differences } from './differences.ts';

it('tells the fields that differ, new ones and those that are gone', () => {
  const before = { name: 'a', mtu: 1400, list: [1, 2], old: true };
  const after = { name: 'b', mtu: 1400, list: [1, 2], fresh: null };
  expect(differences(before, after)).toEqual([
    { field: 'name', before: '"a"', after: '"b"' },
    { field: 'old', before: 'true', after: null },
    { field: 'fresh', before: null, after: 'null' },
  ]);
});

it('tells all fields of what was made or removed', () => {
  expect(differences(null, { a: 1 })).toEqual([{ field: 'a', before: null, after: '1' }]);
  expect(differences({ a: 1 }, null)).toEqual([{ field: 'a', before: '1', after: null }]);
  expect(differences(null, null)).toEqual([]);
});
