import { aggregateCidrs, everything, type Cidr } from '@landbridge/net';
import { dropCounterName, type DropReason } from '../domain/operator/dropped-packets.ts';
import { mappingsOf, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { ChainPlan, DeviceMapElement } from '../plan/packet-filter.ts';
import { always, when } from './filter-words.ts';
import type { ListedSet, TunnelMap } from './gateway-sets.ts';
import { acceptProbeAnswers, probeAddressPair } from './probe.ts';
import { acceptSources, countAndDrop, errorsAbout } from './source-check.ts';
import { acceptMappings, intoSpd } from './spd-mappings.ts';

/** What one tunnel adds to its gateway's packet filter. */
export interface TunnelFilter {
  /** What is behind it: remote ranges of an SPD tunnel, destinations of enabled gateway routes; without overlap. */
  readonly ranges: readonly Cidr[];
  readonly counters: readonly string[];
  readonly chains: readonly ChainPlan[];
  readonly inSets: InSets;
  readonly inMaps: Readonly<Partial<Record<TunnelMap, DeviceMapElement>>>;
}

type InSets = Readonly<Partial<Record<ListedSet, readonly string[]>> & Record<'tunnels', readonly string[]>>;

interface Behind {
  /** Of its enabled gateway routes, of any priority, usable or not. */
  readonly routed: readonly Cidr[];
  /** The gateway refuses sources that no route leads back to. */
  readonly checksSources: boolean;
}

export function planTunnelFilter(connection: VpnConnection, behind: Behind): TunnelFilter {
  return connection.mode === 'spd' ? filterOfSpd(connection) : filterOfRouted(connection, behind);
}

/** Nothing but its mappings, and their reverse. */
function filterOfSpd(connection: VpnConnection): TunnelFilter {
  const { id } = connection;
  const ranges = rangesOf(mappingsOf(connection).map(({ remote }) => remote));
  const [from, into] = [fromSpd(connection), intoSpd(connection)];
  const common = ofAnyTunnel(connection, 'outside-mappings');
  return {
    ...common,
    ranges,
    chains: [from, into],
    inSets: { ...common.inSets, spd: [id] },
    inMaps: {
      ...common.inMaps,
      'from-tunnel': { device: id, to: from.name },
      'into-spd': { device: id, to: into.name },
    },
  };
}

/** A default route says nothing about who has which address: any may be behind that tunnel. */
function filterOfRouted(connection: VpnConnection, { routed, checksSources }: Behind): TunnelFilter {
  const { id } = connection;
  const ranges = rangesOf(routed);
  const isAnywhere = routed.includes(everything) || ranges[0] === everything;
  const from = checksSources && !isAnywhere ? fromRouted(connection, ranges) : null;
  const common = ofAnyTunnel(connection, 'unrouted-source');
  const pair = probeAddressPair(connection);
  const unrouted = { 'count-unrouted-source': counted(id, 'unrouted-source') };
  return {
    ...common,
    ranges,
    chains: from === null ? [] : [from],
    inSets: {
      ...common.inSets,
      open: [id],
      ...(pair !== null && {
        'probe-local': [pair.local],
        'probe-local-of': [pair.local, id],
        'probe-remote': [pair.remote],
        'probe-remote-of': [pair.remote, id],
      }),
    },
    inMaps: {
      ...common.inMaps,
      ...(from !== null && { ...unrouted, 'from-tunnel': { device: id, to: from.name } }),
    },
  };
}

function ofAnyTunnel(
  { id }: VpnConnection,
  ownReason: DropReason,
): Pick<TunnelFilter, 'counters' | 'inSets' | 'inMaps'> {
  return {
    counters: (['network-source', 'ipv6', ownReason] as const).map((reason) => dropCounterName(id, reason)),
    inSets: { tunnels: [id] },
    inMaps: { 'count-ipv6': counted(id, 'ipv6'), 'count-network-source': counted(id, 'network-source') },
  };
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
