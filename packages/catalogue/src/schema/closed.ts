import type { SchemaParts } from './schema-parts.ts';
import type { TSchema } from 'typebox';

/** The same schema with `additionalProperties: false` in every object. */
export function closed(schema: TSchema): TSchema {
  const { properties, items, anyOf } = schema as SchemaParts;
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
