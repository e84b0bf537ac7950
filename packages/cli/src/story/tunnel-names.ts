import type { Client } from '@landbridge/client/client';

const mostNamed = 100;
const tunnelId = /\bvpnx-[0-9a-z]{8}\b/g;

/** Puts names beside the ids of tunnels, as far as they are known. */
export type Named = (text: string) => string;

/** Knows what the tunnels are called whose ids stand in these texts. */
export async function namesIn(client: Pick<Client, 'call'>, texts: Iterable<string>): Promise<Named> {
  const ids = new Set([...texts].flatMap((text) => text.match(tunnelId) ?? []));
  if (ids.size === 0) return (text) => text;
  const asked = [...ids].slice(0, mostNamed) as `vpnx-${string}`[];
  const { TunnelHealthSet } = await client.call('DescribeTunnelHealth', { VpnConnectionIds: asked, Limit: mostNamed });
  const names = new Map<string, string>(
    TunnelHealthSet.map(({ VpnConnectionId, VpnConnectionName }) => [VpnConnectionId, VpnConnectionName]),
  );
  // charon's name of a connection is the id and a digest of what it was told.
  return (text) =>
    text.replaceAll(/\b(vpnx-[0-9a-z]{8})(@[0-9a-f]{12}\b)?/g, (all, id: string) => names.get(id) ?? all);
}
