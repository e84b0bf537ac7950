const tickMs = 25;
/** Timers are never on the dot: less than this is no lag. */
const slackMs = 10;
const windowMs = 60_000;

/** How late the event loop of this process comes, by a timer that ought to fire every `tickMs`. Times as a clock's `elapsed`. */
export class LoopLag {
  readonly #elapsed: () => number;
  #dueAt: number;
  #missed = 0;
  /** Of the last minute, ever shorter ones after the longest. */
  #longest: { readonly at: number; readonly ms: number }[] = [];

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
    this.#dueAt = elapsed() + tickMs;
  }

  /** Ticks from now on; keeps no process from ending. */
  start(): this {
    setInterval(() => this.tick(), tickMs).unref();
    return this;
  }

  tick(): void {
    const now = this.#elapsed();
    const ms = this.#late(now);
    this.#dueAt = now + tickMs;
    if (ms === 0) return;
    this.#missed += ms;
    this.#longest = [...this.#recent(now).filter((lag) => lag.ms > ms), { at: now, ms }];
  }

  /** Milliseconds so far in which the loop did not run though it wanted to, the present ones included. */
  missed(): number {
    return this.#missed + this.#late(this.#elapsed());
  }

  /** The longest lag of the last minute, milliseconds. */
  longest(): number {
    const now = this.#elapsed();
    return Math.max(this.#late(now), this.#recent(now)[0]?.ms ?? 0);
  }

  #late(now: number): number {
    const ms = now - this.#dueAt;
    return ms > slackMs ? ms : 0;
  }

  #recent(now: number): { readonly at: number; readonly ms: number }[] {
    return this.#longest.filter(({ at }) => at > now - windowMs);
  }
}
