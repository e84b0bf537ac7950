import { ViciCommandError, type Charon, type CharonEventOf, type IkeSa } from '@landbridge/vici';
import type { DataPlaneSa } from '../drivers/data-plane-sa.ts';
import type { EventSink } from '../domain/operator/event.ts';
import type { SaObservation } from '../domain/operator/observation.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { outlivingMs } from '../domain/vpn/tunnel-usability.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { NoAnswerError, withPatience } from '../platform/patience.ts';
import { Signal } from '../platform/signal.ts';
import {
  childrenLeftToPeer,
  hasFewerChildren,
  mergeObservation,
  nothingUp,
  observeConnection,
  type Observation,
} from './observe.ts';
import { LostSas, saysSaIsMissing } from './lost-sas.ts';
import { ReasonBook } from './reason-book.ts';
import { explainMissing, isAboutEnd } from './reason.ts';
import { Watchdog, type WatchdogAction } from './watchdog.ts';
import type { WatchedConnection } from './watched-connection.ts';

export interface GatewayMonitorOptions {
  readonly observed: ObservedState;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Connection → whether a CHILD_SA of it is installed, whenever charon was asked. */
  readonly onChildSas?: (installed: ReadonlyMap<VpnConnectionId, boolean>) => void;
  readonly record?: EventSink;
  /** Charon is there and does not answer, or does so again: what was seen last stands until then. */
  readonly onSilence?: (isSilent: boolean) => void;
  /** The SAs that carry the packets; null while that is not known. Absent: they are not compared with charon's. */
  readonly readSas?: (signal: AbortSignal) => Promise<readonly DataPlaneSa[] | null>;
}

/** Events tell at once; a look in between finds what no event told. */
const lookMs = 5000;
/** Events come in bursts; one look serves the burst. */
const burstMs = 20;
const longestBurstMs = 500;
const answerTimeoutMs = 10_000;
/** So many questions without an answer, and it hangs. */
const mostUnanswered = 3;
/** How often charon is asked whether an SA is gone whose end it did not announce. */
const mostLists = 4;

