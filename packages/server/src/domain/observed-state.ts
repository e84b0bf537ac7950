import type { ConnectionObservation, PlanOutcome } from './observation.ts';
import type { VpnConnectionId } from './resource-id.ts';

/**
 * The newest report of the acting side, in memory only: after a restart everything counts as unknown until it was
 * looked at again, because a stored status could lie.
 */
export class ObservedState {
  readonly #outcomes = new Map<string, PlanOutcome>();
  readonly #connections = new Map<VpnConnectionId, ConnectionObservation>();

  recordOutcome(outcome: PlanOutcome): void {
    this.#outcomes.set(outcome.key, outcome);
  }

  recordConnection(observation: ConnectionObservation): void {
    this.#connections.set(observation.id, observation);
  }

  /** Forgets a plan whose namespace is gone. */
  forgetPlan(key: string): void {
    this.#outcomes.delete(key);
  }

  forgetConnection(id: VpnConnectionId): void {
    this.#connections.delete(id);
  }

  outcome(key: string): PlanOutcome | undefined {
    return this.#outcomes.get(key);
  }

  connection(id: VpnConnectionId): ConnectionObservation | undefined {
    return this.#connections.get(id);
  }

  outcomes(): readonly PlanOutcome[] {
    return [...this.#outcomes.values()];
  }
}
