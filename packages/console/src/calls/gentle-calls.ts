import type { ActionName } from '@landbridge/catalogue/services';
import { CallError } from './call-error.ts';
import type { call, CallOptions, Parameters, Reply } from './call.ts';
import { rest } from './rest.ts';

const sideBySide = 4;
/** Fewer than the service allows (20 unless it is set): other clients of the account call, too. */
const ofActionASecond = 15;
const mostTries = 6;
const restMs = 1000;

/** Many calls, such as the pages of a hundred tables: four side by side, and no faster than the service takes them. What is aborted is not asked for. */
export class GentleCalls {
  readonly #call: typeof call;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  /** By Action: when it may be called again, had every call waited for its second's part. */
  readonly #due = new Map<string, number>();

  constructor(how: typeof call) {
    this.#call = how;
  }

  async call<Name extends ActionName>(
    action: Name,
    parameters: Parameters<Name>,
    options: CallOptions,
  ): Promise<Reply<Name>> {
    const { signal } = options;
    for (let tries = 1; ; tries++) {
      await this.#pace(action, signal);
      await this.#turn();
      try {
        signal?.throwIfAborted();
        return await this.#call(action, parameters, options);
      } catch (error) {
        if (tries === mostTries || !(error instanceof CallError) || error.code !== 'RequestLimitExceeded') throw error;
      } finally {
        this.#leave();
      }
      await rest(restMs, signal);
    }
  }

  /** Every page of what an Action lists. @param field of the reply that has a page. */
  async list<Name extends ActionName, Field extends keyof Reply<Name>>(
    action: Name,
    field: Field,
    parameters: Parameters<Name>,
    options: CallOptions,
  ): Promise<Reply<Name>[Field]> {
    const all = await everyPage(async (Offset) => {
      const reply = await this.call(action, { ...parameters, Offset, Limit: pageSize }, options);
      const { TotalCount: total } = reply as unknown as { readonly TotalCount: number };
      return { items: reply[field] as readonly unknown[], total };
    });
    return all as Reply<Name>[Field];
  }

  /** A second's worth at once, then evenly. */
  async #pace(action: string, signal: AbortSignal | undefined): Promise<void> {
    const now = Date.now();
    const due = Math.max(this.#due.get(action) ?? 0, now) + 1000 / ofActionASecond;
    this.#due.set(action, due);
    await rest(due - 1000 - now, signal);
  }

  async #turn(): Promise<void> {
    if (this.#running < sideBySide) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The turn is handed on. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}

interface Page<Item> {
  readonly items: readonly Item[];
  /** Of all pages. */
  readonly total: number;
}

/** As many as the service shows at once. */
const pageSize = 100;

/** Every page of a list. @param page the one that begins there. */
export async function everyPage<Item>(page: (offset: number) => Promise<Page<Item>>): Promise<readonly Item[]> {
  const first = await page(0);
  const offsets = Array.from(
    { length: Math.max(0, Math.ceil(first.total / pageSize) - 1) },
    (_, index) => (index + 1) * pageSize,
  );
  const others = await Promise.all(offsets.map(page));
  return [first, ...others].flatMap(({ items }) => items);
}
