import type { RateLimits } from '../../domain/operator/rate-limits.ts';
import type { Clock } from '../../platform/clock.ts';

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Buckets beyond this number are thrown away once full, so that memory stays bounded. */
const mostBuckets = 10_000;

/** A token bucket that holds one second's worth of calls, for each account and Action, and for each key that has a limit. */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: RateLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  limitOf(action: string): number {
    const { actions, default: usual } = this.#limits;
    return (Object.hasOwn(actions, action) ? actions[action] : undefined) ?? usual;
  }

  /** Takes one call of the account; false when there is none left now. */
  take(accountId: string, action: string): boolean {
    return this.#take(`${accountId} ${action}`, this.limitOf(action));
  }

  /** Takes one call of the key, whatever it calls. */
  takeOfKey(keyId: string, limit: number): boolean {
    return this.#take(keyId, limit);
  }

  #take(key: string, limit: number): boolean {
    const now = this.#clock.elapsed();
    const bucket = this.#buckets.get(key) ?? { tokens: limit, filledAt: now };
    const gained = ((now - bucket.filledAt) / 1000) * limit;
    bucket.tokens = Math.min(limit, bucket.tokens + gained);
    bucket.filledAt = now;
    if (this.#buckets.size >= mostBuckets) this.#forgetFull(now);
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** A bucket untouched for a second is full, which is as good as none. */
  #forgetFull(now: number): void {
    for (const [key, { filledAt }] of this.#buckets) if (now - filledAt >= 1000) this.#buckets.delete(key);
  }
}
