import { everything } from '@landbridge/net';
import { isAeadCipher, nameOfGroup } from './algorithm-words.ts';
import type { PeerEsp, PeerIke, PeerPair, PeerTunnel } from '../peer-model.ts';

/** Parts of what a device has to be told that several dialects share. */

/** strongSwan's words: `aes256-sha256-modp2048`. */
export function swanIkeProposal({ encryption, integrity, dhGroup }: PeerIke): string {
  const middle = isAeadCipher(encryption) ? `prf${integrity}` : integrity;
  return `${encryption}-${middle}-${nameOfGroup(dhGroup)}`;
}

export function swanEspProposal({ encryption, integrity, pfsGroup }: PeerEsp): string {
  const parts = isAeadCipher(encryption) ? [encryption] : [encryption, integrity];
  return [...parts, ...(pfsGroup === null ? [] : [nameOfGroup(pfsGroup)])].join('-');
}

export function pairsOf({ traffic }: PeerTunnel): readonly PeerPair[] {
  return traffic.mode === 'policy' ? traffic.pairs : [{ local: everything, remote: everything }];
}

export function remotesOf({ traffic }: PeerTunnel): string {
  return traffic.mode === 'route' ? traffic.remotes.join(', ') : '';
}

const mostShown = 4;

/** One piece of text for each pair, the first few of them. */
export function eachPair(tunnel: PeerTunnel, write: (pair: PeerPair) => string): string {
  const pairs = pairsOf(tunnel);
  const more = pairs.length > mostShown ? [`and ${pairs.length - mostShown} more`] : [];
  return [...pairs.slice(0, mostShown).map(write), ...more].join('; ');
}

/** `10.0.1.0 255.255.255.0`. */
export function addressAndMask(range: string): string {
  const [address = '', length = '32'] = range.split('/');
  return `${address} ${maskText(Number(length))}`;
}

/** `10.0.1.0 0.0.0.255`. */
export function addressAndWildcard(range: string): string {
  const [address = '', length = '32'] = range.split('/');
  const wildcard = maskText(Number(length))
    .split('.')
    .map((octet) => 255 - Number(octet))
    .join('.');
  return `${address} ${wildcard}`;
}

function maskText(length: number): string {
  return [0, 8, 16, 24].map((from) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - from)))).join('.');
}

/** `aes256` → 256. */
export function keyBits(cipher: string): string {
  return /^aes(128|192|256)/.exec(cipher)?.[1] ?? '';
}
