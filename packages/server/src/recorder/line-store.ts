import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  mostLinesOfPage,
  type LineDetail,
  type RecordedKind,
  type RecordedLine,
  type RecordedPage,
  type RecordedSelection,
  type RecorderBounds,
} from '../domain/operator/timeline.ts';
import { openKeptDatabase } from '../platform/kept-database.ts';
import { bytesOfShelf, shelfOfKind, shelvesOf, type ShelfName } from './shelves.ts';

/** A line on its way into the file. */
export interface LineToKeep {
  readonly subject: string;
  /** With whose lines it is shown as well: of a tunnel its gateway, empty where that is not known; of anything else itself. */
  readonly holder: string;
  readonly kind: RecordedKind;
  readonly at: number;
  readonly text: string;
  readonly detail: LineDetail | null;
}

const schema = `
  CREATE TABLE shelves (
    id INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL, holder TEXT NOT NULL, name TEXT NOT NULL, bytes INTEGER NOT NULL,
    dropped_until INTEGER,
    UNIQUE (subject, name)
  );
  CREATE INDEX shelvesByHolder ON shelves (holder, name);
  CREATE TABLE holders (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
  CREATE TABLE lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT, shelf INTEGER NOT NULL, holder INTEGER NOT NULL, at INTEGER NOT NULL,
    kind TEXT NOT NULL, bytes INTEGER NOT NULL, text TEXT NOT NULL, detail TEXT
  );
  CREATE INDEX linesByShelf ON lines (shelf, id);
  CREATE INDEX linesByHolder ON lines (holder, id);
  CREATE TABLE spans (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, least INTEGER NOT NULL, most INTEGER NOT NULL)`;
const version = 1;

/** What a line takes beside its text: its other columns, two entries of indexes, the room that pages leave. */
const bytesBesideText = 70;
/** Lines of which the least and the greatest time are known together. */
const linesOfSpan = 1000;
/** That one question looks at: it goes on from there. */
const mostLookedAt = 2000;
/** Of a page: whoever hands it on does other things as well. */
const mostBytesOfPage = 256 * 1024;
/** That one step of dropping takes away. */
const mostDropped = 2000;
/** What is dropped is a part of the whole, so that it is not done with each line. */
const filledAfterDrop = 0.95;
/** What of the host's bound the lines may fill: SQLite's log of what is not in the file yet needs some as well. */
const filledBeforeDrop = 15 / 16;

interface Shelf {
  readonly id: number;
  readonly subject: string;
  holder: string;
  readonly name: ShelfName;
  bytes: number;
  /** When the newest of its lines happened that were too much of it; null: none was. */
  droppedUntil: number | null;
}

/** Where lines are looked for. */
interface Place {
  readonly column: keyof typeof indexes;
  readonly id: number;
}

/** Named, so that no question ever walks over the whole instead. */
const indexes = { shelf: 'linesByShelf', holder: 'linesByHolder' } as const;

interface Row {
  readonly id: number;
  readonly shelf: number;
  readonly at: number;
  readonly kind: RecordedKind;
  readonly bytes: number;
  readonly text: string;
  readonly detail: string | null;
}

/**
 * Lines in one SQLite file, numbered in the order in which they happened: by that they are read, and the time of day is a column
 * beside, which may jump. Of each shelf (shelves.ts) and of the whole the oldest are dropped. Throws what SQLite says; after that it has
 * to be opened anew.
 */
export class LineStore {
  readonly #database: DatabaseSync;
  readonly #bounds: RecorderBounds;
  readonly #statements = new Map<string, StatementSync>();
  /** By subject and name. */
  readonly #shelves = new Map<string, Shelf>();
  readonly #shelvesById = new Map<number, Shelf>();
  readonly #holders = new Map<string, number>();
  #span: { readonly first: number; last: number; count: number; least: number; most: number } | null = null;

