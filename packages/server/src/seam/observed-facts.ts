import type { Condition } from '../domain/operator/condition.ts';
import { isFindingCode } from '../domain/diagnosis/finding-codes.ts';
import type { Finding } from '../domain/diagnosis/finding.ts';
import type { DropCount } from '../domain/operator/dropped-packets.ts';
import { isCapacityResource, type HostCapacity } from '../domain/operator/host-capacity.ts';
import type {
  PlanOutcome,
  SaObservation,
  TrafficObservation,
  UsabilityObservation,
} from '../domain/operator/observation.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fact } from './contract.ts';
import { agreeingMs, instantHere } from './instant.ts';
import { nameOf } from './reported-state.ts';

/**
 * Facts of the acting side, as they become what is observed here. A new connection names all that there is first: what it leaves out
 * is not known any more. Until then the last that was heard stands.
 */
export class ObservedFacts {
  readonly #observed: ObservedState;
  #known = new Map<string, Fact>();
  /** While not all of a new connection were heard. */
  #fresh: Map<string, Fact> | null = null;

  /** When facts with an age were heard, by the clock's `elapsed`. */
  readonly #heardAt = new Map<string, number>();
  /** What the clock said when `elapsed` was 0: other than before where somebody has set it. */
  #origin: number;
  readonly #clock: Pick<Clock, 'now' | 'elapsed'>;

  constructor(observed: ObservedState, clock: Pick<Clock, 'now' | 'elapsed'>) {
    this.#observed = observed;
    this.#clock = clock;
    this.#origin = clock.now() - clock.elapsed();
  }

  /** A new connection. */
  begin(): void {
    this.#fresh = new Map();
  }

