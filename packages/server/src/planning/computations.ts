import { keepDerivations, type Formula } from '../derive/derivation.ts';
import { assumeUsable, type IsUsable } from '../domain/vpn/tunnel-usability.ts';
import { NotingSource, type Note } from '../image/noting-source.ts';
import { rowsOver, type RowSource } from '../image/row-source.ts';
import type { Rows } from '../image/rows.ts';
import { computation, outcomeOf, resultOf, sharedOutcome, type Computation, type OfRows } from './computation.ts';
import { noteOfUsability } from './facts.ts';

/** What a computation looks up and uses while it is made. */
interface Reading {
  readonly reader: Computation;
  readonly notes: Set<Note>;
  readonly uses: Set<Computation>;
}

/**
 * Formulas over rows, each made again only after something changed that it looked up, or that another one came out
 * different which it used. Whatever comes out equal by value stops there. Made when it is asked for, not when it becomes stale.
 *
 * Some are kept by name until they are dropped; derivations (derive/derivation.ts) for as long as another one uses them. What a
 * derivation comes to with the tunnels that work now has a name of its own, and looks up each tunnel that it asks about.
 */
export class Computations {
  readonly #rows: Rows;
  readonly #byName = new Map<string, Computation>();
  /** Who looked it up. */
  readonly #byNote = new Map<Note, Set<Computation>>();
  readonly #kept = new Set<Computation>();
  /** Those of the kept ones that somebody makes anew before they are asked for. */
  readonly #watched = new Set<Computation>();
  /** Those of the watched ones that may be out of date. */
  readonly #doubted = new Set<Computation>();
  #reading: Reading | null = null;
  /** Counts what happened. */
  #now = 1;

  readonly #isUsableNow: IsUsable;

