import { cidrContains, everything } from '@landbridge/net';
import type { PeerIdentity } from '../peer-model.ts';
import type { ComparedTunnel } from './difference.ts';
import type { FoundAddress, FoundIdentity, FoundTunnel, Saying } from './found-tunnel.ts';

/** The one tunnel of a file that is meant; else those that it could be. */
export type Choice = { readonly tunnel: FoundTunnel } | { readonly candidates: readonly FoundTunnel[] };

/** The one that is called so, the only one, or the one whose addresses and identities fit best. */
export function chooseTunnel(tunnels: readonly FoundTunnel[], ours: ComparedTunnel, name?: string): Choice {
  if (name !== undefined) {
    const [named, ...others] = tunnels.filter((tunnel) => tunnel.name === name);
    return named === undefined || others.length > 0 ? { candidates: tunnels } : { tunnel: named };
  }
  const ranked = tunnels.map((tunnel) => ({ tunnel, fit: fitOf(tunnel, ours) })).sort((a, b) => b.fit - a.fit);
  const [best, second] = ranked;
  if (best !== undefined && second === undefined) return { tunnel: best.tunnel };
  if (best === undefined || second === undefined || best.fit <= 0 || best.fit === second.fit)
    return { candidates: tunnels };
  return { tunnel: best.tunnel };
}

function fitOf(
  { remoteAddress, localAddress, remoteIdentity, localIdentity }: FoundTunnel,
  ours: ComparedTunnel,
): number {
  const { device, tunnel } = ours;
  return (
    4 * fitOfAddress(remoteAddress, tunnel.gatewayAddress) +
    4 * fitOfIdentity(remoteIdentity, tunnel.remoteIdentity) +
    2 * fitOfIdentity(localIdentity, tunnel.localIdentity) +
    fitOfAddress(localAddress, device.publicAddress)
  );
}

/** 1 fits, 0 says nothing, -1 is another one. */
function fitOfAddress(found: Saying<FoundAddress>, address: ComparedTunnel['device']['address']): number {
  if (found?.value.kind !== 'these') return 0;
  return found.value.ranges.some((range) => cidrContains(range, address)) ? 1 : -1;
}

function fitOfIdentity(found: Saying<FoundIdentity>, ours: PeerIdentity): number {
  if (found === null || found.value.kind === 'any') return 0;
  if (found.value.kind === 'address' && found.value.range === everything) return 0;
  if (found.value.kind === 'address')
    return ours.kind === 'address' && cidrContains(found.value.range, ours.value) ? 1 : -1;
  return found.value.kind === 'fqdn' && found.value.name.toLowerCase() === ours.value.toLowerCase() ? 1 : -1;
}
