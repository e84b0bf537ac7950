import type { ChildSa, IkeSa, InstalledChildSa } from '@landbridge/vici';
import type { TrafficObservation } from '../domain/operator/observation.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { WatchedConnection } from './watched-connection.ts';

/** What an SA has carried; of pairs each way. */
type SaCounters = Pick<InstalledChildSa, 'bytesIn' | 'packetsIn' | 'bytesOut' | 'packetsOut'>;

interface CountedTunnel {
  /** With instants by `elapsed`. */
  traffic: TrafficObservation;
  /** As it was last told of. */
  told: TrafficObservation | null;
  /** By unique id and SPI. */
  sas: Map<string, SaCounters>;
}

const nothing: SaCounters = { bytesIn: 0, packetsIn: 0, bytesOut: 0, packetsOut: 0 };
const noTraffic: TrafficObservation = {
  ...{ inBytes: 0, inPackets: 0, outBytes: 0, outPackets: 0 },
  rekeys: 0,
  ...{ lastInAt: null, lastOutAt: null },
};

/**
 * Totals of tunnels, from the counters of their CHILD_SAs, which come and go: what each has counted since it was seen last is added.
 * One that is renewed is seen once more at its end, as charon tells of it.
 */
export class TunnelTraffic {
  readonly #tunnels = new Map<VpnConnectionId, CountedTunnel>();
  /** When all SAs were seen last, by `elapsed`. */
  #lookedAt: number | null = null;
  /** By which instants were told last. */
  #origin: number | null = null;

  /**
   * All that charon lists of these connections; others are forgotten. Returns those whose traffic is another one now, with instants in
   * milliseconds since the epoch.
   * @param elapsed by the clock that nobody sets. @param origin what the clock of the day said when that was 0: where it is another one, somebody
   * has set it, and all are told anew.
   */
  look(
    connections: readonly WatchedConnection[],
    ikeSas: readonly IkeSa[],
    { elapsed, origin }: { readonly elapsed: number; readonly origin: number },
  ): ReadonlyMap<VpnConnectionId, TrafficObservation> {
    const changed = new Map<VpnConnectionId, TrafficObservation>();
    const byName = Map.groupBy(ikeSas, ({ name }) => name);
    const ids = new Set(connections.map(({ plan }) => plan.id));
    for (const id of this.#tunnels.keys()) if (!ids.has(id)) this.#tunnels.delete(id);
    for (const { plan, name } of connections) {
      const children = (byName.get(name) ?? []).flatMap(({ childSas }) => childSas);
      const tunnel = this.#count(plan.id, children, elapsed, 'all');
      if (tunnel.traffic !== tunnel.told || origin !== this.#origin)
        changed.set(plan.id, byDay(tunnel.traffic, origin));
      tunnel.told = tunnel.traffic;
    }
    this.#lookedAt = elapsed;
    this.#origin = origin;
    return changed;
  }

  /** An SA that charon tells of by itself, which may be gone by the next look. */
  note(id: VpnConnectionId, child: ChildSa, elapsed: number): void {
    if (this.#tunnels.has(id)) this.#count(id, [child], elapsed, 'some');
  }

  /** A CHILD_SA was renewed. */
  noteRekey(id: VpnConnectionId): void {
    const tunnel = this.#tunnels.get(id);
    if (tunnel !== undefined) tunnel.traffic = { ...tunnel.traffic, rekeys: tunnel.traffic.rekeys + 1 };
  }

  /** Charon is gone, and with it the names of its SAs. */
  forgetSas(): void {
    for (const tunnel of this.#tunnels.values()) tunnel.sas.clear();
  }

  #count(id: VpnConnectionId, children: readonly ChildSa[], now: number, which: 'all' | 'some'): CountedTunnel {
    const made: CountedTunnel = { traffic: noTraffic, told: null, sas: new Map<string, SaCounters>() };
    const tunnel = this.#tunnels.get(id) ?? made;
    this.#tunnels.set(id, tunnel);
    const sas = which === 'all' ? new Map<string, SaCounters>() : tunnel.sas;
    for (const { uniqueId, installed } of children) {
      if (installed === undefined) continue;
      const key = `${uniqueId} ${installed.spiIn}`;
      const grown = growth(tunnel.sas.get(key) ?? nothing, installed);
      tunnel.traffic = this.#added(tunnel.traffic, grown, installed, now);
      sas.set(key, installed);
    }
    tunnel.sas = sas;
    return tunnel;
  }

  #added(traffic: TrafficObservation, grown: SaCounters, sa: InstalledChildSa, now: number): TrafficObservation {
    const { bytesIn, packetsIn, bytesOut, packetsOut } = grown;
    if (packetsIn === 0 && packetsOut === 0) return traffic;
    const lastOf = (before: number | null, packets: number, quietSeconds: number | undefined) =>
      packets === 0 ? before : Math.max(before ?? -Infinity, this.#usedAt(quietSeconds, now));
    return {
      ...{ inBytes: traffic.inBytes + bytesIn, inPackets: traffic.inPackets + packetsIn },
      rekeys: traffic.rekeys,
      ...{ outBytes: traffic.outBytes + bytesOut, outPackets: traffic.outPackets + packetsOut },
      lastInAt: lastOf(traffic.lastInAt, packetsIn, sa.useInSeconds),
      lastOutAt: lastOf(traffic.lastOutAt, packetsOut, sa.useOutSeconds),
    };
  }

  /** What was counted since the last look has passed since then, whatever the policy says, which several SAs may share. */
  #usedAt(quietSeconds: number | undefined, now: number): number {
    return Math.max(this.#lookedAt ?? -Infinity, now - (quietSeconds ?? 0) * 1000);
  }
}

function byDay(traffic: TrafficObservation, origin: number): TrafficObservation {
  const instant = (at: number | null) => (at === null ? null : at + origin);
  return { ...traffic, lastInAt: instant(traffic.lastInAt), lastOutAt: instant(traffic.lastOutAt) };
}

/** A counter that is lower than before is another SA's, by chance of the same name. */
function growth(before: SaCounters, { bytesIn, packetsIn, bytesOut, packetsOut }: SaCounters): SaCounters {
  const isSame = packetsIn >= before.packetsIn && packetsOut >= before.packetsOut;
  const base = isSame ? before : nothing;
  return {
    ...{ bytesIn: bytesIn - base.bytesIn, packetsIn: packetsIn - base.packetsIn },
    ...{ bytesOut: bytesOut - base.bytesOut, packetsOut: packetsOut - base.packetsOut },
  };
}
