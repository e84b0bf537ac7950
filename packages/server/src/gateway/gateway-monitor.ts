import type { Charon, CharonEvent, CharonEventOf, ChildSa, IkeSa } from '@landbridge/vici';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { DataPlaneSa } from '../drivers/data-plane-sa.ts';
import { handshakeEvents } from './handshake-lines.ts';
import type { Finding } from '../domain/diagnosis/finding.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { DayOrigin } from '../platform/day-origin.ts';
import { NoAnswerError, withPatience } from '../platform/patience.ts';
import { Signal } from '../platform/signal.ts';
import { LostSas, saysSaIsMissing } from './lost-sas.ts';
import { ObservedConnections, type ObservedConnectionsOptions, type Sight } from './observed-connections.ts';
import { connectionIdOf } from '../drivers/named-connection.ts';
import type { FilterCounter } from '../drivers/nft.ts';
import type { TunnelWatch } from '../plan/plan.ts';
import { DataPlaneWatch } from './data-plane-watch.ts';
import { TunnelTraffic } from './tunnel-traffic.ts';
import { UnmappedPackets, type UnmappedPacketsOptions } from './unmapped-packets.ts';
import { tellCharon } from './tell-charon.ts';
import { Watchdog, type WatchdogAction } from './watchdog.ts';
import type { WatchedConnection } from './watched-connection.ts';

export interface GatewayMonitorOptions extends ObservedConnectionsOptions, UnmappedPacketsOptions {
  readonly observed: Pick<ObservedState, 'tunnel' | 'recordSas' | 'recordTraffic' | 'recordFindings'>;
  /** Charon is there and does not answer, or does so again: what was seen last stands until then. */
  readonly onSilence?: (isSilent: boolean) => void;
  /** What the packet filter has counted. Absent: nothing is concluded from it. */
  readonly readCounters?: (signal: AbortSignal) => Promise<readonly FilterCounter[]>;
  /** The SAs that carry the packets; null while that is not known. Absent: they are not compared with charon's. */
  readonly readSas?: (signal: AbortSignal) => Promise<readonly DataPlaneSa[] | null>;
  /** Whatever charon tells by itself. */
  readonly onEvent?: (event: CharonEvent) => void;
}

/** Events tell at once; a look in between finds what no event told. */
const lookMs = 5000;
/** Without a tunnel there is nothing to be found but a charon that hangs, and nobody yet whom that would harm. */
const idleLookMs = 60_000;
/** Events come in bursts; one look serves the burst. */
const burstMs = 20;
const longestBurstMs = 500;
const answerTimeoutMs = 10_000;
/** So many questions without an answer, and it hangs. */
const mostUnanswered = 3;
/** How often charon is asked whether an SA is gone whose end it did not announce. */
const mostLists = 4;

/** Watches one gateway's charon: when it is looked at, whether it answers, and what it is told because of what was seen. */
export class GatewayMonitor {
  readonly #options: GatewayMonitorOptions;
  readonly #connections: ObservedConnections;
  readonly #watchdog = new Watchdog();
  readonly #traffic = new TunnelTraffic();
  readonly #dataPlane = new DataPlaneWatch();
  #probes: ReadonlyMap<VpnConnectionId, TunnelWatch['probe']> = new Map();
  readonly #unmapped: UnmappedPackets;
  readonly #lostSas: LostSas;
  readonly #day: DayOrigin;
  /** Names of connections with an SA whose end charon has announced since the last look. */
  readonly #ended = new Set<string>();
  readonly #news = new Signal();
  #unanswered = 0;
  /** When charon was asked last, by the clock's `elapsed`. */
  #lookedAt = -Infinity;

  constructor(options: GatewayMonitorOptions) {
    this.#options = options;
    this.#connections = new ObservedConnections(options);
    this.#day = new DayOrigin(options.clock);
    this.#unmapped = new UnmappedPackets(options);
    this.#lostSas = new LostSas(options.clock.elapsed());
  }

  /** The connections that charon was told about; the ones that are not among them any more are forgotten. */
  setConnections(connections: readonly WatchedConnection[]): void {
    const ids = new Set(connections.map(({ plan }) => plan.id));
    const { observed } = this.#options;
    for (const { plan } of this.#connections.all) {
      if (ids.has(plan.id)) continue;
      observed.recordTraffic(plan.id, null);
      observed.recordFindings(plan.id, 'data-plane', []);
    }
    this.#connections.set(connections);
    if (ids.size === 0) this.#dataPlane.rest([], this.#options.clock.elapsed());
    this.#news.fire();
  }

  /** What health checks ask. */
  setProbes(watches: readonly TunnelWatch[]): void {
    this.#probes = new Map(watches.map(({ id, probe }) => [id, probe]));
  }

  /** Probes say something else now. */
  lookSoon(): void {
    this.#dataPlane.lookSoon();
    this.#news.fire();
  }

