import type { HealthCheckObservation, UsabilityObservation } from '../domain/operator/observation.ts';
import { neverAnswered, type ProbeHealth } from '../domain/vpn/probe-health.ts';
import { noProbes, type ProbeSummary } from '../domain/vpn/probe-summary.ts';
import type { TunnelFacts, Verdict } from '../domain/vpn/tunnel-usability.ts';
import type { ProbePlan, TunnelWatch } from '../plan/plan.ts';
import { probePair } from '../plan/probe-pair.ts';
import type { RememberedTunnel } from './failover-memory.ts';

/** What is known about a tunnel that is judged, and the verdict. */
export interface JudgedTunnel {
  watch: TunnelWatch;
  /** Null: charon was not asked yet. */
  hasChildSa: boolean | null;
  health: ProbeHealth;
  /** When a probe was last known to be answered, milliseconds since the epoch. */
  answeredAt: number | null;
  probes: ProbeSummary;
  cleanSince: number;
  hasBeenUp: boolean;
  verdict: Verdict;
  /** Null: none is under way. */
  drill: Drill | null;
}

/** What takes the routes of a tunnel out that has no fault. */
export interface Drill {
  /** In milliseconds of `Clock.elapsed`. */
  readonly until: number;
  /** Told whether it lasted until then. */
  readonly onEnd: (isWhole: boolean) => void;
}

export function newTunnel(watch: TunnelWatch, remembered: RememberedTunnel | undefined, now: number): JudgedTunnel {
  const pair = pairOf(watch.probe);
  const wasAnswered = pair !== null && remembered?.answeredPair === pair;
  const wasUsable = remembered?.isUsable ?? true;
  // A new tunnel leads nowhere yet; a CCN must not hear of its ranges before charon says so.
  const verdictOfNew = watch.needsChildSa ? 'no-child-sa' : null;
  const verdictOfKnown = wasUsable ? null : 'hold-down';
  return {
    watch,
    hasChildSa: null,
    // Withdrawn before: a failed probe stays failed until it is answered.
    health: wasAnswered ? { state: wasUsable ? 'available' : 'unavailable', failures: 0 } : neverAnswered,
    answeredAt: null,
    probes: noProbes,
    cleanSince: now,
    hasBeenUp: remembered !== undefined,
    verdict: remembered === undefined ? verdictOfNew : verdictOfKnown,
    drill: null,
  };
}

/** A newer plan: another pair of addresses is another check. */
export function watchBy(tunnel: JudgedTunnel, watch: TunnelWatch): void {
  const isSamePair = pairOf(tunnel.watch.probe) === pairOf(watch.probe);
  tunnel.watch = watch;
  if (!isSamePair) Object.assign(tunnel, { health: neverAnswered, answeredAt: null, probes: noProbes });
}

export function factsOf({ watch, hasChildSa, health, cleanSince, hasBeenUp, drill }: JudgedTunnel): TunnelFacts {
  return {
    hasChildSa: watch.needsChildSa ? hasChildSa : true,
    probe: watch.probe === null ? null : health.state,
    cleanSince,
    hasBeenUp,
    drilledUntil: drill?.until ?? null,
  };
}

/** As others are told. */
export function usabilityOf(tunnel: JudgedTunnel): UsabilityObservation {
  return { fault: tunnel.verdict, healthCheck: healthCheckOf(tunnel) };
}

export function rememberedOf({ watch, verdict, health }: JudgedTunnel): RememberedTunnel {
  return { isUsable: verdict === null, answeredPair: health.state === 'unknown' ? null : pairOf(watch.probe) };
}

function healthCheckOf({ watch, health, answeredAt, probes }: JudgedTunnel): HealthCheckObservation | null {
  if (watch.probe === null) return null;
  const { intervalMs, wantedIntervalMs: wantedMs = intervalMs } = watch.probe;
  return { state: health.state, answeredAt, probes, schedule: { intervalMs, wantedMs } };
}

function pairOf(probe: ProbePlan | null): string | null {
  return probe === null ? null : probePair(probe);
}
