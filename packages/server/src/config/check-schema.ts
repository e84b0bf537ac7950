import { Ajv, type ErrorObject } from 'ajv';
import type { Static, TSchema } from 'typebox';
import { guessName } from '../domain/guess-name.ts';
import { ownKeywords } from './settings-schema.ts';
import { SettingsError } from './settings.ts';

/** The value as the schema's type; throws SettingsError that names the path and what is allowed there. */
export function checkSchema<S extends TSchema>(schema: S, value: unknown, source: string, path = ''): Static<S> {
  const validate = new Ajv({ strict: true, verbose: true, allErrors: true, code: { optimize: false } })
    .addVocabulary([...ownKeywords])
    .compile(schema);
  if (validate(value)) return value as Static<S>;
  const errors = validate.errors ?? [];
  // What is missing may be there under a mistyped name.
  const error = errors.find(({ keyword }) => keyword === 'additionalProperties') ?? errors[0];
  if (error === undefined) throw new SettingsError(source, path, 'is not valid');
  const steps = [path, ...error.instancePath.split('/').slice(1), memberOf(error)].filter((step) => step !== '');
  throw new SettingsError(source, steps.join('.'), problemOf(error));
}

function memberOf({ keyword, params }: ErrorObject): string {
  const named = params as Readonly<Record<string, unknown>>;
  if (keyword === 'required') return String(named['missingProperty']);
  return keyword === 'additionalProperties' ? String(named['additionalProperty']) : '';
}

function problemOf(error: ErrorObject): string {
  const { keyword, message = 'is not valid', schema, parentSchema, data } = error;
  const { properties = {} } = (parentSchema ?? {}) as { readonly properties?: object };
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return unknownName(memberOf(error), Object.keys(properties));
    case 'enum':
      return `must be one of ${(schema as unknown[]).join(', ')}${suggestion(String(data), (schema as unknown[]).map(String))}`;
    default:
      return message;
  }
}

function unknownName(name: string, known: readonly string[]): string {
  return `is not a setting${suggestion(name, known)}; known are ${known.join(', ')}`;
}

function suggestion(given: string, known: readonly string[]): string {
  const near = guessName(given, known);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}
