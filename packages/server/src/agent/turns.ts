/** One at a time by key, in the order of asking. */
export class Turns<K> {
  /** Key → the end of the last turn that was asked for; it never rejects. */
  readonly #last = new Map<K, Promise<void>>();

  async take<T>(key: K, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const { promise: end, resolve } = Promise.withResolvers<void>();
    this.#last.set(key, end);
    try {
      await before;
      return await work();
    } finally {
      resolve();
      if (this.#last.get(key) === end) this.#last.delete(key);
    }
  }
}
