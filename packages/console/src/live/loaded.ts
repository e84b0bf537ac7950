import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { onChanged, type Changed } from './stream.ts';

export interface Load<T> {
  /**
   * @param isBackground nobody asked for it.
   * @param signal nobody is shown it any more.
   */
  readonly load: (isBackground: boolean, signal: AbortSignal) => Promise<T>;
  /** Kinds of objects it is made of: it is loaded anew when one of them changes. */
  readonly kinds: readonly string[];
  /** The id of the one object that matters; absent: any of the kinds. */
  readonly id?: string;
  /** Milliseconds after which it is loaded anew all the same: ages and counters move without news. */
  readonly everyMs: number;
}

/** Something that is asked of the service and kept new while it is shown. */
export class Loaded<T> {
  /** The newest; null: not yet. */
  readonly value = signal<T | null>(null);
  /** Why there is nothing newer; null: nothing is wrong. */
  readonly problem = signal<unknown>(null);
  /** When it was asked for, milliseconds of this machine's clock; null: not yet. */
  readonly at = signal<number | null>(null);
  readonly #load: Load<T>;
  readonly #left = new AbortController();
  #isLoading = false;
  #isStale = false;

  constructor(load: Load<T>) {
    this.#load = load;
  }

  /** While it is shown; returns what ends it. */
  follow(): () => void {
    const stop = onChanged((changed) => {
      if (isAbout(changed, this.#load)) void this.refresh(true);
    });
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void this.refresh(true);
    }, this.#load.everyMs);
    void this.refresh(false);
    return () => {
      stop();
      clearInterval(timer);
      this.#left.abort();
    };
  }

  /** One at a time: what changes meanwhile is asked for once more. */
  async refresh(isBackground: boolean): Promise<void> {
    if (this.#isLoading) {
      this.#isStale = true;
      return;
    }
    this.#isLoading = true;
    const at = Date.now();
    try {
      this.value.value = await this.#load.load(isBackground, this.#left.signal);
      this.at.value = at;
      this.problem.value = null;
    } catch (error) {
      this.problem.value = error;
    }
    this.#isLoading = false;
    if (!this.#isStale || this.#left.signal.aborted) return;
    this.#isStale = false;
    await this.refresh(true);
  }
}

function isAbout(changed: Changed, { kinds, id }: Pick<Load<unknown>, 'kinds' | 'id'>): boolean {
  if (changed === null) return true;
  return kinds.some((kind) => {
    const ids = changed[kind];
    if (ids === undefined) return false;
    return ids === null || id === undefined || ids.includes(id);
  });
}

/** Kept new while the component is shown. @param key what it is about: another one is loaded anew. */
export function useLoaded<T>(key: string, make: () => Load<T>): Loaded<T> {
  const loaded = useMemo(() => new Loaded(make()), [key]);
  useEffect(() => loaded.follow(), [loaded]);
  return loaded;
}
