import type { Clock } from './clock.ts';

const minuteMs = 60_000;

/** How often something was done for each of many in the last minute. Remembers nothing older. */
export class LastMinute {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #done = new Map<string, readonly number[]>();

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
  }

  count(key: string): number {
    return this.#lately(key).length;
  }

  note(key: string): void {
    for (const known of this.#done.keys()) if (this.count(known) === 0) this.#done.delete(known);
    this.#done.set(key, [...this.#lately(key), this.#clock.elapsed()]);
  }

  #lately(key: string): readonly number[] {
    const now = this.#clock.elapsed();
    return (this.#done.get(key) ?? []).filter((at) => now - at < minuteMs);
  }
}
