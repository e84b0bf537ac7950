import type { TunnelCondition, TunnelState } from '../../diagnosis/tunnel-condition.ts';
import { conditionOf, expiresAt, isQuietChange } from '../../diagnosis/tunnel-state.ts';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import type { EventSink } from '../../domain/operator/event.ts';
import type { TunnelObservation } from '../../domain/operator/observation.ts';
import type { ObservedState } from '../../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../../domain/resource-id.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { Clock } from '../../platform/clock.ts';

/** How a tunnel is, since when its state is that, and what is wrong with it. */
export interface LastingCondition extends TunnelCondition {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly findings: readonly Finding[];
}

export interface TunnelStatesOptions {
  readonly observed: Pick<ObservedState, 'tunnel' | 'onTunnel' | 'hostFindings'>;
  /** As the rows are now. */
  readonly connectionOf: (id: VpnConnectionId) => VpnConnection | undefined;
  /** All that is wrong with it, whoever found it. */
  readonly findingsOf: (connection: VpnConnection, observation: TunnelObservation) => readonly Finding[];
  /** What is wrong with it as of now, whenever something was seen of it; null: it is gone. */
  readonly onFindings: (id: VpnConnectionId, findings: readonly Finding[] | null) => void;
  readonly record: EventSink;
  readonly clock: Pick<Clock, 'now' | 'elapsed'>;
}

interface Known {
  readonly state: TunnelState;
  readonly since: number;
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
    const condition = conditionOf(connection, { ...observation, findings, ...this.#hostTrouble() }, now);
    const { since } = this.#note(id, condition, observation.sas?.changedAt ?? now, now);
    const expires = expiresAt(condition, now);
    if (expires !== null) this.#await(id, expires - now);
    return { ...condition, since, findings };
  }

  /** Each second. */
  tick(): void {
    const second = secondOf(this.#options.clock.elapsed());
    for (; this.#ticked < second; this.#ticked++) {
      const due = this.#due.get(this.#ticked + 1);
      if (due === undefined) continue;
      this.#due.delete(this.#ticked + 1);
      for (const id of due) this.#look(id);
    }
  }

  /** Without an uplink no peer is to blame. */
  #hostTrouble(): { readonly hostTrouble?: string } {
    const missing = this.#options.observed.hostFindings().find(({ name, ok }) => name === 'uplink' && !ok);
    return missing === undefined ? {} : { hostTrouble: missing.message };
  }

  #look(id: VpnConnectionId): void {
    const connection = this.#options.connectionOf(id);
    if (connection === undefined) {
      this.#known.delete(id);
      this.#options.onFindings(id, null);
      return;
    }
    const { state, findings } = this.of(connection);
    // Where nothing was seen, nothing is known to be mended.
    if (state !== 'unknown') this.#options.onFindings(id, findings);
  }

  #note(id: VpnConnectionId, { state, reason }: TunnelCondition, changedAt: number, now: number): Known {
    const before = this.#known.get(id);
    if (before?.state === state) return before;
    // After a start it is as it has been since its SAs are as they are, as far as is known.
    const known = { state, since: before === undefined || before.state === 'unknown' ? changedAt : now };
    this.#known.set(id, known);
    if (before !== undefined && isTold(before.state, state)) {
      const message = `${before.state} → ${state}${reason === '' ? '.' : `: ${reason.replace(/\.$/, '')}.`}`;
      this.#options.record({ resourceId: id, kind: 'state-changed', message, at: now });
    }
    return known;
  }

  #await(id: VpnConnectionId, waitMs: number): void {
    const second = secondOf(this.#options.clock.elapsed() + waitMs) + 1;
    const due = this.#due.get(second);
    if (due === undefined) this.#due.set(second, new Set([id]));
    else due.add(id);
  }
}

function secondOf(elapsedMs: number): number {
  return Math.floor(elapsedMs / bucketMs);
}

/** What it is after a start is no news either. */
function isTold(before: TunnelState, after: TunnelState): boolean {
  return before !== 'unknown' && after !== 'unknown' && !isQuietChange(before, after);
}
