import type { Change } from '../image/change.ts';
import { Draft, type DraftRows } from '../image/draft.ts';
import type { Image } from '../image/image.ts';
import type { Rows } from '../image/rows.ts';
import type { Logger } from '../platform/logger.ts';
import { StaleError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';

/** What one commit changed. */
export interface Commit {
  readonly generation: number;
  /** Null: the image was read anew as a whole. */
  readonly changes: readonly Change[] | null;
}

type CommitListener = (commit: Commit) => void;

interface Waiting {
  readonly decide: (rows: DraftRows) => unknown;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Decisions that wait at the same time share a commit, and with it the wait for the disk. */
const mostInOneCommit = 32;
/** How often the same decisions are made again because another controller was faster. */
const mostAttempts = 5;

/**
 * Makes decisions one after the other, each on rows that hold those before it, and commits what they changed. The image is
 * patched once the commit is written; where its outcome is unknown, the store is looked at before the next decision.
 */
export class Writer {
  readonly #store: Store;
  readonly #image: Image;
  readonly #logger: Logger;
  readonly #listeners = new Set<CommitListener>();
  readonly #waiting: Waiting[] = [];
  #isRunning = false;
  /** A commit may or may not have been written. */
  #isInDoubt = false;

  constructor(store: Store, image: Image, logger: Logger) {
    this.#store = store;
    this.#image = image;
    this.#logger = logger;
  }

  /** Commits what the decision changed, then answers; rejects with what it throws, and nothing is changed. */
  decide<Answer>(decision: (rows: DraftRows) => Answer): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({ decide: decision, resolve: resolve as (answer: unknown) => void, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  /** Of rows that hold every commit that was answered before. */
  async read<Answer>(question: (rows: Rows) => Answer): Promise<Answer> {
    if (this.#isInDoubt) await this.#settle();
    return question(this.#image.rows);
  }

  /** What the decision would change; throws what it throws. Nothing is committed. */
  preview<Answer>(decision: (rows: DraftRows) => Answer): {
    readonly answer: Answer;
    readonly changes: readonly Change[];
  } {
    const draft = new Draft(this.#image);
    const answer = draft.attempt(decision);
    return { answer, changes: draft.changes };
  }

  /** Called after each commit, before its decisions are answered. Returns the function that ends it. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) await this.#commitTogether(this.#waiting.splice(0, mostInOneCommit));
    this.#isRunning = false;
  }

  async #commitTogether(group: readonly Waiting[]): Promise<void> {
    try {
      for (const { answer } of await this.#commit(group)) answer();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  /** What to tell whom, once it holds. */
  async #commit(group: readonly Waiting[]): Promise<readonly { readonly answer: () => void }[]> {
    for (let attempt = 1; ; attempt++) {
      if (this.#isInDoubt) await this.#settle();
      const draft = new Draft(this.#image);
      const outcomes = group.map((waiting) => ({ answer: attempted(draft, waiting) }));
      const { changes, log } = draft;
      if (changes.length === 0 && log.length === 0) return outcomes;
      try {
        await this.#store.commit(this.#image.generation, changes, log);
      } catch (error) {
        this.#isInDoubt = true;
        if (!(error instanceof StaleError) || attempt === mostAttempts) throw error;
        continue;
      }
      const generation = this.#image.generation + 1;
      this.#image.patch(changes, generation);
      this.#announce({ generation, changes });
      return outcomes;
    }
  }

  /** Brings the image to where the store is. */
  async #settle(): Promise<void> {
    const news = await this.#store.newsSince(this.#image.generation);
    if (news === null) {
      const { generation, rows } = await this.#store.load();
      this.#image.replace(generation, rows);
      this.#announce({ generation, changes: null });
    } else if (news.generation > this.#image.generation) {
      const changes = this.#image.catchUp(news.rows, news.generation);
      this.#announce({ generation: news.generation, changes });
    }
    this.#isInDoubt = false;
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

function attempted(draft: Draft, { decide, resolve, reject }: Waiting): () => void {
  try {
    const answer = draft.attempt(decide);
    return () => resolve(answer);
  } catch (error) {
    return () => reject(error);
  }
}
