import type { Netnsd } from '../drivers/netnsd.ts';
import type { Clock } from '../platform/clock.ts';

export interface LooksOptions<K extends string> {
  readonly netnsd: Pick<Netnsd, 'watch'>;
  readonly clock: Pick<Clock, 'elapsed'>;
  /** Somebody else changed something in its namespace. */
  readonly onChange: (key: K) => void;
}

/** What the kernel does not tell (a setting, a permanent neighbour, charon's connections) is found within this time. */
export const lookPeriodMs = 600_000;

/**
 * Which namespaces have to be looked at: where the kernel says that somebody else changed something, and where nobody has looked for
 * a while.
 */
export class Looks<K extends string> {
  readonly #options: LooksOptions<K>;
  /** When each was looked at last, by `Clock.elapsed`. */
  readonly #lastAt = new Map<K, number>();
  readonly #watched = new Set<K>();
  /** Changed by somebody else since the last look. */
  readonly #doubted = new Set<K>();

  constructor(options: LooksOptions<K>) {
    this.#options = options;
  }

  /** Before it is looked at, so that nothing is missed. @param netns its name on this machine. */
  async watch(key: K, netns: string | null, signal: AbortSignal): Promise<void> {
    if (this.#watched.has(key)) return;
    this.#watched.add(key);
    try {
      await this.#options.netnsd.watch(netns, (changed) => this.#hear(key, changed), signal);
    } catch (error) {
      this.#watched.delete(key);
      throw error;
    }
  }

  #hear(key: K, changed: readonly string[]): void {
    if (!this.#watched.has(key)) return;
    // The watch may have ended with these.
    if (changed.includes('gone') || changed.includes('lost')) this.#watched.delete(key);
    this.#doubted.add(key);
    this.#options.onChange(key);
  }

  /** All of it was read just now. */
  noteLook(key: K): void {
    this.#lastAt.set(key, this.#options.clock.elapsed());
    this.#doubted.delete(key);
  }

  /** Whether something changed since the last look. */
  isDoubted(key: K): boolean {
    return this.#doubted.has(key);
  }

  /**
   * Whose turn it is, asked every `stepMs`: those that were never looked at, and so many of the others that all come up within
   * `lookPeriodMs`, not all at once.
   */
  due(keys: readonly K[], stepMs: number): K[] {
    const now = this.#options.clock.elapsed();
    const atOnce = Math.ceil((keys.length * stepMs) / (lookPeriodMs / 2));
    const unseen = keys.filter((key) => !this.#lastAt.has(key));
    const old = keys
      .map((key) => ({ key, age: now - (this.#lastAt.get(key) ?? now) }))
      .filter(({ age }) => age >= lookPeriodMs / 2 - stepMs)
      .sort((a, b) => b.age - a.age)
      .slice(0, atOnce);
    return [...unseen, ...old.map(({ key }) => key)];
  }

  forget(key: K): void {
    this.#lastAt.delete(key);
    this.#watched.delete(key);
    this.#doubted.delete(key);
  }
}
