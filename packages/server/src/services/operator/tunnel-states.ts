import type { TunnelCondition, TunnelState } from '../../diagnosis/tunnel-condition.ts';
import { conditionOf, expiresAt, isQuietChange } from '../../diagnosis/tunnel-state.ts';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import type { EventSink } from '../../domain/operator/event.ts';
import type { TunnelObservation } from '../../domain/operator/observation.ts';
import type { ObservedState } from '../../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../../domain/resource-id.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { Clock } from '../../platform/clock.ts';
import { describeError } from '../../platform/describe-error.ts';
import type { Logger } from '../../platform/logger.ts';

/** How a tunnel is, since when its state is that, and what is wrong with it. */
export interface LastingCondition extends TunnelCondition {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly findings: readonly Finding[];
}

/** A condition, and what tells whether something is mended. */
export interface TunnelLook extends LastingCondition {
  readonly isConnected: boolean;
}

export interface TunnelStatesOptions {
  readonly observed: Pick<ObservedState, 'tunnel' | 'onTunnel' | 'hostFindings'>;
  /** As the rows are now. */
  readonly connectionOf: (id: VpnConnectionId) => VpnConnection | undefined;
  /** All that is wrong with it, whoever found it. */
  readonly findingsOf: (connection: VpnConnection, observation: TunnelObservation) => readonly Finding[];
  /** What is wrong with it as of now, whenever something of it was told; null: it is gone. */
  readonly onLook: (id: VpnConnectionId, look: TunnelLook | null) => void;
  readonly record: EventSink;
  readonly clock: Pick<Clock, 'now' | 'elapsed'>;
  readonly logger: Pick<Logger, 'error'>;
}

interface Known {
  readonly state: TunnelState;
  readonly since: number;
  /** The last one that was not `unknown`, as it is between two agents; null: none yet. */
  readonly last: TunnelState | null;
}

const bucketMs = 1000;

/**
 * The state of each tunnel and when it began. What is seen of a tunnel moves it, and the time that what was seen holds: whoever is due in
 * the same second waits together, so that a tick costs as much as there is due.
 */
export class TunnelStates {
  readonly #options: TunnelStatesOptions;
  readonly #known = new Map<VpnConnectionId, Known>();
  /** By the second of the clock's `elapsed`. */
  readonly #due = new Map<number, Set<VpnConnectionId>>();
  /** The newest second that each is due in: what was proven anew is not looked at before. */
  readonly #dueAt = new Map<VpnConnectionId, number>();
  #ticked: number;

  constructor(options: TunnelStatesOptions) {
    this.#options = options;
    this.#ticked = secondOf(options.clock.elapsed());
    options.observed.onTunnel(({ id }) => this.#look(id));
  }

  /** As of now. */
  of(connection: VpnConnection): LastingCondition {
    const { observed, findingsOf, clock } = this.#options;
    const { id } = connection;
    const observation = observed.tunnel(id);
    const now = clock.now();
    const findings = findingsOf(connection, observation);
    const hostTrouble = this.hostTrouble();
    const seen = { ...observation, findings, ...(hostTrouble === null ? {} : { hostTrouble }) };
    const condition = conditionOf(connection, seen, now);
    const { since } = this.#note(id, condition, observation.sas?.changedAt ?? now, now);
    const expires = expiresAt(condition, now);
    if (expires !== null) this.#await(id, expires - now);
    return { ...condition, since, findings };
  }

  /** Why no tunnel of the host can be up, for people; null: nothing is known. Without an uplink no peer is to blame. */
  hostTrouble(): string | null {
    const missing = this.#options.observed.hostFindings().find(({ name, ok }) => name === 'uplink' && !ok);
    return missing?.message ?? null;
  }

  /** Each second. */
  tick(): void {
    const second = secondOf(this.#options.clock.elapsed());
    for (; this.#ticked < second; this.#ticked++) {
      const due = this.#due.get(this.#ticked + 1);
      if (due === undefined) continue;
      this.#due.delete(this.#ticked + 1);
      for (const id of due) if (this.#dueAt.get(id) === this.#ticked + 1) this.#look(id);
    }
  }

  /** Whatever goes wrong with one tunnel is nobody else's trouble. */
  #look(id: VpnConnectionId): void {
    const { connectionOf, onLook, observed, logger } = this.#options;
    try {
      const connection = connectionOf(id);
      if (connection === undefined) this.#forget(id);
      const look = connection && this.of(connection);
      onLook(id, look === undefined ? null : { ...look, isConnected: observed.tunnel(id).sas?.connected === true });
    } catch (error) {
      logger.error({ connection: id, error: describeError(error) }, 'how a tunnel is could not be told');
    }
  }

  #forget(id: VpnConnectionId): void {
    this.#known.delete(id);
    this.#dueAt.delete(id);
  }

  #note(id: VpnConnectionId, { state, reason }: TunnelCondition, changedAt: number, now: number): Known {
    const before = this.#known.get(id);
    if (before?.state === state) return before;
    const last = state === 'unknown' ? (before?.last ?? null) : state;
    // After a start it is as it has been since its SAs are as they are, as far as is known.
    const known = { state, last, since: before === undefined || before.state === 'unknown' ? changedAt : now };
    // Somebody may still show a row that is gone.
    if (this.#options.connectionOf(id) === undefined) return known;
    this.#known.set(id, known);
    if (state !== 'unknown' && before?.last != null && before.last !== state && !isQuietChange(before.last, state)) {
      const message = `${before.last} → ${state}${reason === '' ? '.' : `: ${reason.replace(/\.$/, '')}.`}`;
      this.#options.record({ resourceId: id, kind: 'state-changed', message, at: now });
    }
    return known;
  }

  #await(id: VpnConnectionId, waitMs: number): void {
    const second = secondOf(this.#options.clock.elapsed() + waitMs) + 1;
    const due = this.#due.get(second);
    this.#dueAt.set(id, second);
    if (due === undefined) this.#due.set(second, new Set([id]));
    else due.add(id);
  }
}

function secondOf(elapsedMs: number): number {
  return Math.floor(elapsedMs / bucketMs);
}
