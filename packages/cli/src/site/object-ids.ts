import type { Key } from './site-object.ts';

/** An object that is still to be made. */
export class NotThereYet extends Error {
  constructor(key: Key) {
    super(`${key} is not there`);
    this.name = 'NotThereYet';
  }
}

/** The id of an object that is there; what was not read stands by its id. Throws NotThereYet. */
export function idIn(ids: ReadonlyMap<Key, string>, key: Key): string {
  const id = ids.get(key);
  if (id !== undefined) return id;
  if (!key.includes(' ')) return key;
  throw new NotThereYet(key);
}
