import { inspect } from 'node:util';

/** A text that no print-out, error or log shows. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** For the call that it goes into, and a file of its owner's. */
  reveal(): string {
    return this.#text;
  }

  equals(other: unknown): boolean {
    return other instanceof Secret && other.#text === this.#text;
  }

  toJSON(): string {
    return '(secret)';
  }

  toString(): string {
    return '(secret)';
  }

  [inspect.custom](): string {
    return '(secret)';
  }
}
