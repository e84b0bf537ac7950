import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  emptyTally,
  historySteps,
  sumOverTime,
  sumOverTunnels,
  type HistoryPoint,
  type HistorySeries,
  type SeriesName,
  type StepSeconds,
  type Tally,
} from '../domain/operator/history.ts';
import type { VpnConnectionId, VpnGatewayId } from '../domain/resource-id.ts';
import { isDamage, isFull, openKeptDatabase, removeKeptDatabase } from '../platform/kept-database.ts';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decode, encode, type Tallies } from './tallies.ts';
import type { UpTime } from './up-time.ts';

/** The shortest steps, which longer ones are made of. */
export const stepMs = historySteps[0].seconds * 1000;

/** What was seen in one of them. */
export interface Step {
  readonly upTime: UpTime;
  /** By the clock of the day, at that up-time; milliseconds since the epoch. */
  readonly now: number;
  /** Written by `encode`. */
  readonly gateways: ReadonlyMap<VpnGatewayId, Uint8Array>;
}

/** A question with instants by the clock of the day, as it is at that up-time. */
export interface StoreQuestion {
  readonly upTime: UpTime;
  readonly now: number;
  readonly series: readonly SeriesName[];
  readonly from: number;
  readonly to: number;
  readonly seconds: StepSeconds;
}

export interface HistoryStoreOptions {
  readonly path: string;
  /** What is kept for less time than it would be, the more there is. */
  readonly mostBytes: number;
  /** The file could not be used, and began anew. */
  readonly onReplaced: (why: string) => void;
}

/**
 * `moment`: milliseconds that this host has run while the history was kept, over all boots, which only grows: whoever sets the clock
 * changes nothing in what is kept, or in what is deleted because of its age. `origin`: what the clock of the day says, less the moment.
 */
const schema = `
  CREATE TABLE boots (first_moment INTEGER PRIMARY KEY, boot TEXT NOT NULL UNIQUE, began REAL NOT NULL, origin REAL NOT NULL);
  CREATE TABLE steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    seconds INTEGER NOT NULL,
    moment INTEGER NOT NULL,
    gateway TEXT NOT NULL,
    tallies BLOB NOT NULL
  );
  CREATE INDEX steps_of_gateway ON steps (gateway, seconds, moment);
  CREATE INDEX steps_by_age ON steps (seconds, moment);
  CREATE TABLE summed (seconds INTEGER PRIMARY KEY, until_id INTEGER NOT NULL)`;
const version = 1;

/** Room for what is written before it is noticed that there is too much, and for the indexes. */
const reserve = 1.25;
/** Steps of one boot begin that much later than those of the one before, at least half of it before its first moment. */
const bootGapMs = 4 * stepMs;
/** The clock of the day is corrected a little all the time. */
const negligibleMs = 500;
/** Steps are kept that much shorter when there is too much, and longer again when there is room. */
const shortening = 0.9;
const roomToLengthen = 0.7;
const shortestShare = 0.01;

interface Boot {
  readonly boot: string;
  readonly firstMoment: number;
  /** Up-time at the first moment. */
  readonly began: number;
  readonly origin: number;
}

interface StoredStep {
  readonly id: number;
  readonly moment: number;
  readonly gateway: VpnGatewayId;
  readonly tallies: Uint8Array;
}

/** The history in a file. Synchronous: whoever has something else to do has it in a thread of its own (history.ts). */
export class HistoryStore {
  readonly #options: HistoryStoreOptions;
  #database: DatabaseSync;
  #statements: Statements;
  #boots: Boot[];
  /** Which part of its time everything is kept. */
  #share = 1;

