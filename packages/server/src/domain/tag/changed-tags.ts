import type { Tag } from '../owned.ts';

/** Tags that a resource gets, those with the same key replaced, and keys that it loses. */
export interface TagChange {
  readonly put: readonly Tag[];
  readonly remove: readonly string[];
}

/** In the order in which they came to the resource. */
export function changedTags(tags: readonly Tag[], { put, remove }: TagChange): readonly Tag[] {
  const byKey = new Map(tags.map((tag) => [tag.key, tag]));
  for (const key of remove) byKey.delete(key);
  for (const tag of put) byKey.set(tag.key, tag);
  return [...byKey.values()];
}
