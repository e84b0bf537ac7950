import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInterfaceName } from './interface-name.ts';
import { InterfaceNameSyntaxError } from './value-syntax-error.ts';

test.each(['lo', 'eth0', 'lb-3f9c-xfrm1', 'eth0.100', 'br_1', 'a@b', '...', '123456789012345'])(
  '%s is a name',
  (text) => {
    expect(parseInterfaceName(text)).toBe(text);
  },
);

test.each([
  ['', 'empty'],
  ['.', 'reserved'],
  ['..', 'reserved'],
  ['a/b', '"/"'],
  ['eth0:1', '":"'],
  ['eth 0', 'white space'],
  ['eth0\n', 'white space'],
  ['eth\u00a0', 'white space'],
  ['eth\u0000', 'printable'],
  ['é', 'printable'],
  ['-x', 'start with "-"'],
  ['1234567890123456', '15 bytes'],
  ['ééééééééé', '15 bytes'],
  ['x'.repeat(1_000_000), '15 bytes'],
])('refuses %j', (text, reason) => {
  expect(() => parseInterfaceName(text)).toThrow(InterfaceNameSyntaxError);
  expect(() => parseInterfaceName(text)).toThrow(reason);
});

test('any text is either returned as it is or refused with InterfaceNameSyntaxError', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 17 }), (text) => {
      try {
        expect(parseInterfaceName(text)).toBe(text);
        expect(text).toMatch(/^[!-~]{1,15}$/);
      } catch (error) {
        expect(error).toBeInstanceOf(InterfaceNameSyntaxError);
      }
    }),
  );
});
