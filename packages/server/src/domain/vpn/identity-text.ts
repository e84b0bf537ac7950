import type { IpAddress } from '@landbridge/net';
import type { Words } from '../refusal.ts';
import type { Identity } from './vpn-connection.ts';

/** What charon reads of a pre-shared key's owner; the rest would be cut off (vici_cred.c, `char[256]`). */
const mostOwnerBytes = 255;

/**
 * An identity in the words of strongSwan (swanctl.conf(5), `id`), in a form that can be read in no other way: behind
 * `fqdn:` a name is taken as it is unless it begins with `#`, which announces bytes in hexadecimal; the address 0.0.0.0
 * would mean "anybody".
 */
export function identityText(identity: Identity, natural: IpAddress): string {
  if (identity.value === null) return natural;
  if (identity.kind === 'fqdn') return `fqdn:${identity.value.startsWith('#') ? hex(identity.value) : identity.value}`;
  return identity.value === '0.0.0.0' ? 'ipv4:#00000000' : identity.value;
}

function hex(name: string): string {
  return `#${Buffer.from(name, 'latin1').toString('hex')}`;
}

/** What is wrong with a name as an identity, for people; null when charon can be told of it. */
export function problemOfFqdn(name: string): Words | null {
  if (!/^[\x21-\x7e]+$/.test(name))
    return { en: 'printable ASCII without spaces is expected', zh: '应为不含空格的可打印 ASCII 字符' };
  if (identityText({ kind: 'fqdn', value: name }, '' as IpAddress).length <= mostOwnerBytes) return null;
  return name.startsWith('#')
    ? { en: 'at most 124 characters are possible for a name that begins with #', zh: '以 # 开头的名称最多 124 个字符' }
    : { en: 'at most 250 characters are possible', zh: '最多 250 个字符' };
}
