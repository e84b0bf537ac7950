import { nextTurn } from '../platform/loop-turn.ts';
import type { PlanKey } from '../plan/plan.ts';
import type { PlanBook } from './plan-book.ts';

/** Makes doubtful plans anew while nobody waits for the event loop, and tells which came out different. */
export class PlanFeed {
  readonly #book: Pick<PlanBook, 'refreshing'>;
  readonly #tell: (keys: readonly PlanKey[]) => void;
  #isRunning = false;

  constructor(book: Pick<PlanBook, 'refreshing'>, tell: (keys: readonly PlanKey[]) => void) {
    this.#book = book;
    this.#tell = tell;
  }

  /** Something changed. */
  wake(): void {
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    await nextTurn();
    for (const key of this.#book.refreshing()) {
      if (key !== null) this.#tell([key]);
      await nextTurn();
    }
    this.#isRunning = false;
  }
}
