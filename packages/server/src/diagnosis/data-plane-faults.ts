import type { DataPlaneFinding } from '../domain/diagnosis/data-plane-findings.ts';
import type { DropReason } from '../domain/operator/dropped-packets.ts';
import type { ProbeState } from '../domain/vpn/probe-health.ts';

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
  readonly drops: Readonly<Partial<Record<DropReason, number>>>;
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
  readonly code: DataPlaneFinding;
  readonly ours: string | null;
  /** What may just not have had its time yet: who asked hears nothing, or the probes, which wait by themselves. */
  readonly by: 'asks' | 'probes' | 'drops';
  /** For people. */
  readonly evidence: string;
}

/** So many that are not answered are no accident. */
const enough = 3;

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
  const { inPackets, outPackets, asked, answered, called, accepted, probe } = sight;
  const isUnheard = asked >= enough && answered === 0;
  const asks = `${asked} connections and echo requests of ours were not answered`;
  const fault = (code: DataPlaneFinding, evidence: string) => ({ code, ours: null, by: 'asks' as const, evidence });
  if (inPackets === 0 && outPackets > 0) {
    if (isUnheard) return fault('esp-not-received', `${asks}; ${outPackets} packets went out as ESP, none came in`);
    const isLost = probe?.state === 'unavailable';
    const probes = `${probe?.address ?? ''} answers no probe any more`;
    if (!isLost) return null;
    const evidence = `${probes}; ${outPackets} packets went out as ESP, none came in`;
    return { ...fault('esp-not-received', evidence), by: 'probes' };
  }
  if (answered > 0) return null;
  const isCalledInVain = called >= enough && accepted >= enough && inPackets <= called;
  if (isCalledInVain) {
    return fault('esp-not-delivered', `${called} connections from there were accepted here, and none went on`);
  }
  const fromProbes = probe?.state === 'available' ? probe.sentMeanwhile : 0;
  if (isUnheard && probe?.state === 'available' && inPackets <= fromProbes) {
    return fault('peer-network-silent', `${asks}; ${probe.address} answers probes`);
  }
  return null;
}

function findSilentTarget({ probe }: DataPlaneSight): DataPlaneFault | null {
  if (probe === null || probe.state === 'available' || probe.lost < enough) return null;
  const evidence = `${probe.lost} of ${probe.sent} probes of the last minute to ${probe.address} were not answered`;
  const code = probe.state === 'unknown' ? 'probe-never-answered' : 'probe-no-longer-answered';
  return { code, ours: probe.address, by: 'probes', evidence };
}

/** More is dropped than passes. */
function findUncovered({ drops, inPackets, outPackets, probe }: DataPlaneSight): DataPlaneFault | null {
  const dropped = drops['outside-mappings'] ?? 0;
  const passed = Math.max(0, outPackets + inPackets - 2 * (probe?.sentMeanwhile ?? 0));
  if (dropped < enough || dropped < passed) return null;
  const evidence = `${dropped} packets were dropped, ${passed} passed`;
  return { code: 'traffic-outside-mappings', ours: null, by: 'drops', evidence };
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
