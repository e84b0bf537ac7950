import type { DeviceMapPlan, FilterAction, FilterField, FilterMatch, ListedSetPlan } from '../plan/packet-filter.ts';
import type { Tunnel } from './tunnel.ts';

/** Sets of a gateway's packet filter that its tunnels stand in, and what their elements are made of. */
const listed = {
  tunnels: ['iifname'],
  /** Whose mappings say what passes. */
  spd: ['iifname'],
  /** Between which the route table decides alone; the network side is one of them. */
  open: ['iifname'],
  'probe-local': ['ip daddr'],
  'probe-local-of': ['ip daddr', 'iifname'],
  'probe-remote': ['ip daddr'],
  'probe-remote-of': ['ip daddr', 'iifname'],
} as const satisfies Record<string, readonly FilterField[]>;

/** Maps of them by the names of the tunnels' devices. */
const maps = {
  'from-tunnel': 'chain',
  'into-spd': 'chain',
  'count-ipv6': 'counter',
  'count-network-source': 'counter',
  'count-unrouted-source': 'counter',
} as const satisfies Record<string, DeviceMapPlan['to']>;

export type ListedSet = keyof typeof listed;
export type TunnelMap = keyof typeof maps;

/** @param networkDevice of the network side, where there is one. */
export function planGatewaySets(
  tunnels: readonly Tunnel[],
  networkDevice: string | undefined,
): (ListedSetPlan | DeviceMapPlan)[] {
  const sets = Object.entries(listed).map(([name, fields]): ListedSetPlan => {
    const own = tunnels
      .map(({ filter }) => filter.inSets[name as ListedSet])
      .filter((element) => element !== undefined);
    const network = name === 'open' && networkDevice !== undefined ? [[networkDevice]] : [];
    return { name, fields, elements: [...network, ...own] };
  });
  const byDevice = Object.entries(maps).map(([name, to]): DeviceMapPlan => {
    return { name, to, elements: tunnels.flatMap(({ filter }) => filter.inMaps[name as TunnelMap] ?? []) };
  });
  return [...sets, ...mtusOf(tunnels).map((mtu) => planMtuSet(tunnels, mtu)), ...byDevice];
}

/** Tunnels of one MTU stand in a set of their own: what they are told is in a rule. */
function planMtuSet(tunnels: readonly Tunnel[], mtu: number): ListedSetPlan {
  const alike = tunnels.filter((tunnel) => tunnel.mtu === mtu);
  return { name: mtuSet(mtu), fields: listed.tunnels, elements: alike.map(({ filter }) => filter.inSets.tunnels) };
}

export function mtusOf(tunnels: readonly Tunnel[]): number[] {
  return [...new Set(tunnels.map(({ mtu }) => mtu))].sort((a, b) => a - b);
}

export function isOfMtu(mtu: number): FilterMatch {
  return { fields: ['iifname'], inSet: mtuSet(mtu) };
}

function mtuSet(mtu: number): string {
  return `mtu-${mtu}`;
}

/** The field, or the two, of a packet are an element. */
export function isOf(set: ListedSet, ...fields: readonly FilterField[]): FilterMatch {
  return { fields, inSet: set };
}

export function isNotOf(set: ListedSet, ...fields: readonly FilterField[]): FilterMatch {
  return { fields, not: true, inSet: set };
}

export function gotoBy(field: 'iifname' | 'oifname', map: TunnelMap): FilterAction {
  return { gotoBy: field, map };
}

export function countBy(map: TunnelMap): FilterAction {
  return { countBy: 'iifname', map };
}
