import { expect, it } from 'vitest';
import { fieldOf, instantOf, shownTime } from './moments.ts';

it('shows an instant by the clock of this machine, to the millisecond', () => {
  const at = new Date(2026, 0, 2, 3, 4, 5, 67);
  expect(shownTime(at.toISOString())).toBe('2026-01-02 03:04:05.067');
  expect(shownTime('yesterday')).toBe('yesterday');
});

it('goes from instant to field and back', () => {
  const instant = new Date(2026, 10, 22, 20, 5).toISOString();
  expect(fieldOf(instant)).toBe('2026-11-22T20:05');
  expect(instantOf(fieldOf(instant))).toBe(instant);
  expect([fieldOf(''), fieldOf('yesterday'), instantOf(''), instantOf('2026-')]).toEqual(['', '', '', '']);
});
