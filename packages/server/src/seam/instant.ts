import type { UsabilityObservation } from '../domain/operator/observation.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fact } from './contract.ts';

/**
 * When something happened, as it crosses: by the clock of whoever saw it, and how long ago that was when it was sent. A clock that is set
 * between the two, here or there, and a clock there that is another one, do not move what happened.
 */
export interface Instant {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly ageMs: number;
}

/** Clocks that agree differ by less, and so does what has waited on its way. */
export const agreeingMs = 60_000;

/** By the clock here, as it is now; never in the future. */
export function instantHere(instant: Instant, now: number): number {
  return Math.min(now, historicInstantHere(instant, now));
}

/** The same of what was written down: a clock that was ahead for a while has left instants that are still to come. */
export function historicInstantHere({ at, ageMs }: Instant, now: number): number {
  const byAge = now - ageMs;
  return Math.abs(byAge - at) <= agreeingMs ? at : byAge;
}

/** As it crosses: `since`, by the clock for durations here, becomes an age; what is by the clock of the day is sent with one. */
export function aged(fact: Fact, clock: Pick<Clock, 'now' | 'elapsed'>): Fact {
  if (fact.value === null) return fact;
  if (fact.about === 'sas') {
    const { since, ...value } = fact.value as typeof fact.value & { readonly since: number };
    return { ...fact, value: { ...value, ageMs: clock.elapsed() - since } };
  }
  const now = clock.now();
  const ageOf = (at: number | null) => (at === null ? null : Math.max(0, now - at));
  if (fact.about === 'traffic') {
    const { lastInAt, lastOutAt } = fact.value;
    return { ...fact, value: { ...fact.value, agesMs: { lastInAt: ageOf(lastInAt), lastOutAt: ageOf(lastOutAt) } } };
  }
  if (fact.about === 'usability') {
    const { healthCheck } = fact.value as typeof fact.value & Pick<UsabilityObservation, 'healthCheck'>;
    if (healthCheck === null) return fact;
    return { ...fact, value: { ...fact.value, agesMs: { answeredAt: ageOf(healthCheck.answeredAt) } } };
  }
  if (fact.about === 'capacity') return { ...fact, value: { ...fact.value, ageMs: ageOf(fact.value.measuredAt) ?? 0 } };
  if (fact.about !== 'diagnosis') return fact;
  const findings = fact.value.findings.map((finding) => ({ ...finding, ageMs: Math.max(0, now - finding.since) }));
  return { ...fact, value: { findings } };
}
