import { isAead } from './esp-overhead.ts';
import type { DhGroup, EspOptions, IkeOptions } from './vpn-connection.ts';

/** strongSwan's keywords for the groups of RFC 2409, 3526, 5114 and 5903. */
const dhGroupKeywords: Readonly<Record<DhGroup, string>> = {
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

/** An IKE proposal such as `aes256gcm16-prfsha256-ecp256`. AEAD ciphers name a PRF where others name an integrity. */
export function ikeProposal({ encryption, integrity, dhGroup }: IkeOptions): string {
  const middle = isAead(encryption) ? `prf${integrity}` : integrity;
  return `${encryption}-${middle}-${dhGroupKeywords[dhGroup]}`;
}

/**
 * An ESP proposal such as `aes256gcm16-ecp256-esn-noesn`. Extended sequence numbers are offered, not demanded, and only
 * by IKEv2: IKEv1 needs an attribute that few devices know (RFC 4304).
 */
export function espProposal({ encryption, integrity, pfsGroup }: EspOptions, ikeVersion: 1 | 2): string {
  const parts: string[] = [encryption];
  if (!isAead(encryption)) parts.push(integrity);
  if (pfsGroup !== null) parts.push(dhGroupKeywords[pfsGroup]);
  if (ikeVersion === 2) parts.push('esn', 'noesn');
  return parts.join('-');
}
