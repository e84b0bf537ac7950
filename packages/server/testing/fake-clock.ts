import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Clock } from '../src/platform/clock.ts';

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  #set = 0;
  #missed = 0;
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  now(): number {
    return this.#now + this.#set;
  }

  elapsed(): number {
    return this.#now;
  }

  missed(): number {
    return this.#missed;
  }

  /** Our own loop is held up for so long: what is due meanwhile comes late, and at once. */
  async stall(ms: number): Promise<void> {
    this.#now += ms;
    this.#missed += ms;
    await this.advance(0);
  }

  /** Somebody corrects the time of day. */
  setBy(ms: number): void {
    this.#set += ms;
  }

  delay(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      });
    });
  }

  /** Lets everything happen that is due within `ms`, in order of time. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = [...this.#sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#sleepers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await settle();
    }
    this.#now = end;
  }
}

/** Long enough for promises that wait for each other or for a file. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  await setTimeout(2);
  for (let turn = 0; turn < 20; turn++) await setImmediate();
}
