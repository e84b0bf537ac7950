import type { Clock } from '../../platform/clock.ts';

/** Lines that may come at once, and after that in a second. */
const burst = 10;
const perSecond = 1;

/** Log lines for what anybody can cause as often as he likes: a few, and how many more there were. */
export class LineBudget {
  readonly #clock: Clock;
  #lines = burst;
  #filledAt: number;
  #unlogged = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#filledAt = clock.elapsed();
  }

  /** How many lines were kept back since the last one, or undefined when this one has to be kept back as well. */
  take(): number | undefined {
    const now = this.#clock.elapsed();
    this.#lines = Math.min(burst, this.#lines + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    if (this.#lines < 1) {
      this.#unlogged += 1;
      return undefined;
    }
    this.#lines -= 1;
    const unlogged = this.#unlogged;
    this.#unlogged = 0;
    return unlogged;
  }
}
