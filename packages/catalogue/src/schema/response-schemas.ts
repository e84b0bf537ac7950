import { Type, type Static, type TProperties, type TSchema } from 'typebox';
import { about } from './about.ts';

/** Building blocks of response schemas. What is not `maybe` is always there: clients crash on what is missing. */

/** What an Action answers that has nothing to say. */
export const nothing = () => Type.Object({});

export const anyOf = <S extends TSchema>(items: S) => Type.Unsafe<readonly Static<S>[]>(Type.Array(items));

/** A list of what is not offered here. */
export const emptyList = () =>
  about(Type.Unsafe<readonly never[]>(Type.Array(Type.Unknown(), { maxItems: 0 })), 'Always empty.');

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

/** UTC, to the millisecond. */
export const instant = () =>
  Type.String({
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
    description: 'UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`.',
  });

/** An IPv4 range. */
export const range = () =>
  Type.String({ pattern: '^\\d+(\\.\\d+){3}/\\d+$', description: 'An IPv4 range such as `10.0.0.0/16`.' });

export const tags = () =>
  about(anyOf(Type.Object({ Key: Type.String(), Value: Type.String() })), 'The tags of the object.');
