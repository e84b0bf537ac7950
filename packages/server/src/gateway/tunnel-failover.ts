import type { EventSink } from '../domain/operator/event.ts';
import { faultStates } from '../domain/vpn/tunnel-state.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import { afterProbe, neverAnswered, type ProbeHealth } from '../domain/vpn/probe-health.ts';
import { ProbeStatistics } from '../domain/vpn/probe-statistics.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { judge, returnsAt, type HoldDown, type TunnelFacts, type Verdict } from '../domain/vpn/tunnel-usability.ts';
import type { HealthCheckObservation, ProbeSchedule } from '../domain/operator/observation.ts';
import type { ProbePlan, TunnelWatch } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import type { FailoverMemory } from './failover-memory.ts';

export interface TunnelFailoverOptions {
  readonly observed: ObservedState;
  readonly clock: Clock;
  readonly holdDown: HoldDown;
  readonly memory: FailoverMemory;
  readonly record: EventSink;
  /** The usability of at least one tunnel changed; observed state has the new one. */
  readonly onSwitch: () => void;
}

interface Tunnel {
  watch: TunnelWatch;
  hasChildSa: boolean | null;
  health: ProbeHealth;
  statistics: ProbeStatistics;
  cleanSince: number;
  hasBeenUp: boolean;
  verdict: Verdict;
}

/** Decides for each tunnel of one gateway whether its routes are used and announced, from its CHILD_SAs and its probes. */
export class TunnelFailover {
  readonly #options: TunnelFailoverOptions;
  readonly #tunnels = new Map<VpnConnectionId, Tunnel>();
  readonly #remembered: ReturnType<FailoverMemory['read']>;
  #timer = new AbortController();
  #saved = '';

