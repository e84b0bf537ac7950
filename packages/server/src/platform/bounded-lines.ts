import type { Clock } from './clock.ts';
import { Later } from './later.ts';
import { LineBudget } from './line-budget.ts';

/** Of one kind: journald drops whatever a service says beyond 10,000 lines in 30 seconds, the important ones too. */
const rate = { burst: 200, perSecond: 20 };
const tellRestMs = 5000;
/** Kinds are constants of ours: more of them are a mistake, which shall cost no memory. */
const mostKinds = 1000;

interface Kind {
  readonly budget: LineBudget;
  tellRest: (unlogged: number) => void;
  readonly rest: Later;
}

/** Of lines that say the same of thousands of things at once: some, and how many more there were. */
export class BoundedLines {
  readonly #clock: Pick<Clock, 'elapsed'>;
  readonly #kinds = new Map<string, Kind>();

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
  }

  /**
   * How many lines of the kind were left out since the last one; undefined when this one has to be left out as well.
   * @param tellRest for when no further line tells how many were left out.
   */
  take(name: string, tellRest: (unlogged: number) => void): number | undefined {
    const kind = this.#kinds.get(name) ?? this.#begin(name, tellRest);
    const unlogged = kind.budget.take();
    if (unlogged !== undefined) return unlogged;
    kind.tellRest = tellRest;
    kind.rest.in(tellRestMs);
    return undefined;
  }

  #begin(name: string, tellRest: Kind['tellRest']): Kind {
    if (this.#kinds.size >= mostKinds) this.#kinds.clear();
    const budget = new LineBudget(this.#clock, rate);
    const rest = new Later(() => {
      const unlogged = budget.takeRest();
      if (unlogged > 0) kind.tellRest(unlogged);
    });
    const kind: Kind = { budget, tellRest, rest };
    this.#kinds.set(name, kind);
    return kind;
  }
}
