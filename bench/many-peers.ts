import type { CreatedGateway } from '../lab/src/cloud.ts';
import type { Lab } from '../lab/src/lab.ts';
import { strongNegotiation } from '../lab/src/negotiation.ts';
import type { PeerConnection } from '../lab/src/swanctl-configuration.ts';
import type { Device } from './site-to-site.ts';
import { createUxfrmDevice } from './uxfrm-device.ts';

/** Many peers of a gateway, each with a public address of its own: one charon and one ESP stand for all of them. */
export interface ManyPeers {
  readonly device: Device;
  readonly peers: readonly Peer[];
}

export interface Peer {
  readonly name: string;
  readonly address: string;
  readonly preSharedKey: string;
}

/** Where the peers' addresses are from; behind the device, for whoever is on the internet. */
const peerNetwork = '198.18.0.0/15';

/** They answer a gateway that begins, and never ask by themselves whether it lives. */
export async function createManyPeers(lab: Lab, { publicAddress }: CreatedGateway, count: number): Promise<ManyPeers> {
  const device = await createUxfrmDevice(lab, 1);
  const peers = Array.from({ length: count }, (_, index) => peerNumber(index + 1));
  // Its addresses are no neighbours of anybody on the segment: it asks for hardware addresses in its own name.
  await device.namespace.sysctl({ 'net.ipv4.conf.all.arp_announce': '2' });
  await device.namespace.ip(...peers.map(({ address }) => `address add ${address}/32 dev lo`));
  await lab.host.ip(`route add ${peerNetwork} via ${device.publicAddress} dev uplink`);
  await device.charon.load(peers.map((peer, index) => connectionOf(peer, publicAddress, index + 1)));
  return { device, peers };
}

function peerNumber(n: number): Peer {
  return { name: `peer-${n}`, address: `198.18.${n >> 8}.${n & 255}`, preSharedKey: `key of peer ${n}` };
}

function connectionOf({ name, address, preSharedKey }: Peer, gatewayAddress: string, ifId: number): PeerConnection {
  const everything = '0.0.0.0/0';
  return {
    ...{ name, preSharedKey, ifId, version: strongNegotiation.version },
    ...{ localAddress: address, remoteAddress: gatewayAddress },
    ...{ ikeProposals: strongNegotiation.ikeProposals, espProposals: strongNegotiation.espProposals },
    children: [{ name: `${name}-all`, localTs: everything, remoteTs: everything }],
  };
}
