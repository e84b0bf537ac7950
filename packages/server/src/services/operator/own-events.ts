import type { NewEvent, NumberedEvents } from '../../domain/operator/event.ts';

/** Beyond so many the oldest are lost: whoever writes them is gone, or far behind. */
const mostWaiting = 10_000;

/** Events that this side finds itself, on their way into the log. */
export class OwnEvents {
  readonly #series: string;
  readonly #waiting: { readonly number: number; readonly event: NewEvent }[] = [];
  #number = 0;
  #isWriting = false;

  /** @param series names the life of this process. */
  constructor(series: string) {
    this.#series = series;
  }

  readonly record = (event: NewEvent): void => {
    this.#number += 1;
    this.#waiting.push({ number: this.#number, event });
    if (this.#waiting.length > mostWaiting) this.#waiting.shift();
  };

  /** Those that are there; what cannot be written waits for the next time. */
  async write(keep: (events: NumberedEvents) => Promise<void>): Promise<void> {
    if (this.#isWriting || this.#waiting.length === 0) return;
    this.#isWriting = true;
    const upTo = this.#number;
    try {
      await keep({ series: this.#series, events: [...this.#waiting] });
      while ((this.#waiting[0]?.number ?? Infinity) <= upTo) this.#waiting.shift();
    } finally {
      this.#isWriting = false;
    }
  }
}
