import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from './pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('some calls begin at once, then ten each second', async () => {
  const pace = new Pace();
  let begun = 0;
  for (let call = 0; call < 40; call++) void pace.turn().then(() => begun++);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toBeLessThanOrEqual(10);
  expect(begun).toBeGreaterThan(1);
  const atOnce = begun;
  await vi.advanceTimersByTimeAsync(1000);
  expect(begun).toBe(atOnce + 10);
});

it('who waits is told that nobody wants it any more', async () => {
  const [pace, stop] = [new Pace(), new AbortController()];
  const turns = Array.from({ length: 20 }, () => pace.turn(stop.signal).then(() => true));
  const last = expect(turns.at(-1)).rejects.toThrow('gone');
  await vi.advanceTimersByTimeAsync(0);
  stop.abort(new Error('gone'));
  await last;
  await Promise.allSettled(turns);
});
