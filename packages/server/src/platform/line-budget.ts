import type { Clock } from './clock.ts';

/** Lines that may come at once, and after that in a second. */
export interface LineRate {
  readonly burst: number;
  readonly perSecond: number;
}

const strangersRate: LineRate = { burst: 10, perSecond: 1 };

/** Log lines for what anybody can cause as often as he likes: a few, and how many more there were. */
export class LineBudget {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #rate: LineRate;
  #lines: number;
  #filledAt: number;
  #unlogged = 0;

  constructor(clock: Pick<Clock, 'elapsed'>, rate = strangersRate) {
    this.#clock = clock;
    this.#rate = rate;
    this.#lines = rate.burst;
    this.#filledAt = clock.elapsed();
  }

  /** How many lines were kept back since the last one, or undefined when this one has to be kept back as well. */
  take(): number | undefined {
    const { burst, perSecond } = this.#rate;
    const now = this.#clock.elapsed();
    this.#lines = Math.min(burst, this.#lines + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    if (this.#lines < 1) {
      this.#unlogged += 1;
      return undefined;
    }
    this.#lines -= 1;
    return this.takeRest();
  }

  /** How many were kept back since that was asked last. */
  takeRest(): number {
    const unlogged = this.#unlogged;
    this.#unlogged = 0;
    return unlogged;
  }
}
