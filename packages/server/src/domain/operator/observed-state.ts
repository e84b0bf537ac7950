import type { DropCount } from './dropped-packets.ts';
import type { Condition } from './condition.ts';
import type { ConnectionObservation, PlanOutcome, TunnelObservation } from './observation.ts';
import type { VpnConnectionId } from '../resource-id.ts';
import type { IsUsable } from '../vpn/tunnel-usability.ts';

/**
 * The newest report of the acting side, in memory only: after a restart everything counts as unknown until it was
 * looked at again, because a stored status could lie.
 */
export class ObservedState {
  readonly #outcomes = new Map<string, PlanOutcome>();
  readonly #connections = new Map<VpnConnectionId, ConnectionObservation>();
  readonly #drops = new Map<string, readonly DropCount[]>();
  readonly #tunnels = new Map<VpnConnectionId, TunnelObservation>();

  #hostFindings: readonly Condition[] = [];
  readonly #usabilityListeners = new Set<(id: VpnConnectionId) => void>();

  recordHostFindings(findings: readonly Condition[]): void {
    this.#hostFindings = findings;
  }

  hostFindings(): readonly Condition[] {
    return this.#hostFindings;
  }

  recordOutcome(outcome: PlanOutcome): void {
    this.#outcomes.set(outcome.key, outcome);
  }

  recordConnection(observation: ConnectionObservation): void {
    this.#connections.set(observation.id, observation);
  }

  recordTunnel(observation: TunnelObservation): void {
    this.#changeTunnel(observation.id, () => this.#tunnels.set(observation.id, observation));
  }

  forgetTunnel(id: VpnConnectionId): void {
    this.#changeTunnel(id, () => this.#tunnels.delete(id));
  }

  /** Called once a tunnel became usable or unusable. */
  onUsability(listener: (id: VpnConnectionId) => void): void {
    this.#usabilityListeners.add(listener);
  }

  tunnel(id: VpnConnectionId): TunnelObservation | undefined {
    return this.#tunnels.get(id);
  }

  tunnels(): readonly TunnelObservation[] {
    return [...this.#tunnels.values()];
  }

  /** An input of the planner. What was never looked at counts as usable. */
  readonly isUsable: IsUsable = (id) => (this.#tunnels.get(id)?.fault ?? null) === null;

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

  forgetConnection(id: VpnConnectionId): void {
    this.#connections.delete(id);
  }

  outcome(key: string): PlanOutcome | undefined {
    return this.#outcomes.get(key);
  }

  /** Without an uplink no peer is to blame. */
  connection(id: VpnConnectionId): ConnectionObservation | undefined {
    const observation = this.#connections.get(id);
    const uplink = this.#hostFindings.find(({ name }) => name === 'uplink');
    if (observation === undefined || observation.connected || uplink?.ok !== false) return observation;
    return { ...observation, lastError: uplink.message };
  }

  outcomes(): readonly PlanOutcome[] {
    return [...this.#outcomes.values()];
  }

  #changeTunnel(id: VpnConnectionId, change: () => void): void {
    const wasUsable = this.isUsable(id);
    change();
    if (this.isUsable(id) !== wasUsable) for (const listener of this.#usabilityListeners) listener(id);
  }
}
