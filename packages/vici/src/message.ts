/**
 * The vici message codec. Pure. Format: strongSwan src/libcharon/plugins/vici/README.md, "Message format".
 *
 * A message is a Map, so that order is kept (numeric names too) and a name like `__proto__` is only a name. Values are
 * strings when they are valid UTF-8 and Buffers when not; both ways are lossless. Names are printable ASCII, as charon
 * demands (vici_message.c, vici_stringify), and unique in their section.
 */
import { isUtf8 } from 'node:buffer';
import { ViciDecodeError, ViciEncodeError } from './errors.ts';

export type ViciValue = string | Buffer;
export type ViciElement = ViciValue | readonly ViciValue[] | ViciMessage;
export type ViciMessage = ReadonlyMap<string, ViciElement>;

/** Element types, vici README "Message format" and vici_message.h. */
const SECTION_START = 1;
const SECTION_END = 2;
const KEY_VALUE = 3;
const LIST_START = 4;
const LIST_ITEM = 5;
const LIST_END = 6;

const LONGEST_NAME = 0xff;
const LONGEST_VALUE = 0xffff;
/** The format has no limit; charon's own messages nest five deep. */
const DEEPEST_SECTION = 32;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Builds a message or section in the order written; fields that are undefined are left out. */
export function viciMessage(fields: Readonly<Record<string, ViciElement | undefined>>): ViciMessage {
  const message = new Map<string, ViciElement>();
  for (const [name, element] of Object.entries(fields)) {
    if (element !== undefined) message.set(name, element);
  }
  return message;
}

/** Throws ViciEncodeError; its text names keys, never values. */
export function encodeMessage(message: ViciMessage): Buffer {
  const parts: Buffer[] = [];
  encodeSection(message, parts, 0);
  return Buffer.concat(parts);
}

function encodeSection(section: ViciMessage, parts: Buffer[], depth: number): void {
  if (depth > DEEPEST_SECTION) throw new ViciEncodeError('sections are nested too deeply');
  for (const [name, element] of section) {
    if (element instanceof Map) {
      parts.push(encodeName(SECTION_START, name));
      encodeSection(element, parts, depth + 1);
      parts.push(Buffer.of(SECTION_END));
    } else if (Array.isArray(element)) {
      parts.push(encodeName(LIST_START, name));
      for (const item of element as readonly ViciValue[]) parts.push(Buffer.of(LIST_ITEM), ...encodeValue(item, name));
      parts.push(Buffer.of(LIST_END));
    } else {
      parts.push(encodeName(KEY_VALUE, name), ...encodeValue(element as ViciValue, name));
    }
  }
}

function encodeName(type: number, name: string): Buffer {
  if (name.length > LONGEST_NAME) throw new ViciEncodeError('a name is longer than 255 bytes');
  if (!PRINTABLE_ASCII.test(name)) throw new ViciEncodeError('a name is not printable ASCII');
  return Buffer.concat([Buffer.of(type, name.length), Buffer.from(name, 'latin1')]);
}

function encodeValue(value: ViciValue, name: string): [Buffer, Buffer] {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new ViciEncodeError(`the value of "${name}" has a lone surrogate`);
  }
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  if (bytes.length > LONGEST_VALUE) throw new ViciEncodeError(`the value of "${name}" is longer than 65535 bytes`);
  return [Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes];
}

/** Throws ViciDecodeError on anything that is not one whole message. The result shares no memory with `bytes`. */
export function decodeMessage(bytes: Buffer): ViciMessage {
  const reader = new ElementReader(bytes);
  const root = new Map<string, ViciElement>();
  const open: Map<string, ViciElement>[] = [root];
  while (!reader.isAtEnd) {
    const section = open.at(-1) ?? root;
    const type = reader.readByte();
    if (type === SECTION_END) {
      if (open.length === 1) throw new ViciDecodeError('a section ends that was not started');
      open.pop();
      continue;
    }
    if (type !== SECTION_START && type !== KEY_VALUE && type !== LIST_START) {
      throw new ViciDecodeError(`element type ${type} is not allowed here`);
    }
    const name = reader.readName();
    if (section.has(name)) throw new ViciDecodeError(`"${name}" appears twice in one section`);
    if (type === KEY_VALUE) {
      section.set(name, reader.readValue());
    } else if (type === LIST_START) {
      section.set(name, reader.readList());
    } else {
      if (open.length > DEEPEST_SECTION) throw new ViciDecodeError('sections are nested too deeply');
      const inner = new Map<string, ViciElement>();
      section.set(name, inner);
      open.push(inner);
    }
  }
  if (open.length > 1) throw new ViciDecodeError('the message ends inside a section');
  return root;
}

/** Reads in place: a list of SAs has some fifty elements for each, and a view of each of them would cost more than all else. */
class ElementReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  readByte(): number {
    return this.#bytes[this.#take(1)] ?? 0;
  }

  readName(): string {
    const length = this.readByte();
    const start = this.#take(length);
    const name = this.#bytes.toString('latin1', start, start + length);
    if (!PRINTABLE_ASCII.test(name)) throw new ViciDecodeError('a name is not printable ASCII');
    return name;
  }

  readValue(): ViciValue {
    const length = this.#bytes.readUInt16BE(this.#take(2));
    const start = this.#take(length);
    const end = start + length;
    if (this.#isAscii(start, end)) return this.#bytes.toString('latin1', start, end);
    const bytes = this.#bytes.subarray(start, end);
    return isUtf8(bytes) ? bytes.toString('utf8') : Buffer.from(bytes);
  }

  readList(): ViciValue[] {
    const items: ViciValue[] = [];
    for (let type = this.readByte(); type !== LIST_END; type = this.readByte()) {
      if (type !== LIST_ITEM) throw new ViciDecodeError(`element type ${type} is not allowed in a list`);
      items.push(this.readValue());
    }
    return items;
  }

  #isAscii(start: number, end: number): boolean {
    for (let place = start; place < end; place++) if ((this.#bytes[place] ?? 0) > 0x7f) return false;
    return true;
  }

  /** Where so many bytes begin, which are passed over. */
  #take(count: number): number {
    const start = this.#position;
    if (start + count > this.#bytes.length) throw new ViciDecodeError('the message ends inside an element');
    this.#position = start + count;
    return start;
  }
}
