import { everything, isIpAddress, normalizeCidr, type Cidr } from '@landbridge/net';
import { FoundKey } from './found-key.ts';
import type { FoundAddress, FoundIdentity, Saying } from './found-tunnel.ts';

/** Values as strongSwan and its relatives write them; each answers null for what cannot be told. */

/** strongswan.conf(5), "Time": seconds, or with a unit. */
export function readSwanSeconds(text: string): number | null {
  const match = /^([0-9]{1,9})\s*([smhd]?)$/.exec(text.trim());
  if (match === null) return null;
  const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
  return Number(match[1]) * (units[match[2] ?? ''] ?? 1);
}

export function readSwanBoolean(text: string): boolean {
  return ['1', 'yes', 'true', 'enabled'].includes(text.toLowerCase());
}

/** The address family is IPv4: what is IPv6 is left out. */
export function readRange(text: string): Cidr | null {
  try {
    const range = normalizeCidr(text);
    return range.includes(':') ? null : range;
  } catch {
    return null;
  }
}

/** `%any`, addresses, ranges; a DNS name can be anything. */
export function readSwanAddress(words: readonly string[]): FoundAddress | null {
  if (words.some((word) => ['%any', '%any4', '%defaultroute', '0.0.0.0', '0.0.0.0/0', 'any'].includes(word))) {
    return { kind: 'any' };
  }
  const ranges = words.map((word) => readRange(word.startsWith('%') ? word.slice(1) : word));
  return ranges.length === 0 || ranges.includes(null)
    ? null
    : { kind: 'these', ranges: ranges.filter((r) => r !== null) };
}

/** swanctl.conf(5), "IDENTITY PARSING". */
export function readSwanIdentity(text: string): FoundIdentity {
  const typed = /^(fqdn|dns|ipv4|ip|keyid|email|rfc822|userfqdn|asn1dn|dn):(.*)$/s.exec(text);
  if (typed !== null) return readTypedIdentity(typed[1] ?? '', typed[2] ?? '');
  if (text === '%any' || text === '*') return { kind: 'any' };
  if (isIpAddress(text) && !text.includes(':')) return addressIdentity(text);
  if (text.startsWith('@#') || text.startsWith('@@')) return { kind: 'other', text };
  if (text.startsWith('@')) return { kind: 'fqdn', name: text.slice(1) };
  if (text.startsWith('*.')) return { kind: 'fqdn-within', domain: text.slice(2) };
  if (text.includes('@') || text.includes('=') || text.includes(':')) return { kind: 'other', text };
  return { kind: 'fqdn', name: text };
}

function readTypedIdentity(type: string, text: string): FoundIdentity {
  if (type === 'fqdn' || type === 'dns') return { kind: 'fqdn', name: text };
  if ((type === 'ipv4' || type === 'ip') && isIpAddress(text) && !text.includes(':')) return addressIdentity(text);
  return { kind: 'other', text: `${type}:${text}` };
}

/** @param address an IPv4 address. */
export function addressIdentity(address: string): FoundIdentity {
  return { kind: 'address', range: normalizeCidr(address) };
}

/** `0x…` hexadecimal, `0s…` base64, else the text itself (ipsec.secrets(5)). */
export function readSwanKey(text: string): FoundKey {
  if (/^0x(?:[0-9a-f]{2})+$/i.test(text)) return FoundKey.ofBytes(Uint8Array.from(Buffer.from(text.slice(2), 'hex')));
  if (text.startsWith('0s')) return FoundKey.ofBytes(Uint8Array.from(Buffer.from(text.slice(2), 'base64')));
  return FoundKey.ofText(text);
}

/** The identity of an end that is only said to be its address: some address, where the file does not say which. */
export function identityOfAddress(address: Saying<FoundAddress>): Saying<FoundIdentity> {
  const ranges = address?.value.kind === 'these' ? address.value.ranges : [];
  const [only = everything, ...others] = ranges;
  return { value: { kind: 'address', range: others.length > 0 ? everything : only }, line: address?.line ?? null };
}
