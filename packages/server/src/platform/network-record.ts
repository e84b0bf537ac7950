import { mkdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './replace-file.ts';

/** Which store, and how much of it, this machine's network was made from. */
export interface StorePosition {
  readonly storeId: string;
  /** Transactions of this store that changed a plan. */
  readonly serial: number;
}

/** Lives as long as network namespaces do: until the machine is started again. */
const recordFolder = '/run/landbridge';

const writeDelayMs = 100;
const retryMs = 5000;

/**
 * What the network was last made from, kept outside of the data directory: a database that is older than its network is
 * told by it. It may lag behind the store, never behind the network nor before the store.
 */
export class NetworkRecord {
  readonly #folder: string;
  readonly #path: string;
  #waiting: StorePosition | null = null;
  #timer: NodeJS.Timeout | null = null;
  #problem = '';

  constructor(installation: string, folder: string = recordFolder) {
    this.#folder = folder;
    this.#path = join(folder, `${installation}.json`);
  }

  /** Why what was noted is not written, empty when it is. */
  get problem(): string {
    return this.#problem;
  }

  /** Null when there is none that can be read. */
  read(): StorePosition | null {
    try {
      const { storeId, serial } = JSON.parse(readFileSync(this.#path, 'utf8')) as Partial<StorePosition>;
      return typeof storeId === 'string' && typeof serial === 'number' ? { storeId, serial } : null;
    } catch {
      return null;
    }
  }

  /** Throws when it cannot: for whom the record itself is the matter. */
  write(position: StorePosition): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    replaceFile(this.#path, JSON.stringify(position));
  }

  /** Written soon, the newest of several only. */
  note(position: StorePosition): void {
    this.#waiting = position;
    this.#writeIn(writeDelayMs);
  }

  /** Writes what waits at once, or tries again by itself: a full /run stops nobody. */
  flush(): void {
    this.#stopTimer();
    const position = this.#waiting;
    if (position === null) return;
    try {
      this.write(position);
      this.#waiting = null;
      this.#problem = '';
    } catch (error) {
      this.#problem = `${this.#path} cannot be written (${(error as Error).message})`;
      this.#removeUnlessOlder(position);
      this.#writeIn(retryMs);
    }
  }

  remove(): void {
    this.#stopTimer();
    this.#waiting = null;
    rmSync(this.#path, { force: true });
    try {
      rmdirSync(this.#folder);
    } catch {
      // Another installation's record is there, or there is no folder.
    }
  }

  #writeIn(ms: number): void {
    this.#timer ??= setTimeout(() => this.flush(), ms).unref();
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** An older record is not wrong; one of another store, or a newer one, would hold the next start for nothing. */
  #removeUnlessOlder({ storeId, serial }: StorePosition): void {
    const there = this.read();
    if (there === null || (there.storeId === storeId && there.serial <= serial)) return;
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // The condition says already that nothing can be changed there.
    }
  }
}
