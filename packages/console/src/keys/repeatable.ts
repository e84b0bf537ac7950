import { newToken } from '../calls/client-token.ts';

/** The ClientToken of a call: made again because no answer came it is the same and nothing is done twice; of another call another one. */
export class Repeatable {
  #token = '';
  #of = '';

  tokenFor(parameters: object): string {
    const of = JSON.stringify(parameters);
    if (of !== this.#of) {
      this.#of = of;
      this.#token = newToken();
    }
    return this.#token;
  }
}
