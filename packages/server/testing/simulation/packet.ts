import {
  cidrPrefixLength,
  ipToBigInt,
  networkAddress,
  parseIpAddress,
  type Cidr,
  type IpAddress,
} from '@landbridge/net';

/** What a filter or a lookup can tell packets apart by. */
export interface Packet {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: Protocol;
  /** Of ICMP only. */
  readonly icmpType?: 'echo-request' | 'echo-reply' | 'time-exceeded' | 'destination-unreachable' | 'parameter-problem';
  /** Of ICMP errors only: where the packet was going that they are about. */
  readonly quotedDestination?: IpAddress;
  /** Of UDP only. */
  readonly destinationPort?: number;
}

export type Protocol = 'icmp' | 'tcp' | 'udp' | 'esp';

export function ping(source: string, destination: string): Packet {
  return {
    source: parseIpAddress(source),
    destination: parseIpAddress(destination),
    protocol: 'icmp',
    icmpType: 'echo-request',
  };
}

/** What a router at `source` says about a packet to `quoted` that `destination` sent. */
export function errorAbout(quoted: IpAddress, source: IpAddress, destination: IpAddress): Packet {
  return { source, destination, protocol: 'icmp', icmpType: 'destination-unreachable', quotedDestination: quoted };
}

/** A block as an inclusive range of numbers: millions of comparisons are made, and bigint is slow. */
interface Range {
  readonly first: number;
  readonly last: number;
}

const numbers = new Map<IpAddress, number>();
const ranges = new Map<Cidr, Range>();

export function addressNumber(address: IpAddress): number {
  let number = numbers.get(address);
  if (number === undefined) {
    number = Number(ipToBigInt(address));
    numbers.set(address, number);
  }
  return number;
}

export function covers(block: Cidr, address: IpAddress): boolean {
  let range = ranges.get(block);
  if (range === undefined) {
    const first = addressNumber(networkAddress(block));
    range = { first, last: first + 2 ** (32 - cidrPrefixLength(block)) - 1 };
    ranges.set(block, range);
  }
  const number = addressNumber(address);
  return range.first <= number && number <= range.last;
}
