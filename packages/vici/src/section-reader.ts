/**
 * Typed reading of the fields of one section. charon prints numbers as text; a field that is missing or not of the
 * expected form is a ViciDecodeError that names the field.
 */
import { ViciDecodeError } from './errors.ts';
import type { ViciMessage, ViciValue } from './message.ts';

export class SectionReader {
  readonly #section: ViciMessage;
  readonly #where: string;

  /** `where` names the section in errors. */
  constructor(section: ViciMessage, where: string) {
    this.#section = section;
    this.#where = where;
  }

  optionalText(key: string): string | undefined {
    const element = this.#section.get(key);
    if (element === undefined) return undefined;
    if (typeof element === 'string' || Buffer.isBuffer(element)) return asText(element);
    throw this.#wrong(key, 'is not a value');
  }

  text(key: string): string {
    return this.optionalText(key) ?? this.#missing(key);
  }

  /** Decimal, perhaps negative. Counters above 2^53 lose their last digits. */
  optionalInteger(key: string): number | undefined {
    const text = this.optionalText(key);
    if (text === undefined) return undefined;
    if (!/^-?[0-9]{1,20}$/.test(text)) throw this.#wrong(key, 'is not a decimal integer');
    return Number(text);
  }

  integer(key: string): number {
    return this.optionalInteger(key) ?? this.#missing(key);
  }

  /** Up to 32 bits in hexadecimal without prefix, as charon prints SPIs, marks and interface ids. */
  optionalHex(key: string): number | undefined {
    const text = this.optionalText(key);
    if (text === undefined) return undefined;
    if (!/^[0-9a-f]{1,8}$/i.test(text)) throw this.#wrong(key, 'is not a hexadecimal number of 32 bits');
    return Number.parseInt(text, 16);
  }

  /** charon writes flags as `yes` and leaves them out when they are not set. */
  isYes(key: string): boolean {
    return this.optionalText(key) === 'yes';
  }

  /** One of the known words, or `fallback` for a word of a newer charon. */
  word<const W extends string, const F extends string>(key: string, known: readonly W[], fallback: F): W | F {
    const text = this.text(key);
    return known.find((candidate) => candidate === text) ?? fallback;
  }

  /** The items of a list; none when it is absent. */
  list(key: string): string[] {
    const element = this.#section.get(key);
    if (element === undefined) return [];
    if (!Array.isArray(element)) throw this.#wrong(key, 'is not a list');
    return (element as readonly ViciValue[]).map(asText);
  }

  /** A sub-section; empty when it is absent. */
  section(key: string): SectionReader {
    const element = this.#section.get(key);
    if (element === undefined) return new SectionReader(new Map(), `${this.#where}.${key}`);
    if (element instanceof Map) return new SectionReader(element, `${this.#where}.${key}`);
    throw this.#wrong(key, 'is not a section');
  }

  /** All sub-sections with their names, in order. */
  sections(): [name: string, section: SectionReader][] {
    const found: [string, SectionReader][] = [];
    for (const [name, element] of this.#section) {
      if (element instanceof Map) found.push([name, new SectionReader(element, `${this.#where}.${name}`)]);
    }
    return found;
  }

  /** The only sub-section: list and SA messages put everything under the name of the connection. */
  onlySection(): [name: string, section: SectionReader] {
    const [first, ...others] = this.sections();
    if (!first || others.length > 0) throw new ViciDecodeError(`${this.#where} does not have exactly one section`);
    return first;
  }

  #missing(key: string): never {
    throw this.#wrong(key, 'is missing');
  }

  #wrong(key: string, what: string): ViciDecodeError {
    return new ViciDecodeError(`${this.#where}: "${key}" ${what}`);
  }
}

/** Bytes that are no UTF-8 become Latin-1, so that nothing is lost. */
function asText(value: ViciValue): string {
  return typeof value === 'string' ? value : value.toString('latin1');
}
