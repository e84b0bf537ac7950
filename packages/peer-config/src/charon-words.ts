import type { PeerDhGroup, PeerEsp, PeerIdentity, PeerIke } from './peer-model.ts';

/** strongSwan's keywords for the groups of RFC 2409, 3526, 5114 and 5903. */
const groups: Readonly<Record<PeerDhGroup, string>> = {
  1: 'modp768',
  2: 'modp1024',
  5: 'modp1536',
  14: 'modp2048',
  15: 'modp3072',
  16: 'modp4096',
  19: 'ecp256',
  20: 'ecp384',
  21: 'ecp521',
  24: 'modp2048s256',
};

/** `aes256gcm16-prfsha256-ecp256` */
export function charonIke({ encryption, integrity, dhGroup }: PeerIke): string {
  const middle = encryption.includes('gcm') ? `prf${integrity}` : integrity;
  return `${encryption}-${middle}-${groups[dhGroup]}`;
}

/** `aes256gcm16-ecp256`, `aes128-sha1` */
export function charonEsp({ encryption, integrity, pfsGroup }: PeerEsp): string {
  const parts: string[] = [encryption];
  if (!encryption.includes('gcm')) parts.push(integrity);
  if (pfsGroup !== null) parts.push(groups[pfsGroup]);
  return parts.join('-');
}

/**
 * An identity as charon reads it in no other way: a name of other characters than DNS's is given in hexadecimal (swanctl.conf(5),
 * `id`), which no file's syntax can take for its own.
 */
export function charonIdentity({ kind, value }: PeerIdentity): string {
  if (kind === 'address') return value === '0.0.0.0' ? 'ipv4:#00000000' : value;
  return /^[A-Za-z0-9._-]+$/.test(value) ? `fqdn:${value}` : `fqdn:#${Buffer.from(value, 'latin1').toString('hex')}`;
}

/** A key in base64, which no file's syntax can take for its own either. */
export function charonKey(key: string): string {
  return /^(?!0[sxSX])[A-Za-z0-9 !$%&()*+,./:<=>?@^_|~-]+$/.test(key)
    ? `"${key}"`
    : `0s${Buffer.from(key, 'utf8').toString('base64')}`;
}
