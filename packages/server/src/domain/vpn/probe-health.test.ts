import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterProbe, neverAnswered, type ProbeHealth } from './probe-health.ts';

const run = (answers: readonly boolean[], threshold: number, start: ProbeHealth = neverAnswered) =>
  answers.reduce((health, answer) => afterProbe(health, answer, threshold), start);
const probes = fc.array(fc.boolean(), { maxLength: 40 });
const thresholds = fc.integer({ min: 3, max: 8 });

describe('a health check', () => {
  test('fails after as many unanswered probes in a row as the threshold, not one earlier', () => {
    const answered = run([true], 3);
    expect(run([false, false], 3, answered).state).toBe('available');
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
});
