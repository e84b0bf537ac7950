import { setTimeout as delay } from 'node:timers/promises';

/** Multiplies every deadline and duration of the lab; more than 1 on a machine that is slow by nature, such as an emulated one. */
export const patience = Number(process.env['LANDBRIDGE_LAB_PATIENCE'] ?? 1);

export interface PollOptions {
  /** Milliseconds until it is given up, times `patience`; be generous, a passing poll does not wait for it. */
  readonly within: number;
  /** Milliseconds between two looks, times `patience`: looking costs time as well; 50 unless told otherwise. */
  readonly every?: number;
  readonly signal?: AbortSignal | undefined;
}

/** An expected value did not appear in time: names the hop and the last thing seen there. */
class PollTimeout extends Error {
  constructor(hop: string, seconds: number, last: string, cause: unknown) {
    super(`${hop}: not within ${seconds} s; last seen: ${last}`, { cause });
    this.name = 'PollTimeout';
  }
}

/** Thrown by `read`: the expected value cannot appear any more, so waiting on is in vain. */
export class Hopeless extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Hopeless';
  }
}

/** Reads until `isExpected` holds and returns that value. An error of `read` counts as "not yet", but for Hopeless. */
export async function poll<T>(
  hop: string,
  read: () => Promise<T> | T,
  isExpected: (value: T) => boolean,
  options: PollOptions,
): Promise<T> {
  const started = performance.now();
  const within = options.within * patience;
  let last = 'nothing';
  let cause: unknown;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const value = await read();
      if (isExpected(value)) return value;
      last = printable(value);
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = String(error);
      cause = error;
    }
    if (performance.now() - started > within) throw new PollTimeout(hop, within / 1000, last, cause);
    await delay(
      (options.every ?? 50) * patience,
      undefined,
      options.signal === undefined ? {} : { signal: options.signal },
    );
  }
}

function printable(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Looks for `during` milliseconds, times `patience`, and throws as soon as `isExpected` does not hold: for what must not happen. */
export async function hold<T>(
  hop: string,
  read: () => Promise<T> | T,
  isExpected: (value: T) => boolean,
  options: { readonly during: number; readonly every?: number },
): Promise<void> {
  const started = performance.now();
  while (performance.now() - started < options.during * patience) {
    const value = await read();
    if (!isExpected(value)) throw new Error(`${hop}: no longer so; seen: ${printable(value)}`);
    await delay(options.every ?? 100);
  }
}
