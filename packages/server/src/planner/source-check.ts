import { aggregateCidrs, cidrRange, type Cidr } from '@landbridge/net';
import { dropCounterName, type DropReason, type EntranceId } from '../domain/operator/dropped-packets.ts';
import { everything } from './layout.ts';

/**
 * Sources are checked where packets come in, before anything is routed: a chain `sources` of its own in each namespace
 * (docs/adr/0019). Everything here is lines of nft; sets and maps, so that a packet costs the same with one range or a thousand.
 */
export function renderSourceChain(rules: readonly string[]): string {
  return renderChain('sources', ['type filter hook prerouting priority filter; policy accept;', ...rules]);
}

export function renderChain(name: string, lines: readonly string[]): string {
  return [`chain ${name} {`, ...lines.map((line) => `  ${line}`), '}', ''].join('\n');
}

/** The counters that `countAndDrop` and `countByDevice` speak of; the driver keeps their values (drivers/nft.ts). */
export function renderCounters(entrances: readonly EntranceId[], reasons: readonly DropReason[]): string {
  const names = entrances.flatMap((entrance) => reasons.map((reason) => dropCounterName(entrance, reason)));
  return names.map((name) => `counter ${name} { packets 0 bytes 0 }\n`).join('');
}

export function countAndDrop(entrance: EntranceId, reason: DropReason): string {
  return `counter name ${dropCounterName(entrance, reason)} drop`;
}

/** As countAndDrop, for entrances that are devices of the same name. */
export function countByDevice(entrances: readonly EntranceId[], reason: DropReason): string {
  const counters = entrances.map((entrance) => `"${entrance}" : "${dropCounterName(entrance, reason)}"`);
  return `counter name iifname map { ${counters.join(', ')} } drop`;
}

/**
 * IPv6 is carried nowhere. What every host says of itself on its link (neighbour and router solicitations, duplicate address
 * detection) is not counted: it would hide the rest.
 */
export function refuseIpv6(iifname: string, counted: string): string[] {
  return [`${iifname} ip6 saddr { ::, fe80::/10 } drop`, `${iifname} meta nfproto ipv6 ${counted}`];
}

/** `{ 10.0.0.0/24, … }`, or the range alone; undefined where it would be empty. An interval set takes no overlap. */
export function rangeSet(ranges: readonly Cidr[]): string | undefined {
  return blockSet(aggregateCidrs(ranges));
}

function blockSet(blocks: readonly Cidr[]): string | undefined {
  return blocks.length < 2 ? blocks[0] : `{ ${blocks.join(', ')} }`;
}

/** Lines that accept these sources; everything, where that is what they are. @param blocks as aggregateCidrs returns them. */
export function acceptSources(blocks: readonly Cidr[]): string[] {
  const set = blockSet(blocks);
  if (set === undefined) return [];
  return [set === everything ? 'accept' : `ip saddr ${set} accept`];
}

/**
 * A match for ICMP errors about packets on their way to these ranges: the quoted header's destination, 24 bytes into the
 * ICMP message (RFC 792). A router there may have an address that is in none of them.
 * @param blocks as aggregateCidrs returns them.
 */
export function matchErrorsAbout(blocks: readonly Cidr[]): string | undefined {
  if (blocks.length === 0) return undefined;
  const errors = 'icmp type { destination-unreachable, time-exceeded, parameter-problem }';
  if (blocks[0] === everything) return errors;
  return `${errors} @th,192,32 { ${blocks.map(hexRange).join(', ')} }`;
}

function hexRange(block: Cidr): string {
  const { first, last } = cidrRange(block);
  return first === last ? hex(first) : `${hex(first)}-${hex(last)}`;
}

function hex(value: bigint): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
