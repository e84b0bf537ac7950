import type { Lab } from '../lab/src/lab.ts';
import type { Negotiation } from '../lab/src/negotiation.ts';
import type { PeerConnection } from '../lab/src/swanctl-configuration.ts';
import { PeerLog } from './peer-log.ts';
import type { Device } from './site-to-site.ts';
import { createUxfrmDevice, tunOf } from './uxfrm-device.ts';

/** Many peers of a gateway, each with a public address of its own: one charon and one ESP stand for all of them. */
export interface ManyPeers {
  readonly device: Device;
  readonly peers: readonly Peer[];
  /** What their charon says. */
  readonly log: PeerLog;
}

export interface Peer {
  /** From 1; also the if_id of its SAs. */
  readonly number: number;
  readonly name: string;
  readonly address: string;
  readonly preSharedKey: string;
  /** For a health check: the gateway's address, and its own. */
  readonly probe: { readonly local: string; readonly remote: string };
}

/** What a gateway of many tunnels is measured with. */
export const quickNegotiation: Negotiation = {
  ike: {
    IKEVersion: 'IKEV2',
    PropoEncryAlgorithm: 'AES256GCM128',
    PropoAuthenAlgorithm: 'SHA-256',
    DhGroupName: 'GROUP19',
    LocalIdentity: 'ADDRESS',
    RemoteIdentity: 'ADDRESS',
    IKESaLifetimeSeconds: 86400,
  },
  ipsec: {
    EncryptAlgorithm: 'AES256GCM128',
    IntegrityAlgorith: 'SHA-256',
    PfsDhGroup: 'DH-GROUP19',
    IPSECSaLifetimeSeconds: 3600,
  },
  version: 2,
  ikeProposals: 'aes256gcm16-prfsha256-ecp256',
  espProposals: 'aes256gcm16-ecp256',
};

/** Where the peers' addresses are from; behind the device, for whoever is on the internet. */
export const peerNetwork = '198.18.0.0/15';

/** They answer a gateway that begins, and never ask by themselves whether it lives. They answer the probes of health checks. */
export async function createManyPeers(lab: Lab, count: number): Promise<ManyPeers> {
  const device = await createUxfrmDevice(lab, 1, count);
  const peers = Array.from({ length: count }, (_, index) => peerNumber(index + 1));
  // Its addresses are no neighbours of anybody on the segment: it asks for hardware addresses in its own name.
  await device.namespace.sysctl({ 'net.ipv4.conf.all.arp_announce': '2' });
  await device.namespace.ip(...peers.flatMap(linesOf));
  await lab.host.ip(`route add ${peerNetwork} via ${device.publicAddress} dev uplink`);
  const log = new PeerLog(device.charon);
  lab.onStop(() => log.end());
  return { device, peers, log };
}

/** From now on they expect this end, and forget any other. */
export async function expectEnd({ device, peers }: ManyPeers, address: string): Promise<void> {
  await device.charon.load(peers.map((peer) => connectionOf(peer, { local: peer.address, remote: address })));
}

/** The other end of all these tunnels, configured by hand. */
export function connectionsTo(peers: readonly Peer[], address: string): PeerConnection[] {
  return peers.map((peer) => ({ ...connectionOf(peer, { local: address, remote: peer.address }), initiates: true }));
}

function peerNumber(n: number): Peer {
  // Host parts of 0 and 255 are no address of a device.
  const [network, host] = [Math.floor((n - 1) / 254), 1 + ((n - 1) % 254)];
  const probe = (place: number): string => `169.254.${128 + (n >> 6)}.${((n & 63) << 2) + place}`;
  return {
    number: n,
    name: `peer-${n}`,
    address: `198.18.${network}.${host}`,
    preSharedKey: `key of peer ${n}`,
    probe: { local: probe(1), remote: probe(2) },
  };
}

function linesOf({ number, address, probe }: Peer): string[] {
  return [
    `address add ${address}/32 dev lo`,
    `address add ${probe.remote}/32 dev lo`,
    `route add ${probe.local}/32 dev ${tunOf(number).name} src ${probe.remote}`,
  ];
}

function connectionOf(
  { name, preSharedKey, number }: Peer,
  { local, remote }: { readonly local: string; readonly remote: string },
): PeerConnection {
  const everything = '0.0.0.0/0';
  const { version, ikeProposals, espProposals } = quickNegotiation;
  return {
    ...{ name, preSharedKey, ifId: number, version, ikeProposals, espProposals },
    ...{ localAddress: local, remoteAddress: remote },
    children: [{ name: `${name}-all`, localTs: everything, remoteTs: everything }],
  };
}
