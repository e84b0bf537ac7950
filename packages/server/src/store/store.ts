import type { Change } from '../image/change.ts';
import type { AllRows } from '../image/tables.ts';
import { splitKey } from '../image/table-shape.ts';
import type { TableName } from '../image/tables.ts';
import type { LogEntry } from '../domain/operator/log-entry.ts';
import type { StorePosition } from '../platform/network-record.ts';
import type { Database } from './database.ts';
import { AuditLog } from './audit-log.ts';
import { EventLog } from './event-log.ts';
import { readFact, storeIdFact } from './facts.ts';
import { appendToJournal, readJournal } from './journal.ts';
import { loadRow, loadRows } from './load-rows.ts';
import { readSlice, type Place } from './read-slice.ts';
import type { Sealer } from './sealing.ts';
import { StaleError } from './store-error.ts';
import { storedRow, type StoredRow } from './stored-row.ts';
import { TaskLog } from './task-log.ts';
import { WebhookProgress } from './webhook-progress.ts';
import { writeChanges } from './write-changes.ts';

/** Rows that others changed: as they are now, null for one that is gone. */
export interface News {
  readonly generation: number;
  readonly rows: readonly { readonly table: TableName; readonly key: string; readonly row: unknown }[];
}

/** Some rows of a table. */
export interface Slice {
  readonly generation: number;
  readonly rows: readonly StoredRow[];
  /** Where the next slice begins; null after the last. */
  readonly end: Place | null;
}

/**
 * The desired rows on disk: read whole, written change by change. Each commit counts the generation up by one.
 * Knows nothing of the kernel; `store/open-store.ts` opens one.
 */
export class Store {
  readonly events: EventLog;
  readonly tasks: TaskLog;
  readonly audit: AuditLog;
  readonly webhookProgress: WebhookProgress;
  readonly sealer: Sealer;
  readonly #db: Database;

  constructor(db: Database, sealer: Sealer) {
    this.#db = db;
    this.sealer = sealer;
    this.events = new EventLog(db);
    this.tasks = new TaskLog(db);
    this.audit = new AuditLog(db);
    this.webhookProgress = new WebhookProgress(db);
  }

  /** Everything, as of one generation. */
  async load(): Promise<{ readonly generation: number; readonly rows: AllRows }> {
    return this.#db.transaction().execute(async (transaction) => ({
      generation: await readGeneration(transaction),
      rows: await loadRows(transaction),
    }));
  }

  /**
   * Writes changes that were decided at this generation, and what goes into the logs with them, all or nothing. Throws
   * StaleError when the store has moved on, DiskError when the disk is full or fails.
   */
  async commit(generation: number, changes: readonly Change[], log: readonly LogEntry[]): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('generation')
        .set({ value: generation + 1 })
        .where('value', '=', generation)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) throw new StaleError(`the store is not at generation ${generation} any more`);
      await writeChanges(transaction, changes);
      await appendToJournal(transaction, generation + 1, changes);
      await this.#record(transaction, log);
    });
  }

  async generation(): Promise<number> {
    return readGeneration(this.#db);
  }

  /** What changed since a generation; null when nobody remembers, so that all has to be loaded. */
  async newsSince(generation: number): Promise<News | null> {
    return this.#db.transaction().execute(async (transaction) => {
      const newest = await readGeneration(transaction);
      const entries = newest < generation ? null : await readJournal(transaction, generation, newest);
      if (entries === null) return null;
      const named = new Map<string, { readonly table: TableName; readonly key: string }>();
      for (const entry of entries) {
        for (const [table, keys] of Object.entries(entry) as [TableName, readonly string[]][]) {
          for (const key of keys) named.set(`${table} ${key}`, { table, key });
        }
      }
      const rows = [];
      for (const { table, key } of named.values()) {
        rows.push({ table, key, row: await loadRow(transaction, table, splitKey(key)) });
      }
      return { generation: newest, rows };
    });
  }

  /** So many rows of a table, from behind a place on, to be compared with those of an image. */
  async slice(table: TableName, after: Place | null, limit: number): Promise<Slice> {
    return this.#db.transaction().execute(async (transaction) => {
      const generation = await readGeneration(transaction);
      const { rows, end } = await readSlice(transaction, table, after, limit);
      return { generation, rows: rows.map((values) => storedRow(table, values)), end };
    });
  }

  /** Which store this is, and how many commits changed it. */
  async position(): Promise<StorePosition> {
    return this.#db.transaction().execute(async (transaction) => ({
      storeId: (await readFact(transaction, storeIdFact)) ?? '',
      serial: await readGeneration(transaction),
    }));
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }

  async #record(transaction: Database, log: readonly LogEntry[]): Promise<void> {
    const tasks = log.flatMap((entry) => (entry.kind === 'task' ? [entry.task] : []));
    if (tasks.length > 0) await this.tasks.append(tasks, transaction);
    const audited = log.flatMap((entry) => (entry.kind === 'audit' ? [entry.event] : []));
    if (audited.length > 0) await this.audit.append(audited, transaction);
    for (const entry of log) {
      if (entry.kind === 'end-of-events') await this.events.removeOf(entry.resourceId, transaction);
    }
  }
}

async function readGeneration(db: Database): Promise<number> {
  const { value } = await db.selectFrom('generation').select('value').executeTakeFirstOrThrow();
  return value;
}
