import { isAeadCipher, nameOfGroup } from '../algorithm-words.ts';
import { eachPair, keyBits, remotesOf } from '../fix-words.ts';
import type { Fixes } from '../fixes.ts';
import type { PeerIdentity } from '../../peer-model.ts';

export const routerOsFixes: Fixes = ({ device, tunnel }, { name }) => {
  const { ike, esp } = tunnel;
  const seconds = Math.max(1, Math.floor(tunnel.dpd.timeoutSeconds / 3));
  const [profile, proposal] = ['/ip ipsec profile:', '/ip ipsec proposal:'];
  const peer = `/ip ipsec peer ${name}:`;
  const mode = ike.version === 2 ? 'ike2' : ike.aggressive ? 'aggressive' : 'main';
  return {
    'ike-version': `${peer} exchange-mode=${mode}`,
    'gateway-address': `${peer} address=${tunnel.gatewayAddress}/32`,
    'device-address': `${peer} local-address=${device.address}`,
    'gateway-identity': `/ip ipsec identity: remote-id=${id(tunnel.remoteIdentity)}`,
    'device-identity': `/ip ipsec identity: my-id=${id(tunnel.localIdentity)}`,
    authentication: '/ip ipsec identity: auth-method=pre-shared-key',
    key: '/ip ipsec identity: secret, with the tunnel’s key',
    'exchange-mode': `${peer} exchange-mode=${mode}`,
    'ike-encryption': `${profile} enc-algorithm=${ike.encryption.replace(/^aes(\d+)$/, 'aes-$1')}`,
    'ike-integrity': `${profile} hash-algorithm=${ike.integrity}, prf-algorithm=auto`,
    'ike-group': `${profile} dh-group=${nameOfGroup(ike.dhGroup)}`,
    'ike-lifetime': `${profile} lifetime=${ike.lifetimeSeconds}s`,
    encapsulation: '/ip ipsec policy: tunnel=yes ipsec-protocols=esp',
    'esp-encryption': `${proposal} enc-algorithms=${espCipher(esp.encryption)}`,
    'esp-integrity': `${proposal} auth-algorithms=${esp.integrity}`,
    pfs: `${proposal} pfs-group=${esp.pfsGroup === null ? 'none' : nameOfGroup(esp.pfsGroup)}`,
    'esp-lifetime': `${proposal} lifetime=${esp.lifetimeSeconds}s`,
    selectors: `/ip ipsec policy, one each: ${eachPair(tunnel, ({ local, remote }) => `src-address=${local} dst-address=${remote} level=unique`)}`,
    routes: `routes to ${remotesOf(tunnel)}`,
    dpd: `${profile} dpd-interval=${seconds}s dpd-maximum-failures=3`,
    'nat-traversal': `${profile} nat-traversal=yes`,
    initiation: `${peer} passive=no`,
  };
};

function id({ kind, value }: PeerIdentity): string {
  return `${kind}:${value}`;
}

function espCipher(cipher: string): string {
  if (isAeadCipher(cipher)) return `aes-${keyBits(cipher)}-gcm`;
  return cipher.startsWith('aes') ? `aes-${keyBits(cipher)}-cbc` : cipher;
}
