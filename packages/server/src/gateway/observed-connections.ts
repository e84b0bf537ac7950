import type { CharonEventOf, IkeSa } from '@landbridge/vici';
import { withPeerProposals } from '../diagnosis/accepted-proposals.ts';
import { NegotiationDiagnosis, type SeenConnection } from '../diagnosis/negotiation-diagnosis.ts';
import type { Finding } from '../domain/diagnosis/finding.ts';
import type { EventSink } from '../domain/operator/event.ts';
import type { SaObservation } from '../domain/operator/observation.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { outlivingMs } from '../domain/vpn/tunnel-usability.ts';
import type { Clock } from '../platform/clock.ts';
import { DayOrigin } from '../platform/day-origin.ts';
import type { Logger } from '../platform/logger.ts';
import { nobodyAsked, type AskedPeers } from './asked-peers.ts';
import {
  carryingOf,
  childrenLeftToPeer,
  hasFewerChildren,
  mergeObservation,
  nothingUp,
  observeConnection,
  type Observation,
} from './observe.ts';
import { canBegin, type WatchedConnection } from './watched-connection.ts';

export interface ObservedConnectionsOptions {
  readonly observed: Pick<ObservedState, 'tunnel' | 'recordSas' | 'recordFindings'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly record?: EventSink;
  /** Absent: nobody is asked what it would accept. */
  readonly askedPeers?: AskedPeers;
  /** Connection → whether a CHILD_SA of it is installed, whenever that is known anew. */
  readonly onChildSas?: (installed: ReadonlyMap<VpnConnectionId, boolean>) => void;
}

const drainedReason = 'This host is drained: no tunnel comes up until `landbridge drain --undo`.';

/** What one list of charon's SAs says. */
export interface Sight {
  readonly connections: ReadonlyMap<WatchedConnection, Seen>;
  /** IKE_SAs that peers have begun and not finished. */
  readonly halfOpen: readonly IkeSa[];
}

/** Why, where nothing else is known. */
const childGone = 'A CHILD_SA is gone.';

interface Seen {
  readonly observation: Observation;
  readonly carrying: SeenConnection['carrying'];
}

/** The connections of one gateway: what charon's SAs say about them, and why those are down that are. */
export class ObservedConnections {
  readonly #options: ObservedConnectionsOptions;
  readonly #diagnosis: NegotiationDiagnosis;
  readonly #day: DayOrigin;
  /** Why this host had nothing up; until charon says more. */
  readonly #ownReasons = new Map<VpnConnectionId, string>();
  #connections: readonly WatchedConnection[] = [];
  /** Until when CHILD_SAs that charon does not know carry packets. */
  readonly #outliving = new Map<VpnConnectionId, number>();

  constructor(options: ObservedConnectionsOptions) {
    this.#options = options;
    this.#diagnosis = new NegotiationDiagnosis(() => options.clock.elapsed());
    this.#day = new DayOrigin(options.clock);
  }

  get all(): readonly WatchedConnection[] {
    return this.#connections;
  }

  /** Tunnels whose peer has the address of the packet that a thread of charon works on. */
  ofThread(thread: number): readonly VpnConnectionId[] {
    return this.#diagnosis.tunnelsOf(thread);
  }