  constructor(options: TunnelFailoverOptions) {
    this.#options = options;
    this.#remembered = options.memory.read();
    // Before the first plan is made.
    for (const [id, { isUsable }] of Object.entries(this.#remembered)) {
      const fault = isUsable ? null : 'hold-down';
      options.observed.recordUsability(id as VpnConnectionId, { fault, healthCheck: null });
    }
  }

  /** The tunnels of the newest plan. */
  setTunnels(watches: readonly TunnelWatch[]): void {
    const ids = new Set(watches.map(({ id }) => id));
    for (const id of [...this.#tunnels.keys(), ...(Object.keys(this.#remembered) as VpnConnectionId[])]) {
      if (ids.has(id)) continue;
      this.#tunnels.delete(id);
      this.#options.observed.recordUsability(id, null);
    }
    for (const watch of watches) this.#setTunnel(watch);
    this.#decide();
  }

  /**
   * What charon says, by tunnel; one decision is made for all of it. The first word about a tunnel that is connected does not
   * end a hold-down.
   */
  noteChildSas(installed: ReadonlyMap<VpnConnectionId, boolean>): void {
    const changed = [...this.#tunnels.values()].filter((tunnel) => {
      const isInstalled = installed.get(tunnel.watch.id);
      return isInstalled !== undefined && isInstalled !== tunnel.hasChildSa;
    });
    if (changed.length === 0) return;
    for (const tunnel of changed) {
      tunnel.hasChildSa = installed.get(tunnel.watch.id) ?? null;
      tunnel.cleanSince = this.#options.clock.elapsed();
    }
    this.#decide();
    for (const tunnel of changed) if (tunnel.hasChildSa === true) tunnel.hasBeenUp = true;
  }

  /** @param delayMs null: no answer in time. */
  noteProbe(id: VpnConnectionId, delayMs: number | null): void {
    const tunnel = this.#tunnels.get(id);
    const probe = tunnel?.watch.probe;
    if (tunnel === undefined || probe == null) return;
    const now = this.#options.clock.elapsed();
    tunnel.statistics.add(now, delayMs);
    const before = tunnel.health;
    tunnel.health = afterProbe(before, delayMs !== null, probe.threshold);
    if (delayMs === null && before.state !== 'unknown') tunnel.cleanSince = now;
    if (before.state === tunnel.health.state) {
      // No verdict changes by it, of this tunnel or another: thousands of these come a second.
      this.#publish(tunnel);
      return;
    }
    this.#recordProbe(tunnel, probe, before);
    this.#decide();
  }

  /** No decision is made any more. */
  stop(): void {
    this.#timer.abort();
    this.#tunnels.clear();
  }

  #setTunnel(watch: TunnelWatch): void {
    const known = this.#tunnels.get(watch.id);
    if (known !== undefined) {
      const isSamePair = pairOf(known.watch.probe) === pairOf(watch.probe);
      known.watch = watch;
      if (!isSamePair) Object.assign(known, { health: neverAnswered, statistics: new ProbeStatistics() });
      return;
    }
    const remembered = this.#remembered[watch.id];
    const pair = pairOf(watch.probe);
    const wasAnswered = pair !== null && remembered?.answeredPair === pair;
    const wasUsable = remembered?.isUsable ?? true;
    // A new tunnel leads nowhere yet; a CCN must not hear of its ranges before charon says so.
    const verdictOfNew = watch.needsChildSa ? 'no-child-sa' : null;
    const verdictOfKnown = wasUsable ? null : 'hold-down';
    this.#tunnels.set(watch.id, {
      watch,
      hasChildSa: null,
      // Withdrawn before: a failed probe stays failed until it is answered.
      health: wasAnswered ? { state: wasUsable ? 'available' : 'unavailable', failures: 0 } : neverAnswered,
      statistics: new ProbeStatistics(),
      cleanSince: this.#options.clock.elapsed(),
      hasBeenUp: remembered !== undefined,
      verdict: remembered === undefined ? verdictOfNew : verdictOfKnown,
    });
  }

  /** Faults first, so that what is to return sees what is left to serve in its place. */
  #decide(): void {
    const tunnels = [...this.#tunnels.values()];
    for (const tunnel of tunnels) this.#judge(tunnel, false);
    // What comes up for the first time waits for nobody, and may be what serves in the place of others.
    const [known = [], fresh = []] = [true, false].map((hasBeenUp) => tunnels.filter((t) => t.hasBeenUp === hasBeenUp));
    for (const tunnel of [...fresh, ...known]) this.#judge(tunnel, true);
    const changed = tunnels.filter((tunnel) => this.#publish(tunnel));
    this.#save();
    if (changed.length > 0) this.#options.onSwitch();
    this.#awaitReturn();
  }

  #judge(tunnel: Tunnel, mayReturn: boolean): void {
    const { clock, holdDown } = this.#options;
    const { alternatives, hasOtherPath } = tunnel.watch;
    const before = tunnel.verdict;
    const hasAlternative = hasOtherPath || alternatives.some((id) => this.#tunnels.get(id)?.verdict === null);
    const after = judge(before, factsOf(tunnel), holdDown, hasAlternative, clock.elapsed());
    if (after === before || (after === null && !mayReturn)) return;
    tunnel.verdict = after;
    this.#recordVerdict(tunnel, before);
  }

  #awaitReturn(): void {
    const { clock, holdDown } = this.#options;
    this.#timer.abort();
    const held = [...this.#tunnels.values()].filter(({ verdict }) => verdict === 'hold-down').map(factsOf);
    // Before charon's first word no time brings a tunnel back.
    const waiting = held.filter(({ hasChildSa }) => hasChildSa !== null);
    if (waiting.length === 0) return;
    this.#timer = new AbortController();
    const at = Math.min(...waiting.map((facts) => returnsAt(facts, holdDown)));
    clock.delay(Math.max(0, at - clock.elapsed()), this.#timer.signal).then(
      () => this.#decide(),
      () => undefined,
    );
  }

  /** True when others took it for usable and it is not, or the other way round. */
  #publish(tunnel: Tunnel): boolean {
    const { observed, clock } = this.#options;
    const { watch, verdict } = tunnel;
    const wasUsable = observed.isUsable(watch.id);
    observed.recordUsability(watch.id, { fault: verdict, healthCheck: healthCheckOf(tunnel, clock.elapsed()) });
    return wasUsable !== (verdict === null);
  }

  #save(): void {
    const tunnels = Object.fromEntries(
      [...this.#tunnels].map(([id, { watch, verdict, health }]) => {
        const answeredPair = health.state === 'unknown' ? null : pairOf(watch.probe);
        return [id, { isUsable: verdict === null, answeredPair }];
      }),
    );
    const text = JSON.stringify(tunnels);
    if (text === this.#saved) return;
    this.#saved = text;
    this.#options.memory.write(tunnels);
  }

  #recordProbe({ watch, health, statistics }: Tunnel, { remoteAddress }: ProbePlan, before: ProbeHealth): void {
    const { clock, record } = this.#options;
    const at = clock.now();
    const { sent, lost } = statistics.summary(clock.elapsed());
    const count = `${lost} of ${sent} probes of the last minute were lost`;
    if (health.state === 'unavailable') {
      const message = `${remoteAddress} left ${health.failures} probes in a row unanswered; ${count}.`;
      record({ resourceId: watch.id, kind: 'probe-failed', at, message });
    } else if (before.state === 'unknown') {
      record({ resourceId: watch.id, kind: 'probe-answered', at, message: `${remoteAddress} answers.` });
    } else {
      const message = `${remoteAddress} answers again after ${before.failures} unanswered probes; ${count}.`;
      record({ resourceId: watch.id, kind: 'probe-recovered', at, message });
    }
  }

  #recordVerdict(tunnel: Tunnel, before: Verdict): void {
    const { clock, holdDown, record } = this.#options;
    const { watch, verdict, hasBeenUp } = tunnel;
    // Coming up for the first time is no switch.
    if (!hasBeenUp) return;
    const at = clock.now();
    if (verdict === null) {
      record({ resourceId: watch.id, kind: 'tunnel-returned', at, message: 'Its routes are used again.' });
    } else if (verdict === 'hold-down') {
      const seconds = Math.max(0, returnsAt(factsOf(tunnel), holdDown) - clock.elapsed()) / 1000;
      const message = `It works again; its routes follow after ${seconds} s without a fault.`;
      record({ resourceId: watch.id, kind: 'held-down', at, message });
    } else if (before === null) {
      const { state, reason } = faultStates[verdict];
      const message = `Its routes are taken out: ${state}, ${reason}.`;
      record({ resourceId: watch.id, kind: 'tunnel-withdrawn', at, message });
    }
  }
}

function factsOf({ watch, hasChildSa, health, cleanSince, hasBeenUp }: Tunnel): TunnelFacts {
  return {
    hasChildSa: watch.needsChildSa ? hasChildSa : true,
    probe: watch.probe === null ? null : health.state,
    cleanSince,
    hasBeenUp,
  };
}

function healthCheckOf({ watch, health, statistics }: Tunnel, now: number): HealthCheckObservation | null {
  if (watch.probe === null) return null;
  return { state: health.state, probes: statistics.summary(now), schedule: scheduleOf(watch.probe) };
}

function scheduleOf({ intervalMs, wantedIntervalMs }: ProbePlan): ProbeSchedule {
  return { intervalMs, wantedMs: wantedIntervalMs ?? intervalMs };
}

/** Another pair is another check. */
function pairOf(probe: ProbePlan | null): string | null {
  return probe === null ? null : `${probe.localAddress} ${probe.remoteAddress}`;
}
