import { expect, test } from 'vitest';
import { systemCommands } from './commands.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { LoopLag } from './loop-lag.ts';
import { NoAnswerError, outlast, withPatience } from './patience.ts';

/** A turn of work that holds the loop. */
function hold(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

test('who does not answer is given up after the time', async () => {
  const clock = new FakeClock();
  const asked = withPatience({ clock, ms: 10_000 }, never);
  const outcome = asked.catch((error: unknown) => error);
  await clock.advance(9999);
  expect(await Promise.race([outcome, Promise.resolve('waits')])).toBe('waits');
  await clock.advance(1);
  expect(await outcome).toBeInstanceOf(NoAnswerError);
});

test('a stall of our own is taken off the time', async () => {
  const clock = new FakeClock();
  let isOver = false;
  void outlast(clock, 10_000).then(() => (isOver = true));
  await clock.advance(4000);
  await clock.stall(60_000);
  await clock.advance(5999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  expect(isOver).toBe(true);
});

test('ends with the reason of its signal', async () => {
  const stop = new AbortController();
  const waiting = withPatience({ clock: new FakeClock(), ms: 10_000, signal: stop.signal }, never);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

/** Ends with its signal only. */
function never(signal: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

test('a program that has long answered is not killed because nobody listened', async () => {
  const answer = systemCommands.run(['sh', '-c', 'sleep 0.2; echo done'], { timeoutMs: 1000 });
  hold(2000);
  expect(await answer).toBe('done\n');
  await expect(systemCommands.run(['sleep', '10'], { timeoutMs: 300 })).rejects.toThrow('no result after 300 ms');
});

test('lag is what a tick came too late, the longest one for a minute', () => {
  let now = 0;
  const lag = new LoopLag(() => now);
  const tickAfter = (ms: number) => {
    now += ms;
    lag.tick();
  };
  tickAfter(25);
  tickAfter(30);
  expect([lag.missed(), lag.longest()]).toEqual([0, 0]);
  tickAfter(525);
  tickAfter(125);
  expect([lag.missed(), lag.longest()]).toEqual([600, 500]);
  // What goes on counts before its tick.
  now += 1025;
  expect([lag.missed(), lag.longest()]).toEqual([1600, 1000]);
  lag.tick();
  for (let tick = 0; tick < 2400; tick++) tickAfter(25);
  expect([lag.missed(), lag.longest()]).toEqual([1600, 0]);
});
