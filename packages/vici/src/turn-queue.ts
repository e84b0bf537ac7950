/**
 * One job at a time, in order, with a bounded queue. vici has no sequence numbers ("only one command can be active at a
 * time on a single connection"), so a job that was started keeps its turn until it ends, even when its caller has gone:
 * a late answer thus meets its own job and never the next caller.
 */
import { abortReason } from './abort-reason.ts';
import { ViciBusyError } from './errors.ts';

interface Waiter {
  readonly start: () => void;
  readonly refuse: (error: Error) => void;
}

export class TurnQueue {
  readonly #limit: number;
  readonly #waiting: Waiter[] = [];
  #isBusy = false;
  #closedWith: (() => Error) | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Runs the job in its turn. Abort: a waiting job is never started; for a running job only the caller is released,
   * and when it then succeeds, `undo` runs within the same turn. Rejects with ViciBusyError when the queue is full.
   */
  run<T>(job: () => Promise<T>, signal?: AbortSignal, undo?: () => Promise<void>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const refusal = this.#refusal(signal);
      if (refusal) {
        reject(refusal);
        return;
      }
      let isAbandoned = false;
      const onAbort = () => {
        isAbandoned = true;
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        if (signal) reject(abortReason(signal));
      };
      const perform = async () => {
        try {
          const value = await job();
          if (isAbandoned) await undo?.();
          else resolve(value);
        } catch (error) {
          reject(error instanceof Error ? error : new Error('the job failed', { cause: error }));
        } finally {
          signal?.removeEventListener('abort', onAbort);
          this.#startNext();
        }
      };
      const waiter: Waiter = {
        start: () => void perform(),
        refuse: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (this.#isBusy) {
        this.#waiting.push(waiter);
      } else {
        this.#isBusy = true;
        waiter.start();
      }
    });
  }

  /** Refuses all waiting and later jobs. A running job is not touched: it ends by its own failing exchange. */
  close(makeError: () => Error): void {
    this.#closedWith ??= makeError;
    for (const waiter of this.#waiting.splice(0)) waiter.refuse(makeError());
  }

  #refusal(signal: AbortSignal | undefined): Error | undefined {
    if (signal?.aborted) return abortReason(signal);
    if (this.#closedWith) return this.#closedWith();
    if (this.#waiting.length >= this.#limit) {
      return new ViciBusyError(`${this.#limit} commands are waiting already`);
    }
    return undefined;
  }

  /** The turn passes straight to the next waiter; it is never free in between. */
  #startNext(): void {
    const next = this.#waiting.shift();
    if (next) next.start();
    else this.#isBusy = false;
  }
}
