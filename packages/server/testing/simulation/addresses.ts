import {
  addressCount,
  everything,
  firstHost,
  ipFromBigInt,
  ipToBigInt,
  lastAddress,
  networkAddress,
  parseIpAddress,
  type Cidr,
  type IpAddress,
} from '@landbridge/net';
import { rangesOfVpc } from '../../src/domain/vpc/vpc.ts';
import type { NetworkRows } from '../image-of.ts';
import { pool } from './arbitrary-world.ts';
import type { World } from './world.ts';

/** Addresses to try in a world: hosts, holes in VPCs, the edges of every range, and the world outside. */
export function hostAddresses({ desired, idcs }: World): IpAddress[] {
  const blocks = [
    ...desired.subnets.map(({ cidr }) => cidr),
    ...idcs.flatMap(({ ranges }) => ranges),
    ...pool.filter((block) => block !== everything),
  ];
  const candidates = [
    ...blocks.flatMap((block) => [offset(block, 5n), offset(block, 130n)]),
    ...desired.vpcs.flatMap(rangesOfVpc).map((range) => offset(range, 9n * 256n + 5n)),
    ...['8.8.8.8', '203.0.113.10', '224.0.0.5', '127.0.0.1'].map(parseIpAddress),
  ];
  const special = new Set(routerAddresses(desired));
  return [...new Set(candidates)].filter((address) => !special.has(address));
}

function offset(block: Cidr, distance: bigint): IpAddress {
  const step = distance < addressCount(block) ? distance : addressCount(block) - 1n;
  return ipFromBigInt(4, ipToBigInt(networkAddress(block)) + step);
}

/** Addresses that no host can have: they belong to routers, or to a subnet as a whole. */
export function routerAddresses(desired: NetworkRows): IpAddress[] {
  return [
    ...desired.subnets.flatMap(({ cidr }) => [networkAddress(cidr), firstHost(cidr), lastAddress(cidr)]),
    ...desired.vpnGateways.map(({ publicAddress }) => publicAddress),
    ...desired.directConnectLines.flatMap(({ localAddress, peerAddress }) => [
      parseIpAddress(localAddress.split('/')[0] ?? ''),
      peerAddress,
    ]),
    ...['169.254.0.1', '169.254.0.2', '169.254.0.3', '192.0.0.2'].map(parseIpAddress),
  ];
}
