import type { Image } from '../image/image.ts';
import { splitKey } from '../image/table-shape.ts';
import { tableNames, type TableName } from '../image/tables.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Place } from '../store/read-slice.ts';
import type { Slice, Store } from '../store/store.ts';
import type { Writer } from './writer.ts';

/** A slice costs about two milliseconds. */
const rowsInSlice = 100;
const paceMs = 2000;

interface ImageCheckOptions {
  readonly store: Pick<Store, 'slice'>;
  readonly image: Image;
  readonly writer: Pick<Writer, 'loadAnew'>;
  readonly clock: Pick<Clock, 'delay'>;
  readonly logger: Logger;
}

/** A look at all tables, one slice after the other. */
interface Round {
  /** Those still to be looked at; the first is the one that is. */
  readonly tables: readonly TableName[];
  readonly after: Place | null;
  /** Of the first table's first slice. */
  readonly generation: number;
  /** Keys of the first table that the image has, and no slice yet. */
  readonly unseen: Set<string>;
  readonly isSame: boolean;
}

/**
 * Compares the image with the store, a few rows at a time: whatever changed the one behind the other's back is found, told,
 * and mended by loading the image anew.
 */
export class ImageCheck {
  readonly #options: ImageCheckOptions;
  #round: Round | null = null;
  /** Empty when the last whole round found none. */
  #difference = '';

  constructor(options: ImageCheckOptions) {
    this.#options = options;
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    for (;;) {
      await clock.delay(paceMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.checkSlice();
      } catch (error) {
        logger.warn({ err: error }, 'the image could not be compared with the store');
      }
    }
  }

  readCondition(): { readonly name: string; readonly ok: boolean; readonly message: string } {
    return { name: 'image', ok: this.#difference === '', message: this.#difference };
  }

  /** Compares the next rows. */
  async checkSlice(): Promise<void> {
    const { store, image } = this.#options;
    const round = (this.#round ??= this.#begin(tableNames, true));
    const [table] = round.tables;
    if (table === undefined) return;
    const slice = await store.slice(table, round.after, rowsInSlice);
    // Somebody commits just now: the same rows are looked at next time.
    if (slice.generation !== image.generation) return;
    const key = this.#differingKey(table, slice, round);
    if (key !== undefined) await this.#tell(table, key, slice.generation);
    // The rest of the table was loaded anew.
    const end = key === undefined ? slice.end : null;
    this.#goOn(round, end, round.isSame && key === undefined);
  }

  #begin(tables: readonly TableName[], isSame: boolean): Round {
    const { image } = this.#options;
    const [table] = tables;
    const keys = table === undefined ? [] : image.all(table).map((row) => image.table(table).keyOf(row));
    return { tables, after: null, generation: image.generation, unseen: new Set(keys), isSame };
  }

  #differingKey(table: TableName, { generation, rows, end }: Slice, round: Round): string | undefined {
    const { image } = this.#options;
    for (const row of rows) {
      round.unseen.delete(row.key);
      const held = image.get(table, row.key);
      if (held === undefined || !row.isSameAs(held)) return row.key;
    }
    // What was committed meanwhile may have come in behind us.
    const isWhole = end === null && generation === round.generation;
    return isWhole ? [...round.unseen][0] : undefined;
  }

  #goOn({ tables, generation, unseen }: Round, end: Place | null, isSame: boolean): void {
    const rest = tables.slice(1);
    if (end !== null) this.#round = { tables, after: end, generation, unseen, isSame };
    else if (rest.length > 0) this.#round = this.#begin(rest, isSame);
    else {
      this.#round = null;
      if (isSame) this.#difference = '';
    }
  }

  async #tell(table: TableName, key: string, generation: number): Promise<void> {
    const { writer, logger } = this.#options;
    const name = splitKey(key).join(' ');
    this.#difference =
      `what the service holds of ${table} ${name} was not what is stored (change ${generation}): ` +
      'it has read everything anew. Did something else write to the database?';
    logger.error({ table, key: name, generation }, 'the image differs from the store and is loaded anew');
    await writer.loadAnew();
  }
}
