import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipFamily, ipFromBigInt, ipToBigInt, isIpAddress, parseIpAddress } from './ip-address.ts';
import { AddressSyntaxError } from './value-syntax-error.ts';

const ipv4Number = fc.bigInt({ min: 0n, max: (1n << 32n) - 1n });
/** Sparse groups, so that "::" appears in all places. */
const ipv6Number = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n));

describe('reading', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8:0:0:8:800:200C:417A', '2001:db8::8:800:200c:417a'],
    ['2001:0db8::0001', '2001:db8::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::FFFF:C000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:7.8.9.10', '1:2:3:4:5:6:708:90a'],
  ])('%s is %s', (text, canonical) => {
    expect(parseIpAddress(text)).toBe(canonical);
  });

  test.each([
    ['', 'it is empty'],
    ['010.0.0.1', 'no leading zero'],
    ['00.0.0.0', 'no leading zero'],
    ['1.2.3', 'four octets'],
    ['1.2.3.4.5', 'four octets'],
    ['1.2.3.', 'decimal number'],
    ['1.2.3.256', 'at most 255'],
    ['1.2.3.99999999999', 'at most 255'],
    ['0x1.2.3.4', 'decimal number'],
    ['1.2.3.-4', 'decimal number'],
    ['1.2.3.4 ', 'decimal number'],
    [' 1.2.3.4', 'decimal number'],
    ['1.2.3.4\n', 'decimal number'],
    ['1.2.3.٤', 'decimal number'],
    ['１.2.3.4', 'decimal number'],
    ['1。2。3。4', 'four octets'],
    ['3232235521', 'four octets'],
    ['localhost', 'four octets'],
    [':', 'hexadecimal'],
    [':::', 'hexadecimal'],
    ['1::2::3', 'may appear once'],
    ['::::', 'may appear once'],
    ['1:2:3:4:5:6:7', 'eight groups'],
    ['1:2:3:4:5:6:7:8:9', 'eight groups'],
    ['1:2:3:4::5:6:7:8', 'at least one group'],
    [':1:2:3:4:5:6:7', 'hexadecimal'],
    ['12345::', 'hexadecimal'],
    ['g::', 'hexadecimal'],
    ['fe80::1%eth0', 'zone ids'],
    ['1.2.3.4::', 'only at the end'],
    ['::1.2.3.4:5', 'only at the end'],
    ['::ffff:1.2.3.04', 'no leading zero'],
    ['::1 ', 'hexadecimal'],
    ['[::1]', 'hexadecimal'],
    ['::١', 'hexadecimal'],
    ['1'.repeat(1_000_000), 'too long'],
    [':'.repeat(1_000_000), 'too long'],
  ])('refuses %j', (text, reason) => {
    expect(() => parseIpAddress(text)).toThrow(AddressSyntaxError);
    expect(() => parseIpAddress(text)).toThrow(reason);
    expect(isIpAddress(text)).toBe(false);
  });

  test('an error stays short whatever the input', () => {
    expect(() => parseIpAddress('x'.repeat(1_000_000))).toThrow(/^.{1,200}$/);
  });

  test('accepts what Node accepts, and refuses the rest', () => {
    const plausible = fc.string({ unit: fc.constantFrom('0', '1', '2', '9', 'a', 'f', ':', '::', '.'), maxLength: 24 });
    fc.assert(
      fc.property(plausible, (text) => {
        expect(isIpAddress(text)).toBe(isIPv4(text) || isIPv6(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('any text is either refused with AddressSyntaxError or read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          expect(isIPv4(text) || isIPv6(text)).toBe(parseIpAddress(text) !== '');
        } catch (error) {
          expect(error).toBeInstanceOf(AddressSyntaxError);
        }
      }),
    );
  });
});

describe('round trips', () => {
  test('number to text to number', () => {
    const numbered = fc.oneof(
      ipv4Number.map((value) => [4, value] as const),
      ipv6Number.map((value) => [6, value] as const),
    );
    fc.assert(
      fc.property(numbered, ([family, value]) => {
        const address = ipFromBigInt(family, value);
        expect(ipFamily(address)).toBe(family);
        expect(ipToBigInt(address)).toBe(value);
        expect(parseIpAddress(address)).toBe(address);
      }),
    );
  });

  test('IPv6 is written as the URL standard writes it', () => {
    fc.assert(
      fc.property(ipv6Number, (value) => {
        fc.pre(value >> 32n !== 0xffffn); // The URL standard has no mixed notation.
        const address = ipFromBigInt(6, value);
        expect(new URL(`http://[${address}]/`).hostname).toBe(`[${address}]`);
      }),
    );
  });

  test('numbers out of range are refused', () => {
    expect(() => ipFromBigInt(4, 1n << 32n)).toThrow(RangeError);
    expect(() => ipFromBigInt(4, -1n)).toThrow(RangeError);
    expect(() => ipFromBigInt(6, 1n << 128n)).toThrow(RangeError);
  });
});
