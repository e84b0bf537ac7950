import { expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { DayOrigin } from './day-origin.ts';

it('is the same until somebody sets the clock, whichever way', async () => {
  const clock = new FakeClock();
  const day = new DayOrigin(clock);
  const { origin } = day;
  await clock.advance(86_400_000);
  clock.setBy(900);
  expect(day.origin).toBe(origin);
  clock.setBy(3_600_000);
  expect(day.origin).toBe(origin + 3_600_900);
  clock.setBy(-7_200_000);
  expect(day.origin).toBe(origin - 3_599_100);
});