  /** What charon knows a tunnel by; undefined: it was not told of it. */
  nameOf(id: VpnConnectionId): string | undefined {
    return this.#connections.all.find(({ plan }) => plan.id === id)?.name;
  }

  /** Tunnels whose peer has the address of the packet that a thread of charon works on. */
  tunnelsOf(thread: number): readonly VpnConnectionId[] {
    return this.#connections.ofThread(thread);
  }

  /** Charon is gone (`ObservedConnections.markDown`). */
  markDown(reason: string, outcome: { readonly sasOutlive: boolean }): void {
    this.#connections.markDown(reason, outcome);
    this.#traffic.forgetSas();
  }

  /** Watches until the signal aborts or charon goes away; throws NoAnswerError when charon hangs. */
  async run(charon: Charon, signal: AbortSignal): Promise<void> {
    const { clock, onEvent } = this.#options;
    const ended = new AbortController();
    const gone = charon.closed.then(() => ended.abort());
    await charon.on(handshakeEvents, (event) => {
      const isNews = event.kind !== 'log' || this.#isNews(event);
      onEvent?.(event);
      if ('isUp' in event && !event.isUp) this.#ended.add(event.ikeSa.name);
      if (event.kind === 'child-updown' && !event.isUp) {
        this.#noteTraffic(event.ikeSa, event.childSa);
        this.#connections.noteChild(event.ikeSa.name, 'gone');
      }
      if (event.kind === 'child-rekey') this.#noteRekey(event);
      if (isNews) this.#news.fire();
    });
    let hasNews = true;
    while (!signal.aborted && !ended.signal.aborted) {
      const isTold = hasNews;
      hasNews = false;
      const woken = this.#news.next.then(() => void (hasNews = true));
      const started = clock.elapsed();
      if (!isTold && this.#glancesOnly()) await this.#glance(signal);
      else await this.#lookPatiently(charon, signal);
      // Where a look takes long, as long again is left to everybody else.
      const tookMs = Math.min(longestBurstMs, clock.elapsed() - started);
      const pause = new AbortController();
      const timer = clock.delay(this.#pauseMs(), AbortSignal.any([signal, pause.signal])).catch(() => undefined);
      await Promise.race([timer, woken, gone]);
      pause.abort();
      await clock.delay(Math.max(burstMs, tookMs), signal).catch(() => undefined);
    }
  }

  /** Until the next look or glance, should nobody tell anything. */
  #pauseMs(): number {
    const glanceMs = this.#dataPlane.nextGlance - this.#options.clock.elapsed();
    return Math.max(burstMs, Math.min(this.#untilLookMs(), glanceMs));
  }

  #untilLookMs(): number {
    const { clock, readSas, readCounters } = this.#options;
    const now = clock.elapsed();
    const decisionMs = this.#unanswered > 0 ? burstMs : (this.#watchdog.nextDecision(now) ?? Infinity);
    if (this.#connections.all.length === 0) return Math.min(this.#lookedAt + idleLookMs - now, decisionMs);
    const countersMs = readCounters === undefined ? Infinity : this.#dataPlane.nextDue - now;
    const comparisonMs = readSas === undefined ? Infinity : this.#lostSas.waitMs(now);
    return Math.min(this.#lookedAt + lookMs - now, decisionMs, comparisonMs, countersMs);
  }

  /** Nothing but the packet filter is due: charon need not list hundreds of SAs for it. */
  #glancesOnly(): boolean {
    return this.#dataPlane.nextGlance <= this.#options.clock.elapsed() && this.#untilLookMs() > 0;
  }

  async #glance(signal: AbortSignal): Promise<void> {
    const counters = await this.#readCounters(signal);
    this.#dataPlane.glance(counters, this.#options.clock.elapsed());
  }

  #isNews(line: CharonEventOf<'log'>): boolean {
    const isDoubt = saysSaIsMissing(line) && this.#lostSas.doubt();
    return this.#connections.noteLog(line) || isDoubt;
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
    const { clock, logger } = this.#options;
    this.#lookedAt = clock.elapsed();
    const connections = this.#connections.all;
    const { ikeSas, sight } = await this.#see(charon, signal);
    // Told otherwise meanwhile: the next look is due at once.
    if (connections !== this.#connections.all) return;
    this.#connections.note(sight);
    const traffic = this.#traffic.look(connections, ikeSas, { elapsed: clock.elapsed(), origin: this.#day.origin });
    for (const [id, now] of traffic) this.#options.observed.recordTraffic(id, now);
    for (const action of this.#watchdog.decide(connections, ikeSas, clock.elapsed())) {
      logger.debug({ action }, 'watchdog');
      await this.#tell(charon, action, signal);
    }
    await this.#findLostSas(charon, ikeSas, signal);
    await this.#findFaults(connections, signal);
  }

  /** What keeps packets from passing though the SAs are there. */
  async #findFaults(connections: readonly WatchedConnection[], signal: AbortSignal): Promise<void> {
    const { clock, observed, readCounters } = this.#options;
    if (readCounters === undefined || clock.elapsed() < this.#dataPlane.nextDue) return;
    const ids = connections.map(({ plan }) => plan.id);
    const isAnyConnected = ids.some((id) => observed.tunnel(id).sas?.connected === true);
    const found = isAnyConnected
      ? await this.#seeDataPlane(connections, signal)
      : this.#dataPlane.rest(ids, clock.elapsed());
    for (const [id, findings] of found) observed.recordFindings(id, 'data-plane', findings);
  }

  async #seeDataPlane(
    connections: readonly WatchedConnection[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<VpnConnectionId, readonly Finding[]>> {
    const { clock, observed } = this.#options;
    const counters = await this.#readCounters(signal);
    const unmapped = await this.#unmapped.newest(counters ?? [], signal);
    const tunnels = connections.map(({ plan: { id, children: selectors } }) => ({
      ...{ observation: observed.tunnel(id), probe: this.#probes.get(id) ?? null, selectors },
      unmapped: unmapped.get(id) ?? null,
    }));
    return this.#dataPlane.look(tunnels, counters, {
      elapsed: clock.elapsed(),
      origin: this.#day.origin,
    });
  }

  /** Null: it could not be read now. */
  async #readCounters(signal: AbortSignal): Promise<readonly FilterCounter[] | null> {
    const { readCounters, logger } = this.#options;
    if (readCounters === undefined) return null;
    try {
      return await readCounters(signal);
    } catch (error) {
      signal.throwIfAborted();
      logger.warn({ error: (error as Error).message }, 'the packet filter could not be read');
      return null;
    }
  }

  #noteRekey({ ikeSa, oldChildSa }: CharonEventOf<'child-rekey'>): void {
    this.#noteTraffic(ikeSa, oldChildSa);
    this.#connections.noteChild(ikeSa.name, 'renewed');
    const id = connectionIdOf(ikeSa.name);
    if (id !== null) this.#traffic.noteRekey(id);
  }

