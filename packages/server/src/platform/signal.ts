/** News without content: whoever waits for the next one is woken, any number at once. */
export class Signal {
  #pending: PromiseWithResolvers<undefined> = Promise.withResolvers();

  /** Resolves at the next fire(); take it before looking at what the news is about. */
  get next(): Promise<undefined> {
    return this.#pending.promise;
  }

  fire(): void {
    this.#pending.resolve(undefined);
    this.#pending = Promise.withResolvers();
  }
}
