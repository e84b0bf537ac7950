import type { ComponentType } from 'preact';
import type { CallOptions } from '../calls/call.ts';
import type { Change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import type { WordKey } from '../words/words.ts';
import type { Field } from './field.ts';

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

/** One by its id, or a page of them all. */
export interface Selection {
  readonly id?: string;
  readonly offset: number;
}

export interface ObjectKind {
  /** In addresses. */
  readonly slug: string;
  /** What ids begin with. */
  readonly prefix: string;
  readonly word: WordKey;
  /** Every region shows the same ones. */
  readonly isGlobal?: boolean;
  /** What the event stream calls them. */
  readonly rows: readonly string[];
  readonly fields: readonly Field[];
  readonly read: (selection: Selection, options: CallOptions & { readonly region: string }) => Promise<ObjectPageOf>;
  /** What belongs to one of them and is changed by itself. */
  readonly Parts?: ComponentType<{ readonly object: ShownObject }>;
}

export interface ObjectPageOf {
  readonly objects: readonly ShownObject[];
  readonly total: number;
}

export const pageSize = 100;

/** The parameters that name one object by its id, or the page that begins at an offset. */
export function selected<Name extends string>(name: Name, { id, offset }: Selection) {
  const asked = id === undefined ? { Offset: offset, Limit: pageSize } : { [name]: [id] };
  // Ids come from addresses: the service says what is no id.
  return asked as Partial<Readonly<Record<Name, never[]>>> & { readonly Offset?: number; readonly Limit?: number };
}

/** Looks in one region after the other; null: it is nowhere. */
export async function findObject(
  kind: ObjectKind,
  id: string,
  regions: readonly string[],
  isBackground: boolean,
): Promise<ShownObject | null> {
  for (const region of regions) {
    const { objects } = await kind.read({ id, offset: 0 }, { region, isBackground });
    if (objects[0] !== undefined) return objects[0];
  }
  return null;
}
