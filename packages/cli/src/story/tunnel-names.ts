import { allActions } from '@landbridge/catalogue/services';
import { callAction, type ApiEndpoint } from '@landbridge/client';
import { Client } from '@landbridge/client/client';
import { looksLikeId } from '../action/named-kinds.ts';
import { resolveNames } from '../action/resolve-names.ts';

/** The id of a tunnel that is called so, or the id that was given. Throws where none is. */
export async function subjectNamed(endpoint: ApiEndpoint, typed: string): Promise<string> {
  if (typed === 'host' || looksLikeId(typed)) return typed;
  const action = allActions.find(({ name }) => name === 'DescribeTunnelHealth');
  if (action === undefined) throw new Error('the catalogue has no DescribeTunnelHealth');
  const parameters = { VpnConnectionIds: [typed] };
  await resolveNames(parameters, action, (name, asked, region) =>
    callAction(region === undefined ? endpoint : { ...endpoint, region }, 'vpc', name, asked),
  );
  return parameters.VpnConnectionIds[0] ?? typed;
}

const mostNamed = 100;
const tunnelId = /\bvpnx-[0-9a-z]{8}\b/g;

/** Puts names beside the ids of tunnels, as far as they are known. */
export type Named = (text: string) => string;

/** Knows what the tunnels are called whose ids stand in these texts. */
export async function namesIn(endpoint: ApiEndpoint, texts: Iterable<string>): Promise<Named> {
  const ids = new Set([...texts].flatMap((text) => text.match(tunnelId) ?? []));
  if (ids.size === 0) return (text) => text;
  const asked = [...ids].slice(0, mostNamed) as `vpnx-${string}`[];
  const { TunnelHealthSet } = await new Client(endpoint).call('DescribeTunnelHealth', {
    VpnConnectionIds: asked,
    Limit: mostNamed,
  });
  const names = new Map<string, string>(
    TunnelHealthSet.map(({ VpnConnectionId, VpnConnectionName }) => [VpnConnectionId, VpnConnectionName]),
  );
  // charon's name of a connection is the id and a digest of what it was told.
  return (text) =>
    text.replaceAll(/\b(vpnx-[0-9a-z]{8})(@[0-9a-f]{12}\b)?/g, (all, id: string) => names.get(id) ?? all);
}
