import { nested, type Form } from '../changes/difference.ts';
import type { WordKey } from '../words/words.ts';
import { linesOf, policyEntries, policyText, type PolicyEntry } from './policies.ts';
import type { ReadableKind } from './readable-kind.ts';

/** How a value is written on the wire, and so how it is asked for. */
export type FieldType =
  | 'text'
  /** Never shown, and sent only where something was typed. */
  | 'secret'
  | 'number'
  | 'choice'
  /** One of a few numbers. */
  | 'number-choice'
  | 'truth'
  /** `true` or `false` as text. */
  | 'truth-text'
  /** 1 or 0. */
  | 'flag'
  /** A text each line. */
  | 'lines'
  | 'policies'
  /** The id of another object. */
  | 'object';

type OfWords<Key> = Key extends `field.${infer Path}` ? Path : never;
/** Paths of requests that there is a word for. */
export type FieldPath = OfWords<WordKey>;

export interface Field {
  readonly path: FieldPath;
  readonly type: FieldType;
  readonly group?: 'ike' | 'esp' | 'dpd' | 'check';
  readonly choices?: readonly string[];
  /** Kinds of the objects that can be chosen. */
  readonly from?: readonly ReadableKind[];
  /** The path's own word unless given. */
  readonly label?: WordKey;
  readonly hasHint?: boolean;
  readonly required?: boolean;
  /** Whether it means anything beside the others. */
  readonly when?: (form: Form) => boolean;
}

/** Paths of a request: `Name`, or `Options.Name`. */
export type PathOf<Request> = {
  [Key in keyof Request & string]-?: NonNullable<Request[Key]> extends readonly unknown[]
    ? Key
    : NonNullable<Request[Key]> extends object
      ? `${Key}.${keyof NonNullable<Request[Key]> & string}`
      : Key;
}[keyof Request & string];

/** What a form shows of an object. @param source values by the names of the request */
export function formOf(fields: readonly Field[], source: object): Form {
  return Object.fromEntries(fields.map(({ path, type }) => [path, shown(type, at(source, path))]));
}

/** The named fields of a form, as a call takes them. */
export function requestOf(fields: readonly Field[], paths: readonly string[], form: Form) {
  const named = fields.filter(({ path }) => paths.includes(path));
  return nested(Object.fromEntries(named.map(({ path, type }) => [path, wire(type, form[path] ?? '')])));
}

function at(source: object, path: string): unknown {
  return path.split('.').reduce<unknown>((from, name) => (from as Record<string, unknown> | undefined)?.[name], source);
}

function shown(type: FieldType, value: unknown): string {
  if (type === 'secret' || value === undefined || value === null) return '';
  if (type === 'flag') return String(value === 1);
  if (type === 'lines') return (value as readonly string[]).join('\n');
  if (type === 'policies') return policyText(value as readonly PolicyEntry[]);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function wire(type: FieldType, text: string): unknown {
  if (type === 'number' || type === 'number-choice') return Number(text);
  if (type === 'truth') return text === 'true';
  if (type === 'flag') return text === 'true' ? 1 : 0;
  if (type === 'lines') return linesOf(text);
  if (type === 'policies') return policyEntries(text);
  return text;
}
