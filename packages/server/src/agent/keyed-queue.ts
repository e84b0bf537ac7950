import type { Clock } from '../platform/clock.ts';
import { Signal } from '../platform/signal.ts';

/** Work to be done, by key: what is added twice is done once, a key is worked on by one worker at a time. */
export interface KeyedQueueOptions<K extends string> {
  readonly clock: Clock;
  readonly work: (key: K, signal: AbortSignal) => Promise<void>;
  /** Called after each failed try, with the time until the next. */
  readonly onFailure: (key: K, error: Error, retryMs: number) => void;
  readonly parallelism?: number;
  /** From 0 up to 1; spreads retries that failed together. */
  readonly random: () => number;
}

interface Entry {
  /** Not before this time of `Clock.elapsed`. */
  dueAt: number;
  failures: number;
  isRunning: boolean;
  /** Added again while it was being worked on. */
  isDirty: boolean;
}

const firstRetryMs = 100;
const maxRetryMs = 30_000;
const defaultParallelism = 4;

export class KeyedQueue<K extends string> {
  readonly #options: KeyedQueueOptions<K>;
  readonly #entries = new Map<K, Entry>();
  readonly #news = new Signal();
  #running = 0;
  #isOpen = false;

  constructor(options: KeyedQueueOptions<K>) {
    this.#options = options;
  }

  /** Something changed: work at once, and forget earlier failures. */
  add(key: K): void {
    const entry = this.#entries.get(key);
    if (entry?.isRunning === true) {
      entry.isDirty = true;
      entry.failures = 0;
    } else {
      this.#entries.set(key, { dueAt: this.#options.clock.elapsed(), failures: 0, isRunning: false, isDirty: false });
    }
    this.#news.fire();
  }

  /** A look without news: a key that waits for its next try keeps waiting. */
  check(key: K): void {
    if (!this.#entries.has(key)) this.add(key);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The first keys have been added: from now on an empty queue means that all is done. */
  open(): void {
    this.#isOpen = true;
    this.#news.fire();
  }

  /** Resolves once it is open, nothing waits and nothing runs. */
  async idle(signal: AbortSignal): Promise<void> {
    while (!this.#isOpen || this.#entries.size > 0) await raceSignal(this.#news.next, signal);
  }

  /** Works until the signal aborts, then waits for the workers to notice. */
  async run(signal: AbortSignal): Promise<void> {
    const workers = new Set<Promise<void>>();
    while (!signal.aborted) {
      const changed = this.#news.next;
      for (const [key, entry] of this.#ready()) {
        const worker = this.#workOn(key, entry, signal).finally(() => workers.delete(worker));
        workers.add(worker);
      }
      await this.#pause(changed, signal);
    }
    await Promise.all(workers);
  }

  #ready(): [K, Entry][] {
    const now = this.#options.clock.elapsed();
    const free = (this.#options.parallelism ?? defaultParallelism) - this.#running;
    return [...this.#entries].filter(([, entry]) => !entry.isRunning && entry.dueAt <= now).slice(0, Math.max(0, free));
  }

  async #workOn(key: K, entry: Entry, signal: AbortSignal): Promise<void> {
    entry.isRunning = true;
    this.#running++;
    try {
      await this.#options.work(key, signal);
      if (entry.isDirty) entry.dueAt = this.#options.clock.elapsed();
      else this.#entries.delete(key);
      entry.failures = 0;
    } catch (error) {
      if (!signal.aborted) this.#scheduleRetry(key, entry, error as Error);
    } finally {
      entry.isRunning = false;
      entry.isDirty = false;
      this.#running--;
      this.#news.fire();
    }
  }

  #scheduleRetry(key: K, entry: Entry, error: Error): void {
    const { clock, onFailure, random } = this.#options;
    const ceiling = Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(entry.failures, 20));
    const delay = entry.isDirty ? 0 : Math.round(ceiling * (0.5 + random() / 2));
    entry.failures++;
    entry.dueAt = clock.elapsed() + delay;
    onFailure(key, error, delay);
  }

  /** Until something changes, or the next retry is due. */
  async #pause(changed: Promise<void>, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const waiting = [...this.#entries.values()].filter((entry) => !entry.isRunning && entry.dueAt > clock.elapsed());
    const timer = new AbortController();
    const pauses = [changed];
    if (waiting.length > 0) {
      const ms = Math.min(...waiting.map(({ dueAt }) => dueAt)) - clock.elapsed();
      pauses.push(clock.delay(ms, timer.signal).catch(() => undefined));
    }
    await raceSignal(Promise.race(pauses), signal).catch(() => undefined);
    timer.abort();
  }
}

/** Rejects with the signal's reason when it aborts first. */
async function raceSignal(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
