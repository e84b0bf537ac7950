import * as fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sideBySide } from './side-by-side.ts';

test('works on each once, begun in order, never on more than allowed, and on as many as there can be', async () => {
  const delays = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(delays, fc.integer({ min: 1, max: 5 }), async (items, most) => {
      const begun: number[] = [];
      let busy = 0;
      let busiest = 0;
      await sideBySide([...items.entries()], most, async ([place, turns]) => {
        begun.push(place);
        busiest = Math.max(busiest, ++busy);
        for (let turn = 0; turn < turns; turn++) await setImmediate();
        busy--;
      });
      expect([begun, busy, busiest]).toEqual([[...items.keys()], 0, Math.min(most, items.length)]);
    }),
  );
});

test('begins nothing after a failure, and tells it when all that was begun has ended', async () => {
  const [begun, ended]: number[][] = [[], []];
  const work = sideBySide([0, 1, 2, 3, 4], 2, async (item) => {
    begun!.push(item);
    await setImmediate();
    if (item === 1) throw new Error('one failed');
    await setImmediate();
    ended!.push(item);
  });
  await expect(work).rejects.toThrow('one failed');
  expect([begun, ended]).toEqual([[0, 1], [0]]);
});
