import type { RecordedPage, RecordedSelection, RecorderBounds } from '../domain/operator/timeline.ts';
import { isDamage, putKeptDatabaseAside } from '../platform/kept-database.ts';
import { LineStore, type LineToKeep } from './line-store.ts';

/** What became of lines that were to be kept. */
export interface KeepOutcome {
  /** How many are lost. */
  readonly lost: number;
  /** Why they are lost, for people; empty: they are not. */
  readonly problem: string;
  /** The file was corrupt, and lies aside: why, for people. Empty: it was not. */
  readonly setAside: string;
}

/** The file of the recorder, whatever happens to it: one that is corrupt is put aside, and what a full disk does not take is lost. */
export class LineFile {
  readonly #path: string;
  readonly #bounds: RecorderBounds;
  #store: LineStore | null = null;
  #setAside = '';

  constructor(path: string, bounds: RecorderBounds) {
    this.#path = path;
    this.#bounds = bounds;
  }

  keep(lines: readonly LineToKeep[]): KeepOutcome {
    try {
      this.#withStore((store) => store.append(lines));
      return { lost: 0, problem: '', setAside: this.#setAside };
    } catch (error) {
      return { lost: lines.length, problem: (error as Error).message, setAside: this.#setAside };
    }
  }

  /** Throws where it cannot be read. */
  page(selection: RecordedSelection): RecordedPage {
    return this.#withStore((store) => store.page(selection));
  }

  close(): void {
    this.#store?.close();
    this.#store = null;
  }

  #withStore<T>(work: (store: LineStore) => T): T {
    try {
      return this.#tryWithStore(work);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#setAside = `${putKeptDatabaseAside(this.#path)} (${(error as Error).message})`;
      return this.#tryWithStore(work);
    }
  }

  /** What a store knows by heart may be wrong after an error: the next one reads it anew. */
  #tryWithStore<T>(work: (store: LineStore) => T): T {
    try {
      this.#store ??= new LineStore(this.#path, this.#bounds);
      return work(this.#store);
    } catch (error) {
      this.#closeBroken();
      throw error;
    }
  }

  #closeBroken(): void {
    try {
      this.#store?.close();
    } catch {
      // What it cannot close is gone with it.
    }
    this.#store = null;
  }
}
