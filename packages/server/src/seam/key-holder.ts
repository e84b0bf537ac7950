import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { describeError } from '../platform/describe-error.ts';
import { Later } from '../platform/later.ts';
import type { Logger } from '../platform/logger.ts';
import { replaceFile } from '../platform/replace-file.ts';

interface HeldKey {
  readonly digest: string;
  readonly key: string;
}

/** Not before: several keys that come together are one write. */
const writeDelayMs = 200;

/**
 * Pre-shared keys of connections here: in memory, and in a file for root alone that lies where no disk is (tmpfs): a restart of the
 * acting side needs nobody. A key counts only with the digest that the plan names.
 */
export class KeyHolder {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #keys: Map<VpnConnectionId, HeldKey>;
  readonly #writing = new Later(() => this.#write());

  /** @param path below /run. */
  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
    this.#keys = readKeys(path);
  }

  find(id: VpnConnectionId, digest: string): string | undefined {
    const held = this.#keys.get(id);
    return held?.digest === digest ? held.key : undefined;
  }

  put(id: VpnConnectionId, held: HeldKey): void {
    this.#keys.set(id, held);
    this.#writing.in(writeDelayMs);
  }

  /** Those of other connections are forgotten. */
  retain(ids: ReadonlySet<VpnConnectionId>): void {
    const gone = [...this.#keys.keys()].filter((id) => !ids.has(id));
    if (gone.length === 0) return;
    for (const id of gone) this.#keys.delete(id);
    this.#writing.in(writeDelayMs);
  }

  /** Writes what waits. */
  flush(): void {
    if (!this.#writing.isWaiting) return;
    this.#writing.cancel();
    this.#write();
  }

  #write(): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      replaceFile(this.#path, JSON.stringify([...this.#keys]));
    } catch (error) {
      this.#logger.warn({ error: describeError(error) }, 'keys not kept for a restart');
    }
  }
}

/** As a holder has written them. Throws where they cannot be read. */
export function readHeldKeys(path: string): Map<VpnConnectionId, HeldKey> {
  return new Map(JSON.parse(readFileSync(path, 'utf8')) as [VpnConnectionId, HeldKey][]);
}

/** None where they cannot be read: whoever has them is asked. */
function readKeys(path: string): Map<VpnConnectionId, HeldKey> {
  try {
    return readHeldKeys(path);
  } catch {
    return new Map();
  }
}