  /** Opens the file, or makes it. */
  constructor(path: string, bounds: RecorderBounds) {
    this.#bounds = bounds;
    this.#database = openKeptDatabase({ path, schema, version });
    try {
      this.#open();
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  /** All of them or none, in one transaction; then what is too much goes. */
  append(lines: readonly LineToKeep[]): void {
    this.#inTransaction(() => {
      const touched = new Set<Shelf>();
      for (const line of lines) touched.add(this.#insert(line));
      for (const shelf of touched) this.#dropOfShelf(shelf);
      this.#writeShelves(touched);
      this.#writeSpan();
    });
    this.#dropOfAll();
  }

  page(selection: RecordedSelection): RecordedPage {
    const limit = Math.min(selection.limit, mostLinesOfPage);
    const { rows, isAll } = this.#look(selection);
    const lines: RecordedLine[] = [];
    let next = selection.after;
    let bytes = 0;
    for (const row of rows) {
      if (lines.length === limit || bytes > mostBytesOfPage) break;
      next = row.id;
      if (!fits(row, selection)) continue;
      lines.push(this.#lineOf(row));
      bytes += row.bytes;
    }
    const isLast = isAll && (next === rows.at(-1)?.id || rows.length === 0);
    return { lines, next, isLast, storySince: this.#storySince(selection.subject) };
  }

  /** Bytes of the file that hold something. */
  get usedBytes(): number {
    const pragma = (name: string) => Number(Object.values(this.#statement(`PRAGMA ${name}`).get() ?? {})[0]);
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  }

  #open(): void {
    this.#database.exec('PRAGMA cache_size = -2048');
    this.#database.exec('DELETE FROM holders WHERE NOT EXISTS (SELECT 1 FROM lines WHERE holder = holders.id)');
    const holders = this.#all<{ readonly id: number; readonly name: string }>('SELECT id, name FROM holders');
    for (const { id, name } of holders) this.#holders.set(name, id);
    for (const shelf of this.#all<Shelf>(
      'SELECT id, subject, holder, name, bytes, dropped_until AS droppedUntil FROM shelves',
    )) {
      this.#knowShelf({ ...shelf });
    }
  }

  #insert({ subject, holder, kind, at, text, detail }: LineToKeep): Shelf {
    const shelf = this.#shelf(subject, holder, shelfOfKind(kind));
    if (shelf.holder !== holder) this.#moveShelf(shelf, holder);
    const detailText = detail === null ? null : JSON.stringify(detail);
    const bytes = Buffer.byteLength(text) + (detailText === null ? 0 : Buffer.byteLength(detailText)) + bytesBesideText;
    const { lastInsertRowid } = this.#run(
      'INSERT INTO lines (shelf, holder, at, kind, bytes, text, detail) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[shelf.id, this.#holderId(holder), at, kind, bytes, text, detailText],
    );
    shelf.bytes += bytes;
    this.#noteInSpan(Number(lastInsertRowid), at);
    return shelf;
  }

  #noteInSpan(id: number, at: number): void {
    if (this.#span !== null && this.#span.count >= linesOfSpan) {
      this.#writeSpan();
      this.#span = null;
    }
    const { first, count, least, most } = this.#span ?? { first: id, count: 0, least: at, most: at };
    this.#span = { first, last: id, count: count + 1, least: Math.min(least, at), most: Math.max(most, at) };
  }

  #writeSpan(): void {
    if (this.#span === null) return;
    const { first, last, least, most } = this.#span;
    this.#run('INSERT OR REPLACE INTO spans (first, last, least, most) VALUES (?, ?, ?, ?)', first, last, least, most);
  }

