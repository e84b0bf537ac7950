import * as fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import type { VpnConnectionId } from '../src/domain/resource-id.ts';
import type { IsUsable } from '../src/domain/vpn/tunnel-usability.ts';
import { ccnRoutesInAllTables } from '../src/derive/ccn-routes.ts';
import { toldByRows } from '../src/derive/tunnel-findings.ts';
import { Draft } from '../src/image/draft.ts';
import { Image } from '../src/image/image.ts';
import { rowsOver, type RowSource } from '../src/image/row-source.ts';
import type { AllRows } from '../src/image/tables.ts';
import { planFor, planKeys } from '../src/planner/plan-for.ts';
import type { PlanKey } from '../src/plan/plan.ts';
import type { PlanPreview } from '../src/plan/plan-preview.ts';
import { PlanBook } from '../src/planning/plan-book.ts';
import { sampleUplink } from './sample-network.ts';
import { historyArbitrary, withSteps, type History, type Step } from './simulation/arbitrary-history.ts';

/** What happens to a book. Numbers pick among the steps, tunnels or keys of a history. */
type Event =
  /** `isFailed`: the decision throws after its changes, the next one on the same draft commits. */
  | { readonly kind: 'commit'; readonly picks: readonly number[]; readonly isFailed: boolean }
  | { readonly kind: 'replace'; readonly picks: readonly number[] }
  | { readonly kind: 'usability'; readonly picks: readonly number[] }
  | { readonly kind: 'forwarding' }
  | { readonly kind: 'derive' }
  | { readonly kind: 'ask'; readonly pick: number }
  | { readonly kind: 'preview'; readonly picks: readonly number[] }
  | { readonly kind: 'refresh' };

const pick = fc.nat(9973);
const picks = fc.array(pick, { minLength: 1, maxLength: 3 });
const eventArbitrary: fc.Arbitrary<Event> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('commit'), picks, isFailed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace'), picks }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('usability'), picks }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forwarding') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('ask'), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('derive') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('preview'), picks }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('refresh') }) },
);

const runArbitrary = fc.record({
  history: historyArbitrary,
  events: fc.array(eventArbitrary, { minLength: 15, maxLength: 40, size: 'max' }),
});