  /** @param isUsable which tunnels work now. */
  constructor(source: RowSource, isUsable: IsUsable = assumeUsable) {
    this.#rows = rowsOver(new NotingSource(source, (each) => this.note(each)));
    this.#isUsableNow = (id) => {
      this.note(noteOfUsability(id));
      return isUsable(id);
    };
    keepDerivations(this.#rows, {
      derive: <Result>(name: string, formula: Formula<Result>, asked: IsUsable) => {
        if (asked === this.#isUsableNow) return this.#derive(nameNow(name), this.#asOfNow(formula));
        if (asked === assumeUsable) return this.#derive(name, (rows) => formula(rows, assumeUsable));
        throw new Error(`${name}: nobody tells when it changes which tunnels work`);
      },
    });
  }

  /** How many there are, derivations among them. */
  get size(): number {
    return this.#byName.size;
  }

  /** Those of the kept ones that may be out of date, the longest first; not of those that are only held. */
  get doubted(): ReadonlySet<Computation> {
    return this.#doubted;
  }

  /** What is being made depends on this as well. */
  note(note: Note): void {
    this.#reading?.notes.add(note);
  }

  /** Those that looked one of these up. */
  readersOf(notes: Iterable<Note>): Set<Computation> {
    return new Set(Array.from(notes).flatMap((note) => [...(this.#byNote.get(note) ?? [])]));
  }

  named(name: string): Computation | undefined {
    return this.#byName.get(name);
  }

  /** Kept until it is dropped. Made once it is asked for. */
  keep(name: string, formula: OfRows<unknown>): Computation {
    const kept = this.hold(name, formula);
    this.#watched.add(kept);
    if (kept.state !== 'current') this.#doubted.add(kept);
    return kept;
  }

  /** As `keep`, for what nobody needs before it is asked for: it is not among the doubted. */
  hold(name: string, formula: OfRows<unknown>): Computation {
    const kept = this.#byName.get(name) ?? this.#add(name, formula);
    this.#kept.add(kept);
    return kept;
  }

  /** As `hold`, of a derivation with the tunnels that work now. */
  holdNow(name: string, formula: Formula<unknown>): Computation {
    return this.hold(nameNow(name), this.#asOfNow(formula));
  }

  drop(kept: Computation): void {
    this.#kept.delete(kept);
    this.#watched.delete(kept);
    this.#doubted.delete(kept);
    if (kept.usedBy.size === 0) this.#forget(kept);
  }

  /** Whoever looked one of these up is out of date, and whoever used that may be. */
  met(notes: Iterable<Note>): void {
    this.#now += 1;
    for (const note of notes) for (const reader of this.#byNote.get(note) ?? []) this.#doubt(reader, 'stale');
  }

  /** As of now. */
  update(each: Computation): Computation {
    if (each.state === 'doubtful' && this.#hasChangedBelow(each)) each.state = 'stale';
    if (each.state === 'stale') this.#make(each);
    each.state = 'current';
    each.checkedAt = this.#now;
    this.#doubted.delete(each);
    return each;
  }

  #asOfNow<Result>(formula: Formula<Result>): OfRows<Result> {
    return (rows) => formula(rows, this.#isUsableNow);
  }

  #derive<Result>(name: string, formula: OfRows<Result>): Result {
    const used = this.update(this.#byName.get(name) ?? this.#add(name, formula));
    if (this.#reading !== null) {
      this.#reading.uses.add(used);
      // At once: whoever else gives it up meanwhile is not its last user.
      used.usedBy.add(this.#reading.reader);
    }
    return resultOf(used.outcome) as Result;
  }

  /** In the order in which they were asked for: what an earlier one decided, later ones may have been asked for because of. */
  #hasChangedBelow({ uses, checkedAt }: Computation): boolean {
    return [...uses].some((used) => this.update(used).changedAt > checkedAt);
  }

  #make(each: Computation): void {
    const reading: Reading = { reader: each, notes: new Set(), uses: new Set() };
    const outer = this.#reading;
    this.#reading = reading;
    const outcome = outcomeOf(() => each.formula(this.#rows));
    this.#reading = outer;
    this.#replaceNotes(each, reading.notes);
    this.#replaceUses(each, reading.uses);
    const shared = sharedOutcome(each.outcome, outcome);
    if (shared === each.outcome) return;
    each.outcome = shared;
    each.changedAt = this.#now;
  }

  #replaceNotes(each: Computation, notes: ReadonlySet<Note>): void {
    for (const note of each.notes) if (!notes.has(note)) this.#unread(note, each);
    for (const note of notes) {
      if (each.notes.has(note)) continue;
      const readers = this.#byNote.get(note);
      if (readers === undefined) this.#byNote.set(note, new Set([each]));
      else readers.add(each);
    }
    each.notes = notes;
  }

  #unread(note: Note, each: Computation): void {
    const readers = this.#byNote.get(note);
    readers?.delete(each);
    if (readers?.size === 0) this.#byNote.delete(note);
  }

  #replaceUses(each: Computation, uses: ReadonlySet<Computation>): void {
    const former = each.uses;
    each.uses = uses;
    for (const used of former) {
      if (uses.has(used)) continue;
      used.usedBy.delete(each);
      if (used.usedBy.size === 0 && !this.#kept.has(used)) this.#forget(used);
    }
  }

  #add(name: string, formula: OfRows<unknown>): Computation {
    const added = computation(name, formula);
    this.#byName.set(name, added);
    return added;
  }

  #forget(each: Computation): void {
    this.#byName.delete(each.name);
    this.#replaceNotes(each, new Set());
    this.#replaceUses(each, new Set());
  }

  #doubt(each: Computation, state: 'doubtful' | 'stale'): void {
    const before = each.state;
    if (before !== 'stale') each.state = state;
    if (before !== 'current') return;
    if (this.#watched.has(each)) this.#doubted.add(each);
    for (const user of each.usedBy) this.#doubt(user, 'doubtful');
  }
}

function nameNow(name: string): string {
  return `${name}, as of now`;
}
