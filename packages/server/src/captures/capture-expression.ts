import { parseCidr, type IpAddress } from '@landbridge/net';
import type { CaptureFilter } from '../domain/operator/packet-capture.ts';

/**
 * The expression of pcap-filter(7), made of numbers and words of ours alone, whoever says what is wanted. Throws for what is no range.
 * @param ownAddress nothing but what it sends or gets; null: whatever is on the device.
 */
export function captureExpression(filter: CaptureFilter, ownAddress: IpAddress | null): string {
  const { protocol, source, destination, port } = filter;
  return [
    // There is no IPv6, and ARP of a segment may be everybody's.
    'ip',
    ...(ownAddress === null ? [] : [`host ${ownAddress}`]),
    ...(protocol === null ? [] : [protocolWords[protocol]]),
    ...(source === null ? [] : [`src net ${parseCidr(source)}`]),
    ...(destination === null ? [] : [`dst net ${parseCidr(destination)}`]),
    ...(port === null ? [] : [`port ${port}`]),
  ].join(' and ');
}

/** ESP has a NAT on its way as UDP (RFC 3948). */
const protocolWords = {
  tcp: 'tcp',
  udp: 'udp',
  icmp: 'icmp',
  esp: '(ip proto 50 or udp port 4500)',
} as const;
