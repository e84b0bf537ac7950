import type { Finding } from '../diagnosis/finding.ts';
import type { ProbeState } from '../vpn/probe-health.ts';
import type { ProbeSummary } from '../vpn/probe-summary.ts';
import type { VpnConnectionId } from '../resource-id.ts';
import type { Fault } from '../vpn/tunnel-usability.ts';

/** What the acting side reports about one plan. */
export interface PlanOutcome {
  /** `host` or the id of the resource whose namespace it is. */
  readonly key: string;
  /** Generation of the plan last carried out, but for what `error` names; -1 before the first. */
  readonly appliedGeneration: number;
  /** What of the newest plan is not applied, for people; null when all of it is. */
  readonly error: string | null;
  /** Tunnels of that plan that could not be made, and why, for people; absent: none. */
  readonly failures?: ReadonlyMap<VpnConnectionId, string>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What is known about one tunnel. Its parts are told by different watchers, each at its own times. */
export interface TunnelObservation {
  readonly id: VpnConnectionId;
  /** Null: charon was not asked yet. */
  readonly sas: SaObservation | null;
  /** Null: nobody judges it, because no routes depend on it (SPD tunnels of a VPC), or not yet. */
  readonly usability: UsabilityObservation | null;
  /** Null: nothing was counted yet. */
  readonly traffic: TrafficObservation | null;
  /** What the acting side found; empty where nothing is wrong. */
  readonly findings: readonly Finding[];
}

/** What has passed a tunnel as ESP, in bytes and packets of what was inside. Totals only grow while its gateway is watched by one process. */
export interface TrafficObservation {
  readonly inBytes: number;
  readonly inPackets: number;
  readonly outBytes: number;
  readonly outPackets: number;
  /** CHILD_SAs that were renewed. */
  readonly rekeys: number;
  /** When the last packet came in, to a second; milliseconds since the epoch, null: none has yet. */
  readonly lastInAt: number | null;
  readonly lastOutAt: number | null;
}

/** What charon says about a tunnel's SAs. */
export interface SaObservation {
  readonly ikeEstablished: boolean;
  /** CHILD_SA name → installed; a tunnel is connected when all are. */
  readonly children: Readonly<Record<string, boolean>>;
  readonly connected: boolean;
  /** The newest reason charon gave for not coming up, for people; null when connected. */
  readonly lastError: string | null;
  readonly changedAt: number;
}

/** Whether a tunnel's routes are used and announced. */
export interface UsabilityObservation {
  /** Null: usable. */
  readonly fault: Fault | null;
  /** Null without a health check. */
  readonly healthCheck: HealthCheckObservation | null;
}

/** What the health check of a tunnel says. */
export interface HealthCheckObservation {
  readonly state: ProbeState;
  /** When a probe was last known to be answered, milliseconds since the epoch; null: not yet. */
  readonly answeredAt: number | null;
  readonly probes: ProbeSummary;
  readonly schedule: ProbeSchedule;
}

/** How often a tunnel is probed, milliseconds. */
export interface ProbeSchedule {
  readonly intervalMs: number;
  /** What was asked for: shorter where the probes of a gateway are more than can be sent. */
  readonly wantedMs: number;
}

export type DataPlane = 'kernel' | 'uxfrm' | 'none';
