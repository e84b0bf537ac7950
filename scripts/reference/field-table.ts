import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import type { TSchema } from 'typebox';

/** One field of a request or a reply, for people. */
export interface Field {
  /** With dots where objects are nested, `[]` where they stand in a list. */
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly words: string;
}

/** Every field of an object, those of nested objects behind it. */
export function fieldsOf(schema: TSchema, prefix = ''): Field[] {
  const { properties = {}, required = [] } = schema as SchemaParts;
  return Object.entries(properties).flatMap(([name, member]) => {
    const path = `${prefix}${name}`;
    const own = { name: path, type: typeOf(member), required: required.includes(name), words: wordsOf(member) };
    return [own, ...nestedFields(member, path)];
  });
}

function nestedFields(schema: SchemaParts, path: string): Field[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((one) => nestedFields(one, path));
  if (schema.items !== undefined) return nestedFields(schema.items, `${path}[]`);
  const [named] = Object.values(schema.patternProperties ?? {});
  if (named !== undefined) return nestedFields(named, `${path}.NAME`);
  return schema.properties === undefined ? [] : fieldsOf(schema, `${path}.`);
}

function typeOf(schema: SchemaParts): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (schema.const !== undefined) return typeof schema.const;
  return schema.type ?? 'any';
}

function wordsOf(schema: SchemaParts): string {
  const item = schema.items ?? schema;
  const { description = item.description ?? '' } = schema;
  return [description, valuesOf(item), rangeOf(item), sizeOf(schema)].filter((part) => part !== '').join(' ');
}

function valuesOf(schema: SchemaParts): string {
  const values = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  return values.length === 0 ? '' : `${values.map((value) => `\`${String(value)}\``).join(', ')}.`;
}

/** Bounds that say something: counts begin at 0, and a number is no larger than a double holds. */
function rangeOf({ minimum, maximum }: SchemaParts): string {
  if (maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER) return '';
  return `${minimum ?? 0} to ${maximum}.`;
}

function sizeOf({ maxItems }: SchemaParts): string {
  return maxItems === undefined ? '' : `At most ${maxItems}.`;
}
