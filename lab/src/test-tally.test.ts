import { describe, expect, it } from 'vitest';
import { sumOf, tallyLine, tallyOf } from './test-tally.ts';

describe('the tally of a run', () => {
  it('is its last closing line', () => {
    const output = 'a test printed\n1 passed, 1 failed\n\n12 passed, 0 failed, 3 skipped\n';
    expect(tallyOf(output, 0)).toEqual({ passed: 12, failed: 0, skipped: 3 });
  });

  it('has a failure when the run failed without counting one, or without counting anything', () => {
    expect(tallyOf('4 passed, 0 failed\n', 1)).toEqual({ passed: 4, failed: 1, skipped: 0 });
    expect(tallyOf('Segmentation fault\n', 139)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(tallyOf('4 passed, 2 failed\n', 1)).toEqual({ passed: 4, failed: 2, skipped: 0 });
  });

  it('has a failure when the run ended well without counting anything', () => {
    expect(tallyOf('', 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('is written as it is read', () => {
    for (const tally of [
      { passed: 3, failed: 0, skipped: 0 },
      { passed: 0, failed: 2, skipped: 41 },
    ])
      expect(tallyOf(tallyLine(tally), tally.failed)).toEqual(tally);
  });

  it('of several runs is their sum', () => {
    const tallies = [
      { passed: 3, failed: 0, skipped: 1 },
      { passed: 2, failed: 1, skipped: 0 },
    ];
    expect(sumOf(tallies)).toEqual({ passed: 5, failed: 1, skipped: 1 });
    expect(sumOf([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});
