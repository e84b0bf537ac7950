import { LoopLag } from './loop-lag.ts';

/** Time as an interface, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch: for people and files. Somebody may set it, forwards or backwards. */
  now(): number;
  /** Whole milliseconds since some moment in the past: for durations. Nobody sets it. */
  elapsed(): number;
  /** How much of `elapsed` this process' own event loop has missed so far, in milliseconds: it taxes nobody else's time. */
  missed(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
}

const elapsed = () => Math.floor(performance.now());

/** Of this process. */
export const loopLag = new LoopLag(elapsed).start();

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed,
  missed: () => loopLag.missed(),
  delay: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
