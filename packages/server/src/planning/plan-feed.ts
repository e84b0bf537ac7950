import { nextTurn, pause } from '../platform/loop-turn.ts';
import type { PlanKey } from '../plan/plan.ts';
import type { PlanBook } from './plan-book.ts';

/** While commits follow each other, plans get this part of the time: they are made anew for several commits at once. */
const partOfTime = 1 / 10;
const longestPauseMs = 100;

/** Makes doubtful plans anew while nobody waits for the event loop, and tells which came out different. */
export class PlanFeed {
  readonly #book: Pick<PlanBook, 'refreshing'>;
  readonly #tell: (keys: readonly PlanKey[]) => void;
  #isRunning = false;
  /** Since the last plan. */
  #commits = 0;
  /** Until nothing is doubtful. */
  #isUrgent = false;

  constructor(book: Pick<PlanBook, 'refreshing'>, tell: (keys: readonly PlanKey[]) => void) {
    this.#book = book;
    this.#tell = tell;
  }

  /** Somebody's change is in the rows; more of the kind may follow at once. */
  committed(): void {
    this.#commits += 1;
    this.#wake();
  }

  /** What the network needs now, such as the way around a tunnel that died. */
  hurry(): void {
    this.#isUrgent = true;
    this.#wake();
  }

  #wake(): void {
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    await nextTurn();
    let startedAt = performance.now();
    for (const key of this.#book.refreshing()) {
      if (key !== null) this.#tell([key]);
      await this.#leaveTheLoop(performance.now() - startedAt);
      startedAt = performance.now();
    }
    this.#isUrgent = false;
    this.#isRunning = false;
  }

  /** @param tookMs the last plan. */
  async #leaveTheLoop(tookMs: number): Promise<void> {
    const isBusy = this.#commits > 1 && !this.#isUrgent;
    this.#commits = 0;
    await nextTurn();
    if (isBusy) await pause(Math.min(longestPauseMs, tookMs * (1 / partOfTime - 1)));
  }
}
