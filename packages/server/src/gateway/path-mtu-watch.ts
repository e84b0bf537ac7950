import { findPathMtuHole } from '../diagnosis/path-mtu-hole.ts';
import { isSameFinding, type Finding } from '../domain/diagnosis/finding.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Clock } from '../platform/clock.ts';
import type { ProberReport } from './gateway-probes.ts';

export interface PathMtuWatchOptions {
  readonly observed: Pick<ObservedState, 'recordFindings'>;
  readonly clock: Pick<Clock, 'now'>;
  /** That the MTUs of tunnels are made from, bytes. */
  readonly pathMtu: number;
}

/** On which tunnels of a gateway packets of the MTU vanish while small ones pass. Failover knows nothing of it. */
export class PathMtuWatch {
  readonly #options: PathMtuWatchOptions;
  readonly #holes = new Map<VpnConnectionId, Finding>();

  constructor(options: PathMtuWatchOptions) {
    this.#options = options;
  }

  /** The tunnels that are probed: of others nothing is known any more. */
  setTunnels(ids: ReadonlySet<VpnConnectionId>): void {
    for (const id of this.#holes.keys()) if (!ids.has(id)) this.#mend(id);
  }

  note(reports: readonly Pick<ProberReport, 'id' | 'isAnswered' | 'pathMtu'>[]): void {
    const { observed, clock, pathMtu } = this.#options;
    for (const { id, isAnswered, pathMtu: sight } of reports) {
      // It has not been asked yet: by a prober that has just been started, or with another size.
      if (sight.verdict === 'unknown' && isAnswered) continue;
      const hole = findPathMtuHole(sight, pathMtu);
      const before = this.#holes.get(id);
      if (hole === null) {
        if (before !== undefined) this.#mend(id);
        continue;
      }
      const finding = { code: 'path-mtu-hole', object: id, ...hole, since: before?.since ?? clock.now() } as const;
      if (before !== undefined && isSameFinding(finding, before)) continue;
      this.#holes.set(id, finding);
      observed.recordFindings(id, 'path-mtu', [finding]);
    }
  }

  #mend(id: VpnConnectionId): void {
    this.#holes.delete(id);
    this.#options.observed.recordFindings(id, 'path-mtu', []);
  }
}
