import { describe, expect, it } from 'vitest';
import { StreamTally } from './stream-tally.ts';

function tallyOf(arrivals: readonly (readonly [sequence: number, atMs: number])[]) {
  const tally = new StreamTally();
  for (const [sequence, atMs] of arrivals) tally.add(sequence, atMs);
  return tally.summary();
}

describe('StreamTally', () => {
  it('is empty before the first arrival', () => {
    expect(tallyOf([])).toEqual({ received: 0, duplicates: 0, outOfOrder: 0, longestGapMs: 0 });
  });

  it('counts a late packet once, as out of order', () => {
    expect(tallyOf([[0, 0], [2, 10], [1, 12]])).toEqual({ received: 3, duplicates: 0, outOfOrder: 1, longestGapMs: 10 }); // prettier-ignore
  });

  it('counts a repeated packet as a duplicate and not as received', () => {
    expect(tallyOf([[0, 0], [1, 5], [0, 40]])).toEqual({ received: 2, duplicates: 1, outOfOrder: 0, longestGapMs: 35 }); // prettier-ignore
  });
});
