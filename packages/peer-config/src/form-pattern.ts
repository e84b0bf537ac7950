/**
 * How documented-forms.ts writes commands: `<n>` is a number, `<ip>` an address, `<cidr>` a block, `<id>` a name of ours,
 * `<interface>` one of the device's, `<fqdn>` a DNS name, `<word>` a key as one word, `<text>` a comment; `<a|b>` is one of these,
 * `[…]` may be left out.
 */
const values: Readonly<Record<string, string>> = {
  n: '\\d+',
  ip: '\\d{1,3}(?:\\.\\d{1,3}){3}',
  cidr: '\\d{1,3}(?:\\.\\d{1,3}){3}/\\d{1,2}',
  id: '[a-z][a-z0-9-]*',
  interface: '[A-Za-z][A-Za-z0-9/.:_-]*',
  fqdn: '[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?',
  word: '(?![!#])[^\\s"\'`?\\\\]+',
  text: '[\\p{L}\\p{N} _.,:()/@+-]*',
  'charon-id': '(?:\\d{1,3}(?:\\.\\d{1,3}){3}|ipv4:#00000000|fqdn:[A-Za-z0-9._-]+|fqdn:#(?:[0-9a-f]{2})+)',
  'charon-key': '(?:"[^"\\\\#{}]*"|0s[A-Za-z0-9+/]+=*)',
  'pluto-id': '(?:\\d{1,3}(?:\\.\\d{1,3}){3}|@[A-Za-z0-9._-]+)',
  'pluto-key': '(?:"[ !#-~]*"|0x[0-9a-f]+)',
  'charon-ike': '[a-z0-9]+-(?:prf)?(?:md5|sha1|sha256|sha384|sha512)-(?:modp\\d+(?:s256)?|ecp\\d+)',
  'charon-esp': '[a-z0-9]+(?:-(?:md5|sha1|sha256|sha384|sha512))?(?:-(?:modp\\d+(?:s256)?|ecp\\d+))?',
  'pluto-ike': '[a-z0-9_]+-[a-z0-9_]+;dh\\d+',
  'pluto-esp': '[a-z0-9_]+(?:-[a-z0-9_]+)?(?:;dh\\d+)?',
  'single-quoted-key': "'[^'\"\\\\]+'",
  'escaped-key': '"(?:[A-Za-z0-9._-]|\\\\[0-9A-F]{2})*"',
  'escaped-fqdn': '"fqdn:(?:[A-Za-z0-9._-]|\\\\[0-9A-F]{2})*"',
  'forti-key': '"(?:[^"\\\\?\\n]|\\\\["\\\\])*"',
  'junos-key': '(?:ascii-text "[A-Za-z0-9._-]+"|hexadecimal (?:[0-9a-f]{2})+)',
};

/** A whole line in one of the forms. */
export function formPattern(forms: readonly string[]): RegExp {
  return new RegExp(`^(?:${forms.map(pattern).join('|')})$`, 'u');
}

function pattern(form: string): string {
  return form
    .split(/(<[^>]+>|\[[^\]]+\])/)
    .map((part) => {
      if (part.startsWith('[')) return `(?:${pattern(part.slice(1, -1))})?`;
      if (!part.startsWith('<')) return literal(part);
      const inside = part.slice(1, -1);
      return values[inside] ?? `(?:${inside.split('|').map(literal).join('|')})`;
    })
    .join('');
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
