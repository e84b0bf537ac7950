import type { FilterMatch, FilterRule } from '../plan/packet-filter.ts';
import { isIn, when } from './filter-words.ts';

/** IPv4 and TCP headers without options, bytes. */
const tcpIpHeaderBytes = 40;

const syn: FilterMatch = { tcpSyn: true };

/** SYNs in both directions announce no more than what fits these devices with their MTUs. */
export function clampMss(devices: readonly { readonly name: string; readonly mtu: number }[]): FilterRule[] {
  if (devices.length === 0) return [];
  const namesOf = (all: typeof devices) => all.map(({ name }) => name);
  const byMtu = Map.groupBy(devices, ({ mtu }) => mtu);
  return [
    when(syn, isIn('oifname', namesOf(devices))).do({ mss: 'route' }),
    ...[...byMtu].map(([mtu, alike]) => {
      const mss = mtu - tcpIpHeaderBytes;
      return when(syn, isIn('iifname', namesOf(alike)), { mssAbove: mss }).do({ mss });
    }),
  ];
}
