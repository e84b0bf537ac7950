import type { TSchema } from 'typebox';

interface Parts extends TSchema {
  readonly properties?: Readonly<Record<string, Parts>>;
  readonly items?: Parts;
  readonly anyOf?: readonly Parts[];
}

/** The same schema with `additionalProperties: false` in every object. */
export function closed(schema: TSchema): TSchema {
  const { properties, items, anyOf } = schema as Parts;
  return {
    ...schema,
    ...(properties === undefined ? {} : { additionalProperties: false, properties: eachClosed(properties) }),
    ...(items === undefined ? {} : { items: closed(items) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(closed) }),
  };
}

function eachClosed(properties: Readonly<Record<string, TSchema>>): Record<string, TSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, closed(member)]));
}