/** Watches one gateway's charon and keeps the observations of its connections true. */
export class GatewayMonitor {
  readonly #options: GatewayMonitorOptions;
  readonly #reasons = new ReasonBook((address) =>
    this.#connections.filter(({ plan }) => plan.remoteAddress === address).map(({ plan }) => plan.id),
  );
  readonly #watchdog = new Watchdog();
  readonly #lostSas: LostSas;
  #connections: readonly WatchedConnection[] = [];
  /** Until when CHILD_SAs that charon does not know carry packets. */
  readonly #outliving = new Map<VpnConnectionId, number>();
  /** Names of connections with an SA whose end charon has announced since the last look. */
  readonly #ended = new Set<string>();
  readonly #news = new Signal();
  #unanswered = 0;

  constructor(options: GatewayMonitorOptions) {
    this.#options = options;
    this.#lostSas = new LostSas(options.clock.elapsed());
  }

  /** The connections that charon was told about; the ones that are not among them any more are forgotten. */
  setConnections(connections: readonly WatchedConnection[]): void {
    const ids = new Set(connections.map(({ plan }) => plan.id));
    for (const { plan } of this.#connections) {
      if (ids.has(plan.id)) continue;
      this.#options.observed.recordSas(plan.id, null);
      this.#reasons.clear(plan.id);
    }
    const names = new Map(this.#connections.map(({ plan, name }) => [plan.id, name]));
    this.#connections = connections;
    const replaced = new Map<VpnConnectionId, boolean>();
    for (const connection of connections) {
      const before = names.get(connection.plan.id);
      if (before === connection.name) continue;
      this.#reasons.clear(connection.plan.id);
      // Its SAs are those of another form of it, if any: not up until charon says so.
      if (before !== undefined) {
        this.#record(connection, nothingUp(connection));
        this.#outliving.delete(connection.plan.id);
        replaced.set(connection.plan.id, false);
      }
    }
    if (replaced.size > 0) this.#options.onChildSas?.(replaced);
    this.#news.fire();
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

  /** Watches until the signal aborts or charon goes away; throws NoAnswerError when charon hangs. */
  async run(charon: Charon, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const ended = new AbortController();
    const gone = charon.closed.then(() => ended.abort());
    await charon.on(['child-updown', 'ike-updown', 'child-rekey', 'ike-rekey', 'log'], (event) => {
      if ('isUp' in event && !event.isUp) this.#ended.add(event.ikeSa.name);
      if (event.kind !== 'log' || this.#isNews(event)) this.#news.fire();
    });
    while (!signal.aborted && !ended.signal.aborted) {
      const woken = this.#news.next;
      const started = clock.elapsed();
      await this.#lookPatiently(charon, signal);
      // Where a look takes long, as long again is left to everybody else.
      const tookMs = Math.min(longestBurstMs, clock.elapsed() - started);
      const pause = new AbortController();
      const decisionMs = this.#unanswered > 0 ? burstMs : (this.#watchdog.nextDecision(clock.elapsed()) ?? lookMs);
      const comparisonMs = this.#options.readSas === undefined ? lookMs : this.#lostSas.waitMs(clock.elapsed());
      const ms = Math.min(lookMs, Math.max(burstMs, Math.min(decisionMs, comparisonMs)));
      const timer = clock.delay(ms, AbortSignal.any([signal, pause.signal])).catch(() => undefined);
      await Promise.race([timer, woken, gone]);
      pause.abort();
      await clock.delay(Math.max(burstMs, tookMs), signal).catch(() => undefined);
    }
  }

  #isNews(line: CharonEventOf<'log'>): boolean {
    const isDoubt = saysSaIsMissing(line) && this.#lostSas.doubt();
    return this.#reasons.note(line) || isDoubt;
  }

  /** A charon that has a process and does not answer (stopped, or busy) is not dead: it is asked again, and only then given up. */
  async #lookPatiently(charon: Charon, signal: AbortSignal): Promise<void> {
    try {
      await this.#look(charon, signal);
      if (this.#unanswered > 0) this.#options.onSilence?.(false);
      this.#unanswered = 0;
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      this.#unanswered++;
      if (this.#unanswered === 1) this.#options.onSilence?.(true);
      if (this.#unanswered < mostUnanswered) return;
      this.#unanswered = 0;
      throw error;
    }
  }

  async #look(charon: Charon, signal: AbortSignal): Promise<void> {
    const connections = this.#connections;
    const ikeSas = await this.#listSas(charon, signal);
    // Told otherwise meanwhile: the next look is due at once.
    if (connections !== this.#connections) return;
    const own = byName(ikeSas);
    const installed = new Map<VpnConnectionId, boolean>();
    for (const connection of connections) {
      const observation = observeConnection(connection, own(connection));
      this.#noteChildSas(installed, connection.plan.id, Object.values(observation.children).some(Boolean));
      this.#record(connection, observation);
    }
    this.#options.onChildSas?.(installed);
    await this.#act(charon, ikeSas, signal);
    await this.#findLostSas(charon, ikeSas, signal);
  }

  /** Whatever the cause: an SA that is charon's alone carries nothing, and nobody else would notice. */
  async #findLostSas(charon: Charon, ikeSas: readonly IkeSa[], signal: AbortSignal): Promise<void> {
    const { clock, logger, readSas } = this.#options;
    if (readSas === undefined || this.#lostSas.waitMs(clock.elapsed()) > 0) return;
    const names = new Set(this.#connections.map(({ name }) => name));
    const own = ikeSas.filter(({ name }) => names.has(name));
    const dataPlane = own.some(({ childSas }) => childSas.length > 0) ? await this.#tryRead(readSas, signal) : [];
    if (dataPlane === null) {
      this.#lostSas.putOff(clock.elapsed());
      return;
    }
    const lost = this.#lostSas.compare(own, dataPlane, clock.elapsed());
    for (const { childId, name, remedy } of lost) {
      logger.warn({ child: name, remedy }, 'an SA of charon is not in the data plane');
      const kind = remedy === 'rekey' ? 'rekeyChild' : 'terminateChild';
      await this.#tell(charon, { kind, childId }, signal);
    }
  }

  /** What the data plane suffers from says nothing about charon; the next comparison asks again. */
  async #tryRead(
    readSas: NonNullable<GatewayMonitorOptions['readSas']>,
    signal: AbortSignal,
  ): Promise<readonly DataPlaneSa[] | null> {
    try {
      return await readSas(signal);
    } catch (error) {
      signal.throwIfAborted();
      const [connection] = this.#connections;
      const { message } = error as Error;
      this.#options.logger.warn({ gatewayOf: connection?.plan.id, error: message }, 'SAs could not be compared');
      return null;
    }
  }

  /**
   * charon lists one IKE_SA after the other. While one replaces another, it and its CHILD_SAs can slip through: what is
   * missing though charon did not say that it ended is gone when further lists do not have it either.
   */
  async #listSas(charon: Charon, signal: AbortSignal): Promise<IkeSa[]> {
    const list = (): Promise<IkeSa[]> => this.#ask((limited) => charon.listSas({}, { signal: limited }), signal);
    const ended = new Set(this.#ended);
    this.#ended.clear();
    let ikeSas = await list();
    for (let lists = 1; lists < mostLists && this.#misses(ikeSas, ended); lists++) {
      await this.#options.clock.delay(burstMs, signal);
      ikeSas = await list();
    }
    return ikeSas;
  }

  #misses(ikeSas: readonly IkeSa[], ended: ReadonlySet<string>): boolean {
    const own = byName(ikeSas);
    return this.#connections.some((connection) => {
      if (ended.has(connection.name) || this.#ended.has(connection.name)) return false;
      const before = this.#options.observed.tunnel(connection.plan.id).sas;
      return before !== null && hasFewerChildren(observeConnection(connection, own(connection)), before);
    });
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

  async #act(charon: Charon, ikeSas: readonly IkeSa[], signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    for (const action of this.#watchdog.decide(this.#connections, ikeSas, clock.elapsed())) {
      logger.debug({ action }, 'watchdog');
      await this.#tell(charon, action, signal);
    }
  }

  async #tell(charon: Charon, action: WatchdogAction, signal: AbortSignal): Promise<void> {
    try {
      await this.#ask((limited) => tell(charon, action, limited), signal);
    } catch (error) {
      // The SA or the connection is gone already: the next look sees what is.
      if (!(error instanceof ViciCommandError)) throw error;
    }
  }

  /** charon answers everything it is asked here at once; throws NoAnswerError when it does not. */
  #ask<T>(question: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    return withPatience({ clock: this.#options.clock, ms: answerTimeoutMs, signal }, question);
  }
}

/** The SAs of one connection, without a search through those of all the others. */
function byName(ikeSas: readonly IkeSa[]): (connection: WatchedConnection) => readonly IkeSa[] {
  const groups = Map.groupBy(ikeSas, ({ name }) => name);
  return ({ name }) => groups.get(name) ?? [];
}

async function tell(charon: Charon, action: WatchdogAction, signal: AbortSignal): Promise<void> {
  switch (action.kind) {
    case 'initiate':
      await charon.initiate({ ike: action.connection, child: action.child }, { signal });
      return;
    case 'terminateIke':
      await charon.terminate({ ikeId: action.ikeId, force: true }, { signal });
      return;
    case 'terminateChild':
      await charon.terminate({ childId: action.childId }, { signal });
      return;
    case 'rekeyIke':
      await charon.rekey({ ikeId: action.ikeId }, { signal });
      return;
    case 'rekeyChild':
      await charon.rekey({ childId: action.childId }, { signal });
  }
}

function logChange(logger: Logger, id: VpnConnectionId, before: SaObservation | null, after: SaObservation): void {
  if (before?.connected === after.connected && before.lastError === after.lastError) return;
  logger.info({ connection: id, connected: after.connected, reason: after.lastError }, 'tunnel state changed');
}
