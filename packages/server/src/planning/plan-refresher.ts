import type { PlanKey } from '../plan/plan.ts';
import type { PlanBook } from './plan-book.ts';

export interface PlanRefresherOptions {
  readonly book: Pick<PlanBook, 'refreshing'>;
  /** Resolves when everything else that waits for the event loop had its turn. */
  readonly nextTurn: () => Promise<void>;
  /** A plan came out different, or is gone. */
  readonly tell: (key: PlanKey) => void;
}

/**
 * Makes the plans anew that something touched, one a turn, and tells which came out different. What happens until a plan has its
 * turn is one change of it.
 */
export class PlanRefresher {
  readonly #options: PlanRefresherOptions;
  #isRunning = false;

  constructor(options: PlanRefresherOptions) {
    this.#options = options;
  }

  /** Something happened to the book. Returns at once. */
  soon(): void {
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    const { book, nextTurn, tell } = this.#options;
    this.#isRunning = true;
    await nextTurn();
    for (const key of book.refreshing()) {
      if (key !== null) tell(key);
      await nextTurn();
    }
    this.#isRunning = false;
  }
}
