/**
 * Work by key, at once and one at a time per key; what is requested while it runs is done once more afterwards. `work`
 * never rejects.
 */
export class LatestOnly<K> {
  readonly #work: (key: K) => Promise<void>;
  /** Key → requested again meanwhile. */
  readonly #running = new Map<K, boolean>();

  constructor(work: (key: K) => Promise<void>) {
    this.#work = work;
  }

  request(key: K): void {
    if (this.#running.has(key)) this.#running.set(key, true);
    else void this.#run(key);
  }

  async #run(key: K): Promise<void> {
    do {
      this.#running.set(key, false);
      await this.#work(key);
    } while (this.#running.get(key) === true);
    this.#running.delete(key);
  }
}
