/** A bounded buffer between the socket's reader and one asynchronous consumer. */
import { abortReason } from './abort-reason.ts';
import { ViciOverflowError } from './errors.ts';

export class EventQueue<T extends object> {
  readonly #limit: number;
  readonly #items: T[] = [];
  #wake: (() => void) | undefined;
  #end: { readonly error: Error | undefined } | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds an item; ignored after the end. When the buffer is full the queue fails with ViciOverflowError. */
  push(item: T): void {
    if (this.#end) return;
    if (this.#items.length >= this.#limit) {
      this.fail(new ViciOverflowError(`more than ${this.#limit} events are waiting to be read`));
      return;
    }
    this.#items.push(item);
    this.#wake?.();
  }

  /** No more items: the consumer gets what is buffered and then the end. */
  end(): void {
    this.#end ??= { error: undefined };
    this.#wake?.();
  }

  /** The consumer gets this error at once, before anything buffered. The first end or failure wins. */
  fail(error: Error): void {
    if (this.#end) return;
    this.#end = { error };
    this.#items.length = 0;
    this.#wake?.();
  }

  /** The consumer wants no more. */
  discard(): void {
    this.end();
    this.#items.length = 0;
  }

  /** For one consumer only. An abort throws the reason of the signal. */
  async *drain(signal?: AbortSignal): AsyncGenerator<T, void, undefined> {
    const onAbort = () => this.#wake?.();
    signal?.addEventListener('abort', onAbort);
    try {
      for (;;) {
        if (signal?.aborted) throw abortReason(signal);
        const item = this.#items.shift();
        if (item) {
          yield item;
        } else if (this.#end) {
          if (this.#end.error) throw this.#end.error;
          return;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }
}