  #writeShelves(shelves: Iterable<Shelf>): void {
    for (const { id, bytes, droppedUntil } of shelves) {
      this.#run('UPDATE shelves SET bytes = ?, dropped_until = ? WHERE id = ?', bytes, droppedUntil, id);
    }
  }

  #dropOfShelf(shelf: Shelf): void {
    const most = bytesOfShelf(shelf.name, this.#bounds.subjectBytes);
    if (shelf.bytes <= most) return;
    const least = most * filledAfterDrop;
    while (shelf.bytes > least) {
      const oldest = this.#all<{ readonly id: number; readonly at: number; readonly bytes: number }>(
        'SELECT id, at, bytes FROM lines INDEXED BY linesByShelf WHERE shelf = ? ORDER BY id LIMIT ?',
        ...[shelf.id, mostDropped],
      );
      let last: number | null = null;
      for (const { id, at, bytes } of oldest) {
        if (shelf.bytes <= least) break;
        shelf.bytes -= bytes;
        shelf.droppedUntil = at;
        last = id;
      }
      if (last === null) return;
      this.#run('DELETE FROM lines INDEXED BY linesByShelf WHERE shelf = ? AND id <= ?', shelf.id, last);
    }
  }

  /** In steps, each a transaction: a smaller bound than before does not hold up everything at once. */
  #dropOfAll(): void {
    const most = this.#bounds.hostBytes * filledBeforeDrop;
    if (this.usedBytes <= most) return;
    while (this.usedBytes > most * filledAfterDrop) {
      if (!this.#inTransaction(() => this.#dropOldest())) return;
    }
  }

  /** False: there is nothing left. */
  #dropOldest(): boolean {
    const oldest = this.#all<{ readonly id: number; readonly shelf: number; readonly bytes: number }>(
      'SELECT id, shelf, bytes FROM lines ORDER BY id LIMIT ?',
      mostDropped,
    );
    const last = oldest.at(-1);
    if (last === undefined) return false;
    const touched = new Set<Shelf>();
    for (const { shelf: id, bytes } of oldest) {
      const shelf = this.#shelvesById.get(id);
      if (shelf === undefined) continue;
      shelf.bytes -= bytes;
      touched.add(shelf);
    }
    this.#run('DELETE FROM lines WHERE id <= ?', last.id);
    this.#run('DELETE FROM spans WHERE last <= ?', last.id);
    this.#writeShelves(touched);
    for (const shelf of touched) if (shelf.bytes <= 0) this.#forgetShelf(shelf);
    return true;
  }

  /** Lines in their order, of which some may not fit; `isAll`: nothing else is there. */
  #look({ subject, from, to, kinds, order, after }: RecordedSelection): {
    readonly rows: readonly Row[];
    readonly isAll: boolean;
  } {
    const bounds = this.#idsWithin(from, to);
    if (bounds === null) return { rows: [], isAll: true };
    const isForward = order === 'oldest-first';
    const low = isForward && after !== null ? Math.max(bounds.first, after + 1) : bounds.first;
    const high = !isForward && after !== null ? Math.min(bounds.last, after - 1) : bounds.last;
    const direction = isForward ? 'ASC' : 'DESC';
    const lists = this.#placesOf(subject, kinds).map(({ column, id }) =>
      this.#all<Row>(
        `SELECT id, shelf, at, kind, bytes, text, detail FROM lines INDEXED BY ${indexes[column]} WHERE ${column} = ? AND id BETWEEN ? AND ? ORDER BY id ${direction} LIMIT ?`,
        ...[id, low, high, mostLookedAt],
      ),
    );
    const isBefore = (a: number, b: number) => (isForward ? a < b : a > b);
    // Beyond the end of a list that was cut there may be some that come before those of the others.
    const ends = lists.filter(({ length }) => length === mostLookedAt).flatMap((list) => list.at(-1)?.id ?? []);
    const end = ends.reduce<number | null>((first, id) => (first === null || isBefore(id, first) ? id : first), null);
    const rows = lists.flat().filter(({ id }) => end === null || !isBefore(end, id));
    rows.sort((a, b) => (isForward ? a.id - b.id : b.id - a.id));
    return { rows, isAll: end === null };
  }

  /** Where lines of the subject are looked for. */
  #placesOf(subject: string, kinds: RecordedSelection['kinds']): Place[] {
    const holder = this.#holders.get(subject);
    if (holder !== undefined) return [{ column: 'holder', id: holder }];
    return shelvesOf(kinds).flatMap((name) => {
      const shelf = this.#shelves.get(keyOf(subject, name));
      return shelf === undefined ? [] : [{ column: 'shelf', id: shelf.id }];
    });
  }

  /** Of lines in that time; between them may be others, where the clock was set. */
  #idsWithin(from: number | null, to: number | null): { readonly first: number; readonly last: number } | null {
    const { first, last } = this.#statement(
      'SELECT min(first) AS first, max(last) AS last FROM spans WHERE most >= ? AND least < ?',
    ).get(from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER) as {
      readonly first: number | null;
      readonly last: number | null;
    };
    return first === null || last === null ? null : { first, last };
  }

  /** Since its oldest line, unless more of a story among them was too much. */
  #storySince(subject: string): number | null {
    const oldest = this.#placesOf(subject, ['event']).flatMap(({ column, id }) =>
      this.#all<{ readonly at: number }>(
        `SELECT at FROM lines INDEXED BY ${indexes[column]} WHERE ${column} = ? ORDER BY id LIMIT 1`,
        id,
      ),
    );
    if (oldest[0] === undefined) return null;
    const cut = this.#all<{ readonly at: number | null }>(
      'SELECT max(dropped_until) + 1 AS at FROM shelves WHERE name = ? AND (holder = ? OR subject = ?)',
      ...['story', subject, subject],
    );
    return Math.max(oldest[0].at, cut[0]?.at ?? -Infinity);
  }

  #lineOf({ id, shelf, at, kind, text, detail }: Row): RecordedLine {
    const line = { id, subject: this.#shelvesById.get(shelf)?.subject ?? '', kind, at, text };
    return detail === null ? line : { ...line, detail: JSON.parse(detail) as LineDetail };
  }

  #shelf(subject: string, holder: string, name: ShelfName): Shelf {
    const key = keyOf(subject, name);
    const known = this.#shelves.get(key);
    if (known !== undefined) return known;
    const { lastInsertRowid } = this.#run(
      'INSERT INTO shelves (subject, holder, name, bytes) VALUES (?, ?, ?, 0)',
      ...[subject, holder, name],
    );
    const shelf = { id: Number(lastInsertRowid), subject, holder, name, bytes: 0, droppedUntil: null };
    this.#knowShelf(shelf);
    return shelf;
  }

  #moveShelf(shelf: Shelf, holder: string): void {
    this.#run('UPDATE shelves SET holder = ? WHERE id = ?', holder, shelf.id);
    shelf.holder = holder;
  }

  #knowShelf(shelf: Shelf): void {
    this.#shelves.set(keyOf(shelf.subject, shelf.name), shelf);
    this.#shelvesById.set(shelf.id, shelf);
  }

  #forgetShelf({ id, subject, name }: Shelf): void {
    this.#shelves.delete(keyOf(subject, name));
    this.#shelvesById.delete(id);
    this.#run('DELETE FROM shelves WHERE id = ?', id);
  }

  #holderId(name: string): number {
    const known = this.#holders.get(name);
    if (known !== undefined) return known;
    const id = Number(this.#run('INSERT INTO holders (name) VALUES (?)', name).lastInsertRowid);
    this.#holders.set(name, id);
    return id;
  }

  #inTransaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite rolls back by itself when the disk is full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #statement(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  #run(text: string, ...values: readonly SQLInputValue[]) {
    return this.#statement(text).run(...values);
  }

  #all<T>(text: string, ...values: readonly SQLInputValue[]): T[] {
    return this.#statement(text).all(...values) as unknown as T[];
  }
}

function keyOf(subject: string, name: ShelfName): string {
  return `${subject} ${name}`;
}

function fits({ at, kind }: Row, { from, to, kinds }: RecordedSelection): boolean {
  return (from === null || at >= from) && (to === null || at < to) && (kinds === null || kinds.includes(kind));
}
