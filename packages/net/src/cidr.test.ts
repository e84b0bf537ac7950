import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addressCount,
  cidrFamily,
  cidrPrefixLength,
  firstHost,
  isCidr,
  lastAddress,
  networkAddress,
  normalizeCidr,
  parseCidr,
} from './cidr.ts';
import { ipBits, ipFromBigInt, ipToBigInt } from './ip-address.ts';
import { AddressSyntaxError } from './value-syntax-error.ts';

/** Any address of either family with any prefix length; host bits may be set. */
const addressAndLength = fc.constantFrom(4 as const, 6 as const).chain((family) =>
  fc.record({
    family: fc.constant(family),
    value: fc.bigInt({ min: 0n, max: (1n << BigInt(ipBits(family))) - 1n }),
    prefixLength: fc.integer({ min: 0, max: ipBits(family) }),
  }),
);

describe('reading', () => {
  test.each(['0.0.0.0/0', '10.0.0.0/8', '192.0.2.1/32', '::/0', '2001:db8::/32', '::1/128', '::ffff:10.0.0.0/104'])(
    '%s is canonical',
    (text) => {
      expect(parseCidr(text)).toBe(text);
      expect(isCidr(text)).toBe(true);
    },
  );

  test.each([
    ['1.2.3.4/33', 'at most 32'],
    ['::/129', 'at most 128'],
    ['1.2.3.4', 'prefix length is missing'],
    ['1.2.3.4/', 'decimal number'],
    ['/24', 'it is empty'],
    ['/', 'it is empty'],
    ['', 'prefix length is missing'],
    ['10.0.0.0/08', 'leading zeros'],
    ['10.0.0.0/-1', 'decimal number'],
    ['10.0.0.0/+8', 'decimal number'],
    ['10.0.0.0/8 ', 'decimal number'],
    [' 10.0.0.0/8', 'decimal number'],
    ['10.0.0.0 /8', 'decimal number'],
    ['10.0.0.0/8/8', 'decimal number'],
    ['10.0.0.0/٨', 'decimal number'],
    ['10.0.0.0/1e1', 'decimal number'],
    ['10.0.0.0/255.0.0.0', 'decimal number'],
    ['10.0.0/8', 'four octets'],
    ['010.0.0.0/8', 'leading zero'],
    ['fe80::%eth0/64', 'zone ids'],
    ['10.0.0.0/2:4', 'decimal number'],
    [`10.0.0.0/${'8'.repeat(1_000_000)}`, 'decimal number'],
  ])('refuses %j', (text, reason) => {
    expect(() => parseCidr(text)).toThrow(AddressSyntaxError);
    expect(() => parseCidr(text)).toThrow(reason);
    expect(isCidr(text)).toBe(false);
  });

  test('host bits are refused with the block that was meant, or cleared on request', () => {
    expect(() => parseCidr('10.1.2.3/8')).toThrow('did you mean 10.0.0.0/8?');
    expect(normalizeCidr('10.1.2.3/8')).toBe('10.0.0.0/8');
    expect(normalizeCidr('2001:DB8::1/32')).toBe('2001:db8::/32');
    expect(normalizeCidr('10.1.2.3')).toBe('10.1.2.3/32');
    expect(normalizeCidr('::1')).toBe('::1/128');
    expect(() => normalizeCidr('10.1.2')).toThrow(AddressSyntaxError);
    expect(() => normalizeCidr('10.1.2.3/33')).toThrow(AddressSyntaxError);
  });
});

test('normalizing, reading and the parts agree', () => {
  fc.assert(
    fc.property(addressAndLength, ({ family, value, prefixLength }) => {
      const cidr = normalizeCidr(`${ipFromBigInt(family, value)}/${prefixLength}`);
      expect(parseCidr(cidr)).toBe(cidr);
      expect(cidrFamily(cidr)).toBe(family);
      expect(cidrPrefixLength(cidr)).toBe(prefixLength);
      const first = ipToBigInt(networkAddress(cidr));
      expect(first <= value && value <= ipToBigInt(lastAddress(cidr))).toBe(true);
      expect(ipToBigInt(lastAddress(cidr)) - first + 1n).toBe(addressCount(cidr));
      expect(addressCount(cidr)).toBe(2n ** BigInt(ipBits(family) - prefixLength));
    }),
  );
});

test.each([
  ['10.0.0.0/24', '10.0.0.1', '10.0.0.255'],
  ['10.0.0.0/30', '10.0.0.1', '10.0.0.3'],
  ['10.0.0.2/31', '10.0.0.2', '10.0.0.3'],
  ['10.0.0.2/32', '10.0.0.2', '10.0.0.2'],
  ['0.0.0.0/0', '0.0.0.1', '255.255.255.255'],
  ['2001:db8::/64', '2001:db8::1', '2001:db8::ffff:ffff:ffff:ffff'],
  ['2001:db8::/127', '2001:db8::', '2001:db8::1'],
  ['2001:db8::7/128', '2001:db8::7', '2001:db8::7'],
])('%s: first host %s, last address %s', (text, first, last) => {
  expect(firstHost(parseCidr(text))).toBe(first);
  expect(lastAddress(parseCidr(text))).toBe(last);
});
