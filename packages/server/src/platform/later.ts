/** Does something once after a while, however often that is asked for meanwhile. Keeps no process from ending. */
export class Later {
  readonly #work: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(work: () => void) {
    this.#work = work;
  }

  get isWaiting(): boolean {
    return this.#timer !== null;
  }

  /** Not later than it was to be done already. */
  in(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#work();
    }, ms).unref();
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
