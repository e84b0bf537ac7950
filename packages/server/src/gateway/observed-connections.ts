import type { CharonEventOf, IkeSa } from '@landbridge/vici';
import type { EventSink } from '../domain/operator/event.ts';
import type { SaObservation } from '../domain/operator/observation.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { outlivingMs } from '../domain/vpn/tunnel-usability.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import {
  childrenLeftToPeer,
  hasFewerChildren,
  mergeObservation,
  nothingUp,
  observeConnection,
  type Observation,
} from './observe.ts';
import { ReasonBook } from './reason-book.ts';
import { explainMissing, isAboutEnd } from './reason.ts';
import type { WatchedConnection } from './watched-connection.ts';

export interface ObservedConnectionsOptions {
  readonly observed: Pick<ObservedState, 'tunnel' | 'recordSas'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly record?: EventSink;
  /** Connection → whether a CHILD_SA of it is installed, whenever that is known anew. */
  readonly onChildSas?: (installed: ReadonlyMap<VpnConnectionId, boolean>) => void;
}

/** What one list of charon's SAs says about each connection. */
export type Sight = ReadonlyMap<WatchedConnection, Observation>;

/** The connections of one gateway: what charon's SAs say about them, and why those are down that are. */
export class ObservedConnections {
  readonly #options: ObservedConnectionsOptions;
  readonly #reasons = new ReasonBook((address) =>
    this.#connections.filter(({ plan }) => plan.remoteAddress === address).map(({ plan }) => plan.id),
  );
  #connections: readonly WatchedConnection[] = [];
  /** Until when CHILD_SAs that charon does not know carry packets. */
  readonly #outliving = new Map<VpnConnectionId, number>();

  constructor(options: ObservedConnectionsOptions) {
    this.#options = options;
  }

  get all(): readonly WatchedConnection[] {
    return this.#connections;
  }

  /** Those that are not among them any more are forgotten. */
  set(connections: readonly WatchedConnection[]): void {
    const ids = new Set(connections.map(({ plan }) => plan.id));
    const names = new Map(this.#connections.map(({ plan, name }) => [plan.id, name]));
    for (const id of names.keys()) {
      if (ids.has(id)) continue;
      this.#options.observed.recordSas(id, null);
      this.#reasons.clear(id);
    }
    this.#connections = connections;
    const replaced = new Map<VpnConnectionId, boolean>();
    for (const connection of connections) {
      const { id } = connection.plan;
      const before = names.get(id);
      if (before === connection.name) continue;
      this.#reasons.clear(id);
      // Its SAs are those of another form of it, if any: not up until charon says so.
      if (before !== undefined) {
        this.#record(connection, nothingUp(connection));
        this.#outliving.delete(id);
        replaced.set(id, false);
      }
    }
    if (replaced.size > 0) this.#options.onChildSas?.(replaced);
  }

  /** True when a connection got a new reason for being down. */
  noteLog(line: CharonEventOf<'log'>): boolean {
    return this.#reasons.note(line);
  }

  /** What a list of all SAs says; nothing is noted yet. */
  look(ikeSas: readonly IkeSa[]): Sight {
    const byName = Map.groupBy(ikeSas, ({ name }) => name);
    return new Map(
      this.#connections.map((connection) => [
        connection,
        observeConnection(connection, byName.get(connection.name) ?? []),
      ]),
    );
  }

  /** True when a child is missing that was there; but for connections with these names. */
  misses(sight: Sight, isExpected: (name: string) => boolean): boolean {
    for (const [{ name, plan }, now] of sight) {
      const before = this.#options.observed.tunnel(plan.id).sas;
      if (before !== null && hasFewerChildren(now, before) && !isExpected(name)) return true;
    }
    return false;
  }

  /** It is so. */
  note(sight: Sight): void {
    const installed = new Map<VpnConnectionId, boolean>();
    for (const [connection, observation] of sight) {
      this.#noteChildSas(installed, connection.plan.id, Object.values(observation.children).some(Boolean));
      this.#record(connection, observation);
    }
    this.#options.onChildSas?.(installed);
  }

  /**
   * Charon is gone. @param sasOutlive what it had negotiated carries packets on: that the next one knows nothing of it is
   * no fault until its time is over.
   */
  markDown(reason: string, { sasOutlive }: { readonly sasOutlive: boolean }): void {
    const { observed, clock } = this.#options;
    if (!sasOutlive) this.#outliving.clear();
    for (const connection of this.#connections) {
      const { id } = connection.plan;
      if (sasOutlive && observed.tunnel(id).sas?.connected === true) {
        this.#outliving.set(id, clock.elapsed() + outlivingMs);
      }
      this.#reasons.set(id, reason);
      this.#record(connection, nothingUp(connection));
    }
  }

  #noteChildSas(installed: Map<VpnConnectionId, boolean>, id: VpnConnectionId, isAnyInstalled: boolean): void {
    const until = this.#outliving.get(id) ?? 0;
    if (!isAnyInstalled && this.#options.clock.elapsed() < until) return;
    this.#outliving.delete(id);
    installed.set(id, isAnyInstalled);
  }

  #record(connection: WatchedConnection, now: Observation): void {
    const { observed, clock, logger } = this.#options;
    const { id } = connection.plan;
    if (now.connected) this.#reasons.clear(id);
    const before = observed.tunnel(id).sas;
    const after = mergeObservation(now, this.#reasonOf(connection, now), before, clock.now());
    if (after === before) return;
    observed.recordSas(id, after);
    logChange(logger, id, before, after);
    if (before?.connected !== after.connected) this.#recordEvent(id, after, before !== null);
  }

  #reasonOf(connection: WatchedConnection, now: Observation): string | null {
    const said = this.#reasons.get(connection.plan.id);
    const missing = childrenLeftToPeer(connection, now);
    return missing.length > 0 && (said === null || isAboutEnd(said)) ? explainMissing(missing) : said;
  }

  #recordEvent(id: VpnConnectionId, { connected, lastError, changedAt }: SaObservation, wasKnown: boolean): void {
    if (!connected && !wasKnown) return;
    const kind = connected ? 'tunnel-up' : 'tunnel-down';
    const message = connected ? 'All its CHILD_SAs are installed.' : (lastError ?? 'A CHILD_SA is gone.');
    this.#options.record?.({ resourceId: id, kind, at: changedAt, message });
  }
}

function logChange(logger: Logger, id: VpnConnectionId, before: SaObservation | null, after: SaObservation): void {
  if (before?.connected === after.connected && before.lastError === after.lastError) return;
  logger.info({ connection: id, connected: after.connected, reason: after.lastError }, 'tunnel state changed');
}
