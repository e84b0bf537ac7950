import { isAead } from './esp-overhead.ts';
import type { IkeSuite } from '../diagnosis/peer-proposals.ts';
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

/** What an IKE proposal of `ikeProposal` says; null for another text. */
export function suiteOfProposal(keywords: string): IkeSuite | null {
  const [encryption = '', hash = '', groupWord = ''] = keywords.split('-');
  const group = groups.find((one) => dhGroupKeywords[one] === groupWord);
  const prf = hash.replace(/^prf/, '');
  if (group === undefined || !isEncryption(encryption) || !isIntegrity(prf)) return null;
  return { encryption, integrity: isAead(encryption) ? null : prf, prf, group };
}

/** As keywords, every transform named. */
export function keywordsOfSuite({ encryption, integrity, prf, group }: IkeSuite): string {
  return [encryption, ...(integrity === null ? [] : [integrity]), `prf${prf}`, dhGroupKeywords[group]].join('-');
}

const groups = Object.keys(dhGroupKeywords).map(Number) as DhGroup[];

const encryptions: readonly string[] = [
  ...(['des', '3des', 'aes128', 'aes192', 'aes256'] as const),
  ...(['aes128gcm16', 'aes192gcm16', 'aes256gcm16'] as const),
] satisfies readonly IkeSuite['encryption'][];

function isEncryption(word: string): word is IkeSuite['encryption'] {
  return encryptions.includes(word);
}

function isIntegrity(word: string): word is IkeSuite['prf'] {
  return ['md5', 'sha1', 'sha256', 'sha384', 'sha512'].includes(word);
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
