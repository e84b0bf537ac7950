import { eachPair, remotesOf, swanEspProposal, swanIkeProposal } from '../fix-words.ts';
import type { Fixes } from '../fixes.ts';
import type { PeerIdentity } from '../../peer-model.ts';

export const swanctlFixes: Fixes = ({ device, tunnel }, { name }) => {
  const conn = `connections.${name}`;
  const child = `${conn}.children.*`;
  const { ike, esp } = tunnel;
  const proposals = `${conn}.proposals = ${swanIkeProposal(ike)}`;
  const espProposals = `${child}.esp_proposals = ${swanEspProposal(esp)}`;
  return {
    'ike-version': `${conn}.version = ${ike.version}`,
    'gateway-address': `${conn}.remote_addrs = ${tunnel.gatewayAddress}`,
    'device-address': `${conn}.local_addrs = ${device.address}`,
    'gateway-identity': `${conn}.remote.id = ${idText(tunnel.remoteIdentity)}`,
    'device-identity': `${conn}.local.id = ${idText(tunnel.localIdentity)}`,
    authentication: `${conn}.local.auth = psk and ${conn}.remote.auth = psk`,
    key: `secrets.ike*.secret: the tunnel’s key, with id = ${idText(tunnel.remoteIdentity)}`,
    'exchange-mode': `${conn}.aggressive = ${ike.aggressive ? 'yes' : 'no'}`,
    'ike-encryption': proposals,
    'ike-integrity': proposals,
    'ike-group': proposals,
    'ike-lifetime': `${conn}.rekey_time = ${ike.lifetimeSeconds}s`,
    encapsulation: `${child}.mode = tunnel, with esp_proposals and no ah_proposals`,
    'esp-encryption': espProposals,
    'esp-integrity': espProposals,
    pfs: espProposals,
    'esp-lifetime': `${child}.life_time = ${esp.lifetimeSeconds}s`,
    selectors: `a child each: ${eachPair(tunnel, ({ local, remote }) => `local_ts = ${local}, remote_ts = ${remote}`)}`,
    routes: `routes to ${remotesOf(tunnel)} into the interface of if_id_out`,
    dpd: `${conn}.dpd_delay = ${Math.max(1, Math.floor(tunnel.dpd.timeoutSeconds / 3))}s`,
    'nat-traversal': `${conn}.encap = yes`,
    initiation: `${child}.start_action = start`,
  };
};

export function idText({ kind, value }: PeerIdentity): string {
  return kind === 'address' ? value : `fqdn:${value}`;
}
