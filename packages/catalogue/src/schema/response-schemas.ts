import { Type, type Static, type TProperties, type TSchema } from 'typebox';
import { about } from './about.ts';

/** Building blocks of response schemas. What is not `maybe` is always there: clients crash on what is missing. */

/** What an Action answers that has nothing to say. */
export const nothing = () => Type.Object({});

export const anyOf = <S extends TSchema>(items: S) => Type.Unsafe<readonly Static<S>[]>(Type.Array(items));

/** One page of objects, and how many there are. */
export const page = <const Name extends string, S extends TSchema>(name: Name, items: S) => {
  type Members = Record<Name, ReturnType<typeof anyOf<S>>> & { TotalCount: ReturnType<typeof count> };
  const members: TProperties = {
    TotalCount: about(count(), 'How many there are before paging.'),
    [name]: about(anyOf(items), 'This page.'),
  };
  return Type.Object(members as Members);
};

export const count = () => Type.Integer({ minimum: 0 });

export const orNull = <S extends TSchema>(schema: S) =>
  Type.Unsafe<Static<S> | null>(Type.Union([schema, Type.Null()]));

/** UTC, to the second. */
export const time = () =>
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$', description: 'UTC, `YYYY-MM-DD HH:MM:SS`.' });

export const tags = () =>
  about(anyOf(Type.Object({ Key: Type.String(), Value: Type.String() })), 'The tags of the object.');
