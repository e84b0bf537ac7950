/** Half of what an account may ask of an Action by default, so that others of it can ask as well. */
const betweenMs = 100;
/** So many may begin at once after a rest. */
const burst = 8;

/** Lets calls of one kind begin no faster than an account may make them. */
export class Pace {
  #next = -Infinity;

  /** Until the next call may begin. Throws once the signal is aborted. */
  async turn(signal?: AbortSignal): Promise<void> {
    const now = performance.now();
    const at = Math.max(now - burst * betweenMs, this.#next);
    this.#next = at + betweenMs;
    await pause(at - now, signal);
  }
}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      },
      Math.max(0, ms),
    );
    signal?.addEventListener('abort', abort, { once: true });
  });
}
