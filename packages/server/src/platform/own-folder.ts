import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A folder of this process' user alone, in one where somebody else may make files as well (but not remove what is not his: that one is
 * sticky). Nothing in it is opened where that somebody was there first.
 */
export class OwnFolder {
  readonly #path: string;

  constructor(parent: string, name: string) {
    this.#path = join(parent, name);
  }

  /** Undefined when there is none. Throws when it is somebody else's. */
  find(): string | undefined {
    const status = lstatSync(this.#path, { throwIfNoEntry: false });
    if (status === undefined) return undefined;
    if (!status.isDirectory() || status.uid !== process.getuid?.() || (status.mode & 0o022) !== 0) {
      throw new Error(`${this.#path} has to be a directory that only the user of this service can write to`);
    }
    return this.#path;
  }

  /** One in it. */
  inner(name: string): Pick<OwnFolder, 'find' | 'make'> {
    const inner = new OwnFolder(this.#path, name);
    return {
      find: () => (this.find() === undefined ? undefined : inner.find()),
      make: () => {
        this.make();
        return inner.make();
      },
    };
  }

  make(): string {
    const found = this.find();
    if (found !== undefined) return found;
    mkdirSync(this.#path, { mode: 0o700 });
    return this.#path;
  }
}
