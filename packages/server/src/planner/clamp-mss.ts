import type { FilterMatch, FilterRule } from '../plan/packet-filter.ts';
import { when } from './filter-words.ts';

/** IPv4 and TCP headers without options, bytes. */
const tcpIpHeaderBytes = 40;

const syn: FilterMatch = { tcpSyn: true };

/** SYNs that leave by devices that this fits announce no more than what fits their way. */
export function clampMssInto(devices: FilterMatch): FilterRule {
  return when(syn, devices).do({ mss: 'route' });
}

/** SYNs that come from devices that this fits announce no more than what fits their MTU, bytes. */
export function clampMssFrom(devices: FilterMatch, mtu: number): FilterRule {
  const mss = mtu - tcpIpHeaderBytes;
  return when(syn, devices, { mssAbove: mss }).do({ mss });
}
