import type { IdPrefix } from '@landbridge/catalogue/schema/request-schemas';
import type { TSchema } from 'typebox';

/** What the command line asks of a schema of the catalogue (catalogue/schema/request-schemas.ts). */
export interface Parts extends TSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Parts>>;
  readonly required?: readonly string[];
  readonly items?: Parts;
  readonly anyOf?: readonly Parts[];
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly secret?: boolean;
}

/** Which kind of id is expected; undefined: none, or not one alone. */
export function idPrefixOf({ pattern }: Parts): IdPrefix | undefined {
  const prefix = /^\^([a-z]+)-\[0-9a-z\]\{8\}\$$/.exec(pattern ?? '')?.[1];
  return prefix as IdPrefix | undefined;
}

/** Texts "true" and "false" are truth as well. */
export function isTruth(schema: Parts): boolean {
  return schema.type === 'boolean' || (schema.enum?.length === 2 && schema.enum[0] === 'true');
}

/** It is a secret, or has one inside. */
export function holdsSecret({ secret = false, properties = {}, items }: Parts): boolean {
  return secret || (items !== undefined && holdsSecret(items)) || Object.values(properties).some(holdsSecret);
}
