import { InterfaceNameSyntaxError } from './value-syntax-error.ts';

declare const interfaceNameBrand: unique symbol;
/** Name of a Linux network device: what dev_valid_name() in the kernel's net/core/dev.c accepts, and ASCII-printable. */
export type InterfaceName = string & { readonly [interfaceNameBrand]: true };

/** IFNAMSIZ is 16 with the closing NUL (linux/if.h). */
const LONGEST_NAME_BYTES = 15;

/**
 * 1 to 15 bytes, not `.` or `..`, no `/`, `:` or white space (dev_valid_name()). Stricter than the kernel in one point:
 * control and non-ASCII characters are refused, because tools print them in different ways. Nor may a name start with
 * `-`, which tools would read as an option. Throws InterfaceNameSyntaxError.
 */
export function parseInterfaceName(text: string): InterfaceName {
  const fail = (reason: string) => new InterfaceNameSyntaxError('an interface name', text, reason);
  if (text === '') throw fail('it is empty');
  if (new TextEncoder().encode(text).length > LONGEST_NAME_BYTES) throw fail('it is longer than 15 bytes');
  if (text === '.' || text === '..') throw fail('"." and ".." are reserved');
  if (/[/:\s]/.test(text)) throw fail('"/", ":" and white space are not allowed');
  if (!/^[\x21-\x7e]+$/.test(text)) throw fail('only printable ASCII characters are allowed');
  if (text.startsWith('-')) throw fail('it may not start with "-"');
  return text as InterfaceName;
}
