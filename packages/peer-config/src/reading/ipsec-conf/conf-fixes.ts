import { isAeadCipher } from '../algorithm-words.ts';
import { eachPair, keyBits, remotesOf, swanEspProposal, swanIkeProposal } from '../fix-words.ts';
import type { Fixes } from '../fixes.ts';
import type { PeerIdentity, PeerTunnel } from '../../peer-model.ts';

export const strongswanConfFixes: Fixes = (compared, found) => {
  const { tunnel } = compared;
  const ike = `ike=${swanIkeProposal(tunnel.ike)}!`;
  const esp = `esp=${swanEspProposal(tunnel.esp)}!`;
  const version = `keyexchange=ikev${tunnel.ike.version}`;
  const dpd = `dpdaction=restart, dpddelay=${delayOf(tunnel)}s`;
  const selectors = `a conn each: ${eachPair(tunnel, ({ local, remote }) => `leftsubnet=${local}, rightsubnet=${remote}`)}`;
  return {
    ...sharedFixes(compared, found),
    ...{ 'ike-version': version, 'ike-encryption': ike, 'ike-integrity': ike, 'ike-group': ike },
    ...{ 'esp-encryption': esp, 'esp-integrity': esp, pfs: esp, dpd, selectors },
    'esp-lifetime': `lifetime=${tunnel.esp.lifetimeSeconds}s`,
    'nat-traversal': 'forceencaps=yes',
  };
};

export const libreswanFixes: Fixes = (compared, found) => {
  const { tunnel } = compared;
  const ike = `ike=${libreswanCipher(tunnel.ike.encryption)}-${libreswanHash(tunnel.ike.integrity)};dh${tunnel.ike.dhGroup}`;
  const hash = isAeadCipher(tunnel.esp.encryption) ? '' : `-${libreswanHash(tunnel.esp.integrity)}`;
  const group = tunnel.esp.pfsGroup === null ? ', pfs=no' : `;dh${tunnel.esp.pfsGroup}`;
  const esp = `esp=${libreswanCipher(tunnel.esp.encryption)}${hash}${group}`;
  const version = tunnel.ike.version === 2 ? 'ikev2=insist' : 'ikev2=never, and ikev1-policy=accept in config setup';
  const dpd = `dpddelay=${delayOf(tunnel)}, dpdtimeout=${tunnel.dpd.timeoutSeconds}, dpdaction=restart`;
  const selectors = `leftsubnets and rightsubnets, or a conn each: ${eachPair(tunnel, ({ local, remote }) => `leftsubnet=${local}, rightsubnet=${remote}`)}`;
  return {
    ...sharedFixes(compared, found),
    ...{ 'ike-version': version, 'ike-encryption': ike, 'ike-integrity': ike, 'ike-group': ike },
    ...{ 'esp-encryption': esp, 'esp-integrity': esp, pfs: esp, dpd, selectors },
    'esp-lifetime': `salifetime=${tunnel.esp.lifetimeSeconds}s`,
    'nat-traversal': 'encapsulation=auto',
  };
};

const sharedFixes: Fixes = ({ device, tunnel }, { name }) => ({
  'ike-version': '',
  'gateway-address': `conn ${name}: right=${tunnel.gatewayAddress}`,
  'device-address': `conn ${name}: left=${device.address}`,
  'gateway-identity': `conn ${name}: rightid=${idText(tunnel.remoteIdentity)}`,
  'device-identity': `conn ${name}: leftid=${idText(tunnel.localIdentity)}`,
  authentication: `conn ${name}: authby=secret`,
  key: `${idText(tunnel.localIdentity)} ${idText(tunnel.remoteIdentity)} : PSK and the tunnel’s key, in ipsec.secrets`,
  'exchange-mode': `conn ${name}: aggressive=${tunnel.ike.aggressive ? 'yes' : 'no'}`,
  'ike-encryption': '',
  'ike-integrity': '',
  'ike-group': '',
  'ike-lifetime': `conn ${name}: ikelifetime=${tunnel.ike.lifetimeSeconds}s`,
  encapsulation: `conn ${name}: type=tunnel, with esp and no ah`,
  'esp-encryption': '',
  'esp-integrity': '',
  pfs: '',
  'esp-lifetime': '',
  selectors: '',
  routes: `routes to ${remotesOf(tunnel)} into the tunnel’s interface`,
  dpd: '',
  'nat-traversal': '',
  initiation: `conn ${name}: auto=start`,
});

function idText({ kind, value }: PeerIdentity): string {
  return kind === 'address' ? value : `@${value}`;
}

function delayOf({ dpd }: PeerTunnel): number {
  return Math.max(1, Math.floor(dpd.timeoutSeconds / 3));
}

function libreswanCipher(cipher: string): string {
  return cipher.includes('gcm') ? `aes_gcm${keyBits(cipher)}` : cipher;
}

function libreswanHash(hash: string): string {
  return hash.replace(/^sha(256|384|512)$/, 'sha2_$1');
}
