import { isResourceId, type VpnConnectionId } from '../resource-id.ts';

/**
 * What a gateway's packet filter counts of each tunnel: `asked`: segments that open a TCP connection, and echo requests, into it; `answered`: what
 * accepts or refuses one, and echo replies, out of it; `called`: segments that open a TCP connection from there; `accepted`: what accepts one.
 */
export const askingKinds = ['asked', 'answered', 'called', 'accepted'] as const;

export type AskingKind = (typeof askingKinds)[number];

/** Packets since the tunnel was made. */
export type AskingCounts = Readonly<Record<AskingKind, number>>;

export const nothingAsked: AskingCounts = { asked: 0, answered: 0, called: 0, accepted: 0 };

/** The name of a counter in the packet filter: `vpnx-1a2b3c4d.asked`. */
export function askingCounterName(id: VpnConnectionId, kind: AskingKind): string {
  return `${id}.${kind}`;
}

/** By tunnel, of counters of a packet filter; those with other names are left out. */
export function askingCountsOf(
  counters: readonly { readonly name: string; readonly packets: number }[],
): ReadonlyMap<VpnConnectionId, AskingCounts> {
  const counts = new Map<VpnConnectionId, Record<AskingKind, number>>();
  for (const { name, packets } of counters) {
    const [id = '', kind = '', ...rest] = name.split('.');
    if (rest.length > 0 || !isResourceId('vpnx', id) || !isAskingKind(kind)) continue;
    const known = counts.get(id) ?? { ...nothingAsked };
    known[kind] = packets;
    counts.set(id, known);
  }
  return counts;
}

function isAskingKind(text: string): text is AskingKind {
  return askingKinds.some((kind) => kind === text);
}
