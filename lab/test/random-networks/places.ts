import {
  addressCount,
  cidrContains,
  cidrPrefixLength,
  firstHost,
  ipFromBigInt,
  ipToBigInt,
  networkAddress,
  parseCidr,
  parseIpAddress,
  type Cidr,
  type IpAddress,
} from '@landbridge/net';
import type { InterfaceLine } from '@landbridge/server/domain/direct-connect/direct-connect-line';
import type { Subnet } from '@landbridge/server/domain/vpc/subnet';
import { mappingsOf, type VpnConnection } from '@landbridge/server/domain/vpn/vpn-connection';
import { hostAddresses } from '@landbridge/server/simulation/addresses';
import type { Idc, World } from '@landbridge/server/simulation/world';
import { join } from 'node:path';
import { Charon } from '../../src/charon.ts';
import { createHost } from '../../src/host.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { strongNegotiation } from '../../src/negotiation.ts';
import type { PeerConnection } from '../../src/swanctl-configuration.ts';
import { firstTenant } from '../../src/tenant-marks.ts';
import { connectNamespaces } from '../../src/veth.ts';
import type { World as LabWorld } from '../../src/world.ts';
import { ProbeNode, type ProbeNodeOptions } from './probe-node.ts';

/** A node of the lab, and how it ends. */
export interface Place {
  readonly node: ProbeNode;
  /** Of a device: its IKE daemon ends, and its tunnel with it. */
  fail?(): Promise<void>;
  end(): Promise<void>;
}

/** What enters a node by its only line is for its socket, or for nobody; it never goes on from there. */
const arrivalsTable = 88;

/** Number 5 of a range, or its last address: where the model looks for hosts. */
export function hostOf(range: Cidr): IpAddress {
  const count = addressCount(range);
  return ipFromBigInt(4, ipToBigInt(networkAddress(range)) + (count > 5n ? 5n : count - 1n));
}

/** An address that nobody at a place with these ranges can have: somebody else's in the world, another at each place. */
export function foreignSource({ desired, idcs }: World, own: readonly Cidr[], placeNumber: number): IpAddress {
  const hosts = [...desired.subnets.map(({ cidr }) => cidr), ...idcs.flatMap(({ ranges }) => ranges)].map(hostOf);
  const others = [...hosts, parseIpAddress('8.8.8.8')].filter((address) => !isIn(own, address));
  return others[placeNumber % others.length] ?? parseIpAddress('8.8.8.8');
}

function isIn(ranges: readonly Cidr[], address: IpAddress): boolean {
  return ranges.some((range) => cidrContains(range, parseCidr(`${address}/32`)));
}

/**
 * A host that has every address that the model looks at in its subnet, and a forged one. Its cable ends in the server's
 * machine.
 */
export async function createSubnetHost(
  lab: LabWorld,
  world: World,
  { id, cidr }: Subnet,
  { label, forged }: { readonly label: string; readonly forged: IpAddress },
): Promise<Place> {
  const router = firstHost(cidr);
  const addresses = hostAddresses(world).filter((address) => isIn([cidr], address) && address !== router);
  const source = hostOf(cidr);
  const { namespace } = await createHost({
    ...{ name: id, netns: `lab-${label}`, address: `${source}/${cidrPrefixLength(cidr)}`, gateway: router },
    far: { namespace: lab.lab.host, device: label },
    canary: firstTenant.canary,
  });
  const others = addresses.filter((address) => address !== source);
  await namespace.ip(
    ...others.map((address) => `address add ${address}/32 dev eth0`),
    `address add ${forged}/32 dev lo`,
  );
  const own = [...addresses, forged];
  return nodeOnly({ place: id, namespace, sources: [source, forged], isOwn: (to) => own.includes(to) });
}

