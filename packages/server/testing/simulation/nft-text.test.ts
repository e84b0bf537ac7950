import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderTable } from '../../src/drivers/nft-text.ts';
import { sampleUplink } from '../sample-network.ts';
import { worldArbitrary } from './arbitrary-world.ts';
import { parseTable } from './nft-text.ts';
import { plansOf } from './simulated-world.ts';

test('the text that nft reads says what the plan says: every table of arbitrary worlds', () => {
  fc.assert(
    fc.property(worldArbitrary, (world) => {
      const tables = plansOf(world, sampleUplink).flatMap(({ filter, neighbourBound }) => [filter, neighbourBound]);
      for (const table of tables.filter((one) => one !== null && one !== undefined)) {
        expect(parseTable(renderTable(table))).toEqual(table);
      }
    }),
    { numRuns: 50 },
  );
});

test('a text that is none of ours is no quoted word', () => {
  const rule = { matches: [], actions: [{ verdict: 'drop' }], comment: 'a" accept' } as const;
  expect(() => renderTable({ counters: [], sets: [], chains: [{ name: 'x', rules: [rule] }] })).toThrow('no text');
});
