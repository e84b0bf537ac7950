import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Ajv } from 'ajv';
import Type from 'typebox';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { describeError } from '../platform/describe-error.ts';
import { Later } from '../platform/later.ts';
import type { Logger } from '../platform/logger.ts';
import type { FailoverMemory, RememberedTunnel, RememberedTunnels } from './failover-memory.ts';

/** Where the disk is full, it is tried again this often; and with each change. */
const retryMs = 1000;

const isContent = new Ajv({ code: { optimize: false } }).compile<Record<VpnConnectionId, RememberedTunnel>>(
  Type.Record(
    Type.String(),
    Type.Object({ isUsable: Type.Boolean(), answeredPair: Type.Union([Type.String(), Type.Null()]) }),
  ),
);

/**
 * A failover's memory in its gateway's run directory; gone with the gateway. Changes of one turn of the event loop are one write,
 * nobody waits for it, and while one is under way the newest state waits for the next. A file is there whole or not at all.
 */
export class FailoverFile implements FailoverMemory {
  readonly #directory: string;
  readonly #path: string;
  readonly #logger: Logger;
  /** What is not written yet. */
  #newest: (() => RememberedTunnels) | null = null;
  #written = '';
  #writing: Promise<void> | null = null;
  /** The last attempt did: told once. */
  #hasFailed = false;
  #isOver = false;
  readonly #retry = new Later(() => this.#begin());

  constructor(directory: string, logger: Logger) {
    this.#directory = directory;
    this.#path = join(directory, 'failover.json');
    this.#logger = logger;
  }

  /** A file that cannot be read, or says something else, counts as none. */
  read(): Map<VpnConnectionId, RememberedTunnel> {
    try {
      const content: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      return new Map(isContent(content) ? (Object.entries(content) as [VpnConnectionId, RememberedTunnel][]) : []);
    } catch {
      return new Map();
    }
  }

  note(newest: () => RememberedTunnels): void {
    if (this.#isOver) return;
    this.#newest = newest;
    this.#begin();
  }

  /** Once what was noted last is written, if it can be. Nothing is written after that. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#retry.cancel();
    await this.#writing;
    await this.#write();
  }

  /** Its directory may be removed after that, and stays away. */
  async drop(): Promise<void> {
    this.#isOver = true;
    this.#retry.cancel();
    this.#newest = null;
    await this.#writing;
  }

  #begin(): void {
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = null));
  }

  async #writeAll(): Promise<void> {
    do await setImmediate();
    while (this.#newest !== null && (await this.#write()));
  }

  /** False where it did not work. */
  async #write(): Promise<boolean> {
    const newest = this.#newest;
    this.#newest = null;
    const text = newest === null ? this.#written : JSON.stringify(Object.fromEntries(newest()));
    if (text === this.#written) return true;
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await writeFile(`${this.#path}.new`, text, { mode: 0o600 });
      await rename(`${this.#path}.new`, this.#path);
      this.#written = text;
      this.#hasFailed = false;
      return true;
    } catch (error) {
      this.#noteFailure(error);
      this.#newest ??= newest;
      if (!this.#isOver) this.#retry.in(retryMs);
      return false;
    }
  }

  /** A full disk holds up no failover; a restarted agent then knows an older state. */
  #noteFailure(error: unknown): void {
    if (!this.#hasFailed) {
      const notes = { path: this.#path, error: describeError(error) };
      this.#logger.warn(notes, 'which tunnels are usable could not be noted; it is tried again');
    }
    this.#hasFailed = true;
  }
}
