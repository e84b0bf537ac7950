import type { Condition } from '../domain/operator/condition.ts';
import type { PlanKey } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';

interface WaitingPlans {
  isWaiting(key: PlanKey): boolean;
}

/** Longer than a plan takes that needs nobody else. */
const longAgoMs = 10_000;

/** How long plans wait until they are in the network. */
export class PlanAges {
  readonly #plans: WaitingPlans;
  readonly #clock: Pick<Clock, 'elapsed'>;
  /** Since when, by a clock's `elapsed`. */
  readonly #waiting = new Map<PlanKey, number>();

  constructor(plans: WaitingPlans, clock: Pick<Clock, 'elapsed'>) {
    this.#plans = plans;
    this.#clock = clock;
  }

  changed(keys: Iterable<PlanKey>): void {
    for (const key of keys) if (!this.#waiting.has(key)) this.#waiting.set(key, this.#clock.elapsed());
  }

  /** Not ok where one waits for long. */
  readCondition(): Condition {
    for (const key of this.#waiting.keys()) {
      if (!this.#plans.isWaiting(key)) this.#waiting.delete(key);
    }
    const [oldest] = [...this.#waiting].sort(([, a], [, b]) => a - b);
    const ageMs = oldest === undefined ? 0 : this.#clock.elapsed() - oldest[1];
    const ok = ageMs <= longAgoMs;
    const message = `${this.#waiting.size} plans wait to be applied, that of ${oldest?.[0]} for ${Math.round(ageMs / 1000)} s`;
    return { name: 'plans', ok, message: ok ? '' : message };
  }
}
