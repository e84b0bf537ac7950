import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which store, and how much of it, this machine's network was made from. */
export interface StorePosition {
  readonly storeId: string;
  /** Transactions of this store that changed a plan. */
  readonly serial: number;
}

/** Lives as long as network namespaces do: until the machine is started again. */
const recordFolder = '/run/landbridge';

const writeDelayMs = 100;

/**
 * What the network was last made from, kept outside of the data directory: a database that is older than its network is
 * told by it. It may lag behind the store, never the other way round.
 */
export class NetworkRecord {
  readonly #folder: string;
  readonly #path: string;
  #waiting: StorePosition | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(installation: string, folder: string = recordFolder) {
    this.#folder = folder;
    this.#path = join(folder, `${installation}.json`);
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

  write(position: StorePosition): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#path}.new`, JSON.stringify(position), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }

  /** Written soon, the newest of several only. */
  note(position: StorePosition): void {
    this.#waiting = position;
    this.#timer ??= setTimeout(() => this.flush(), writeDelayMs).unref();
  }

  /** A full /run keeps the old record, which is not wrong, only older. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting === null) return;
    try {
      this.write(this.#waiting);
      this.#waiting = null;
    } catch {
      // The next commit tries again.
    }
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}