  /** What an SA has carried at its end. */
  #noteTraffic({ name }: IkeSa, childSa: ChildSa): void {
    const id = connectionIdOf(name);
    if (id !== null) this.#traffic.note(id, childSa, this.#options.clock.elapsed());
  }

  /**
   * charon lists one IKE_SA after the other. While one replaces another, it and its CHILD_SAs can slip through: what is
   * missing though charon did not say that it ended is gone when further lists do not have it either.
   */
  async #see(charon: Charon, signal: AbortSignal): Promise<{ ikeSas: readonly IkeSa[]; sight: Sight }> {
    const ended = new Set(this.#ended);
    this.#ended.clear();
    const hasEnded = (name: string): boolean => ended.has(name) || this.#ended.has(name);
    for (let lists = 1; ; lists++) {
      const ikeSas = await this.#ask((limited) => charon.listSas({}, { signal: limited }), signal);
      const sight = this.#connections.look(ikeSas);
      if (lists === mostLists || !this.#connections.misses(sight, hasEnded)) return { ikeSas, sight };
      await this.#options.clock.delay(burstMs, signal);
    }
  }

  /** Whatever the cause: an SA that is charon's alone carries nothing, and nobody else would notice. */
  async #findLostSas(charon: Charon, ikeSas: readonly IkeSa[], signal: AbortSignal): Promise<void> {
    const { clock, logger, readSas } = this.#options;
    if (readSas === undefined || this.#lostSas.waitMs(clock.elapsed()) > 0) return;
    const names = new Set(this.#connections.all.map(({ name }) => name));
    const own = ikeSas.filter(({ name }) => names.has(name));
    const dataPlane = own.some(({ childSas }) => childSas.length > 0) ? await this.#tryRead(readSas, signal) : [];
    if (dataPlane === null) {
      this.#lostSas.putOff(clock.elapsed());
      return;
    }
    for (const { childId, name, remedy } of this.#lostSas.compare(own, dataPlane, clock.elapsed())) {
      logger.warn({ child: name, remedy }, 'an SA of charon is not in the data plane');
      await this.#tell(charon, { kind: remedy === 'rekey' ? 'rekeyChild' : 'terminateChild', childId }, signal);
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
      const [connection] = this.#connections.all;
      const { message } = error as Error;
      this.#options.logger.warn({ gatewayOf: connection?.plan.id, error: message }, 'SAs could not be compared');
      return null;
    }
  }

  #tell(charon: Charon, action: WatchdogAction, signal: AbortSignal): Promise<void> {
    return this.#ask((limited) => tellCharon(charon, action, limited), signal);
  }

  /** charon answers everything it is asked here at once; throws NoAnswerError when it does not. */
  #ask<T>(question: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    return withPatience({ clock: this.#options.clock, ms: answerTimeoutMs, signal }, question);
  }
}
