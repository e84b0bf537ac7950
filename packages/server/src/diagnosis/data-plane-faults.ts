import type { WatchedFault } from '../domain/diagnosis/data-plane-findings.ts';
import type { DropReason } from '../domain/operator/dropped-packets.ts';
import { listed } from '../domain/diagnosis/told.ts';
import type { ProbeState } from '../domain/vpn/probe-health.ts';
import type { ChildPlan } from '../plan/plan.ts';

/** What happened on a tunnel whose CHILD_SAs are installed, within the last seconds; packets. */
export interface DataPlaneSight {
  /** As ESP, probes among them. */
  readonly inPackets: number;
  readonly outPackets: number;
  /** Into the tunnel: segments that open a TCP connection, and echo requests; probes are none of them. */
  readonly asked: number;
  /** Out of it: what accepts or refuses one, and echo replies. */
  readonly answered: number;
  /** From there: segments that open a TCP connection, and what accepted one. */
  readonly called: number;
  readonly accepted: number;
  /** The newest packet of ours that no mapping names, for people; null: none of late. */
  readonly unmapped: string | null;
  readonly drops: Readonly<Partial<Record<DropReason, number>>>;
  /** What its CHILD_SAs are asked for with. */
  readonly selectors: readonly Pick<ChildPlan, 'localTs' | 'remoteTs'>[];
  /** Null without a health check. */
  readonly probe: ProbeSight | null;
}

export interface ProbeSight {
  readonly state: ProbeState;
  /** The peer's address. */
  readonly address: string;
  /** Of the last minute. */
  readonly sent: number;
  readonly lost: number;
  /** How many were sent in the time of the sight, at most. */
  readonly sentMeanwhile: number;
}

export interface DataPlaneFault {
  readonly code: WatchedFault;
  readonly ours: string | null;
  /** What may just not have had its time yet: who asked hears nothing, or the probes, which wait by themselves. */
  readonly by: 'asks' | 'probes' | 'drops';
  /** For people. */
  readonly evidence: string;
}

/** So many that are not answered are no accident. */
export const enough = 3;

/**
 * What is wrong with a tunnel, by what was asked and not answered. One direction alone accuses nobody: syslog goes one way, and so does a tunnel
 * that is the second choice.
 */
export function findDataPlaneFaults(sight: DataPlaneSight): DataPlaneFault[] {
  const oneWay = findOneWay(sight);
  return [oneWay ?? findSilentTarget(sight), findUncovered(sight), findForeign(sight)].filter(
    (fault) => fault !== null,
  );
}

function findOneWay(sight: DataPlaneSight): DataPlaneFault | null {
  if (sight.inPackets === 0 && sight.outPackets > 0) return findNothingIn(sight);
  return sight.answered > 0 ? null : (findVainCalls(sight) ?? findSilentNetwork(sight));
}

function findNothingIn({ outPackets, probe, ...sight }: DataPlaneSight): DataPlaneFault | null {
  const passed = `${outPackets} packets went out as ESP, none came in`;
  if (isUnheard(sight)) return fault('esp-not-received', `${askedInVain(sight)}; ${passed}`);
  if (probe?.state !== 'unavailable') return null;
  return { ...fault('esp-not-received', `${probe.address} answers no probe any more; ${passed}`), by: 'probes' };
}

function findVainCalls({ called, accepted, inPackets }: DataPlaneSight): DataPlaneFault | null {
  if (called < enough || accepted < enough || inPackets > called) return null;
  return fault('esp-not-delivered', `${called} connections from there were accepted here, and none went on`);
}

function findSilentNetwork({ probe, inPackets, ...sight }: DataPlaneSight): DataPlaneFault | null {
  if (probe?.state !== 'available' || !isUnheard(sight) || inPackets > probe.sentMeanwhile) return null;
  return fault('peer-network-silent', `${askedInVain(sight)}; ${probe.address} answers probes`);
}

function isUnheard({ asked, answered }: Pick<DataPlaneSight, 'asked' | 'answered'>): boolean {
  return asked >= enough && answered === 0;
}

function askedInVain({ asked }: Pick<DataPlaneSight, 'asked'>): string {
  return `${asked} connections and echo requests of ours were not answered`;
}

function fault(code: WatchedFault, evidence: string): DataPlaneFault {
  return { code, ours: null, by: 'asks', evidence };
}

function findSilentTarget({ probe }: DataPlaneSight): DataPlaneFault | null {
  if (probe === null || probe.state === 'available' || probe.lost < enough) return null;
  const evidence = `${probe.lost} of ${probe.sent} probes of the last minute to ${probe.address} were not answered`;
  const code = probe.state === 'unknown' ? 'probe-never-answered' : 'probe-no-longer-answered';
  return { code, ours: probe.address, by: 'probes', evidence };
}

/** More is dropped than passes. */
function findUncovered({
  drops,
  unmapped,
  selectors,
  inPackets,
  outPackets,
  probe,
}: DataPlaneSight): DataPlaneFault | null {
  const { 'outside-mappings': foreign = 0, unmapped: own = 0 } = drops;
  const dropped = foreign + own;
  const passed = Math.max(0, outPackets + inPackets - 2 * (probe?.sentMeanwhile ?? 0));
  if (dropped < enough || dropped < passed) return null;
  const ours = listed(selectors.map(({ localTs, remoteTs }) => `${localTs} === ${remoteTs}`));
  const newest = unmapped === null ? '' : ` (the newest ${unmapped})`;
  const evidence = `${own} packets of ours${newest} and ${foreign} of the peer's were dropped, ${passed} passed`;
  return { code: 'traffic-outside-mappings', ours, by: 'drops', evidence };
}

function findForeign({ drops }: DataPlaneSight): DataPlaneFault | null {
  const counted = (['unrouted-source', 'network-source', 'ipv6'] as const).map(
    (reason) => [reason, drops[reason] ?? 0] as const,
  );
  const dropped = counted.filter(([, packets]) => packets >= enough);
  if (dropped.length === 0) return null;
  const evidence = dropped.map(([reason, packets]) => `${packets} packets out of the tunnel were dropped (${reason})`);
  return { code: 'sources-dropped', ours: null, by: 'drops', evidence: evidence.join('; ') };
}
