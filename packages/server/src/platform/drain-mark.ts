import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { OwnFolder } from './own-folder.ts';

/**
 * That a host is drained, and since when: a file among the agent's own. It outlives restarts of the service and of the machine, and no
 * backup has it: it is about this host, not about what is stored.
 */
export class DrainMark {
  readonly #folder: Pick<OwnFolder, 'find' | 'make'>;

  /** @param folder DATA_DIR/agent. */
  constructor(folder: Pick<OwnFolder, 'find' | 'make'>) {
    this.#folder = folder;
  }

  /** Milliseconds since the epoch; null: it is not. Throws where somebody else could have put it there. */
  since(): number | null {
    const folder = this.#folder.find();
    if (folder === undefined) return null;
    return statSync(fileIn(folder), { throwIfNoEntry: false })?.mtimeMs ?? null;
  }

  /** Once it returns, a power cut does not undo it. A host that is drained already stays so since then. */
  set(): void {
    if (this.since() !== null) return;
    const folder = this.#folder.make();
    synced(fileIn(folder), 'w', (file) => writeSync(file, 'landbridge drain --undo\n'));
    synced(folder, 'r', () => undefined);
  }

  remove(): void {
    const folder = this.#folder.find();
    if (folder === undefined) return;
    rmSync(fileIn(folder), { force: true });
    synced(folder, 'r', () => undefined);
  }
}

function fileIn(folder: string): string {
  return join(folder, 'drained');
}

function synced(path: string, flags: 'r' | 'w', write: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags, 0o600);
  try {
    write(descriptor);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
