import { renameSync, rmSync } from 'node:fs';
import type { RecordedPage, RecordedSelection, RecorderBounds } from '../domain/operator/timeline.ts';
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

  /** What a store knows by heart may be wrong after an error: the next one reads it anew. */
  #withStore<T>(work: (store: LineStore) => T): T {
    try {
      return this.#tryWithStore(work);
    } catch (error) {
      if (!(error instanceof CorruptError)) throw error;
      this.#putAside(error.message);
      return this.#tryWithStore(work);
    }
  }

  #tryWithStore<T>(work: (store: LineStore) => T): T {
    const wasOpen = this.#store !== null;
    try {
      this.#store ??= new LineStore(this.#path, this.#bounds);
      return work(this.#store);
    } catch (error) {
      this.#closeBroken();
      throw isCorrupt(error, wasOpen) ? new CorruptError((error as Error).message) : error;
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

  /** In place of one that lay there before. */
  #putAside(why: string): void {
    const aside = `${this.#path}.corrupt`;
    renameSync(this.#path, aside);
    for (const rest of ['-wal', '-shm']) rmSync(`${this.#path}${rest}`, { force: true });
    this.#setAside = `${aside} (${why})`;
  }
}

class CorruptError extends Error {
  override readonly name = 'CorruptError';
}

/** Primary result codes of SQLite. */
const corrupt = 11;
const notADatabase = 26;
const error = 1;

/** Where it is opened, tables that are not as they should be are a file of another form. */
function isCorrupt(cause: unknown, wasOpen: boolean): boolean {
  const code = ((cause as { readonly errcode?: number }).errcode ?? 0) & 0xff;
  return code === corrupt || code === notADatabase || (code === error && !wasOpen);
}
