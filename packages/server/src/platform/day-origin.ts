import type { Clock } from './clock.ts';

/** `now` and `elapsed` go apart by little, all the time: more than this, and somebody has set the clock. */
const setMs = 1000;

/**
 * What the clock of the day said when `elapsed` was 0: what happened is timed by `elapsed`, which nobody sets, and told with this added. It is
 * the same number until somebody sets the clock.
 */
export class DayOrigin {
  readonly #clock: Pick<Clock, 'now' | 'elapsed'>;
  #known: number;

  constructor(clock: Pick<Clock, 'now' | 'elapsed'>) {
    this.#clock = clock;
    this.#known = clock.now() - clock.elapsed();
  }

  /** Milliseconds since the epoch. */
  get origin(): number {
    const origin = this.#clock.now() - this.#clock.elapsed();
    if (Math.abs(origin - this.#known) > setMs) this.#known = origin;
    return this.#known;
  }
}