  /** Those that are not among them any more are forgotten. */
  set(connections: readonly WatchedConnection[]): void {
    const ids = new Set(connections.map(({ plan }) => plan.id));
    const names = new Map(this.#connections.map(({ plan, name }) => [plan.id, name]));
    for (const id of names.keys()) {
      if (ids.has(id)) continue;
      this.#options.observed.recordSas(id, null);
      this.#options.observed.recordFindings(id, 'negotiation', []);
      this.#ownReasons.delete(id);
    }
    this.#connections = connections;
    // What a peer is refused meanwhile is no fault of what was agreed.
    this.#diagnosis.setConnections(connections.filter(({ plan }) => canBegin(plan)));
    const replaced = new Map<VpnConnectionId, boolean>();
    for (const connection of connections) {
      const { id } = connection.plan;
      const before = names.get(id);
      if (before === connection.name) continue;
      this.#ownReasons.delete(id);
      if (!canBegin(connection.plan)) this.#ownReasons.set(id, drainedReason);
      // Its SAs are those of another form of it, if any: not up until charon says so.
      if (before !== undefined) {
        this.#record(connection, nothingSeen(connection));
        this.#outliving.delete(id);
        replaced.set(id, false);
      }
    }
    if (replaced.size > 0) this.#options.onChildSas?.(replaced);
  }

  /** True when a connection got a new reason for being down. */
  noteLog(line: CharonEventOf<'log'>): boolean {
    return this.#diagnosis.noteLine(line);
  }

  /** A CHILD_SA was renewed, or is gone without having been. */
  noteChild(name: string, what: 'renewed' | 'gone'): void {
    if (what === 'renewed') this.#diagnosis.noteChildRekeyed(name);
    else this.#diagnosis.noteChildDown(name);
  }

  /** What a list of all SAs says; nothing is noted yet. */
  look(ikeSas: readonly IkeSa[]): Sight {
    const byName = Map.groupBy(ikeSas, ({ name }) => name);
    const see = (connection: WatchedConnection): Seen => {
      const own = byName.get(connection.name) ?? [];
      return { observation: observeConnection(connection, own), carrying: carryingOf(own) };
    };
    return {
      connections: new Map(this.#connections.map((connection) => [connection, see(connection)])),
      halfOpen: ikeSas.filter(({ role, state }) => role === 'responder' && state === 'CONNECTING'),
    };
  }

  /** True when a child is missing that was there; but for connections with these names. */
  misses(sight: Sight, isExpected: (name: string) => boolean): boolean {
    for (const [{ name, plan }, { observation }] of sight.connections) {
      const before = this.#options.observed.tunnel(plan.id).sas;
      if (before !== null && hasFewerChildren(observation, before) && !isExpected(name)) return true;
    }
    return false;
  }

  /** It is so. */
  note(sight: Sight): void {
    const installed = new Map<VpnConnectionId, boolean>();
    this.#diagnosis.noteHalfOpen(sight.halfOpen);
    for (const [connection, seen] of sight.connections) {
      const { children } = seen.observation;
      this.#noteChildSas(installed, connection.plan.id, Object.values(children).some(Boolean));
      this.#record(connection, seen);
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
    this.#diagnosis.forgetSas();
    for (const connection of this.#connections) {
      const { id } = connection.plan;
      if (sasOutlive && observed.tunnel(id).sas?.connected === true) {
        this.#outliving.set(id, clock.elapsed() + outlivingMs);
      }
      this.#ownReasons.set(id, reason);
      this.#record(connection, nothingSeen(connection));
    }
  }

  #noteChildSas(installed: Map<VpnConnectionId, boolean>, id: VpnConnectionId, isAnyInstalled: boolean): void {
    const until = this.#outliving.get(id) ?? 0;
    if (!isAnyInstalled && this.#options.clock.elapsed() < until) return;
    this.#outliving.delete(id);
    installed.set(id, isAnyInstalled);
  }

  /** Why it is down is known before that it is, and until it is up: its state is never one that nobody can explain. */
  #record(connection: WatchedConnection, { observation: now, carrying }: Seen): void {
    const { id } = connection.plan;
    const leftToPeer = childrenLeftToPeer(connection, now);
    this.#diagnosis.noteSeen(id, { isConnected: now.connected, carrying, leftToPeer });
    if (now.connected) this.#recordSas(id, now);
    this.#options.observed.recordFindings(id, 'negotiation', this.#findingsOf(connection));
    if (!now.connected) this.#recordSas(id, now);
  }

  /** A peer that says no and nothing else is asked what it would accept; what it said stands beside it. */
  #findingsOf({ plan }: WatchedConnection): readonly Finding[] {
    const { askedPeers = nobodyAsked } = this.#options;
    return this.#diagnosis.findingsOf(plan.id, this.#day.origin).map((finding) => {
      if (finding.code !== 'ike-proposal-refused') return finding;
      askedPeers.noteRefused(plan);
      const known = askedPeers.knownOf(plan);
      // What it said before it refused us is about another configuration.
      return known === null || known.askedAt < finding.since ? finding : withPeerProposals(finding, known);
    });
  }

  #recordSas(id: VpnConnectionId, now: Observation): void {
    const { observed, clock, logger } = this.#options;
    const before = observed.tunnel(id).sas;
    const after = mergeObservation(now, this.#reasonOf(id, now), before, clock.now());
    if (after === before) return;
    observed.recordSas(id, after);
    logChange(logger, id, before, after);
    if (before?.connected === after.connected) return;
    if (after.connected) (this.#options.askedPeers ?? nobodyAsked).noteConnected(id);
    this.#recordEvent(id, after, before !== null);
  }

  /** What charon says is newer than what became of it. */
  #reasonOf(id: VpnConnectionId, { connected }: Observation): string | null {
    const said = this.#diagnosis.reasonOf(id);
    if (connected || said !== null) this.#ownReasons.delete(id);
    return said ?? this.#ownReasons.get(id) ?? null;
  }

  #recordEvent(id: VpnConnectionId, { connected, lastError, changedAt }: SaObservation, wasKnown: boolean): void {
    if (!connected && !wasKnown) return;
    const kind = connected ? 'tunnel-up' : 'tunnel-down';
    const message = connected ? 'All its CHILD_SAs are installed.' : (lastError ?? childGone);
    this.#options.record?.({ resourceId: id, kind, at: changedAt, message });
  }
}

/** That it fails, or fails for another reason, is a warning; that nothing is up yet of one that nothing is known of is none. */
function logChange(logger: Logger, id: VpnConnectionId, before: SaObservation | null, after: SaObservation): void {
  const { connected, lastError: reason } = after;
  if (before?.connected === connected && before.lastError === reason) return;
  if (connected) logger.info({ connection: id }, 'tunnel is up');
  else if (before?.connected === true || reason !== null) {
    logger.warn({ connection: id, reason: reason ?? childGone }, 'tunnel is down');
  } else logger.info({ connection: id }, 'tunnel is not up yet');
}

function nothingSeen(connection: WatchedConnection): Seen {
  return { observation: nothingUp(connection), carrying: [] };
}