/** The far end of a dedicated line: takes in whatever comes. */
export async function createDataCentre(
  lab: LabWorld,
  line: InterfaceLine,
  ranges: readonly Cidr[],
  forged: IpAddress,
): Promise<Place> {
  const { directConnectGatewayId: place, interfaceName, localAddress, peerAddress } = line;
  const namespace = await Namespace.create(`lab-${interfaceName}`);
  await connectNamespaces({ namespace, device: 'line' }, { namespace: lab.lab.host, device: interfaceName });
  const sources = [
    ...new Set([...(ranges.length === 0 ? [parseIpAddress('192.0.2.77')] : ranges.map(hostOf)), forged]),
  ];
  await namespace.ip(
    `address add ${peerAddress}/30 dev line`,
    'link set line up',
    ...sources.map((source) => `address add ${source}/32 dev lo`),
    `route add local 0.0.0.0/0 dev lo table ${arrivalsTable}`,
    `rule add iif line lookup ${arrivalsTable} priority 100`,
    `route add default via ${localAddress.split('/')[0] ?? ''} dev line`,
  );
  return nodeOnly({ place, namespace, sources, isOwn: (to) => sources.includes(to) });
}

async function nodeOnly(options: ProbeNodeOptions): Promise<Place> {
  const node = await ProbeNode.start(options);
  return { node, end: () => node.stop() };
}

export interface DeviceOptions {
  readonly idc: Idc;
  readonly connection: VpnConnection;
  readonly gatewayAddress: string;
  readonly preSharedKey: string;
  readonly forged: IpAddress;
  /** False: it refuses the tunnel. */
  readonly works: boolean;
}

/** libipsec takes a policy only where the device has an address in it: those that no range of the IDC brings. */
function addressesForPolicies({ connection }: DeviceOptions): IpAddress[] {
  return mappingsOf(connection).map(({ remote }) => {
    const count = addressCount(remote);
    return ipFromBigInt(4, ipToBigInt(networkAddress(remote)) + (count > 78n ? 77n : count > 1n ? count - 2n : 0n));
  });
}

/** An IPsec device with the addresses of its IDC: sends everything into the tunnel, takes in what is for its ranges. */
export async function createIdcDevice(lab: LabWorld, options: DeviceOptions): Promise<Place> {
  const { idc, works } = options;
  const netns = `lab-${idc.id.slice(4)}`;
  const namespace = await Namespace.create(netns);
  await lab.lab.internet.attach(namespace, 'wan', idc.address);
  // An earlier network had another device with this address.
  await lab.lab.host.ip('neighbour flush dev uplink');
  const charon = new Charon(namespace, join(lab.lab.directory, netns), 'libipsec');
  await charon.start();
  const sources = [...new Set([...idc.ranges.map(hostOf), options.forged])];
  const addresses = new Set([...sources, ...addressesForPolicies(options)]);
  await namespace.ip(
    ...[...addresses].map((address) => `address add ${address}/32 dev lo`),
    ...[...new Set(idc.ranges)].map((range) => `route add local ${range} dev lo table ${arrivalsTable}`),
    `route add blackhole 0.0.0.0/0 table ${arrivalsTable}`,
    // Ahead of the device's own addresses, of which some lie outside of its ranges.
    `rule add iif ipsec0 lookup ${arrivalsTable} priority 100`,
    'rule add lookup local priority 200',
    'rule delete lookup local priority 0',
    'route add 0.0.0.0/0 dev ipsec0',
  );
  if (works) await charon.load([peerOf(options)]);
  const node = await ProbeNode.start({
    ...{ place: idc.id, namespace, sources: works ? sources : [] },
    isOwn: (to) => addresses.has(to) || isIn(idc.ranges, to),
  });
  return {
    node,
    fail: () => charon.stop(),
    end: async () => {
      await charon.stop();
      await node.stop();
    },
  };
}

function peerOf({ idc, connection, gatewayAddress, preSharedKey }: DeviceOptions): PeerConnection {
  const everything = '0.0.0.0/0';
  const pairs = connection.mode === 'route' ? [{ local: everything, remote: everything }] : mappingsOf(connection);
  return {
    name: 'cloud',
    localAddress: idc.address,
    remoteAddress: gatewayAddress,
    preSharedKey,
    version: strongNegotiation.version,
    ikeProposals: strongNegotiation.ikeProposals,
    espProposals: strongNegotiation.espProposals,
    children: pairs.map(({ local, remote }, number) => ({
      name: `cloud-${number + 1}`,
      localTs: remote,
      remoteTs: local,
    })),
  };
}
