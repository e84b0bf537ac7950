import { aggregateCidrs, everything, type Cidr } from '@landbridge/net';
import { dropCounterName, type DropReason } from '../domain/operator/dropped-packets.ts';
import { mappingsOf, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { ChainPlan, DeviceMapElement } from '../plan/packet-filter.ts';
import { askingCountersOf, askingElementsOf } from './asking-counters.ts';
import { always, when } from './filter-words.ts';
import { mtuSet, type SetElement } from './gateway-sets.ts';
import { acceptProbeAnswers, probeAddressPair } from './probe.ts';
import { acceptSources, countAndDrop, errorsAbout } from './source-check.ts';
import { acceptMappings, intoSpd } from './spd-mappings.ts';

/** What one tunnel adds to its gateway's packet filter. */
export interface TunnelFilter {
  /** What is behind it: remote ranges of an SPD tunnel, destinations of enabled gateway routes; without overlap. */
  readonly ranges: readonly Cidr[];
  readonly counters: readonly string[];
  readonly chains: readonly ChainPlan[];
  readonly elements: readonly SetElement[];
  /** Routers behind it may report errors. */
  readonly hearsRouters: boolean;
}

interface Behind {
  /** Of its enabled gateway routes, of any priority, usable or not. */
  readonly routed: readonly Cidr[];
  /** The gateway refuses sources that no route leads back to. */
  readonly checksSources: boolean;
}

/** @param mtu of its device, bytes. */
export function planTunnelFilter(connection: VpnConnection, mtu: number, behind: Behind): TunnelFilter {
  return connection.mode === 'spd' ? filterOfSpd(connection, mtu) : filterOfRouted(connection, mtu, behind);
}

/** Nothing but its mappings, and their reverse. */
function filterOfSpd(connection: VpnConnection, mtu: number): TunnelFilter {
  const { id } = connection;
  const [from, into] = [fromSpd(connection), intoSpd(connection)];
  return {
    ranges: rangesOf(mappingsOf(connection).map(({ remote }) => remote)),
    counters: countersOf(id, 'outside-mappings', 'unmapped'),
    chains: [from, into],
    elements: [
      ...ofAnyTunnel(id, mtu),
      { in: 'spd', element: [id] },
      { in: 'from-tunnel', element: { device: id, to: from.name } },
      { in: 'into-spd', element: { device: id, to: into.name } },
    ],
    hearsRouters: false,
  };
}

/** A default route says nothing about who has which address: any may be behind that tunnel. */
function filterOfRouted(connection: VpnConnection, mtu: number, { routed, checksSources }: Behind): TunnelFilter {
  const { id } = connection;
  const ranges = rangesOf(routed);
  const isAnywhere = routed.includes(everything) || ranges[0] === everything;
  const from = checksSources && !isAnywhere ? fromRouted(connection, ranges) : null;
  return {
    ranges,
    counters: countersOf(id, 'unrouted-source'),
    chains: from === null ? [] : [from],
    elements: [
      ...ofAnyTunnel(id, mtu),
      { in: 'open', element: [id] },
      ...ofProbe(connection),
      ...(from === null ? [] : ofChecked(id, from)),
    ],
    hearsRouters: from !== null && ranges.length > 0,
  };
}

function ofAnyTunnel(id: VpnConnection['id'], mtu: number): SetElement[] {
  return [
    { in: 'tunnels', element: [id] },
    { in: mtuSet(mtu), element: [id] },
    { in: 'count-ipv6', element: counted(id, 'ipv6') },
    { in: 'count-network-source', element: counted(id, 'network-source') },
    ...askingElementsOf(id),
  ];
}

function ofProbe(connection: VpnConnection): SetElement[] {
  const pair = probeAddressPair(connection);
  if (pair === null) return [];
  return [
    { in: 'probe-local', element: [pair.local] },
    { in: 'probe-local-of', element: [pair.local, connection.id] },
    { in: 'probe-remote', element: [pair.remote] },
    { in: 'probe-remote-of', element: [pair.remote, connection.id] },
  ];
}

function ofChecked(id: VpnConnection['id'], { name }: ChainPlan): SetElement[] {
  return [
    { in: 'count-unrouted-source', element: counted(id, 'unrouted-source') },
    { in: 'from-tunnel', element: { device: id, to: name } },
  ];
}

function countersOf(id: VpnConnection['id'], ...ownReasons: readonly DropReason[]): string[] {
  const drops = (['network-source', 'ipv6', ...ownReasons] as const).map((reason) => dropCounterName(id, reason));
  return [...drops, ...askingCountersOf(id)];
}

function counted(id: VpnConnection['id'], reason: DropReason): DeviceMapElement {
  return { device: id, to: dropCounterName(id, reason) };
}

function rangesOf(behind: readonly Cidr[]): Cidr[] {
  return aggregateCidrs(behind.filter((range) => range !== everything));
}

function fromRouted(connection: VpnConnection, ranges: readonly Cidr[]): ChainPlan {
  const errors = errorsAbout(ranges);
  return {
    name: `from-${connection.id}`,
    rules: [
      ...acceptSources(ranges),
      ...acceptProbeAnswers(connection),
      ...(errors === undefined ? [] : [when(...errors).do({ goto: 'from-routers' })]),
      always(...countAndDrop(connection.id, 'unrouted-source')),
    ],
  };
}

/** Only the reverse of a mapping. */
function fromSpd(connection: VpnConnection): ChainPlan {
  const admitted = acceptMappings(connection, { local: 'ip daddr', remote: 'ip saddr' });
  const refused = always(...countAndDrop(connection.id, 'outside-mappings'));
  return { name: `from-${connection.id}`, rules: [...admitted, refused] };
}
