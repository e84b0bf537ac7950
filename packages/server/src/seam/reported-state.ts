import type { Condition } from '../domain/operator/condition.ts';
import { areSameFindings, type Finding, type FindingSource } from '../domain/diagnosis/finding.ts';
import type { DropCount } from '../domain/operator/dropped-packets.ts';
import type { HostCapacity } from '../domain/operator/host-capacity.ts';
import type {
  PlanOutcome,
  SaObservation,
  TrafficObservation,
  UsabilityObservation,
} from '../domain/operator/observation.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fact } from './contract.ts';

type About = Fact['about'];

/** What is found is told at once; that more was seen of it, so often. */
const evidenceAgainMs = 10_000;

/** What is observed here, kept as facts for the other side as well: of each the newest, and which are news. */
export class ReportedState extends ObservedState {
  /** When SAs became what they are, by the clock's `elapsed`. */
  readonly #changed = new Map<VpnConnectionId, number>();
  /** What findings of a tunnel were told last, and when by the clock's `elapsed`. */
  readonly #found = new Map<VpnConnectionId, { readonly findings: readonly Finding[]; readonly at: number }>();
  readonly #facts = new Map<string, Fact>();
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #onNews: (fact: Fact, isUrgent: boolean) => void;

  /** @param onNews `isUrgent`: somebody may wait for it; statistics are not. */
  constructor(clock: Pick<Clock, 'elapsed'>, onNews: (fact: Fact, isUrgent: boolean) => void) {
    super();
    this.#clock = clock;
    this.#onNews = onNews;
  }

  /** All that there is. */
  facts(): readonly Fact[] {
    return [...this.#facts.values()];
  }

  override recordHostFindings(findings: readonly Condition[]): void {
    super.recordHostFindings(findings);
    this.#note('findings', 'host', { findings });
  }

  override recordCapacity(capacity: HostCapacity | null): void {
    super.recordCapacity(capacity);
    this.#note('capacity', 'host', capacity);
  }

  override recordOutcome(outcome: PlanOutcome): void {
    super.recordOutcome(outcome);
    this.#note('outcome', outcome.key, { ...outcome, failures: [...(outcome.failures ?? [])] });
  }

  override recordSas(id: VpnConnectionId, sas: SaObservation | null): void {
    const before = this.tunnel(id).sas;
    super.recordSas(id, sas);
    if (sas === null) this.#changed.delete(id);
    else if (before?.changedAt !== sas.changedAt) this.#changed.set(id, this.#clock.elapsed());
    this.#note('sas', id, sas && { ...sas, since: this.#changed.get(id) });
  }

  override recordUsability(id: VpnConnectionId, usability: UsabilityObservation | null): void {
    const before = this.tunnel(id).usability;
    super.recordUsability(id, usability);
    const isSame = before?.fault === usability?.fault && before?.healthCheck?.state === usability?.healthCheck?.state;
    this.#note('usability', id, usability, !isSame || usability === null);
  }

  override recordTraffic(id: VpnConnectionId, traffic: TrafficObservation | null): void {
    super.recordTraffic(id, traffic);
    this.#note('traffic', id, traffic, traffic === null);
  }

  override recordFindings(id: VpnConnectionId, source: FindingSource, findings: readonly Finding[]): void {
    super.recordFindings(id, source, findings);
    const now = this.tunnel(id).findings;
    const told = this.#found.get(id);
    const isNews = !areSameFindings(told?.findings ?? [], now);
    const at = this.#clock.elapsed();
    const hasMore = told !== undefined && told.findings !== now && at - told.at >= evidenceAgainMs;
    if (!isNews && !hasMore) return;
    if (now.length === 0) this.#found.delete(id);
    else this.#found.set(id, { findings: now, at });
    this.#note('diagnosis', id, now.length === 0 ? null : { findings: now }, isNews);
  }

  override recordDrops(key: string, counts: readonly DropCount[]): void {
    super.recordDrops(key, counts);
    this.#note('drops', key, { counts }, false);
  }

  override forgetPlan(key: string): void {
    super.forgetPlan(key);
    this.#note('drops', key, null);
    this.#note('outcome', key, null);
  }

  #note(about: About, key: string, value: object | null, isUrgent = true): void {
    const fact = { about, key, value } as Fact;
    const name = nameOf(fact);
    if (value === null) this.#facts.delete(name);
    else this.#facts.set(name, fact);
    this.#onNews(fact, isUrgent);
  }
}

/** Of which only the newest counts. */
export function nameOf({ about, key }: Fact): string {
  return `${about} ${key}`;
}