  constructor(options: HistoryStoreOptions) {
    this.#options = options;
    [this.#database, this.#statements, this.#boots] = this.#open();
  }

  /** Keeps what was seen; where longer steps have ended with it, those as well. */
  add(step: Step): void {
    this.#unlessDamaged(() => {
      try {
        this.#inTransaction(() => this.#add(step));
      } catch (error) {
        if (!isFull(error)) throw error;
        this.#keepLess();
        throw error;
      }
    });
  }

  /** One series for each that is asked for. */
  read(question: StoreQuestion): HistorySeries[] {
    return this.#unlessDamaged(() => {
      this.#bootAt(question.upTime, question.now);
      return question.series.map((name) => this.#series(name, question));
    });
  }

  close(): void {
    this.#database.close();
  }

  #open(): Opened {
    try {
      return this.#tryOpen();
    } catch (error) {
      return this.#openAnew(error);
    }
  }

  #tryOpen(): Opened {
    const { path, mostBytes } = this.#options;
    const database = openKeptDatabase({ path, schema, version, mostBytes: mostBytes * reserve });
    try {
      const statements = prepare(database);
      return [database, statements, statements.boots.all() as unknown as Boot[]];
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Throws where the file is not to blame. */
  #openAnew(error: unknown): Opened {
    if (!isDamage(error)) throw error;
    this.#options.onReplaced((error as Error).message);
    removeKeptDatabase(this.#options.path);
    return this.#tryOpen();
  }

  /** What is wrong with the file shows itself late: it begins anew then. */
  #unlessDamaged<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#database.close();
      [this.#database, this.#statements, this.#boots] = this.#openAnew(error);
      return work();
    }
  }

  #inTransaction(work: () => void): void {
    this.#database.exec('BEGIN');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#boots = this.#statements.boots.all() as unknown as Boot[];
      throw error;
    }
  }

  #add({ upTime, now, gateways }: Step): void {
    const boot = this.#bootAt(upTime, now);
    // Where the step that has just ended began, by the clock of the day.
    const began = Math.round(now / stepMs) * stepMs - stepMs;
    const moment = Math.round(began - boot.origin);
    for (const longer of historySteps.slice(1)) this.#sumUp(longer.seconds, began);
    for (const [gateway, tallies] of gateways) this.#keep(historySteps[0].seconds, moment, gateway, tallies);
    this.#deleteOld(moment);
  }

  #keep(seconds: StepSeconds, moment: number, gateway: VpnGatewayId, tallies: Uint8Array): void {
    this.#statements.add.run(seconds, moment, gateway, deflateRawSync(tallies, { level: 1 }));
  }

  /** The boot that is now. Its steps are told by the clock of the day as it is now: where that was set, what was moves with it. */
  #bootAt({ boot, ms }: UpTime, now: number): Boot {
    const known = this.#boots.find((each) => each.boot === boot);
    if (known === undefined) {
      const firstMoment =
        ((this.#statements.newest.get() as { readonly moment: number | null }).moment ?? 0) + bootGapMs;
      const made = { boot, firstMoment, began: ms, origin: now - firstMoment };
      this.#statements.addBoot.run(firstMoment, boot, ms, made.origin);
      this.#boots.push(made);
      return made;
    }
    const origin = now - (known.firstMoment + ms - known.began);
    if (Math.abs(origin - known.origin) < negligibleMs) return known;
    const moved = { ...known, origin };
    this.#statements.moveBoot.run(origin, boot);
    this.#boots = this.#boots.map((each) => (each === known ? moved : each));
    return moved;
  }

  /** Of the next shorter ones, those that have ended by then. */
  #sumUp(seconds: StepSeconds, now: number): void {
    const shorter = historySteps[historySteps.findIndex((each) => each.seconds === seconds) - 1]?.seconds ?? seconds;
    const summed = this.#statements.summed.get(seconds) as { readonly until: number } | undefined;
    const sums = new Map<string, { readonly first: StoredStep; readonly tallies: Map<VpnConnectionId, Tally> }>();
    let last = 0;
    for (const step of rowsOf<StoredStep>(this.#statements.since, shorter, summed?.until ?? 0)) {
      const at = stepAt(this.#instantOf(step.moment), seconds);
      if (at === stepAt(now, seconds)) break;
      last = step.id;
      const key = `${step.gateway} ${at}`;
      const sum = sums.get(key);
      if (sum === undefined) sums.set(key, { first: step, tallies: decodePacked(step.tallies) });
      else addTo(sum.tallies, decodePacked(step.tallies));
    }
    for (const { first, tallies } of sums.values()) this.#keep(seconds, first.moment, first.gateway, encode(tallies));
    if (last > 0) this.#statements.setSummed.run(seconds, last);
  }

  #series({ gateway, tunnel }: SeriesName, { from, to, seconds }: StoreQuestion): HistoryPoint[] {
    const points = new Map<number, Tally>();
    for (const [index, { firstMoment, origin }] of this.#boots.entries()) {
      const next = this.#boots[index + 1]?.firstMoment ?? Infinity;
      const first = Math.max(beginOf(firstMoment), Math.floor(from - origin) - stepMs);
      const last = Math.min(beginOf(next) - 1, Math.ceil(to - origin) + seconds * 1000);
      for (const step of rowsOf<StoredStep>(this.#statements.of, gateway, seconds, first, last)) {
        const at = stepAt(step.moment + origin, seconds);
        const tally = at < from || at >= to ? undefined : tallyOf(step.tallies, tunnel);
        const before = points.get(at);
        if (tally !== undefined) points.set(at, before === undefined ? tally : sumOverTime(before, tally));
      }
    }
    return [...points].sort(([a], [b]) => a - b).map(([at, tally]) => ({ at, tally }));
  }

  #instantOf(moment: number): number {
    const boot = this.#boots.findLast(({ firstMoment }) => beginOf(firstMoment) <= moment);
    return moment + (boot?.origin ?? 0);
  }

  #deleteOld(now: number): void {
    const used = this.#usedBytes();
    if (used > this.#options.mostBytes) this.#keepLess();
    else if (used < this.#options.mostBytes * roomToLengthen) this.#share = Math.min(1, this.#share / shortening);
    for (const { seconds, keptSeconds } of historySteps) {
      this.#statements.delete.run(seconds, now - keptSeconds * 1000 * this.#share);
    }
    this.#statements.deleteBoots.run(now - historySteps[2].keptSeconds * 1000);
  }

  #keepLess(): void {
    this.#share = Math.max(shortestShare, this.#share * shortening);
  }

  #usedBytes(): number {
    const value = (name: string) => Number(Object.values(this.#database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
    return (value('page_count') - value('freelist_count')) * value('page_size');
  }
}

/** When the step of that length began in which the instant is. Steps begin where the shortest ones do, but for what clocks are corrected by. */
function stepAt(instant: number, seconds: StepSeconds): number {
  const lengthMs = seconds * 1000;
  return Math.floor((Math.round(instant / stepMs) * stepMs) / lengthMs) * lengthMs;
}

/** Before it there are no steps of the boot, and from there on none of the one before. */
function beginOf(firstMoment: number): number {
  return firstMoment - bootGapMs / 2;
}

function decodePacked(packed: Uint8Array, only?: VpnConnectionId): Map<VpnConnectionId, Tally> {
  return decode(inflateRawSync(packed), only);
}

function tallyOf(packed: Uint8Array, tunnel: VpnConnectionId | null): Tally | undefined {
  if (tunnel !== null) return decodePacked(packed, tunnel).get(tunnel);
  return [...decodePacked(packed).values()].reduce(sumOverTunnels, emptyTally);
}

function addTo(sums: Map<VpnConnectionId, Tally>, more: Tallies): void {
  for (const [id, tally] of more) {
    const before = sums.get(id);
    sums.set(id, before === undefined ? tally : sumOverTime(before, tally));
  }
}

function rowsOf<Row>(statement: StatementSync, ...parameters: readonly (string | number)[]): Iterable<Row> {
  return statement.iterate(...parameters) as Iterable<unknown> as Iterable<Row>;
}

type Statements = ReturnType<typeof prepare>;
type Opened = [DatabaseSync, Statements, Boot[]];

function prepare(database: DatabaseSync) {
  const statement = (text: string): StatementSync => database.prepare(text);
  return {
    boots: statement('SELECT boot, first_moment AS firstMoment, began, origin FROM boots ORDER BY first_moment'),
    addBoot: statement('INSERT INTO boots (first_moment, boot, began, origin) VALUES (?, ?, ?, ?)'),
    moveBoot: statement('UPDATE boots SET origin = ? WHERE boot = ?'),
    deleteBoots: statement(
      'DELETE FROM boots WHERE first_moment < (SELECT max(first_moment) FROM boots WHERE first_moment <= ?)',
    ),
    newest: statement('SELECT max(moment) AS moment FROM steps'),
    add: statement('INSERT INTO steps (seconds, moment, gateway, tallies) VALUES (?, ?, ?, ?)'),
    since: statement('SELECT id, moment, gateway, tallies FROM steps WHERE seconds = ? AND id > ? ORDER BY id'),
    of: statement(
      'SELECT id, moment, gateway, tallies FROM steps WHERE gateway = ? AND seconds = ? AND moment BETWEEN ? AND ?',
    ),
    summed: statement('SELECT until_id AS until FROM summed WHERE seconds = ?'),
    setSummed: statement('INSERT OR REPLACE INTO summed (seconds, until_id) VALUES (?, ?)'),
    delete: statement('DELETE FROM steps WHERE seconds = ? AND moment < ?'),
  };
}
