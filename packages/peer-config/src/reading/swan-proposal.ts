import { cipherOf, groupOfName, hashOf, isAeadCipher } from './algorithm-words.ts';
import type { FoundProposal } from './found-tunnel.ts';

/** Proposals in strongSwan's words (swanctl.conf(5), `proposals`): `aes256-sha256-modp2048, aes256gcm16-prfsha256-ecp256`. */

const ecAndModp = [14, 15, 16, 17, 18, 19, 20, 21, 28, 29, 30, 31, 32] as const;
const cbc = ['aes128', 'aes192', 'aes256', 'camellia128', 'camellia192', 'camellia256'];
const counterModes = ['aes128ctr', 'aes192ctr', 'aes256ctr'];
const gcm = ['aes128gcm16', 'aes192gcm16', 'aes256gcm16', 'chacha20poly1305'];
const hashes = ['sha256', 'sha384', 'sha512', 'sha1', 'aesxcbc', 'aescmac'];

/** What charon offers and takes when nothing is said, with the plugins of Debian's packages (libstrongswan, proposal.c). */
export const defaultIkeProposals: readonly FoundProposal[] = [
  { encryption: [...cbc, ...counterModes], integrity: hashes, prf: hashes, groups: ecAndModp },
  { encryption: gcm, integrity: [], prf: hashes, groups: ecAndModp },
];

export const defaultEspProposals: readonly FoundProposal[] = [
  { encryption: gcm, integrity: [], prf: [], groups: [null] },
  { encryption: cbc, integrity: ['sha256', 'sha384', 'sha512', 'sha1', 'aesxcbc'], prf: [], groups: [null] },
];

export function readSwanProposals(text: string, defaults: readonly FoundProposal[]): FoundProposal[] {
  const words = text.split(',').map((word) => word.trim());
  return words.flatMap((word) => {
    if (word === '') return [];
    return word === 'default' || word === 'defaultaead' ? defaults : [readSwanProposal(word)];
  });
}

function readSwanProposal(text: string): FoundProposal {
  const [encryption, integrity, prf]: [string[], string[], string[]] = [[], [], []];
  const groups: number[] = [];
  for (const word of text.toLowerCase().split('-')) {
    const group = groupOfName(word);
    const [cipher, hash] = [cipherOf(word), word.startsWith('prf') ? hashOf(word.slice(3)) : hashOf(word)];
    if (group !== null) groups.push(group);
    else if (word.startsWith('prf')) prf.push(hash ?? word);
    else if (hash !== null && word !== 'null') integrity.push(hash);
    else if (cipher !== null) encryption.push(cipher);
    else if (!['esn', 'noesn', 'modpnone', 'modpnull'].includes(word)) encryption.push(word);
  }
  const isAead = encryption.length > 0 && encryption.every(isAeadCipher);
  return {
    encryption,
    integrity: isAead ? [] : integrity,
    prf: prf.length === 0 && isAead ? integrity : prf,
    groups: groups.length === 0 ? [null] : groups,
  };
}
