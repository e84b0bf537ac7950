import { isDeepStrictEqual } from 'node:util';
import type { Finding, FindingSource } from '../diagnosis/finding.ts';
import type { DropCount } from './dropped-packets.ts';
import type { Condition } from './condition.ts';
import type { HostCapacity } from './host-capacity.ts';
import type {
  PlanOutcome,
  SaObservation,
  TrafficObservation,
  TunnelObservation,
  UsabilityObservation,
} from './observation.ts';
import type { VpnConnectionId } from '../resource-id.ts';
import type { IsUsable } from '../vpn/tunnel-usability.ts';

/**
 * The newest report of the acting side, in memory only: after a restart everything counts as unknown until it was
 * looked at again, because a stored status could lie.
 */
export class ObservedState {
  readonly #outcomes = new Map<string, PlanOutcome>();
  readonly #drops = new Map<string, readonly DropCount[]>();
  readonly #tunnels = new Map<VpnConnectionId, TunnelObservation>();
  readonly #findings = new Map<VpnConnectionId, ReadonlyMap<FindingSource, readonly Finding[]>>();

  #hostFindings: readonly Condition[] = [];
  #capacity: HostCapacity | null = null;
  readonly #usabilityListeners = new Set<(id: VpnConnectionId) => void>();
  readonly #tunnelListeners = new Set<(now: TunnelObservation) => void>();

  recordHostFindings(findings: readonly Condition[]): void {
    this.#hostFindings = findings;
  }

  hostFindings(): readonly Condition[] {
    return this.#hostFindings;
  }

  /** @param capacity null: nobody looks any more. */
  recordCapacity(capacity: HostCapacity | null): void {
    this.#capacity = capacity;
  }

  capacity(): HostCapacity | null {
    return this.#capacity;
  }

  recordOutcome(outcome: PlanOutcome): void {
    this.#outcomes.set(outcome.key, outcome);
  }

  /** @param sas null: they are watched no longer. */
  recordSas(id: VpnConnectionId, sas: SaObservation | null): void {
    this.#recordTunnel({ ...this.tunnel(id), sas });
  }

  /** @param usability null: it is judged no longer. */
  recordUsability(id: VpnConnectionId, usability: UsabilityObservation | null): void {
    const wasUsable = this.isUsable(id);
    const now = { ...this.tunnel(id), usability };
    this.#keep(now);
    // Routes are switched first.
    if (this.isUsable(id) !== wasUsable) for (const listener of this.#usabilityListeners) listener(id);
    this.#tell(now);
  }

  /** @param traffic null: it is counted no longer. */
  recordTraffic(id: VpnConnectionId, traffic: TrafficObservation | null): void {
    this.#recordTunnel({ ...this.tunnel(id), traffic });
  }

  /** What one of those who find has found now: it replaces what that one found before; empty: nothing any more. */
  recordFindings(id: VpnConnectionId, source: FindingSource, findings: readonly Finding[]): void {
    const before = this.#findings.get(id) ?? new Map<FindingSource, readonly Finding[]>();
    if (isDeepStrictEqual(before.get(source) ?? [], findings)) return;
    const bySource = new Map(before).set(source, findings);
    const all = [...bySource.values()].flat();
    if (all.length === 0) this.#findings.delete(id);
    else this.#findings.set(id, bySource);
    this.#recordTunnel({ ...this.tunnel(id), findings: all });
  }

  /** Called once a tunnel became usable or unusable. */
  onUsability(listener: (id: VpnConnectionId) => void): void {
    this.#usabilityListeners.add(listener);
  }

  /** Called with what is known of a tunnel whenever something of it was told anew. */
  onTunnel(listener: (now: TunnelObservation) => void): void {
    this.#tunnelListeners.add(listener);
  }

  tunnel(id: VpnConnectionId): TunnelObservation {
    return this.#tunnels.get(id) ?? { id, sas: null, usability: null, traffic: null, findings: [] };
  }

  tunnels(): readonly TunnelObservation[] {
    return [...this.#tunnels.values()];
  }

  /** An input of the planner. What was never looked at counts as usable. */
  readonly isUsable: IsUsable = (id) => (this.#tunnels.get(id)?.usability?.fault ?? null) === null;

  /** @param key of the plan whose packet filter has counted. */
  recordDrops(key: string, counts: readonly DropCount[]): void {
    this.#drops.set(key, counts);
  }

  /** As the packet filters were last read, of every plan. */
  drops(): readonly DropCount[] {
    return [...this.#drops.values()].flat();
  }

  /** Forgets a plan whose namespace is gone. */
  forgetPlan(key: string): void {
    this.#outcomes.delete(key);
    this.#drops.delete(key);
  }

  outcome(key: string): PlanOutcome | undefined {
    return this.#outcomes.get(key);
  }

  outcomes(): readonly PlanOutcome[] {
    return [...this.#outcomes.values()];
  }

  #recordTunnel(observation: TunnelObservation): void {
    this.#keep(observation);
    this.#tell(observation);
  }

  #tell(observation: TunnelObservation): void {
    for (const listener of this.#tunnelListeners) listener(observation);
  }

  #keep(observation: TunnelObservation): void {
    const { id, sas, usability, traffic, findings } = observation;
    const isEmpty = sas === null && usability === null && traffic === null && findings.length === 0;
    if (isEmpty) this.#tunnels.delete(id);
    else this.#tunnels.set(id, observation);
  }
}
