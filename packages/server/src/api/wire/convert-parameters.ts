import type { ParameterTree } from './flattened-parameters.ts';

/**
 * Brings received values into the shape that a schema describes, without judging them: what does not fit stays as it is
 * and is refused by the validator afterwards. Follows the schema, so the depth of hostile input does not matter, nor do
 * members and items beyond those that the schema has room for.
 * Null counts as absent, as do empty arrays of optional parameters (docs/spec/actions.md, "Empty arrays").
 */
export interface ParameterSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, ParameterSchema>>;
  readonly required?: readonly string[];
  readonly items?: ParameterSchema;
  readonly maxItems?: number;
  readonly lenient?: boolean;
  readonly keepEmpty?: boolean;
}

/** `texts`: all values are texts, as in a query, and arrays are objects with numeric keys. */
export type ParameterForm = 'json' | 'texts';

export function convertParameters(schema: ParameterSchema, value: unknown, form: ParameterForm): unknown {
  switch (schema.type) {
    case 'object':
      return convertObject(schema, value, form);
    case 'array':
      return convertArray(schema, value, form);
    case 'integer':
      return form === 'texts' || schema.lenient === true ? toInteger(value) : value;
    case 'boolean':
      return form === 'texts' ? toBoolean(value) : value;
    case 'string':
      return schema.lenient === true ? toText(value) : value;
    default:
      return value;
  }
}

function convertObject(schema: ParameterSchema, value: unknown, form: ParameterForm): unknown {
  if (!isPlainObject(value) || hasStrangers(schema, value)) return value;
  const result = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of Object.entries(value)) {
    const memberSchema = ownProperty(schema.properties, name);
    const converted = memberSchema === undefined ? member : convertParameters(memberSchema, member, form);
    const isRequired = schema.required?.includes(name) === true;
    if (converted === null || (!isRequired && isDroppedList(converted, memberSchema))) continue;
    result[name] = converted;
  }
  return result;
}

/** More members than the schema has: one of them at least is unknown, and the rest does not matter. */
function hasStrangers({ properties = {} }: ParameterSchema, value: object): boolean {
  return Object.keys(value).length > Object.keys(properties).length;
}

function isDroppedList(value: unknown, schema: ParameterSchema | undefined): boolean {
  return Array.isArray(value) && value.length === 0 && schema?.keepEmpty !== true;
}

function convertArray(schema: ParameterSchema, value: unknown, form: ParameterForm): unknown {
  const items = form === 'texts' ? toArray(value) : value;
  const itemSchema = schema.items;
  if (!Array.isArray(items) || itemSchema === undefined || items.length > (schema.maxItems ?? Infinity)) return items;
  return items.map((item: unknown) => convertParameters(itemSchema, item, form));
}

/** `{0: a, 1: b}` as `[a, b]`; anything with a gap or another key stays. */
function toArray(value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  const tree = value as ParameterTree;
  const names = Object.keys(tree);
  return names.every((_, index) => String(index) in tree) ? names.map((_, index) => tree[String(index)]) : value;
}

function toInteger(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

function toBoolean(value: unknown): unknown {
  const truth = typeof value === 'string' ? value.toLowerCase() : value;
  if (truth === 'true') return true;
  return truth === 'false' ? false : value;
}

function toText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

function ownProperty<T>(map: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
