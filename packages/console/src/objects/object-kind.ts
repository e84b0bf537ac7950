import type { ComponentType } from 'preact';
import type { WordKey } from '../words/words.ts';
import type { Field } from './field.ts';
import type { ReadableKind, Selection, ShownObject } from './readable-kind.ts';

/** Objects that can be changed. */
export interface ObjectKind extends ReadableKind {
  readonly word: WordKey;
  readonly fields: readonly Field[];
  /** What belongs to one of them and is changed by itself. */
  readonly Parts?: ComponentType<{ readonly object: ShownObject }>;
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
  kind: ReadableKind,
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
