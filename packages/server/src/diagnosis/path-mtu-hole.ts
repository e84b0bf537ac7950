/** What large probes say about the way to a tunnel's probe target (packages/uxfrm/README.md, "The prober"). */
export interface PathMtuSight {
  /**
   * `passes`: packets of the MTU are answered; `told`: the path says by ICMP that they are too large, and so whoever sends them knows; `hole`:
   * they vanish; `unanswered`: no large packet is answered at all, which says nothing.
   */
  readonly verdict: 'unknown' | 'passes' | 'told' | 'hole' | 'unanswered';
  /** Of the tunnel, bytes. */
  readonly mtu: number;
  /** Of a hole: the largest packet that was answered, bytes. */
  readonly largest: number | null;
}

export interface PathMtuHole {
  readonly ours: string;
  readonly theirs: string;
  readonly evidence: readonly string[];
}

/** @param pathMtu that the tunnel's MTU was made from, bytes. Null: there is no hole, or nobody knows. */
export function findPathMtuHole({ verdict, mtu, largest }: PathMtuSight, pathMtu: number): PathMtuHole | null {
  if (verdict !== 'hole' || largest === null) return null;
  const carried = pathMtu - (mtu - largest);
  return {
    ours: `${mtu} bytes`,
    theirs: `${largest} bytes pass`,
    evidence: [
      `echo requests of ${mtu} bytes are not answered, those of ${largest} bytes are, and nobody says that more is too large`,
      `with ESP around it that is ${carried} bytes of the path: pathMtu of the uplink is ${pathMtu}`,
    ],
  };
}
