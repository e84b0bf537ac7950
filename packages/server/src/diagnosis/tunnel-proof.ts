import type { TunnelObservation } from '../domain/operator/observation.ts';

/** Something that went through a tunnel there and back. */
export interface Proof {
  /** For people. */
  readonly how: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * So long what was seen proves that a tunnel carries packets. Counters are looked at every 5 s and told within one more, and a probe that is
 * answered is told about every 5 s.
 */
export const proofHoldsMs = 10_000;

/**
 * Packets that go out and packets that come in prove a round trip where nothing is asked that is not answered: a tunnel whose health check was
 * never answered, or no longer is, is proven by none.
 */
export function newestProof(
  { usability, traffic }: Pick<TunnelObservation, 'usability' | 'traffic'>,
  now: number,
): Proof | null {
  const check = usability?.healthCheck ?? null;
  const answeredAt = check?.answeredAt ?? null;
  const answered = answeredAt === null ? null : { how: 'a probe was answered', at: answeredAt };
  const passed = check === null || check.state === 'available' ? passedBothWays(traffic) : null;
  if (answered === null || passed === null) return answered ?? passed;
  // Probes are packets as well.
  return now - answered.at < proofHoldsMs || answered.at > passed.at ? answered : passed;
}

function passedBothWays(traffic: TunnelObservation['traffic']): Proof | null {
  const { lastInAt = null, lastOutAt = null } = traffic ?? {};
  if (lastInAt === null || lastOutAt === null) return null;
  return { how: 'packets passed in both directions', at: Math.min(lastInAt, lastOutAt) };
}
