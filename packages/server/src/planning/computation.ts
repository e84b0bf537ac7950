import type { Note } from '../image/noting-source.ts';
import type { Rows } from '../image/rows.ts';
import { sharing } from '../plan/shared-value.ts';

/** What a formula came to: its value, or what it threw. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** Of something that was never made: there is none. */
export const nothing: Outcome = { value: undefined };

export function resultOf(outcome: Outcome): unknown {
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

export function outcomeOf(compute: () => unknown): Outcome {
  try {
    return { value: compute() };
  } catch (error) {
    return { error };
  }
}

/** The newer outcome, made of the former one's objects where they are equal; the former one itself where it is the same. */
export function sharedOutcome(former: Outcome, newer: Outcome): Outcome {
  if ('error' in former || 'error' in newer) {
    return 'error' in former && 'error' in newer && String(former.error) === String(newer.error) ? former : newer;
  }
  const value = sharing(former.value, newer.value);
  return value === former.value ? former : { value };
}

/** A formula of rows alone. */
export type OfRows<Result> = (rows: Rows) => Result;

/** A formula, what it came to, and everything that this depends on. */
export interface Computation {
  readonly name: string;
  readonly formula: OfRows<unknown>;
  /** The object stays the same for as long as the value does. */
  outcome: Outcome;
  /** `doubtful`: something may have changed that a computation depends on which it used. */
  state: 'current' | 'doubtful' | 'stale';
  /** When it last was current, and when it last came out different: counts of what happened. */
  checkedAt: number;
  changedAt: number;
  /** What it looked up itself. */
  notes: ReadonlySet<Note>;
  /** In the order in which it asked for them. */
  uses: ReadonlySet<Computation>;
  readonly usedBy: Set<Computation>;
}

export function computation(name: string, formula: OfRows<unknown>): Computation {
  const [none, unused] = [new Set<never>(), new Set<Computation>()];
  return {
    ...{ name, formula, outcome: nothing, state: 'stale', checkedAt: 0, changedAt: 0 },
    ...{ notes: none, uses: none, usedBy: unused },
  };
}
