import { everything, type Cidr } from '@landbridge/net';
import { mappingsOf, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import { unmappedSet } from '../plan/names.ts';
import type { ChainPlan, FilterMatch, FilterRule, RememberingSetPlan } from '../plan/packet-filter.ts';
import { accept, always, when } from './filter-words.ts';
import { countAndDrop, inRanges } from './source-check.ts';

type Field = 'ip saddr' | 'ip daddr';

/** Accepts an SPD tunnel's mappings: one rule for each local range, of which a tunnel has few. */
export function acceptMappings(
  connection: VpnConnection,
  fields: { readonly local: Field; readonly remote: Field },
): FilterRule[] {
  const byLocal = Map.groupBy(mappingsOf(connection), ({ local }) => local);
  return [...byLocal].map(([local, mappings]) => {
    const remotes = mappings.map(({ remote }) => remote);
    return when(...match(fields.local, [local]), ...match(fields.remote, remotes)).do(accept);
  });
}

/** Who sent what no mapping names, and where to: of a gateway, the newest of the last minute. Where there are more, they are counted only. */
export const unmappedPairs = {
  name: unmappedSet,
  fields: ['oifname', 'ip saddr', 'ip daddr'],
  size: 256,
  timeoutSeconds: 60,
} as const satisfies RememberingSetPlan;

/** Into an SPD tunnel only what a mapping names; the rest is counted. */
export function intoSpd(connection: VpnConnection): ChainPlan {
  const admitted = acceptMappings(connection, { local: 'ip saddr', remote: 'ip daddr' });
  const remembered = always({ remember: unmappedPairs.name, fields: unmappedPairs.fields });
  return {
    name: `into-${connection.id}`,
    rules: [...admitted, remembered, always(...countAndDrop(connection.id, 'unmapped'))],
  };
}

function match(field: Field, ranges: readonly Cidr[]): FilterMatch[] {
  const found = inRanges(field, ranges);
  return found === undefined || ('is' in found && found.is === everything) ? [] : [found];
}
