import { mappingsOf, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import { everything } from './layout.ts';
import { rangeSet } from './source-check.ts';

type Field = 'saddr' | 'daddr';

/** Lines of nft that accept an SPD tunnel's mappings: one for each local range, of which a tunnel has few. */
export function acceptMappings(
  connection: VpnConnection,
  fields: { readonly local: Field; readonly remote: Field },
): string[] {
  const byLocal = Map.groupBy(mappingsOf(connection), ({ local }) => local);
  return [...byLocal].map(([local, mappings]) => {
    const remotes = rangeSet(mappings.map(({ remote }) => remote)) ?? everything;
    return `${match(fields.local, local)}${match(fields.remote, remotes)}accept`;
  });
}

function match(field: Field, ranges: string): string {
  return ranges === everything ? '' : `ip ${field} ${ranges} `;
}