  hear(facts: readonly Fact[], isComplete: boolean): void {
    this.#lookAtClock();
    for (const fact of facts) {
      this.#take(fact);
      if (fact.value === null) this.#fresh?.delete(nameOf(fact));
      else this.#fresh?.set(nameOf(fact), fact);
    }
    if (!isComplete || this.#fresh === null) return;
    const gone = [...this.#known].filter(([name]) => this.#fresh?.has(name) !== true);
    for (const [, fact] of gone) this.#take({ ...fact, value: null });
    this.#fresh = null;
  }

  #take(fact: Fact): void {
    const name = nameOf(fact);
    if (fact.value === null) {
      this.#known.delete(name);
      this.#heardAt.delete(name);
      forget(this.#observed, fact);
      return;
    }
    this.#known.set(name, fact);
    if (isDated(fact.about)) this.#heardAt.set(name, this.#clock.elapsed());
    this.#record(fact, fact.value);
  }

  #record(fact: Fact, value: object): void {
    const waitedMs = this.#clock.elapsed() - (this.#heardAt.get(nameOf(fact)) ?? this.#clock.elapsed());
    const now = this.#clock.now();
    const here = (at: number, ageMs: number) => instantHere({ at, ageMs: ageMs + waitedMs }, now);
    record(this.#observed, fact.about, fact.key, dated(fact.about, value, here));
  }

  /** Where it was set, what was heard before is told by it as it is now. */
  #lookAtClock(): void {
    const origin = this.#clock.now() - this.#clock.elapsed();
    if (Math.abs(origin - this.#origin) <= agreeingMs) return;
    this.#origin = origin;
    for (const name of this.#heardAt.keys()) {
      const fact = this.#known.get(name);
      if (fact?.value != null) this.#record(fact, fact.value);
    }
  }
}

/** Holds instants. */
function isDated(about: Fact['about']): boolean {
  return ['sas', 'diagnosis', 'traffic', 'usability', 'capacity'].includes(about);
}

type Here = (at: number, ageMs: number) => number;
/** Of instants by their names; null: there is none. */
type Ages = Readonly<Record<string, number | null | undefined>>;

/** With instants by the clock here, instead of ages. */
function dated(about: Fact['about'], value: object, here: Here): object {
  if (about === 'diagnosis') {
    const { findings } = value as { readonly findings: readonly (Finding & { readonly ageMs: number })[] };
    return { findings: findings.map(({ ageMs, ...finding }) => ({ ...finding, since: here(finding.since, ageMs) })) };
  }
  if (about === 'traffic') {
    const { agesMs, ...traffic } = value as TrafficObservation & { readonly agesMs: Ages };
    const { lastInAt, lastOutAt } = traffic;
    return {
      ...traffic,
      lastInAt: instantBy(lastInAt, agesMs['lastInAt'], here),
      lastOutAt: instantBy(lastOutAt, agesMs['lastOutAt'], here),
    };
  }
  if (about === 'usability') {
    const { agesMs, ...usability } = value as UsabilityObservation & { readonly agesMs?: Ages };
    const { healthCheck } = usability;
    if (healthCheck === null) return usability;
    const answeredAt = instantBy(healthCheck.answeredAt, agesMs?.['answeredAt'], here);
    return { ...usability, healthCheck: { ...healthCheck, answeredAt } };
  }
  if (about === 'capacity') {
    const { ageMs, ...capacity } = value as HostCapacity & { readonly ageMs: number };
    return { ...capacity, measuredAt: here(capacity.measuredAt, ageMs) };
  }
  const { ageMs, ...rest } = value as { readonly ageMs?: number; readonly changedAt?: number };
  if (ageMs === undefined || rest.changedAt === undefined) return value;
  return { ...rest, changedAt: here(rest.changedAt, ageMs) };
}

function instantBy(at: number | null, ageMs: number | null | undefined, here: Here): number | null {
  return at === null || ageMs == null ? null : here(at, ageMs);
}

function record(observed: ObservedState, about: Fact['about'], key: string, value: object): void {
  switch (about) {
    case 'outcome': {
      const { failures, ...outcome } = value as Omit<PlanOutcome, 'failures'> & {
        readonly failures: readonly (readonly [VpnConnectionId, string])[];
      };
      observed.recordOutcome({ ...outcome, failures: new Map(failures) });
      return;
    }
    case 'sas': {
      observed.recordSas(key as VpnConnectionId, value as SaObservation);
      return;
    }
    case 'usability': {
      observed.recordUsability(key as VpnConnectionId, value as UsabilityObservation);
      return;
    }
    case 'traffic': {
      observed.recordTraffic(key as VpnConnectionId, value as TrafficObservation);
      return;
    }
    case 'diagnosis': {
      const { findings } = value as { readonly findings: readonly Finding[] };
      // Those of a later version have no words here.
      const known = findings.filter(({ code }) => isFindingCode(code));
      observed.recordFindings(key as VpnConnectionId, 'acting-side', known);
      return;
    }
    case 'drops': {
      observed.recordDrops(key, (value as { readonly counts: readonly DropCount[] }).counts);
      return;
    }
    case 'findings': {
      observed.recordHostFindings((value as { readonly findings: readonly Condition[] }).findings);
      return;
    }
    case 'capacity': {
      const capacity = value as HostCapacity;
      // Those of a later version have no words here.
      const resources = capacity.resources.filter(({ resource }) => isCapacityResource(resource));
      observed.recordCapacity({ ...capacity, resources });
      return;
    }
  }
}

function forget(observed: ObservedState, { about, key }: Fact): void {
  switch (about) {
    case 'outcome': {
      observed.forgetPlan(key);
      return;
    }
    case 'sas': {
      observed.recordSas(key as VpnConnectionId, null);
      return;
    }
    case 'usability': {
      observed.recordUsability(key as VpnConnectionId, null);
      return;
    }
    case 'traffic': {
      observed.recordTraffic(key as VpnConnectionId, null);
      return;
    }
    case 'diagnosis': {
      observed.recordFindings(key as VpnConnectionId, 'acting-side', []);
      return;
    }
    case 'drops': {
      observed.recordDrops(key, []);
      return;
    }
    case 'findings': {
      observed.recordHostFindings([]);
      return;
    }
    case 'capacity': {
      observed.recordCapacity(null);
      return;
    }
  }
}
