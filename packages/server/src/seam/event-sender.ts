import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutText } from '../domain/cut-text.ts';
import { longestMessage, type NewEvent } from '../domain/operator/event.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import { Later } from '../platform/later.ts';
import type { Logger } from '../platform/logger.ts';
import { replaceFile } from '../platform/replace-file.ts';
import type { FromAgent } from './contract.ts';
import type { Folder } from './plan-files.ts';

/** One that nobody over there has kept yet. */
interface WaitingEvent {
  /** Of the process that it happened in: numbers count within it. */
  readonly series: string;
  readonly number: number;
  readonly event: NewEvent;
  /** By the clock's `elapsed`. */
  readonly since: number;
}

/** What is on disk. */
interface EventFile {
  /** Milliseconds since the epoch: how long nobody ran until it is read is known by nothing else. */
  readonly writtenAt: number;
  readonly events: readonly (Omit<WaitingEvent, 'since'> & { readonly ageMs: number })[];
}

export interface EventSenderOptions {
  readonly folder: Folder;
  /** A name that was never used. */
  readonly series: string;
  readonly clock: Pick<Clock, 'now' | 'elapsed'>;
  readonly logger: Logger;
}

const mostInAMessage = 500;
const fileName = 'events.json';
/** More are dropped, the oldest first, and the log tells. */
const mostWaiting = 1000;
/** An event that is kept over there before that is never written here. */
const writeDelayMs = 1000;

/**
 * Events on their way up, until the other side says that it has kept them: at least once, and their numbers tell the other side what it
 * has. One message at a time; a bounded file bridges the time in which there is nobody.
 */
export class EventSender {
  readonly #options: EventSenderOptions;
  #number = 0;
  #waiting: WaitingEvent[];
  #send: ((message: FromAgent) => void) | null = null;
  /** One was sent over this connection, and is not known to be kept. */
  #isUnderWay = false;
  readonly #writing = new Later(() => this.#write());
  #isFileEmpty: boolean;

  constructor(options: EventSenderOptions) {
    this.#options = options;
    this.#waiting = readWaiting(options);
    this.#isFileEmpty = this.#waiting.length === 0;
  }

  readonly record = (event: NewEvent): void => {
    const { series, clock } = this.#options;
    this.#waiting.push({ series, number: ++this.#number, event: bounded(event), since: clock.elapsed() });
    if (this.#waiting.length > mostWaiting) this.#dropOldest();
    this.#sendSome();
    this.#writing.in(writeDelayMs);
  };

  /** A connection. */
  begin(send: (message: FromAgent) => void): void {
    this.#send = send;
    this.#isUnderWay = false;
    this.#sendSome();
  }

  end(): void {
    this.#send = null;
  }

  kept(series: string, upTo: number): void {
    this.#waiting = this.#waiting.filter((each) => each.series !== series || each.number > upTo);
    this.#isUnderWay = false;
    this.#sendSome();
    if (this.#waiting.length === 0 && this.#isFileEmpty) this.#writing.cancel();
    else this.#writing.in(writeDelayMs);
  }

  flush(): void {
    if (!this.#writing.isWaiting) return;
    this.#writing.cancel();
    this.#write();
  }

  /** The oldest, of one series. */
  #sendSome(): void {
    const [first, ...rest] = this.#waiting.slice(0, mostInAMessage);
    if (first === undefined || this.#send === null || this.#isUnderWay) return;
    const others = rest.findIndex(({ series }) => series !== first.series);
    const elapsed = this.#options.clock.elapsed();
    const events = [first, ...(others === -1 ? rest : rest.slice(0, others))].map(({ number, event, since }) => ({
      ...{ number, event },
      ageMs: elapsed - since,
    }));
    this.#isUnderWay = true;
    this.#send({ kind: 'events', series: first.series, events });
  }

  #dropOldest(): void {
    const dropped = this.#waiting.shift();
    this.#options.logger.warn({ event: dropped?.event }, 'event dropped: too many wait for the controller');
  }

  #write(): void {
    const { folder, clock, logger } = this.#options;
    const [elapsed, writtenAt] = [clock.elapsed(), clock.now()];
    const events = this.#waiting.map(({ since, ...event }) => ({ ...event, ageMs: elapsed - since }));
    try {
      replaceFile(join(folder.make(), fileName), JSON.stringify({ writtenAt, events } satisfies EventFile));
      this.#isFileEmpty = events.length === 0;
    } catch (error) {
      logger.warn({ error: describeError(error) }, 'events not kept for a restart');
    }
  }
}

/** What nobody over there would take for a message ends the connection. */
function bounded(event: NewEvent): NewEvent {
  return { ...event, message: cutText(event.message, longestMessage) };
}

/** A file that cannot be read holds up nothing. */
function readWaiting({ folder, clock }: EventSenderOptions): WaitingEvent[] {
  const [elapsed, now] = [clock.elapsed(), clock.now()];
  try {
    const { writtenAt, events } = JSON.parse(readFileSync(join(folder.find() ?? '', fileName), 'utf8')) as EventFile;
    const awayMs = Math.max(0, now - writtenAt);
    return events.map(({ ageMs, event, ...rest }) => ({
      ...rest,
      event: bounded(event),
      since: elapsed - ageMs - awayMs,
    }));
  } catch {
    return [];
  }
}
