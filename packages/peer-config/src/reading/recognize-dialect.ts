import type { Dialect } from './found-tunnel.ts';

/** Beginnings of lines that only one dialect has; the two kinds of ipsec.conf are told apart by their words. */
const beginnings: readonly (readonly [Dialect, readonly string[]])[] = [
  ['routeros', ['/ip ipsec', '/ip/ipsec']],
  ['vyos', ['set vpn ipsec', 'set interfaces vti']],
  ['fortigate', ['config vpn ipsec', '#config-version=']],
  ['cisco-ios', ['crypto isakmp', 'crypto ikev2', 'crypto map', 'crypto ipsec']],
  ['swanctl', ['connections {', 'connections{']],
];

const libreswanWords = [
  ...[
    'ikev2=',
    'phase2alg=',
    'phase2=',
    'leftsubnets=',
    'rightsubnets=',
    'salifetime=',
    'ipsec-lifetime=',
    'ikev1-policy=',
  ],
  ...[
    'ipsec-interface=',
    'vti-interface=',
    'vti-routing=',
    ';modp',
    ';dh',
    'sha2_',
    'aes_gcm',
    'encapsulation=',
    'pfs=',
  ],
];
const strongswanWords = [
  'leftauth=',
  'rightauth=',
  'keyexchange=',
  'keylife=',
  'dpdaction=',
  'forceencaps=',
  '!',
  'margintime=',
];

/** Null: no word of a dialect that is known. */
export function recognizeDialect(text: string): Dialect | null {
  const lines = text.split('\n').map((line) => line.trim());
  for (const [dialect, starts] of beginnings) {
    if (lines.some((line) => starts.some((start) => line.startsWith(start)))) return dialect;
  }
  if (!lines.some((line) => line.startsWith('conn '))) return null;
  const compact = lines.map((line) => line.replaceAll(' ', ''));
  const count = (words: readonly string[]) =>
    compact.reduce(
      (sum, line) =>
        sum + words.filter((word) => line.startsWith(word) || (!/[=]$/.test(word) && line.includes(word))).length,
      0,
    );
  return count(libreswanWords) > count(strongswanWords) ? 'libreswan' : 'strongswan-ipsec-conf';
}
