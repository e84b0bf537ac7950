import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ViciDecodeError, ViciEncodeError } from './errors.ts';
import { decodeMessage, encodeMessage, viciMessage } from './message.ts';
import type { ViciElement, ViciMessage, ViciValue } from './message.ts';

const name = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 255 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', '10', '2', ''),
);
const wellFormed = fc.string({ unit: 'binary' });
const notUtf8 = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from([...bytes, 0xff]));
const value: fc.Arbitrary<ViciValue> = fc.oneof(wellFormed, fc.constant('\ufeffwith a byte order mark'), notUtf8);
const { message } = fc.letrec<{ message: ViciMessage; element: ViciElement }>((tie) => ({
  message: fc.array(fc.tuple(name, tie('element')), { maxLength: 6 }).map((entries) => new Map(entries)),
  element: fc.oneof({ depthSize: 'small' }, value, fc.array(value, { maxLength: 4 }), tie('message')),
}));

/** Order counts, which toEqual on Maps ignores. */
function entriesOf(section: ViciMessage): unknown[] {
  return [...section].map(([key, element]) => [key, element instanceof Map ? entriesOf(element) : element]);
}

describe('example of the specification', () => {
  const bytes = Buffer.concat([
    Buffer.from([3, 4]),
    Buffer.from('key1'),
    Buffer.from([0, 6]),
    Buffer.from('value1'),
    Buffer.from([1, 8]),
    Buffer.from('section1'),
    Buffer.from([1, 11]),
    Buffer.from('sub-section'),
    Buffer.from([3, 4]),
    Buffer.from('key2'),
    Buffer.from([0, 6]),
    Buffer.from('value2'),
    Buffer.from([2, 4, 5]),
    Buffer.from('list1'),
    Buffer.from([5, 0, 5]),
    Buffer.from('item1'),
    Buffer.from([5, 0, 5]),
    Buffer.from('item2'),
    Buffer.from([6, 2]),
  ]);
  const example = viciMessage({
    key1: 'value1',
    section1: viciMessage({ 'sub-section': viciMessage({ key2: 'value2' }), list1: ['item1', 'item2'] }),
  });

  test('encodes', () => {
    expect(encodeMessage(example).toString('hex')).toBe(bytes.toString('hex'));
  });

  test('decodes', () => {
    expect(entriesOf(decodeMessage(bytes))).toEqual(entriesOf(example));
  });
});

describe('properties', () => {
  test('decode undoes encode, in order', () => {
    fc.assert(
      fc.property(message, (original) => {
        expect(entriesOf(decodeMessage(encodeMessage(original)))).toEqual(entriesOf(original));
      }),
      { numRuns: 500 },
    );
  });

  test('any bytes are either refused with ViciDecodeError or encode to the same bytes', () => {
    const noise = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
    const plausible = fc
      .array(fc.oneof(fc.integer({ min: 0, max: 7 }), fc.constantFrom(0x41, 0x42, 0xff)), { maxLength: 64 })
      .map((bytes) => Buffer.from(bytes));
    const damaged = fc
      .tuple(message.map(encodeMessage), fc.nat(), fc.nat({ max: 255 }), fc.boolean())
      .map(([bytes, where, byte, cut]) => {
        if (bytes.length === 0) return bytes;
        const copy = Buffer.from(bytes);
        copy[where % copy.length] = byte;
        return cut ? copy.subarray(0, where % copy.length) : copy;
      });
    fc.assert(
      fc.property(fc.oneof(noise, plausible, damaged), (bytes) => {
        let decoded;
        try {
          decoded = decodeMessage(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ViciDecodeError);
          return;
        }
        expect(encodeMessage(decoded).equals(bytes)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('hostile messages', () => {
  test.each([
    ['unknown element type', [9]],
    ['type zero', [0]],
    ['section end at the root', [2]],
    ['section not ended', [1, 1, 0x61]],
    ['list not ended', [4, 1, 0x61]],
    ['list item outside of a list', [5, 0, 0]],
    ['list end outside of a list', [6]],
    ['key in a list', [4, 1, 0x61, 3, 1, 0x62, 0, 0, 6]],
    ['list in a list', [4, 1, 0x61, 4, 1, 0x62, 6, 6]],
    ['section in a list', [4, 1, 0x61, 1, 1, 0x62, 2, 6]],
    ['name cut off', [3, 5, 0x61]],
    ['value cut off', [3, 1, 0x61, 0xff, 0xff, 0x62]],
    ['length cut off', [3, 1, 0x61, 0]],
    ['name with a control character', [3, 1, 0x0a, 0, 0]],
    ['name that is not ASCII', [3, 2, 0xc3, 0xa9, 0, 0]],
    ['name twice', [3, 1, 0x61, 0, 0, 3, 1, 0x61, 0, 0]],
    ['section and key of one name', [1, 1, 0x61, 2, 3, 1, 0x61, 0, 0]],
  ])('%s', (_, bytes) => {
    expect(() => decodeMessage(Buffer.from(bytes))).toThrow(ViciDecodeError);
  });

  test('half a million nested sections are refused without a crash', () => {
    expect(() => decodeMessage(Buffer.alloc(500_000, Buffer.from([1, 0])))).toThrow(ViciDecodeError);
  });

  test('__proto__ is a name like any other', () => {
    const decoded = decodeMessage(encodeMessage(viciMessage({ ['__proto__']: viciMessage({ polluted: 'yes' }) })));
    expect([...decoded.keys()]).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('the result shares no memory with the input', () => {
    const bytes = encodeMessage(viciMessage({ key: Buffer.from([0xff, 0xfe]) }));
    const decoded = decodeMessage(bytes);
    bytes.fill(0);
    expect(decoded.get('key')).toEqual(Buffer.from([0xff, 0xfe]));
  });
});

describe('messages that cannot be sent', () => {
  const secret = 'correct horse battery staple';
  test.each([
    ['name too long', viciMessage({ ['x'.repeat(256)]: secret })],
    ['name not ASCII', viciMessage({ é: secret })],
    ['name with NUL', viciMessage({ 'a\0': secret })],
    ['value too long', viciMessage({ key: secret.repeat(3000) })],
    ['list item too long', viciMessage({ key: [secret.repeat(3000)] })],
    ['lone surrogate', viciMessage({ key: `${secret}\ud800` })],
    ['too deep', Array.from({ length: 40 }).reduce<ViciMessage>((inner) => viciMessage({ s: inner }), new Map())],
  ])('%s', (_, unsendable) => {
    expect(() => encodeMessage(unsendable)).toThrow(ViciEncodeError);
    expect(() => encodeMessage(unsendable)).not.toThrow(secret);
  });
});
