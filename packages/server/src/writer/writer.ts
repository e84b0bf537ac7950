import type { Change } from '../image/change.ts';
import type { LogEntry } from '../domain/operator/log-entry.ts';
import { BusyError } from '../domain/busy-error.ts';
import { Draft, type DraftRows } from '../image/draft.ts';
import type { Image } from '../image/image.ts';
import type { Rows } from '../image/rows.ts';
import type { Logger } from '../platform/logger.ts';
import { DiskError, StaleError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';

/** What one commit changed. */
export interface Commit {
  readonly generation: number;
  readonly changes: readonly Change[];
}

/** What a writer needs of the store. */
export type WriterStore = Pick<Store, 'load' | 'commit' | 'newsSince'>;

type CommitListener = (commit: Commit) => void;

/** What goes into the logs with what a decision changed. */
type EntryFor = (changes: readonly Change[]) => LogEntry | null;

interface Waiting {
  readonly decide: (rows: DraftRows) => unknown;
  readonly entryFor: EntryFor;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Decisions that wait at the same time share a commit, and with it the wait for the disk. */
export const mostInOneCommit = 32;
/** How often the same decisions are made again because another controller was faster. */
export const mostAttempts = 5;
/** A few seconds' worth; whoever comes later had better ask again. */
export const mostWaiting = 1000;

/**
 * Makes decisions one after the other, each on rows that hold those before it, and commits what they changed. The image is
 * patched once the commit is written; where its outcome is unknown, the store is looked at before the next decision.
 */
export class Writer {
  readonly #store: WriterStore;
  readonly #image: Image;
  readonly #logger: Logger;
  readonly #listeners = new Set<CommitListener>();
  readonly #waiting: Waiting[] = [];
  #isRunning = false;
  /** What has to be read before the image is the store's again, after a commit that may or may not have been written. */
  #doubt: 'none' | 'news' | 'everything' = 'none';
  /** Ends when what looks at the store now, or changes it, is done. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: WriterStore, image: Image, logger: Logger) {
    this.#store = store;
    this.#image = image;
    this.#logger = logger;
  }

  /** Decisions that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The image holds what the store has, as far as is known. */
  get isSettled(): boolean {
    return this.#doubt === 'none';
  }

  /**
   * Commits what the decision changed, then answers; rejects with what it throws, and nothing is changed. Rejects with
   * BusyError when too many wait. The decision may be made several times, and must be the same each time.
   */
  decide<Answer>(decision: (rows: DraftRows) => Answer, entryFor: EntryFor = () => null): Promise<Answer> {
    if (this.#waiting.length >= mostWaiting) return Promise.reject(new BusyError(mostWaiting));
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({ decide: decision, entryFor, resolve: resolve as (answer: unknown) => void, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  /** Of rows that hold every commit that was answered before. */
  async read<Answer>(question: (rows: Rows) => Answer): Promise<Answer> {
    if (this.#doubt !== 'none') await this.#inTurn(() => this.#settle());
    return question(this.#image.rows);
  }

  /**
   * What the decision would change, as a draft; throws what it throws. Nothing is committed. Holds every commit that was answered
   * before.
   */
  async preview<Answer>(
    decision: (rows: DraftRows) => Answer,
  ): Promise<{ readonly answer: Answer; readonly draft: Draft }> {
    if (this.#doubt !== 'none') await this.#inTurn(() => this.#settle());
    const draft = new Draft(this.#image);
    const answer = draft.attempt(decision);
    return { answer, draft };
  }

  /** Reads everything: the image was found to differ from the store. */
  loadAnew(): Promise<void> {
    return this.#inTurn(() => {
      this.#doubt = 'everything';
      return this.#settle();
    });
  }

  /** Called after each commit, before its decisions are answered. Returns the function that ends it. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, mostInOneCommit);
      await this.#inTurn(() => this.#commitTogether(group));
    }
    this.#isRunning = false;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #commitTogether(group: readonly Waiting[]): Promise<void> {
    const { generation } = this.#image;
    try {
      for (const { answer } of await this.#commit(group)) answer();
    } catch (error) {
      // What the database refuses may be the fault of one of them, but none is decided twice that may have been written.
      const isWritten = this.#doubt !== 'none' || this.#image.generation !== generation;
      const isOfAll = error instanceof DiskError || error instanceof StaleError;
      if (group.length === 1 || isWritten || isOfAll) for (const { reject } of group) reject(error);
      else for (const waiting of group) await this.#commitTogether([waiting]);
    }
  }

  /** What to tell whom, once it holds. */
  async #commit(group: readonly Waiting[]): Promise<readonly { readonly answer: () => void }[]> {
    for (let attempt = 1; ; attempt++) {
      await this.#settle();
      const draft = new Draft(this.#image);
      const outcomes = group.map((waiting) => ({ answer: attempted(draft, waiting) }));
      const { changes, log } = draft;
      if (changes.length === 0 && log.length === 0) return outcomes;
      try {
        await this.#store.commit(this.#image.generation, changes, log);
      } catch (error) {
        this.#doubt = 'news';
        if (error instanceof StaleError && attempt < mostAttempts) continue;
        await this.#settleSoon();
        throw error;
      }
      const generation = this.#image.generation + 1;
      this.#image.patch(changes, generation);
      this.#logger.debug({ generation, changes: changes.length }, 'committed');
      this.#announce({ generation, changes });
      return outcomes;
    }
  }

  /** Whoever hears of commits hears of it now, if what failed was written. */
  async #settleSoon(): Promise<void> {
    try {
      await this.#settle();
    } catch (error) {
      this.#logger.error({ err: error }, 'the store cannot be read; it is tried again before the next decision');
    }
  }

  /** Brings the image to where the store is. */
  async #settle(): Promise<void> {
    if (this.#doubt === 'none') return;
    const news = this.#doubt === 'news' ? await this.#store.newsSince(this.#image.generation) : null;
    if (news === null) {
      const { generation, rows } = await this.#store.load();
      const changes = this.#image.replace(generation, rows);
      this.#announce({ generation, changes });
    } else if (news.generation > this.#image.generation) {
      const changes = this.#image.catchUp(news.rows, news.generation);
      this.#announce({ generation: news.generation, changes });
    }
    this.#doubt = 'none';
  }

  #announce(commit: Commit): void {
    for (const listener of this.#listeners) {
      try {
        listener(commit);
      } catch (error) {
        this.#logger.error({ err: error, generation: commit.generation }, 'a commit listener failed');
      }
    }
  }
}

function attempted(draft: Draft, { decide, entryFor, resolve, reject }: Waiting): () => void {
  try {
    const answer = draft.attempt(decide, entryFor);
    return () => resolve(answer);
  } catch (error) {
    return () => reject(error);
  }
}
