import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ToldProbes } from '../../../testing/told-probes.ts';
import { afterReport, neverAnswered, type ProbeHealth } from './probe-health.ts';

/** Told of each probe, one a second. */
const run = (answers: readonly boolean[], threshold: number, start: ProbeHealth = neverAnswered) => {
  const probes = new ToldProbes();
  const reports = answers.map((answer, second) => probes.end(answer, second * 1000));
  return reports.reduce((health, report) => afterReport(health, report, threshold), start);
};
const probes = fc.array(fc.boolean(), { maxLength: 40 });
const thresholds = fc.integer({ min: 3, max: 8 });

describe('a health check', () => {
  test('fails after as many unanswered probes in a row as the threshold, not one earlier', () => {
    const answered = run([true], 3);
    expect(run([true, false, false], 3).state).toBe('available');
    expect(run([false, false, false], 3, answered).state).toBe('unavailable');
    expect(run([false, false, true, false, false], 3, answered).state).toBe('available');
  });

  test('that was never answered is unknown for ever', () => {
    fc.assert(
      fc.property(fc.nat(100), thresholds, (count, threshold) => {
        expect(run(Array<boolean>(count).fill(false), threshold).state).toBe('unknown');
      }),
    );
  });

  test('is available exactly when an answer is among the last `threshold` probes, once there was one', () => {
    fc.assert(
      fc.property(probes, thresholds, (answers, threshold) => {
        const { state } = run(answers, threshold);
        const expected = !answers.includes(true)
          ? 'unknown'
          : answers.slice(-threshold).includes(true) || answers.length < threshold
            ? 'available'
            : 'unavailable';
        expect(state).toBe(expected);
      }),
    );
  });

  test('counts the unanswered probes since the last answer', () => {
    fc.assert(
      fc.property(probes, thresholds, (answers, threshold) => {
        expect(run(answers, threshold).failures).toBe(answers.length - 1 - answers.lastIndexOf(true));
      }),
    );
  });

  test('is judged alike by who is told of each probe, and by who is told what a prober promises to tell', () => {
    fc.assert(
      fc.property(probes, thresholds, (answers, threshold) => {
        const told = new ToldProbes();
        let [every, few] = [neverAnswered, neverAnswered];
        for (const [second, isAnswered] of answers.entries()) {
          const report = told.end(isAnswered, second * 1000);
          const isFirstAnswer = isAnswered && answers[second - 1] !== true;
          every = afterReport(every, report, threshold);
          if (isFirstAnswer || (!isAnswered && report.run <= threshold)) few = afterReport(few, report, threshold);
          expect(few.state).toBe(every.state);
        }
      }),
    );
  });
});
