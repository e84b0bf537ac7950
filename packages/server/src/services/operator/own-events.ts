import type { NewEvent, NumberedEvents } from '../../domain/operator/event.ts';
import type { Logger } from '../../platform/logger.ts';

/** Beyond so many the oldest are lost: whoever writes them is gone, or far behind. */
const mostWaiting = 10_000;
/** So many at once: meanwhile nothing else is written. */
const writtenAtOnce = 500;

/** Events that this side finds itself, on their way into the log. */
export class OwnEvents {
  readonly #series: string;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #waiting: { readonly number: number; readonly event: NewEvent }[] = [];
  #number = 0;
  #lost = 0;
  #isWriting = false;

  /** @param series names the life of this process. */
  constructor(series: string, logger: Pick<Logger, 'warn'>) {
    this.#series = series;
    this.#logger = logger;
  }

  readonly record = (event: NewEvent): void => {
    this.#number += 1;
    this.#waiting.push({ number: this.#number, event });
    if (this.#waiting.length <= mostWaiting) return;
    this.#waiting.shift();
    this.#lost += 1;
  };

  /** Those that are there; what cannot be written waits for the next time. */
  async write(keep: (events: NumberedEvents) => Promise<void>): Promise<void> {
    this.#tellLoss();
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      for (const upTo = this.#number; (this.#waiting[0]?.number ?? Infinity) <= upTo;) {
        const events = this.#waiting.slice(0, writtenAtOnce);
        const last = events.at(-1)?.number ?? 0;
        await keep({ series: this.#series, events });
        while ((this.#waiting[0]?.number ?? Infinity) <= last) this.#waiting.shift();
      }
    } finally {
      this.#isWriting = false;
    }
  }

  #tellLoss(): void {
    if (this.#lost === 0) return;
    this.#logger.warn({ lost: this.#lost }, 'events of tunnels are lost: too many wait to be written');
    this.#lost = 0;
  }
}
