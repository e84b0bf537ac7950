import type {
  DeviceMapElement,
  DeviceMapPlan,
  FilterAction,
  FilterField,
  FilterMatch,
  ListedSetPlan,
} from '../plan/packet-filter.ts';

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
  'count-asked': 'counter',
  'count-answered': 'counter',
  'count-called': 'counter',
  'count-accepted': 'counter',
} as const satisfies Record<string, DeviceMapPlan['to']>;

export type ListedSet = keyof typeof listed;
export type TunnelMap = keyof typeof maps;
type MtuSet = `mtu-${number}`;

/** Of one tunnel. */
export type SetElement =
  | { readonly in: ListedSet | MtuSet; readonly element: readonly string[] }
  | { readonly in: TunnelMap; readonly element: DeviceMapElement };

/** A tunnel, as far as it stands in sets (tunnel.ts). */
interface SetMember {
  /** Of its device, bytes. */
  readonly mtu: number;
  readonly filter: { readonly elements: readonly SetElement[] };
}

/** @param networkDevice of the network side, where there is one. */
export function planGatewaySets(
  tunnels: readonly SetMember[],
  networkDevice: string | undefined,
): (ListedSetPlan | DeviceMapPlan)[] {
  const filled = new Map<string, SetElement['element'][]>();
  const fill = (set: string, element: SetElement['element']) => {
    const elements = filled.get(set);
    if (elements === undefined) filled.set(set, [element]);
    else elements.push(element);
  };
  if (networkDevice !== undefined) fill('open', [networkDevice]);
  for (const { filter } of tunnels) for (const { in: set, element } of filter.elements) fill(set, element);
  const elementsOf = (set: string) => (filled.get(set) ?? []) as never;
  return [
    ...Object.entries(listed).map(([name, fields]) => ({ name, fields, elements: elementsOf(name) })),
    ...mtusOf(tunnels).map((mtu) => ({ name: mtuSet(mtu), fields: listed.tunnels, elements: elementsOf(mtuSet(mtu)) })),
    ...Object.entries(maps).map(([name, to]) => ({ name, to, elements: elementsOf(name) })),
  ];
}

export function mtusOf(tunnels: readonly Pick<SetMember, 'mtu'>[]): number[] {
  return [...new Set(tunnels.map(({ mtu }) => mtu))].sort((a, b) => a - b);
}

/** Tunnels of one MTU stand in a set of their own: what their SYNs may announce is in a rule. */
export function mtuSet(mtu: number): MtuSet {
  return `mtu-${mtu}`;
}

export function isOfMtu(mtu: number): FilterMatch {
  return { fields: ['iifname'], inSet: mtuSet(mtu) };
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

export function countBy(map: TunnelMap, by: 'iifname' | 'oifname' = 'iifname'): FilterAction {
  return { countBy: by, map };
}
