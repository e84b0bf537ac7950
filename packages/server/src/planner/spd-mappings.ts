import { everything, type Cidr } from '@landbridge/net';
import { mappingsOf, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { ChainPlan, FilterMatch, FilterRule } from '../plan/packet-filter.ts';
import { accept, always, drop, when } from './filter-words.ts';
import { inRanges } from './source-check.ts';

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

/** Into an SPD tunnel only what a mapping names. */
export function intoSpd(connection: VpnConnection): ChainPlan {
  const admitted = acceptMappings(connection, { local: 'ip saddr', remote: 'ip daddr' });
  return { name: `into-${connection.id}`, rules: [...admitted, always(drop)] };
}

function match(field: Field, ranges: readonly Cidr[]): FilterMatch[] {
  const found = inRanges(field, ranges);
  return found === undefined || ('is' in found && found.is === everything) ? [] : [found];
}
