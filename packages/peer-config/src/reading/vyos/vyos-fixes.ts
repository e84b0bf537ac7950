import { isAeadCipher } from '../algorithm-words.ts';
import { keyBits, pairsOf, remotesOf } from '../fix-words.ts';
import type { Fixes } from '../fixes.ts';

export const vyosFixes: Fixes = ({ device, tunnel }, { name }) => {
  const peer = `set vpn ipsec site-to-site peer ${name}`;
  const [ike, esp] = ['set vpn ipsec ike-group …', 'set vpn ipsec esp-group …'];
  const tunnels = pairsOf(tunnel).map(
    ({ local, remote }, at) => `tunnel ${at + 1} local prefix ${local}, remote prefix ${remote}`,
  );
  const { pfsGroup } = tunnel.esp;
  return {
    'ike-version': `${ike} key-exchange ikev${tunnel.ike.version}`,
    'gateway-address': `${peer} remote-address ${tunnel.gatewayAddress}`,
    'device-address': `${peer} local-address ${device.address}`,
    'gateway-identity': `${peer} authentication remote-id ${tunnel.remoteIdentity.value}`,
    'device-identity': `${peer} authentication local-id ${tunnel.localIdentity.value}`,
    authentication: `${peer} authentication mode pre-shared-secret`,
    key: 'set vpn ipsec authentication psk … secret, with the tunnel’s key',
    'exchange-mode': `${ike} mode ${tunnel.ike.aggressive ? 'aggressive' : 'main'}`,
    'ike-encryption': `${ike} proposal 1 encryption ${cipher(tunnel.ike.encryption)}`,
    'ike-integrity': `${ike} proposal 1 hash ${tunnel.ike.integrity}`,
    'ike-group': `${ike} proposal 1 dh-group ${tunnel.ike.dhGroup}`,
    'ike-lifetime': `${ike} lifetime ${tunnel.ike.lifetimeSeconds}`,
    encapsulation: `${esp} mode tunnel`,
    'esp-encryption': `${esp} proposal 1 encryption ${cipher(tunnel.esp.encryption)}`,
    'esp-integrity': `${esp} proposal 1 hash ${tunnel.esp.integrity}`,
    pfs: `${esp} pfs ${pfsGroup === null ? 'disable' : `dh-group${pfsGroup}`}`,
    'esp-lifetime': `${esp} lifetime ${tunnel.esp.lifetimeSeconds}`,
    selectors:
      tunnel.traffic.mode === 'route'
        ? `${peer} vti bind vti…, and no tunnel`
        : `${peer} ${tunnels.slice(0, 4).join('; ')}`,
    routes: `set protocols static route … interface vti…, for ${remotesOf(tunnel)}`,
    dpd: `${ike} dead-peer-detection action restart, interval ${Math.max(1, Math.floor(tunnel.dpd.timeoutSeconds / 3))}`,
    'nat-traversal': `${peer} force-udp-encapsulation`,
    initiation: `${peer} connection-type initiate`,
  };
};

function cipher(word: string): string {
  return isAeadCipher(word) ? `aes${keyBits(word)}gcm128` : word;
}
