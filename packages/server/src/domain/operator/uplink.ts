import {
  addressCount,
  aggregateCidrs,
  blockOfOne,
  cidrContains,
  ipFromBigInt,
  ipToBigInt,
  lastAddress,
  networkAddress,
  normalizeCidr,
  parseIpAddress,
  type Cidr,
  type IpAddress,
} from '@landbridge/net';

/** How gateways get their public addresses (configuration `uplink`; docs/guides/uplinks.md). */
export type Uplink = UplinkCommon &
  (
    | {
        /** A /32 per gateway through a veth; the uplink interface answers ARP for it. */
        readonly mode: 'routed';
        readonly interface: string;
        readonly addresses: readonly Cidr[];
      }
    | {
        /** The gateway sits on the uplink's layer 2 itself. */
        readonly mode: 'bridged';
        readonly attach:
          | { readonly kind: 'macvlan'; readonly interface: string }
          | { readonly kind: 'bridge-port'; readonly bridge: string };
        readonly addresses: readonly Cidr[];
        readonly prefixLength: number;
        readonly nextHop: IpAddress;
      }
    | {
        /** The host's own address, shared with one gateway: UDP 500, 4500 and protocol 50 are its. */
        readonly mode: 'nat';
        readonly interface: string;
        readonly address: IpAddress;
      }
  );

/** Inside address of the one gateway behind the host's own address (RFC 7335's range, used nowhere else). */
export const natInsideAddress: IpAddress = parseIpAddress('192.0.0.2');

interface UplinkCommon {
  /** MTU of the path to the peers, bytes. */
  readonly pathMtu: number;
}

/** The host's device that it is about. */
export function uplinkDevice(uplink: Uplink): string {
  if (uplink.mode !== 'bridged') return uplink.interface;
  return uplink.attach.kind === 'macvlan' ? uplink.attach.interface : uplink.attach.bridge;
}

/** Where gateways have their public addresses. */
export function publicRanges(uplink: Uplink): readonly Cidr[] {
  return uplink.mode === 'nat' ? [blockOfOne(uplink.address)] : uplink.addresses;
}

/** Whether a gateway with this address can stand on the uplink. */
export function holdsAddress(uplink: Uplink, address: IpAddress): boolean {
  if (uplink.mode === 'nat') return uplink.address === address;
  return uplink.addresses.some((range) => cidrContains(range, address)) && !unusableAddresses(uplink).includes(address);
}

/** The first address of the pool that nobody holds, or undefined when none is left. */
export function allocatePublicAddress(uplink: Uplink, isTaken: (address: IpAddress) => boolean): IpAddress | undefined {
  if (uplink.mode === 'nat') return isTaken(uplink.address) ? undefined : uplink.address;
  const unusable = unusableAddresses(uplink);
  for (const range of uplink.addresses) {
    const first = ipToBigInt(networkAddress(range));
    for (let offset = 0n; offset < addressCount(range); offset++) {
      const address = ipFromBigInt(4, first + offset);
      if (!unusable.includes(address) && !isTaken(address)) return address;
    }
  }
  return undefined;
}

/** True for an address that a gateway of this service has or may get, or has inside. */
export function isServiceAddress(uplink: Uplink, address: IpAddress): boolean {
  if (uplink.mode === 'nat') return address === uplink.address || address === natInsideAddress;
  return uplink.addresses.some((range) => cidrContains(range, address)) && !unusableAddresses(uplink).includes(address);
}

/** How many gateways can have an address at the same time. */
export function publicAddressCount(uplink: Uplink): number {
  if (uplink.mode === 'nat') return 1;
  const pool = aggregateCidrs(uplink.addresses);
  const unusable = unusableAddresses(uplink).filter((address) => pool.some((range) => cidrContains(range, address)));
  return Number(pool.reduce((sum, range) => sum + addressCount(range), 0n)) - unusable.length;
}

/** On a shared layer 2 the next hop has its own address, and network and broadcast address are nobody's. */
function unusableAddresses(uplink: Uplink): IpAddress[] {
  if (uplink.mode !== 'bridged') return [];
  const { nextHop, prefixLength } = uplink;
  const subnet = normalizeCidr(`${nextHop}/${prefixLength}`);
  const isPointToPoint = addressCount(subnet) <= 2n;
  return isPointToPoint ? [nextHop] : [nextHop, networkAddress(subnet), lastAddress(subnet)];
}
