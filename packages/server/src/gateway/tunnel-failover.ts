import type { EventSink } from '../domain/operator/event.ts';
import type { UndrillableTunnel } from '../domain/operator/failover-drill.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import { afterReport } from '../domain/vpn/probe-health.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { judge, returnsAt, type HoldDown, type Verdict } from '../domain/vpn/tunnel-usability.ts';
import { hasOtherPath, type IsServed } from '../plan/choose-routes.ts';
import type { TunnelWatch } from '../plan/plan.ts';
import { probePair } from '../plan/probe-pair.ts';
import type { Clock } from '../platform/clock.ts';
import type { FailoverMemory, RememberedTunnel } from './failover-memory.ts';
import type { TunnelProbeReport } from './gateway-probes.ts';
import { factsOf, newTunnel, rememberedOf, usabilityOf, watchBy, type JudgedTunnel } from './judged-tunnel.ts';
import { probeEvent, verdictEvent } from './tunnel-events.ts';

export interface TunnelFailoverOptions {
  readonly observed: Pick<ObservedState, 'recordUsability'>;
  readonly clock: Clock;
  readonly holdDown: HoldDown;
  readonly memory: FailoverMemory;
  readonly record: EventSink;
  /** What CCNs serve while tunnels are as observed state has them. */
  readonly isServed: IsServed;
  /** Probes of a tunnel are answered, or not any more. */
  readonly onProbeState?: () => void;
}

/**
 * Decides for each tunnel of one gateway whether its routes are used and announced, from its CHILD_SAs and its probes. What is
 * told together is one decision, about what is news and about what may wait or not wait because of it; it costs as much.
 */
export class TunnelFailover {
  readonly #options: TunnelFailoverOptions;
  /** In the order of the plan that they came with. */
  #tunnels = new Map<VpnConnectionId, JudgedTunnel>();
  /** Those that wait for their return. */
  readonly #held = new Set<JudgedTunnel>();
  /** From before the first plan. */
  readonly #remembered: Map<VpnConnectionId, RememberedTunnel>;
  #timer = new AbortController();

  constructor(options: TunnelFailoverOptions) {
    this.#options = options;
    this.#remembered = options.memory.read();
    for (const [id, { isUsable }] of this.#remembered) {
      options.observed.recordUsability(id, { fault: isUsable ? null : 'hold-down', healthCheck: null });
    }
  }

