import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NewEvent } from '../domain/operator/event.ts';
import { describeError } from '../platform/describe-error.ts';
import { Later } from '../platform/later.ts';
import type { Logger } from '../platform/logger.ts';
import type { FromAgent } from './contract.ts';
import type { Folder } from './plan-files.ts';

interface NumberedEvent {
  /** Of the process that it happened in: numbers count within it. */
  readonly series: string;
  readonly number: number;
  readonly event: NewEvent;
}

interface Way {
  send(message: FromAgent): void;
  drained(): Promise<void>;
}

const mostInAMessage = 500;
const fileName = 'events.json';
/** More are dropped, the oldest first, and the log tells. */
const mostWaiting = 1000;
/** An event that is kept over there before that is never written here. */
const writeDelayMs = 1000;

/** Events on their way up, until the other side says that it has kept them; a bounded file bridges the time in which there is none. */
export class EventSender {
  readonly #folder: Folder;
  readonly #logger: Logger;
  readonly #series: string;
  #number = 0;
  #waiting: NumberedEvent[];
  /** How many of those that wait were sent over this connection. */
  #sent = 0;
  #link: Way | null = null;
  readonly #writing = new Later(() => this.#write());
  #isFileEmpty: boolean;

  /** @param series a name that was never used. */
  constructor(folder: Folder, series: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
    this.#series = series;
    this.#waiting = readWaiting(folder);
    this.#isFileEmpty = this.#waiting.length === 0;
  }

  readonly record = (event: NewEvent): void => {
    this.#waiting.push({ series: this.#series, number: ++this.#number, event });
    if (this.#waiting.length > mostWaiting) this.#dropOldest();
    if (this.#sent + 1 === this.#waiting.length) void this.#send();
    this.#writing.in(writeDelayMs);
  };

  begin(link: Way): void {
    this.#link = link;
    this.#sent = 0;
    void this.#send();
  }

  end(): void {
    this.#link = null;
  }

  kept(series: string, upTo: number): void {
    const isKept = (each: NumberedEvent) => each.series === series && each.number <= upTo;
    this.#sent -= this.#waiting.slice(0, this.#sent).filter(isKept).length;
    this.#waiting = this.#waiting.filter((each) => !isKept(each));
    if (this.#waiting.length === 0 && this.#isFileEmpty) this.#writing.cancel();
    else this.#writing.in(writeDelayMs);
  }

  flush(): void {
    if (!this.#writing.isWaiting) return;
    this.#writing.cancel();
    this.#write();
  }

  #write(): void {
    try {
      const path = join(this.#folder.make(), fileName);
      writeFileSync(`${path}.new`, JSON.stringify(this.#waiting), { mode: 0o600 });
      renameSync(`${path}.new`, path);
      this.#isFileEmpty = this.#waiting.length === 0;
    } catch (error) {
      this.#logger.warn({ error: describeError(error) }, 'events not kept for a restart');
    }
  }

  async #send(): Promise<void> {
    const link = this.#link;
    try {
      while (link !== null && link === this.#link && this.#sent < this.#waiting.length) {
        await link.drained();
        this.#sendSome(link);
      }
    } catch {
      // The connection is gone; the next one gets all that wait.
    }
  }

  /** Of one series. */
  #sendSome(link: Way): void {
    const [first, ...rest] = this.#waiting.slice(this.#sent, this.#sent + mostInAMessage);
    if (first === undefined || link !== this.#link) return;
    const others = rest.findIndex(({ series }) => series !== first.series);
    const some = [first, ...(others === -1 ? rest : rest.slice(0, others))];
    this.#sent += some.length;
    const events = some.map(({ number, event }) => ({ number, event }));
    link.send({ kind: 'events', series: first.series, events });
  }

  #dropOldest(): void {
    const dropped = this.#waiting.shift();
    this.#sent = Math.max(0, this.#sent - 1);
    this.#logger.warn({ event: dropped?.event }, 'event dropped: too many wait for the controller');
  }
}

function readWaiting(folder: Folder): NumberedEvent[] {
  try {
    const waiting = JSON.parse(readFileSync(join(folder.find() ?? '', fileName), 'utf8')) as unknown;
    return Array.isArray(waiting) ? (waiting as NumberedEvent[]) : [];
  } catch {
    return [];
  }
}
