import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import { guessName } from '@landbridge/server/domain/guess-name';
import { memberNamed } from './action-flags.ts';
import type { AliasContext } from './flag-aliases.ts';
import { kebabCase } from './kebab-case.ts';
import { readSecret } from './read-secret.ts';
import { holdsSecret, isTruth } from './schema-meaning.ts';
import type { TextSources } from './text-sources.ts';

export interface ValueContext {
  /** As it was typed, without hyphens before it. */
  readonly flag: string;
  readonly aliases: AliasContext;
  readonly sources: TextSources;
}

/**
 * What texts of the command line mean where a value of this schema is expected. Lists take several: apart, with commas, or as JSON;
 * objects are JSON or `name=value,name=value`; either may be in `@FILE`. Throws an error that names the flag.
 */
export async function readValue(
  texts: readonly string[],
  schema: SchemaParts,
  context: ValueContext,
): Promise<unknown> {
  if (schema.type === 'array' && !holdsSecret(schema)) return readList(texts, schema.items ?? {}, context);
  const [text, ...more] = texts;
  if (text === undefined || more.length > 0) throw new Error(`--${context.flag} is given twice`);
  return readOne(text, schema, context);
}

async function readOne(text: string, schema: SchemaParts, context: ValueContext): Promise<unknown> {
  if (holdsSecret(schema)) {
    const secret = await readSecret(text, context.flag, context.sources);
    return schema.type === 'string' ? secret : parseJson(secret, context, { isSecret: true });
  }
  if (schema.type !== 'object') return readScalar(text, schema, context.flag);
  const whole = await ofFile(text, context);
  return /^\s*\{/.test(whole) ? parseJson(whole, context) : readPairs(whole, schema, context);
}

async function readList(texts: readonly string[], items: SchemaParts, context: ValueContext): Promise<unknown[]> {
  const lists = await Promise.all(
    texts.map(async (text) => {
      const whole = await ofFile(text, context);
      if (/^\s*\[/.test(whole)) return parseList(whole, context);
      if (items.type === 'object') return [await readOne(whole, items, context)];
      return whole.split(',').map((item) => readScalar(item.trim(), items, context.flag));
    }),
  );
  return lists.flat();
}

/** What `@FILE` holds; any other text itself. */
async function ofFile(text: string, { sources }: ValueContext): Promise<string> {
  if (text === '-') return sources.standardInput();
  return text.startsWith('@') ? sources.file(text.slice(1)) : text;
}

function parseList(text: string, context: ValueContext): unknown[] {
  const value = parseJson(text, context);
  return Array.isArray(value) ? value : [value];
}

function parseJson(text: string, { flag }: ValueContext, { isSecret = false } = {}): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    // What a parser says of a text repeats a piece of it.
    throw new Error(`--${flag} is not JSON`, isSecret ? {} : { cause });
  }
}

/** A text, a number or a truth. */
function readScalar(text: string, schema: SchemaParts, flag: string): unknown {
  if (isTruth(schema)) return readTruth(text, schema, flag);
  if (schema.enum !== undefined) return readEnum(text, schema.enum, flag);
  if (schema.type !== 'integer' && schema.type !== 'number') return text;
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || (schema.type === 'integer' && !Number.isInteger(number))) {
    throw new Error(`--${flag} must be ${schema.type === 'integer' ? 'a whole number' : 'a number'}, not ${text}`);
  }
  return number;
}

function readTruth(text: string, { type }: SchemaParts, flag: string): boolean | string {
  if (text !== 'true' && text !== 'false') throw new Error(`--${flag} is true or false, not ${text}`);
  return type === 'boolean' ? text === 'true' : text;
}

function readEnum(text: string, values: readonly (string | number)[], flag: string): string | number {
  const found = values.find((value) => String(value).toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  const guess = guessName(text, values.map(String));
  const hint = guess === undefined ? '' : `; did you mean ${guess}?`;
  throw new Error(`--${flag} is one of ${values.join(', ')}, not ${text}${hint}`);
}

/** `name=value,name=value`; a piece without a name is one more value of the list before it. */
async function readPairs(text: string, schema: SchemaParts, context: ValueContext): Promise<Record<string, unknown>> {
  const members = new Map<string, string[]>();
  const short = pairMembers(schema);
  let current: string[] | undefined;
  for (const piece of text.split(',')) {
    const [, typed, value] = /^\s*([^=]+)=(.*)$/s.exec(piece) ?? [];
    const name = typed === undefined ? undefined : memberNamed(schema, typed, context.aliases);
    if (name !== undefined && value !== undefined) {
      current = [value];
      if (members.has(name)) members.get(name)?.push(value);
      else members.set(name, current);
      current = members.get(name);
    } else if (short !== undefined && typed !== undefined && value !== undefined && members.size === 0) {
      members.set(short.key, [typed]);
      members.set(short.value, (current = [value]));
    } else if (current !== undefined && typed === undefined) {
      current.push(piece);
    } else {
      throw new Error(`--${context.flag}: ${piece} is not one of ${membersOf(schema)}; write name=value, or JSON`);
    }
  }
  return readMembers(members, schema, context);
}

async function readMembers(members: ReadonlyMap<string, string[]>, schema: SchemaParts, context: ValueContext) {
  const entries = [...members].map(async ([name, texts]) => {
    const inner = { ...context, flag: `${context.flag} ${kebabCase(name)}` };
    const member = schema.properties?.[name] ?? {};
    // A text may have commas in it.
    const whole = member.type === 'array' ? texts : [texts.join(',')];
    return [name, await readValue(whole, member, inner)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Of tags and filters, which are a name with a value each: `env=prod`, `vpc-id=vpc-1,vpc-2`. */
function pairMembers({ properties = {} }: SchemaParts): { readonly key: string; readonly value: string } | undefined {
  const [key, value, ...more] = Object.keys(properties);
  const isPair = more.length === 0 && /(Key|^Name)$/.test(key ?? '') && /Values?$/.test(value ?? '');
  return isPair && key !== undefined && value !== undefined ? { key, value } : undefined;
}

function membersOf({ properties = {} }: SchemaParts): string {
  return Object.keys(properties).map(kebabCase).join(', ');
}
