import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAsn } from './asn.ts';
import { AsnSyntaxError } from './value-syntax-error.ts';

test('every number from 1 to 2^32 - 1 survives, as number and as text', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffff_ffff }), (value) => {
      expect(parseAsn(value)).toBe(value);
      expect(parseAsn(String(value))).toBe(value);
    }),
  );
});

test.each([
  0,
  -1,
  1.5,
  NaN,
  Infinity,
  2 ** 32,
  1e21,
  '',
  '0',
  '01',
  '+1',
  '-1',
  '1.10',
  '0x10',
  ' 1',
  '1 ',
  '١',
  'AS1',
  '9'.repeat(100_000),
])('refuses %j', (value) => {
  expect(() => parseAsn(value)).toThrow(AsnSyntaxError);
});
