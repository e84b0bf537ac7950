import { isAeadCipher } from '../algorithm-words.ts';
import { addressAndMask, eachPair, keyBits, remotesOf } from '../fix-words.ts';
import type { Fixes } from '../fixes.ts';

export const fortigateFixes: Fixes = ({ device, tunnel }) => {
  const { ike, esp } = tunnel;
  const [phase1, phase2] = ['phase1-interface: set', 'phase2-interface: set'];
  const proposal1 = `${phase1} proposal ${isAeadCipher(ike.encryption) ? `aes${keyBits(ike.encryption)}gcm-prf${ike.integrity}` : `${ike.encryption}-${ike.integrity}`}`;
  const proposal2 = `${phase2} proposal ${isAeadCipher(esp.encryption) ? `aes${keyBits(esp.encryption)}gcm` : `${esp.encryption}-${esp.integrity}`}`;
  return {
    'ike-version': `${phase1} ike-version ${ike.version}`,
    'gateway-address': `${phase1} remote-gw ${tunnel.gatewayAddress}`,
    'device-address': `${phase1} local-gw ${device.address}`,
    'gateway-identity': `${phase1} peertype one, set peerid "${tunnel.remoteIdentity.value}"; or set peertype any`,
    'device-identity':
      tunnel.localIdentity.kind === 'fqdn'
        ? `${phase1} localid "${tunnel.localIdentity.value}", set localid-type fqdn`
        : `${phase1} localid "${tunnel.localIdentity.value}", set localid-type address`,
    authentication: `${phase1} authmethod psk`,
    key: `${phase1} psksecret, with the tunnel’s key`,
    'exchange-mode': `${phase1} mode ${ike.aggressive ? 'aggressive' : 'main'}`,
    'ike-encryption': proposal1,
    'ike-integrity': proposal1,
    'ike-group': `${phase1} dhgrp ${ike.dhGroup}`,
    'ike-lifetime': `${phase1} keylife ${ike.lifetimeSeconds}`,
    encapsulation: `${phase2} encapsulation tunnel-mode`,
    'esp-encryption': proposal2,
    'esp-integrity': proposal2,
    pfs: esp.pfsGroup === null ? `${phase2} pfs disable` : `${phase2} pfs enable, set dhgrp ${esp.pfsGroup}`,
    'esp-lifetime': `${phase2} keylifeseconds ${esp.lifetimeSeconds}`,
    selectors: `a phase 2 each: ${eachPair(tunnel, ({ local, remote }) => `set src-subnet ${addressAndMask(local)}, set dst-subnet ${addressAndMask(remote)}`)}`,
    routes: `config router static: set dst, set device to the tunnel, for ${remotesOf(tunnel)}`,
    dpd: `${phase1} dpd on-idle`,
    'nat-traversal': `${phase1} nattraversal enable`,
    initiation: `${phase1} passive-mode disable; ${phase2} auto-negotiate enable`,
  };
};
