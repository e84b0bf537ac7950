import type { TSchema } from 'typebox';

/** The schema with words about it for the reference. */
export function about<S extends TSchema>(schema: S, description: string): S {
  const members = Object.getOwnPropertyDescriptors(schema);
  return Object.create(Object.prototype, { ...members, description: { value: description, enumerable: true } }) as S;
}
