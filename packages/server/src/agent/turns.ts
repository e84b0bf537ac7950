/** One at a time by key, in the order of asking. */
export class Turns<K> {
  /** Key → the end of the last turn that was asked for; it never rejects. */
  readonly #last = new Map<K, Promise<unknown>>();

  take<T>(key: K, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const end: Promise<unknown> = turn.catch(() => undefined).then(() => this.#forget(key, end));
    this.#last.set(key, end);
    return turn;
  }

  #forget(key: K, end: Promise<unknown>): void {
    if (this.#last.get(key) === end) this.#last.delete(key);
  }
}
