import { AsnSyntaxError } from './value-syntax-error.ts';

declare const asnBrand: unique symbol;
/** Autonomous system number of four octets (RFC 6793), 1 … 4294967295. Which ranges are private is not judged here. */
export type Asn = number & { readonly [asnBrand]: true };

/** Takes a number or its `asplain` text (RFC 5396); throws AsnSyntaxError. AS 0 is refused (RFC 7607). */
export function parseAsn(value: number | string): Asn {
  const text = String(value);
  const fail = (reason: string) => new AsnSyntaxError('an autonomous system number', text, reason);
  if (!/^(?:0|[1-9][0-9]*)$/.test(text)) throw fail('a decimal integer without sign, dot or leading zeros is expected');
  if (text === '0') throw fail('AS 0 is reserved');
  if (text.length > 10 || Number(text) > 0xffff_ffff) throw fail('it does not fit four octets');
  return Number(text) as Asn;
}
