import { isAeadCipher } from '../algorithm-words.ts';
import { addressAndWildcard, eachPair, keyBits, remotesOf } from '../fix-words.ts';
import type { Fixes } from '../fixes.ts';
import type { PeerEsp, PeerIdentity, PeerIke } from '../../peer-model.ts';

export const ciscoFixes: Fixes = ({ device, tunnel }) => {
  const { ike, esp } = tunnel;
  const policy = ike.version === 2 ? 'crypto ikev2 proposal' : 'crypto isakmp policy';
  const profile = ike.version === 2 ? 'crypto ikev2 profile' : 'crypto isakmp profile';
  const seconds = Math.max(10, Math.floor(tunnel.dpd.timeoutSeconds / 3));
  const transforms = `crypto ipsec transform-set: ${transformSet(esp)}`;
  return {
    'ike-version':
      ike.version === 2 ? 'set ikev2-profile, in the crypto map or the IPsec profile' : 'no set ikev2-profile',
    'gateway-address': `set peer, or tunnel destination, ${tunnel.gatewayAddress}`,
    'device-address': `the interface with ${device.address}: crypto map on it, or tunnel source`,
    'gateway-identity': `${profile}: match identity ${ike.version === 2 ? 'remote ' : ''}${identity(tunnel.remoteIdentity)}`,
    'device-identity': `${profile}: ${ike.version === 2 ? 'identity local' : 'self-identity'} ${identity(tunnel.localIdentity)}`,
    authentication:
      ike.version === 2
        ? 'authentication local pre-share, authentication remote pre-share'
        : 'authentication pre-share',
    key:
      ike.version === 2
        ? 'pre-shared-key, in the keyring’s peer'
        : `crypto isakmp key … address ${tunnel.gatewayAddress}`,
    'exchange-mode': ike.aggressive
      ? 'initiate mode aggressive, in crypto isakmp profile'
      : 'no initiate mode aggressive',
    'ike-encryption': `${policy}: encryption ${ikeCipher(ike)}`,
    'ike-integrity': ikeHash(ike, policy),
    'ike-group': `${policy}: group ${ike.dhGroup}`,
    'ike-lifetime': `${ike.version === 2 ? profile : policy}: lifetime ${ike.lifetimeSeconds}`,
    encapsulation: 'transform-set with esp-… and mode tunnel; tunnel mode ipsec ipv4 at a tunnel interface',
    'esp-encryption': transforms,
    'esp-integrity': transforms,
    pfs: esp.pfsGroup === null ? 'no set pfs' : `set pfs group${esp.pfsGroup}`,
    'esp-lifetime': `set security-association lifetime seconds ${esp.lifetimeSeconds}`,
    selectors:
      tunnel.traffic.mode === 'route'
        ? 'a tunnel interface with tunnel mode ipsec ipv4 instead of the crypto map'
        : `access list: ${eachPair(tunnel, ({ local, remote }) => `permit ip ${addressAndWildcard(local)} ${addressAndWildcard(remote)}`)}`,
    routes: `ip route … Tunnel…, for ${remotesOf(tunnel)}`,
    dpd: ike.version === 2 ? `${profile}: dpd ${seconds} 2 periodic` : `crypto isakmp keepalive ${seconds} periodic`,
    'nat-traversal': 'crypto ipsec nat-transparency udp-encapsulation',
    initiation: 'a route or traffic into the tunnel; no responder-only',
  };
};

function identity({ kind, value }: PeerIdentity): string {
  return `${kind} ${value}`;
}

function ikeCipher({ encryption, version }: PeerIke): string {
  if (isAeadCipher(encryption)) return `aes-gcm-${keyBits(encryption)}`;
  if (!encryption.startsWith('aes')) return encryption;
  return version === 2 ? `aes-cbc-${keyBits(encryption)}` : `aes ${keyBits(encryption)}`;
}

function ikeHash({ encryption, integrity, version }: PeerIke, policy: string): string {
  const name = version === 1 && integrity === 'sha1' ? 'sha' : integrity;
  if (version === 1) return `${policy}: hash ${name}`;
  return `${policy}: ${isAeadCipher(encryption) ? 'prf' : 'integrity'} ${name}`;
}

function transformSet({ encryption, integrity }: PeerEsp): string {
  if (isAeadCipher(encryption)) return `esp-gcm ${keyBits(encryption)}`;
  const cipher = encryption.startsWith('aes') ? `esp-aes ${keyBits(encryption)}` : `esp-${encryption}`;
  return `${cipher} esp-${integrity === 'sha1' ? 'sha' : integrity}-hmac`;
}
