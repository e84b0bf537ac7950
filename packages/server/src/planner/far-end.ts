import { aggregateCidrs, everything, type Cidr } from '@landbridge/net';
import { mappingsOf, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { ChainPlan } from '../plan/packet-filter.ts';
import { always, when } from './filter-words.ts';
import { acceptProbeAnswers } from './probe.ts';
import { acceptSources, countAndDrop, dropCounters, errorsAbout } from './source-check.ts';
import { acceptMappings } from './spd-mappings.ts';

/** What is behind a tunnel: enabled gateway routes of any priority, usable or not; remote ranges of an SPD tunnel. */
export interface FarEnd {
  /** Without overlap. A default route does not count: it says nothing about who has which address. */
  readonly ranges: readonly Cidr[];
  /** Any address may be behind it. */
  readonly isAnywhere: boolean;
  /** Decides of what comes out of the tunnel, where anything is to be decided. */
  readonly chain: ChainPlan;
}

/** @param routed destinations of its enabled gateway routes. */
export function farEndOf(connection: VpnConnection, routed: readonly Cidr[]): FarEnd {
  const isSpd = connection.mode === 'spd';
  const behind = isSpd ? mappingsOf(connection).map(({ remote }) => remote) : routed;
  const ranges = aggregateCidrs(behind.filter((range) => range !== everything));
  const chain = isSpd ? fromSpd(connection) : fromRouted(connection, ranges);
  return { ranges, isAnywhere: behind.includes(everything) || ranges[0] === everything, chain };
}

export function tunnelCounters({ id, mode }: VpnConnection): string[] {
  return dropCounters([id], [mode === 'spd' ? 'outside-mappings' : 'unrouted-source']);
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
