import type { CallOptions } from '../calls/call.ts';
import type { Change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';

/** One object, as its page shows it. */
export interface ShownObject {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** In a list beside its name. */
  readonly summary: string;
  /** The object that it is a part of, by id; empty for none. */
  readonly within: string;
  /** What stays as it is, by the name on the wire. */
  readonly facts: Readonly<Record<string, string>>;
  readonly form: Form;
  /** The fewest calls that make it what the form says. */
  readonly save: (changed: readonly string[], draft: Form) => readonly Change[];
  /** Undefined: it goes with what it is a part of. */
  readonly removal?: Change | undefined;
}

/** Those with these ids, a page of those that a filter finds, or of them all. */
export interface Selection {
  readonly ids?: readonly string[];
  readonly filter?: Filter;
  readonly offset: number;
}

/** As the service's lists take it. */
export interface Filter {
  readonly Name: string;
  readonly Values: string[];
}

/** Objects of a kind, as they are found and read. */
export interface ReadableKind {
  /** In addresses. */
  readonly slug: string;
  /** What ids begin with. */
  readonly prefix: string;
  /** Every region shows the same ones. */
  readonly isGlobal?: boolean;
  /** What the event stream calls them. */
  readonly rows: readonly string[];
  readonly read: (selection: Selection, options: CallOptions & { readonly region: string }) => Promise<ObjectPageOf>;
}

export interface ObjectPageOf {
  readonly objects: readonly ShownObject[];
  readonly total: number;
}