/** Plays random histories, each in a book of its own, until so many events were played. Throws at the first that is wrong. */
export function playPlanBook(events: number): void {
  let played = 0;
  const run = fc.property(runArbitrary, ({ history, events: wanted }) => {
    if (played >= events) return;
    new PlanBookModel(history).play(wanted);
    played += wanted.length;
  });
  // A whole history is too long to print: the seed and the path make it again.
  fc.assert(run, {
    numRuns: events,
    endOnFailure: true,
    reporter: ({ failed, seed, counterexamplePath, errorInstance }) => {
      if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath ?? ''}: ${String(errorInstance)}`);
    },
  });
}

/** A plan, or what the planner threw. */
type Made = { readonly plan: unknown } | { readonly threw: string };

interface Seen {
  readonly made: Made;
  /** Of the commit that the image was at when it was first seen so. */
  readonly generation: number;
}

/** A book and what it must say: every plan made from scratch. `play` throws where the two differ. */
class PlanBookModel {
  readonly #history: History;
  readonly #image: Image;
  readonly #book: PlanBook;
  readonly #failed = new Set<string>();
  readonly #isUsable: IsUsable = (id) => !this.#failed.has(id);
  #forwarding: 'ours' | 'operator' = 'ours';
  #rows: Partial<AllRows>;
  /** As somebody last saw them, also those that are gone. */
  readonly #seen = new Map<PlanKey, Seen>();
  /** Seen to be different, and not told yet. */
  readonly #untold = new Set<PlanKey>();

  constructor(history: History) {
    this.#history = history;
    this.#rows = history.start;
    this.#image = new Image(0, history.start);
    const facts = { isUsable: this.#isUsable, forwarding: () => this.#forwarding };
    this.#book = new PlanBook({ image: this.#image, uplink: sampleUplink, facts });
    this.#refresh();
  }

  play(events: readonly Event[]): void {
    for (const event of events) this.#happen(event);
    this.#refresh();
  }

  #happen(event: Event): void {
    switch (event.kind) {
      case 'commit':
        this.#commit(this.#steps(event.picks), event.isFailed);
        break;
      case 'replace':
        this.#rows = withSteps(this.#rows, this.#steps(event.picks));
        this.#book.committed(this.#image.replace(this.#image.generation + 7, this.#rows));
        break;
      case 'usability':
        this.#switch(event.picks.flatMap((at) => this.#history.tunnels[at % this.#history.tunnels.length] ?? []));
        break;
      case 'forwarding':
        this.#forwarding = this.#forwarding === 'ours' ? 'operator' : 'ours';
        this.#book.forwardingChanged();
        break;
      case 'derive':
        this.#derive();
        break;
      case 'ask':
        this.#ask(event.pick);
        break;
      case 'preview':
        this.#preview(this.#steps(event.picks));
        break;
      case 'refresh':
        this.#refresh();
        break;
    }
  }

  #steps(wanted: readonly number[]): Step[] {
    const { steps } = this.#history;
    return wanted.flatMap((at) => steps[at % steps.length] ?? []);
  }

  #draft(steps: readonly Step[]): Draft {
    const draft = new Draft(this.#image);
    for (const step of steps) apply(draft, step);
    return draft;
  }

  #commit(steps: readonly Step[], isFailed: boolean): void {
    const draft = new Draft(this.#image);
    if (isFailed) {
      const [first = null, ...others] = steps;
      try {
        draft.attempt(() => {
          for (const step of others) apply(draft, step);
          throw new Error('refused');
        });
      } catch {
        // What it changed never was.
      }
      if (first !== null) apply(draft, first);
    } else {
      for (const step of steps) apply(draft, step);
    }
    const { changes } = draft;
    this.#rows = withSteps(
      this.#rows,
      changes.map(({ table, key, after }) => ({ table, key, row: after }) as Step),
    );
    this.#image.patch(changes, this.#image.generation + 1);
    this.#book.committed(changes);
  }

  #switch(ids: readonly VpnConnectionId[]): void {
    for (const id of ids) {
      if (!this.#failed.delete(id)) this.#failed.add(id);
      this.#book.usabilityChanged(id);
    }
  }

  #ask(at: number): void {
    const keys = [...this.#seen.keys()];
    this.#see(keys[at % keys.length] ?? 'host');
  }

  #preview(steps: readonly Step[]): void {
    const draft = this.#draft(steps);
    const found = attempt(() => this.#book.preview(draft).plans);
    const keys = new Set([...this.#seen.keys(), ...planKeys(this.#image.rows), ...planKeys(draft.rows)]);
    const expected = [...keys].flatMap((key) => {
      const [before, after] = [this.#see(key), this.#fromScratch(key, draft)];
      return isDeepStrictEqual(before, after) ? [] : [{ key, before, after }];
    });
    if ('threw' in found) {
      const isExpected = expected.some(({ before, after }) => 'threw' in before || 'threw' in after);
      check(isExpected, `the preview threw ${found.threw}`);
      return;
    }
    const previews = (found.plan as PlanPreview[]).map(({ key, before, after }) => ({
      ...{ key, before: { plan: before }, after: { plan: after } },
    }));
    check(isDeepStrictEqual(byKey(previews), byKey(expected)), 'the preview is not the difference', previews, expected);
  }

  /** Every plan is what it is from scratch, and exactly those are told that came out different from what was seen last. */
  #refresh(): void {
    const told = this.#book.refresh();
    const keys = planKeys(this.#image.rows);
    check(isDeepStrictEqual(this.#book.keys(), keys), 'the keys differ');
    for (const key of new Set([...this.#seen.keys(), ...keys])) this.#see(key);
    const expected = [...this.#untold].sort();
    check(isDeepStrictEqual([...told].sort(), expected), 'others were told than differ', told, expected);
    this.#untold.clear();
  }

  #see(key: PlanKey): Made {
    const [found, made] = [attempt(() => this.#book.planFor(key)), this.#fromScratch(key)];
    check(isDeepStrictEqual(found, made), `${key} is not what it is from scratch`, found, made);
    const { made: before, generation } = this.#seen.get(key) ?? { made: none, generation: 0 };
    const isSame = isDeepStrictEqual(before, made);
    const seen = { made, generation: isSame ? generation : this.#image.generation };
    this.#seen.set(key, seen);
    if (!isSame) this.#untold.add(key);
    const known = this.#book.generationOf(key);
    check(
      isDeepStrictEqual(made, none) || known === seen.generation,
      `${key} has another generation`,
      known,
      seen.generation,
    );
    return made;
  }

  #fromScratch(key: PlanKey, source: RowSource = this.#image): Made {
    return attempt(() => planFor(key, rowsOver(copying(source)), sampleUplink, this.#forwarding));
  }

  /** Whoever derives from the rows of the image is told the same as if nothing was kept. */
  #derive(): void {
    for (const { id } of this.#image.rows.ccns.all()) {
      const [found, wanted] = [this.#image.rows, rowsOver(this.#image)].map((rows) =>
        ccnRoutesInAllTables(id, rows, this.#isUsable),
      );
      check(isDeepStrictEqual(found, wanted), `the routes of ${id} are not what they are from scratch`, found, wanted);
    }
    for (const { id } of this.#image.rows.vpnConnections.all()) {
      const [found, wanted] = [this.#book.toldByRows(id), toldByRows(id, rowsOver(this.#image))];
      check(isDeepStrictEqual(found, wanted), `what is wrong with ${id} is not what it is from scratch`, found, wanted);
    }
  }
}

/** Rows that nothing was kept for (planner/kept-per-row.ts). */
function copying(source: RowSource): RowSource {
  const copies = (list: readonly unknown[]) => list.map((row) => ({ ...(row as object) }));
  return {
    get: (table, key) => copies([source.get(table, key)].filter((row) => row !== undefined))[0],
    of: (table, index, value) => copies(source.of(table, index, value)),
    overlapping: (table, index, value, ranges) => copies(source.overlapping(table, index, value, ranges)),
    countRanges: (table, index, value) => source.countRanges(table, index, value),
    all: (table) => copies(source.all(table)),
    size: (table) => source.size(table),
  };
}

const none: Made = { plan: undefined };

function byKey<T extends { readonly key: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function apply({ rows }: Draft, { table, key, row }: Step): void {
  const changed = rows[table] as { put(row: unknown): void; remove(key: string): void };
  if (row === null) changed.remove(key);
  else changed.put(row);
}

function attempt(make: () => unknown): Made {
  try {
    return { plan: make() };
  } catch (error) {
    return { threw: String(error) };
  }
}

function check(isRight: boolean, what: string, ...values: readonly unknown[]): void {
  if (!isRight) throw new Error([what, ...values.map((value) => JSON.stringify(value).slice(0, 2000))].join('\n'));
}
