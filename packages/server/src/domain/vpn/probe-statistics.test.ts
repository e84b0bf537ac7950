import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProbeStatistics } from './probe-statistics.ts';

test('the summary is that of the last minute', () => {
  const delay = fc.option(fc.integer({ min: 0, max: 500 }));
  const steps = fc.array(fc.record({ pause: fc.integer({ min: 0, max: 5000 }), delay }), { maxLength: 300 });
  fc.assert(
    fc.property(steps, (list) => {
      const statistics = new ProbeStatistics();
      let now = 0;
      const all = list.map(({ pause, delay: delayMs }) => {
        now += pause;
        statistics.add(now, delayMs);
        return { at: now, delayMs };
      });
      const recent = all.filter(({ at }) => at > now - 60_000);
      const answered = recent.flatMap(({ delayMs }) => (delayMs === null ? [] : [delayMs]));
      const sum = answered.reduce((total, value) => total + value, 0);
      expect(statistics.summary(now)).toEqual({
        sent: recent.length,
        lost: recent.length - answered.length,
        meanDelayMs: answered.length === 0 ? null : sum / answered.length,
      });
    }),
  );
});

test('old probes are forgotten though nothing new comes', () => {
  const statistics = new ProbeStatistics();
  statistics.add(0, 5);
  expect(statistics.summary(60_001)).toEqual({ sent: 0, lost: 0, meanDelayMs: null });
});
