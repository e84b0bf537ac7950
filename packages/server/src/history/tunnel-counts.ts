import { emptyTally, type Tally } from '../domain/operator/history.ts';
import type { TrafficObservation, TunnelObservation } from '../domain/operator/observation.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';

interface Seen {
  readonly traffic: TrafficObservation;
  /** By the clock's `elapsed`. */
  readonly at: number;
}

/** What has changed of totals since they were looked at before. */
export class TunnelCounts {
  #seen = new Map<VpnConnectionId, Seen>();
  /** Of the look that is under way. */
  #now = new Map<VpnConnectionId, Seen>();

  /**
   * Null: nothing is known of it.
   * @param at by the clock's `elapsed`. @param stepMs since the look before, when it is not known of the tunnel itself.
   */
  look(tunnel: TunnelObservation, at: number, stepMs: number): Tally | null {
    const { sas, usability, traffic, id } = tunnel;
    const before = this.#seen.get(id);
    if (traffic !== null) this.#now.set(id, { traffic, at });
    const probes = usability?.healthCheck?.probes ?? null;
    if (sas === null && traffic === null && probes === null) return null;
    return {
      ...(traffic === null || before === undefined
        ? emptyTally
        : { ...emptyTally, countedMs: at - before.at, ...passed(before.traffic, traffic) }),
      ...(probes === null
        ? {}
        : {
            probesSent: probes.sent,
            probesLost: probes.lost,
            delayMs: (probes.meanDelayMs ?? 0) * (probes.sent - probes.lost),
          }),
      ...(sas === null ? {} : { watchedMs: stepMs, connectedMs: sas.connected ? stepMs : 0 }),
    };
  }

  /** All have been looked at: what was not is forgotten. */
  done(): void {
    this.#seen = this.#now;
    this.#now = new Map();
  }
}

type Counted = 'inBytes' | 'inPackets' | 'outBytes' | 'outPackets';

/** Totals that are less than before began anew. */
function passed(before: TrafficObservation, now: TrafficObservation): Pick<Tally, Counted> {
  const of = (name: Counted) => (now[name] >= before[name] ? now[name] - before[name] : now[name]);
  return { inBytes: of('inBytes'), inPackets: of('inPackets'), outBytes: of('outBytes'), outPackets: of('outPackets') };
}
