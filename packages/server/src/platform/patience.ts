import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** Somebody did not answer in time, and it was not us who did not listen. */
export class NoAnswerError extends Error {
  constructor(ms: number) {
    super(`no answer in ${ms / 1000} s`);
    this.name = 'NoAnswerError';
  }
}

/** Why a wait is given up whose work has ended: read by nobody, and an error for each would cost its stack. */
export const waitIsOver = new Error('the work has ended');

/**
 * Resolves after `ms` milliseconds in which this process could have heard: what its own event loop came too late does not
 * count, so that nobody is judged by our lag. Rejects with the signal's reason when it aborts first.
 */
export async function outlast(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  const start = listened(clock);
  for (let left = ms; left > 0; left = ms - (listened(clock) - start)) {
    await clock.delay(left, signal);
    // What has come meanwhile is read before anybody is judged.
    await setImmediate();
    signal?.throwIfAborted();
  }
}

/** Work that shall answer in that time, counted as in `outlast`; its signal aborts with NoAnswerError otherwise. */
export async function withPatience<T>(
  { clock, ms, signal }: { readonly clock: Clock; readonly ms: number; readonly signal?: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [limit, ended] = [new AbortController(), new AbortController()];
  outlast(clock, ms, ended.signal).then(
    () => limit.abort(new NoAnswerError(ms)),
    () => undefined,
  );
  try {
    return await work(signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]));
  } finally {
    ended.abort(waitIsOver);
  }
}

/** The time of `Clock.elapsed` without what our own loop missed of it. */
export function listened(clock: Pick<Clock, 'elapsed' | 'missed'>): number {
  return clock.elapsed() - clock.missed();
}
