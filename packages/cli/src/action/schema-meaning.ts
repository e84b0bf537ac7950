import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import type { IdPrefix } from '@landbridge/catalogue/schema/request-schemas';

/** Which kind of id is expected; undefined: none, or not one alone. */
export function idPrefixOf(schema: SchemaParts): IdPrefix | undefined {
  const [prefix, ...others] = idPrefixesOf(schema);
  return others.length === 0 ? prefix : undefined;
}

/** Which kinds of ids; empty: something else is expected. */
export function idPrefixesOf({ pattern }: SchemaParts): readonly IdPrefix[] {
  const prefixes = /^(?:\^host\$\|)?\^(?:\((?:\?:)?)?([a-z|]+)\)?-\[0-9a-z\]\{8\}\$$/.exec(pattern ?? '')?.[1];
  return (prefixes?.split('|') ?? []) as IdPrefix[];
}

/** Texts "true" and "false" are truth as well. */
export function isTruth(schema: SchemaParts): boolean {
  return schema.type === 'boolean' || (schema.enum?.length === 2 && schema.enum[0] === 'true');
}

/** It is a secret, or has one inside. */
export function holdsSecret({ secret = false, properties = {}, items }: SchemaParts): boolean {
  return secret || (items !== undefined && holdsSecret(items)) || Object.values(properties).some(holdsSecret);
}