  /** The tunnels of the newest plan. */
  setTunnels(watches: readonly TunnelWatch[]): void {
    const ids = new Set(watches.map(({ id }) => id));
    const gone = [...this.#tunnels.keys(), ...this.#remembered.keys()].filter((id) => !ids.has(id));
    for (const id of gone) this.#forget(id);
    this.#decide(watches.flatMap((watch) => this.#setTunnel(watch)));
    this.#remembered.clear();
    if (gone.length > 0) this.#remember();
  }

  /**
   * What charon says, by tunnel; one decision is made for all of it. The first word about a tunnel that is connected does not
   * end a hold-down.
   */
  noteChildSas(installed: ReadonlyMap<VpnConnectionId, boolean>): void {
    const now = this.#options.clock.elapsed();
    const changed: JudgedTunnel[] = [];
    for (const [id, isInstalled] of installed) {
      const tunnel = this.#tunnels.get(id);
      if (tunnel === undefined || tunnel.hasChildSa === isInstalled) continue;
      changed.push(Object.assign(tunnel, { hasChildSa: isInstalled, cleanSince: now }));
    }
    this.#decide(changed);
    for (const tunnel of changed) if (tunnel.hasChildSa === true) tunnel.hasBeenUp = true;
  }

  /** What the prober says, by tunnel; one decision is made for all of it. */
  noteProbes(reports: readonly TunnelProbeReport[]): void {
    this.#decide(reports.flatMap((report) => this.#noteProbe(report) ?? []));
  }

  /** What CCNs serve is something else now: nothing may serve any more in the place of a tunnel that is held down. */
  servedChanged(): void {
    this.#decide([...this.#held].filter(({ watch }) => watch.otherPath !== undefined));
  }

  /** Why the tunnel's routes are not taken out for a drill; null: they would be. Another tunnel has to be known to work. */
  drillRefusal(id: VpnConnectionId): UndrillableTunnel | null {
    const tunnel = this.#tunnels.get(id);
    if (tunnel === undefined || !isWorking(tunnel)) return 'not-used';
    const standbys = tunnel.watch.alternatives.map((other) => this.#tunnels.get(other));
    return standbys.some((standby) => standby !== undefined && isProven(standby)) ? null : 'no-standby';
  }

  /**
   * Takes the routes out of a tunnel that has no fault, for so long, or until nothing serves in its place. Resolves with whether it
   * lasted so long. Whatever comes between ends it: a fault of the tunnel, a failure of the others, the end of this process.
   */
  drill(id: VpnConnectionId, forMs: number): Promise<boolean> {
    const tunnel = this.#tunnels.get(id);
    if (tunnel === undefined || this.drillRefusal(id) !== null) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    tunnel.drill = { until: this.#options.clock.elapsed() + forMs, onEnd: resolve };
    this.#decide([tunnel]);
    if (tunnel.verdict === null) endDrill(tunnel, false);
    return promise;
  }

  /** No decision is made any more; what is remembered stays as it is. */
  stop(): void {
    for (const tunnel of this.#tunnels.values()) endDrill(tunnel, false);
    this.#timer.abort();
    this.#tunnels = new Map();
    this.#held.clear();
  }

  #forget(id: VpnConnectionId): void {
    const tunnel = this.#tunnels.get(id);
    if (tunnel !== undefined) {
      this.#held.delete(tunnel);
      endDrill(tunnel, false);
    }
    this.#tunnels.delete(id);
    this.#options.observed.recordUsability(id, null);
  }

  /** The tunnel, if it is another than before. */
  #setTunnel(watch: TunnelWatch): JudgedTunnel[] {
    const known = this.#tunnels.get(watch.id);
    if (known?.watch === watch) return [];
    if (known !== undefined) {
      watchBy(known, watch);
      return [known];
    }
    const tunnel = newTunnel(watch, this.#remembered.get(watch.id), this.#options.clock.elapsed());
    this.#tunnels.set(watch.id, tunnel);
    if (tunnel.verdict === 'hold-down') this.#held.add(tunnel);
    return [tunnel];
  }

  /** The tunnel, if the state of its probes is another one now. */
  #noteProbe(report: TunnelProbeReport): JudgedTunnel | undefined {
    const { clock, record } = this.#options;
    const tunnel = this.#tunnels.get(report.id);
    const probe = tunnel?.watch.probe;
    if (tunnel === undefined || probe == null || report.pair !== probePair(probe)) return undefined;
    const before = tunnel.health;
    tunnel.probes = report.summary;
    if (report.isAnswered) tunnel.answeredAt = clock.now();
    tunnel.health = afterReport(before, report, probe.threshold);
    if (tunnel.health.state !== 'unknown' && report.sinceLossMs !== null) {
      tunnel.cleanSince = Math.max(tunnel.cleanSince, clock.elapsed() - report.sinceLossMs);
    }
    if (before.state === tunnel.health.state) {
      this.#publish(tunnel);
      return undefined;
    }
    this.#options.onProbeState?.();
    record({ resourceId: report.id, at: clock.now(), ...probeEvent(tunnel, before, report) });
    return tunnel;
  }

  /**
   * Faults first, and routes by them, so that what is to return sees what is left to serve in its place.
   * @param news tunnels about which something else is known now.
   */
  #decide(news: readonly JudgedTunnel[]): void {
    if (news.length === 0) return;
    const failed = new Set(news.filter((tunnel) => this.#judge(tunnel, 'faults')));
    for (const tunnel of failed) this.#publish(tunnel);
    const freed = [...failed].flatMap(({ watch }) => this.#heldBeside(watch));
    const concerned = [...new Set([...news, ...freed])];
    // What comes up for the first time waits for nobody, and may be what serves in the place of others.
    const [known = [], fresh = []] = [true, false].map((is) => concerned.filter(({ hasBeenUp }) => hasBeenUp === is));
    const changed = [...fresh, ...known].filter((tunnel) => this.#judge(tunnel, 'all'));
    for (const tunnel of new Set([...news, ...changed])) if (!failed.has(tunnel)) this.#publish(tunnel);
    this.#remember();
    this.#awaitReturn();
  }

  /** Those that waited because this one served: who is an alternative has it for one. */
  #heldBeside({ alternatives }: TunnelWatch): JudgedTunnel[] {
    if (this.#held.size === 0) return [];
    return alternatives.flatMap((id) => {
      const tunnel = this.#tunnels.get(id);
      return tunnel !== undefined && this.#held.has(tunnel) ? [tunnel] : [];
    });
  }

  /** True when the verdict is another one now. */
  #judge(tunnel: JudgedTunnel, counted: 'faults' | 'all'): boolean {
    const { clock, holdDown } = this.#options;
    const before = tunnel.verdict;
    const after = judge(before, factsOf(tunnel), holdDown, this.#hasAlternative(tunnel), clock.elapsed());
    const isFault = after !== null && after !== 'hold-down';
    if (after === before || (counted === 'faults' && !isFault)) return false;
    tunnel.verdict = after;
    if (after === 'hold-down') this.#held.add(tunnel);
    else this.#held.delete(tunnel);
    this.#tell(tunnel, before);
    if (after !== 'hold-down') endDrill(tunnel, clock.elapsed() >= (tunnel.drill?.until ?? 0));
    return true;
  }

  #hasAlternative({ watch: { alternatives, otherPath } }: JudgedTunnel): boolean {
    return (
      alternatives.some((id) => this.#tunnels.get(id)?.verdict === null) ||
      hasOtherPath(otherPath, this.#options.isServed)
    );
  }

  #awaitReturn(): void {
    const { clock, holdDown } = this.#options;
    this.#timer.abort();
    // Before charon's first word no time brings a tunnel back.
    const waiting = [...this.#held].filter((tunnel) => factsOf(tunnel).hasChildSa !== null);
    if (waiting.length === 0) return;
    this.#timer = new AbortController();
    const dueAt = (tunnel: JudgedTunnel): number => returnsAt(factsOf(tunnel), holdDown);
    const at = Math.min(...waiting.map(dueAt));
    clock.delay(Math.max(0, at - clock.elapsed()), this.#timer.signal).then(
      () => {
        const due = waiting.filter((tunnel) => this.#held.has(tunnel) && dueAt(tunnel) <= clock.elapsed());
        if (due.length > 0) this.#decide(due);
        else this.#awaitReturn();
      },
      () => undefined,
    );
  }

  #publish(tunnel: JudgedTunnel): void {
    this.#options.observed.recordUsability(tunnel.watch.id, usabilityOf(tunnel));
  }

  #remember(): void {
    const tunnels = this.#tunnels;
    this.#options.memory.note(() => new Map([...tunnels].map(([id, tunnel]) => [id, rememberedOf(tunnel)])));
  }

  #tell(tunnel: JudgedTunnel, before: Verdict): void {
    const { clock, holdDown, record } = this.#options;
    // Coming up for the first time is no switch.
    if (!tunnel.hasBeenUp) return;
    const waitMs = Math.max(0, returnsAt(factsOf(tunnel), holdDown) - clock.elapsed());
    const event = verdictEvent(before, tunnel.verdict, waitMs);
    if (event !== null) record({ resourceId: tunnel.watch.id, at: clock.now(), ...event });
  }
}

function endDrill(tunnel: JudgedTunnel, isWhole: boolean): void {
  const { drill } = tunnel;
  tunnel.drill = null;
  drill?.onEnd(isWhole);
}

/** No fault is known, and its IKE daemon has said that it has a CHILD_SA: not as long as nobody has said anything. */
function isWorking(tunnel: JudgedTunnel): boolean {
  return tunnel.verdict === null && factsOf(tunnel).hasChildSa === true;
}

/** It works, as far as anything tells: with a health check by its answers. */
function isProven(tunnel: JudgedTunnel): boolean {
  return isWorking(tunnel) && (tunnel.watch.probe === null || tunnel.health.state === 'available');
}
