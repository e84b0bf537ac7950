import type { FoundTunnel } from '../found-tunnel.ts';

/** What has to be the same for conns to share an IKE_SA: each is then a CHILD_SA of one tunnel. */
function ikeOf(tunnel: FoundTunnel): string {
  const { ikeVersions, localAddress, remoteAddress, localIdentity, remoteIdentity, authentication, ikeProposals } =
    tunnel;
  const sayings = [
    ikeVersions,
    localAddress,
    remoteAddress,
    localIdentity,
    remoteIdentity,
    authentication,
    ikeProposals,
  ];
  return JSON.stringify(sayings.map((saying) => saying?.value ?? null));
}

/** Conns to the same peer become one tunnel, which is called as the first of them. */
export function oneTunnelEachPeer(conns: readonly FoundTunnel[]): FoundTunnel[] {
  return [...Map.groupBy(conns, ikeOf).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const all = [first, ...others].map(({ selectors }) => selectors);
    const said = all.filter((selectors) => selectors !== null);
    if (said.length < all.length) return [first];
    return [{ ...first, selectors: { value: said.flatMap(({ value }) => value), line: said[0]?.line ?? null } }];
  });
}
