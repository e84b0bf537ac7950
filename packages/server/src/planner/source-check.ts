import { aggregateCidrs, everything, type Cidr } from '@landbridge/net';
import { dropCounterName, type DropReason, type EntranceId } from '../domain/operator/dropped-packets.ts';
import type { ChainPlan, FilterAction, FilterField, FilterMatch, FilterRule } from '../plan/packet-filter.ts';
import { accept, always, drop, filterChain, is, isIn, isNot, isNotIn, when } from './filter-words.ts';

/**
 * Sources are checked where packets come in, before anything is routed: a chain `sources` of its own in each namespace
 * (docs/adr/0019). Sets and maps, so that a packet costs the same with one range or a thousand.
 * @param elsewhere fit what comes in by other devices: it passes first.
 */
export function sourceChain(elsewhere: readonly FilterMatch[], rules: readonly FilterRule[]): ChainPlan {
  const passing = elsewhere.map((match) => when(match).do(accept));
  return filterChain('sources', 'prerouting', 'accept', [...passing, ...rules]);
}

/** The counters that `countAndDrop` speaks of; the driver keeps their values (drivers/nft.ts). */
export function dropCounters(entrances: readonly EntranceId[], reasons: readonly DropReason[]): string[] {
  return entrances.flatMap((entrance) => reasons.map((reason) => dropCounterName(entrance, reason)));
}

export function countAndDrop(entrance: EntranceId, reason: DropReason): FilterAction[] {
  return [{ count: dropCounterName(entrance, reason) }, drop];
}

/**
 * IPv6 is carried nowhere. What every host says of itself on its link (neighbour and router solicitations, duplicate address
 * detection) is not counted: it would hide the rest.
 */
export function refuseIpv6(...counted: readonly FilterAction[]): FilterRule[] {
  return [when(isIn('ip6 saddr', ['::', 'fe80::/10'])).do(drop), when(is('meta nfproto', 'ipv6')).do(...counted)];
}

type AddressField = Extract<FilterField, 'ip saddr' | 'ip daddr'>;

/** An address in one of these ranges; undefined where there is none. An interval set takes no overlap. */
export function inRanges(field: AddressField, ranges: readonly Cidr[]): FilterMatch | undefined {
  return inBlocks(field, aggregateCidrs(ranges));
}

function inBlocks(field: AddressField, blocks: readonly Cidr[]): FilterMatch | undefined {
  const [first] = blocks;
  if (first === undefined) return undefined;
  return blocks.length === 1 ? is(field, first) : isIn(field, blocks);
}

/** An address in none of these ranges, of which there is at least one. */
export function notInRanges(field: AddressField, ranges: readonly Cidr[]): FilterMatch {
  const blocks = aggregateCidrs(ranges);
  const [first] = blocks;
  return first !== undefined && blocks.length === 1 ? isNot(field, first) : isNotIn(field, blocks);
}

/** Accepts these sources; everything, where that is what they are. @param blocks as aggregateCidrs returns them. */
export function acceptSources(blocks: readonly Cidr[]): FilterRule[] {
  const match = inBlocks('ip saddr', blocks);
  if (match === undefined) return [];
  return [blocks[0] === everything ? always(accept) : when(match).do(accept)];
}

/**
 * Matches for ICMP errors about packets on their way to these ranges; undefined where there is none. A router there may have an address
 * that is in none of them.
 * @param blocks as aggregateCidrs returns them.
 */
export function errorsAbout(blocks: readonly Cidr[]): FilterMatch[] | undefined {
  if (blocks.length === 0) return undefined;
  const errors = isIn('icmp type', ['destination-unreachable', 'time-exceeded', 'parameter-problem']);
  return blocks[0] === everything ? [errors] : [errors, { quotedDestination: blocks }];
}
