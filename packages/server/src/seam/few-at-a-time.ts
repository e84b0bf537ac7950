import { BusyError } from '../domain/busy-error.ts';

/** So many questions of a kind wait for their answers at a time; more are refused, so that no queue grows. */
export class FewAtATime {
  readonly #most: number;
  #waiting = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Throws BusyError where too many wait: nothing was asked then. */
  async run<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#waiting === this.#most) throw new BusyError(this.#most);
    this.#waiting += 1;
    try {
      return await ask();
    } finally {
      this.#waiting -= 1;
    }
  }
}
