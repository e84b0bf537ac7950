import {
  cidrContains,
  cidrPrefixLength,
  lastAddress,
  networkAddress,
  normalizeCidr,
  type IpAddress,
} from '@landbridge/net';
import { refuse } from '../refusal.ts';
import type { DirectConnectGatewayId } from '../resource-id.ts';

/** The line of a Direct Connect gateway, with our address and the data centre's router on it. */
export type DirectConnectLine = InterfaceLine | VxlanLine;

interface LineCommon {
  readonly accountId: string;
  readonly directConnectGatewayId: DirectConnectGatewayId;
  /** With the prefix length, such as `198.18.0.1/30`. */
  readonly localAddress: string;
  readonly peerAddress: IpAddress;
  readonly createdAt: number;
}

/** A host interface, or a VLAN of it. */
export interface InterfaceLine extends LineCommon {
  readonly kind: 'interface';
  /** Name in the host's network namespace. */
  readonly interfaceName: string;
  /** 802.1Q id 1..4094, or null for the untagged interface itself. */
  readonly vlanId: number | null;
}

/** Ethernet in UDP between this host and one other (RFC 7348). */
export interface VxlanLine extends LineCommon {
  readonly kind: 'vxlan';
  /** VXLAN network identifier, 0..16777215. With the port it is this line's alone: nothing else tells arrivals apart. */
  readonly vni: number;
  /** The other end's address in the underlay; nobody else is listened to. */
  readonly remoteAddress: IpAddress;
  /** An address of this host; null: the kernel chooses by its routes. */
  readonly underlayAddress: IpAddress | null;
  /** UDP port of both ends. */
  readonly port: number;
  /** Bytes that an IP packet between the two may have. */
  readonly underlayMtu: number;
}

/** IANA's port for VXLAN. */
export const vxlanPort = 4789;
/** Outer IPv4, UDP and VXLAN headers and the inner Ethernet header, bytes. */
const vxlanOverheadBytes = 50;

/** What is left for an inner IP packet, bytes. */
export function vxlanMtu({ underlayMtu }: Pick<VxlanLine, 'underlayMtu'>): number {
  return underlayMtu - vxlanOverheadBytes;
}

/** For people: `eth1`, `eth1.100`, `VXLAN 100 to 203.0.113.11:4789`. */
export function lineName(line: DirectConnectLine): string {
  if (line.kind === 'vxlan') return `VXLAN ${line.vni} to ${line.remoteAddress}:${line.port}`;
  return line.vlanId === null ? line.interfaceName : `${line.interfaceName}.${line.vlanId}`;
}

/** Refuses a pair of addresses that cannot be neighbours on one line. */
export function checkLineAddresses({
  localAddress,
  peerAddress,
}: Pick<LineCommon, 'localAddress' | 'peerAddress'>): void {
  const local = localAddress.split('/')[0];
  const isUsable = [local, peerAddress].every((address) => isHostAddress(address as IpAddress, localAddress));
  if (!isUsable || local === peerAddress) refuse('line-addresses', { localAddress, peerAddress });
}

/** Inside the network, and neither the network itself nor its broadcast address where it has them. */
function isHostAddress(address: IpAddress, networkText: string): boolean {
  const network = normalizeCidr(networkText);
  if (!cidrContains(network, address)) return false;
  const hasNoEnds = cidrPrefixLength(network) >= 31;
  return hasNoEnds || (address !== networkAddress(network) && address !== lastAddress(network));
}

/** Refuses an underlay that leads back to this host. */
export function checkUnderlay({ remoteAddress, underlayAddress }: VxlanUnderlay): void {
  if (remoteAddress === underlayAddress) refuse('vxlan-to-itself', { remoteAddress });
}

type VxlanUnderlay = Pick<VxlanLine, 'remoteAddress' | 'underlayAddress'>;
