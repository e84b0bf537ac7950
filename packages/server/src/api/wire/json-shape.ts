import type { Words } from '../../domain/refusal.ts';
import { reject } from '../protocol/api-error.ts';
import { deepestNesting, mostValues } from '../protocol/request-bounds.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const [openArray, closeArray] = [0x5b, 0x5d];
const [openObject, closeObject] = [0x7b, 0x7d];
const usualBounds = { mostValues, deepest: deepestNesting };

/**
 * Counts values and nesting of JSON as its bytes arrive, and throws ApiError at the first that is too much: JSON.parse
 * would build all of it first. Judges nothing else. In UTF-8 no byte of another character looks like these.
 */
export class JsonShape {
  readonly #mostValues: number;
  readonly #deepest: number;
  #depth = 0;
  #values = 1;
  #inText = false;
  #isEscaped = false;

  constructor(bounds: { readonly mostValues: number; readonly deepest: number } = usualBounds) {
    this.#mostValues = bounds.mostValues;
    this.#deepest = bounds.deepest;
  }

  /** Sees a megabyte in a few milliseconds: hence one loop over all bytes. */
  scan(bytes: Uint8Array): void {
    let [depth, values, inText, isEscaped] = [this.#depth, this.#values, this.#inText, this.#isEscaped];
    for (const byte of bytes) {
      if (isEscaped) isEscaped = false;
      else if (inText) {
        if (byte === quote) inText = false;
        else if (byte === backslash) isEscaped = true;
      } else if (byte === quote) inText = true;
      else if (byte === comma) values += 1;
      else if (byte === openArray || byte === openObject) {
        values += 1;
        depth += 1;
        if (depth > this.#deepest)
          this.#reject({
            en: `the body is nested deeper than ${this.#deepest} levels`,
            zh: `请求体嵌套超过 ${this.#deepest} 层`,
          });
      } else if (byte === closeArray || byte === closeObject) depth -= 1;
      if (values > this.#mostValues)
        this.#reject({
          en: `the body has more than ${this.#mostValues} values`,
          zh: `请求体中的值超过 ${this.#mostValues} 个`,
        });
    }
    [this.#depth, this.#values, this.#inText, this.#isEscaped] = [depth, values, inText, isEscaped];
  }

  #reject(problem: Words): never {
    return reject('request-malformed', { problem });
  }
}
