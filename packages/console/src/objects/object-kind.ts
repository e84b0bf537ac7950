import type { ComponentType } from 'preact';
import type { Parameters } from '../calls/call.ts';
import type { WordKey } from '../words/words.ts';
import type { Field } from './field.ts';
import type { Filter, ReadableKind, Selection, ShownObject } from './readable-kind.ts';

/** Objects that can be changed. */
export interface ObjectKind extends ReadableKind {
  readonly prefix: Parameters<'DescribeFoundResources'>['ResourcePrefix'];
  readonly word: WordKey;
  readonly fields: readonly Field[];
  /** The filters of its list that compare whole ids, by what those begin with, and the one that compares whole addresses. */
  readonly filters: { readonly ids: Readonly<Record<string, string>>; readonly address?: string };
  /** What belongs to one of them and is changed by itself. */
  readonly Parts?: ComponentType<{ readonly object: ShownObject }>;
}

export const pageSize = 100;

/** The parameters that name objects by their ids, or the page that begins at an offset. */
export function selected<Name extends string>(name: Name, { ids, filter, offset }: Selection) {
  const filters = filter === undefined ? {} : { Filters: [filter] };
  const asked = { ...(ids === undefined ? { ...filters, Offset: offset } : { [name]: ids }), Limit: pageSize };
  // Ids come from addresses: the service says what is no id.
  return asked as Partial<Readonly<Record<Name, never[]>>> & {
    readonly Filters?: Filter[];
    readonly Offset?: number;
    readonly Limit: number;
  };
}

/** Looks in one region after the other; null: it is nowhere. */
export async function findObject(
  kind: ReadableKind,
  id: string,
  regions: readonly string[],
  isBackground: boolean,
): Promise<ShownObject | null> {
  for (const region of regions) {
    const { objects } = await kind.read({ ids: [id], offset: 0 }, { region, isBackground });
    if (objects[0] !== undefined) return objects[0];
  }
  return null;
}
