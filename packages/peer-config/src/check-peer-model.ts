import { cidrContains, isCidr, isIpAddress, parseIpAddress, type Cidr } from '@landbridge/net';
import type { PeerIdentity, PeerModel, PeerTraffic, PeerTunnel } from './peer-model.ts';
import { Platform } from './platform.ts';

const model: Platform = new Platform('a peer configuration');

const interfaceTakes = 'a letter, then letters, figures and / . : _ -, at most 48';

/**
 * Refuses what no device can be configured by. After it, numbers are numbers and addresses are addresses, whoever made the model,
 * so that only names, identities and keys can be hostile.
 */
export function checkPeerModel({ device, tunnels }: PeerModel): void {
  checkAddress('device.publicAddress', device.publicAddress);
  checkAddress('device.address', device.address);
  model.text('device.interfaceName', device.interfaceName, /^[A-Za-z][A-Za-z0-9/.:_-]{0,47}$/, interfaceTakes);
  for (const tunnel of tunnels) checkTunnel(tunnel);
  const [first, second, ...more] = tunnels as readonly PeerTunnel[];
  if (first === undefined) model.refuse('tunnels', 0, 'one tunnel or two are expected');
  if (more.length > 0) model.refuse('tunnels', tunnels.length, 'one tunnel or two are expected');
  if (second !== undefined) checkPair(first, second);
}

function checkTunnel(tunnel: PeerTunnel): void {
  model.text('id', tunnel.id, /^[a-z][a-z0-9-]{0,23}$/, 'at most 24 of a-z, 0-9 and hyphens, a letter first');
  checkAddress('gatewayAddress', tunnel.gatewayAddress);
  checkIdentity('localIdentity', tunnel.localIdentity);
  checkIdentity('remoteIdentity', tunnel.remoteIdentity);
  checkKey(tunnel.preSharedKey);
  const { ike, esp, dpd, healthCheck } = tunnel;
  if (ike.version === 1 && ike.encryption.includes('gcm')) {
    model.refuse('ike.encryption', ike.encryption, 'IKEv1 knows no AEAD cipher in phase 1 (RFC 5282)');
  }
  model.number('ike.lifetimeSeconds', ike.lifetimeSeconds, 60, 604_800);
  model.number('esp.lifetimeSeconds', esp.lifetimeSeconds, 180, 604_800);
  model.number('esp.lifetimeKilobytes', esp.lifetimeKilobytes, 2560, 4_294_967_295);
  model.number('dpd.timeoutSeconds', dpd.timeoutSeconds, 3, 3600);
  model.number('priority', tunnel.priority, 0, 100);
  model.number('mtu', tunnel.mtu, 576, 9000);
  model.number('mss', tunnel.mss, 500, 8960);
  checkTraffic(tunnel.traffic);
  checkNotInItself(tunnel);
  if (healthCheck === null) return;
  checkAddress('healthCheck.localAddress', healthCheck.localAddress);
  checkAddress('healthCheck.remoteAddress', healthCheck.remoteAddress);
  model.number('healthCheck.intervalMs', healthCheck.intervalMs, 100, 60_000);
  model.number('healthCheck.threshold', healthCheck.threshold, 1, 100);
  model.number('healthCheck.timeoutMs', healthCheck.timeoutMs, 10, 60_000);
  if (tunnel.traffic.mode === 'policy') {
    model.refuse('healthCheck', healthCheck.remoteAddress, 'only a tunnel by route can have one');
  }
}

function checkPair(first: PeerTunnel, second: PeerTunnel): void {
  if (first.id === second.id) model.refuse('tunnels[1].id', second.id, 'both tunnels have it');
  if (first.gatewayAddress === second.gatewayAddress) {
    model.refuse('tunnels[1].gatewayAddress', second.gatewayAddress, 'a failover pair has two gateways');
  }
  for (const { traffic } of [first, second]) {
    if (traffic.mode === 'policy')
      model.refuse('traffic.mode', 'policy', 'policies have no priority: a failover pair is by route');
  }
  if (first.priority > second.priority) model.refuse('priority', second.priority, 'the preferred tunnel comes first');
}

function checkTraffic(traffic: PeerTraffic): void {
  if (traffic.mode === 'route') {
    for (const range of traffic.remotes) checkRange('traffic.remotes', range);
    for (const range of traffic.withheld) checkRange('traffic.withheld', range);
    for (const range of traffic.locals) checkRange('traffic.locals', range);
    return;
  }
  if (traffic.pairs.length === 0) model.refuse('traffic.pairs', '[]', 'a tunnel by policies has at least one pair');
  for (const { local, remote } of traffic.pairs) {
    checkRange('traffic.pairs.local', local);
    checkRange('traffic.pairs.remote', remote);
  }
}

/** What carries the tunnel cannot be sent into it. */
function checkNotInItself({ traffic, gatewayAddress }: PeerTunnel): void {
  const remotes = traffic.mode === 'route' ? traffic.remotes : [];
  const around = remotes.find((range) => cidrContains(range, gatewayAddress));
  if (around !== undefined)
    model.refuse('traffic.remotes', around, `the gateway's own address ${gatewayAddress} is in it`);
}

function checkRange(field: string, range: Cidr): void {
  if (!isCidr(range) || range.includes(':')) model.refuse(field, range, 'an IPv4 CIDR block is expected');
}

function checkAddress(field: string, address: string): void {
  if (!isIpAddress(address) || address.includes(':') || parseIpAddress(address) !== address) {
    model.refuse(field, address, 'an IPv4 address is expected');
  }
}

function checkIdentity(field: string, identity: PeerIdentity): void {
  if (identity.kind === 'address') checkAddress(field, identity.value);
  else model.text(field, identity.value, /^[\x21-\x7e]{1,250}$/, 'printable ASCII without spaces, at most 250');
}

function checkKey(key: string | null): void {
  // Line breaks end a line whatever is done; the API refuses them as well.
  if (key !== null) model.text('preSharedKey', key, /^[^\0\r\n]+$/, 'a text without line breaks');
}
