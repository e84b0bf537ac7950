import type { Key, PresentObject } from './site-object.ts';

/** These objects, all that is inside of them, and whatever that needs. */
export function partAround(objects: readonly PresentObject[], roots: readonly Key[]): readonly PresentObject[] {
  const byKey = new Map(objects.map((object) => [object.key, object]));
  const inside = Map.groupBy(objects, ({ needs }) => needs[0]);
  const kept = new Set<Key>();
  const waiting: Key[] = [...roots];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const object = byKey.get(key);
    if (object === undefined || kept.has(key)) continue;
    kept.add(key);
    waiting.push(...object.needs, ...(inside.get(key) ?? []).map((one) => one.key));
  }
  return objects.filter(({ key }) => kept.has(key));
}
