import { expect, it } from 'vitest';
import { probeNumbers } from './probe-numbers.ts';
import type { Traffic } from './read-past.ts';

const start = Date.UTC(2026, 10, 22, 12);
const point = (
  minute: number,
  ProbeLossRatio: number | null,
  ProbeDelayMs: number | null,
): Traffic['points'][number] => ({
  Time: new Date(start + minute * 60_000).toISOString(),
  ...{ CountedMs: 60_000, InBytes: 0, InPackets: 0, OutBytes: 0, OutPackets: 0, ConnectedRatio: 1 },
  ...{ ProbeLossRatio, ProbeDelayMs },
});
const numbers = (...points: Traffic['points'][number][]) => probeNumbers({ points, stepSeconds: 60 });

it('delays are lines that end where no answer came or nothing is known, and what was lost stands beside', () => {
  const told = numbers(point(0, 0, 10), point(1, 0.5, 30), point(2, 1, null), point(3, 0, 20), point(9, 0, 40));
  const minutes = (line: readonly { readonly at: number }[]) => line.map(({ at }) => (at - start) / 60_000);
  expect(told?.lines.map(minutes)).toEqual([[0, 1], [3], [9]]);
  expect(told?.losses.map(({ ratio }) => ratio)).toEqual([0.5, 1]);
  expect(told).toMatchObject({ mostDelayMs: 40, meanDelayMs: 25, lossRatio: 0.3 });
});

it('a tunnel without a health check has none, and one that never answers no delay', () => {
  expect(numbers(point(0, null, null))).toBe(null);
  expect(numbers()).toBe(null);
  expect(numbers(point(0, 1, null))).toMatchObject({ lines: [], meanDelayMs: null, mostDelayMs: 0, lossRatio: 1 });
});
