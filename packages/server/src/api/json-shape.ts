import { reject } from './api-error.ts';
import { deepestNesting, mostValues } from './request-bounds.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
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

  scan(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#inText) this.#insideText(byte);
      else this.#outsideText(byte);
    }
  }

  #insideText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === backslash) this.#isEscaped = true;
    else if (byte === quote) this.#inText = false;
  }

  #outsideText(byte: number): void {
    switch (byte) {
      case quote:
        this.#inText = true;
        return;
      case comma:
        this.#count();
        return;
      case 0x5b: // [
      case 0x7b: // {
        this.#count();
        if (++this.#depth > this.#deepest) {
          reject('request-malformed', { problem: `the body is nested deeper than ${this.#deepest} levels` });
        }
        return;
      case 0x5d: // ]
      case 0x7d: // }
        this.#depth -= 1;
    }
  }

  #count(): void {
    if (++this.#values > this.#mostValues) {
      reject('request-malformed', { problem: `the body has more than ${this.#mostValues} values` });
    }
  }
}
