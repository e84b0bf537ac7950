import type { Condition } from '../domain/operator/condition.ts';
import type { DropCount } from '../domain/operator/dropped-packets.ts';
import type { PlanOutcome, SaObservation, UsabilityObservation } from '../domain/operator/observation.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Fact } from './contract.ts';
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

  constructor(observed: ObservedState) {
    this.#observed = observed;
  }

  /** A new connection. */
  begin(): void {
    this.#fresh = new Map();
  }

  hear(facts: readonly Fact[], isComplete: boolean): void {
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
    if (fact.value === null) {
      this.#known.delete(nameOf(fact));
      forget(this.#observed, fact);
    } else {
      this.#known.set(nameOf(fact), fact);
      record(this.#observed, fact.about, fact.key, fact.value);
    }
  }
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
    case 'drops': {
      observed.recordDrops(key, (value as { readonly counts: readonly DropCount[] }).counts);
      return;
    }
    case 'findings': {
      observed.recordHostFindings((value as { readonly findings: readonly Condition[] }).findings);
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
    case 'drops': {
      observed.recordDrops(key, []);
      return;
    }
    case 'findings': {
      observed.recordHostFindings([]);
      return;
    }
  }
}
