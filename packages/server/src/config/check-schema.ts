import { Ajv, type ErrorObject } from 'ajv';
import type { Static, TSchema } from 'typebox';
import { SettingsError } from './settings.ts';

/** The value as the schema's type; throws SettingsError that names the path and what is allowed there. */
export function checkSchema<S extends TSchema>(schema: S, value: unknown, source: string, path = ''): Static<S> {
  const validate = new Ajv({ strict: true, verbose: true }).compile(schema);
  if (validate(value)) return value as Static<S>;
  const [error] = validate.errors ?? [];
  if (error === undefined) throw new SettingsError(source, path, 'is not valid');
  const steps = [path, ...error.instancePath.split('/').slice(1), memberOf(error)].filter((step) => step !== '');
  throw new SettingsError(source, steps.join('.'), problemOf(error));
}

function memberOf({ keyword, params }: ErrorObject): string {
  const named = params as Readonly<Record<string, unknown>>;
  if (keyword === 'required') return String(named['missingProperty']);
  return keyword === 'additionalProperties' ? String(named['additionalProperty']) : '';
}

function problemOf({ keyword, message = 'is not valid', schema, parentSchema }: ErrorObject): string {
  const { properties = {} } = (parentSchema ?? {}) as { readonly properties?: object };
  switch (keyword) {
    case 'required':
      return 'is missing';
    case 'additionalProperties':
      return `is not a setting; known are ${Object.keys(properties).join(', ')}`;
    case 'enum':
      return `must be one of ${(schema as unknown[]).join(', ')}`;
    default:
      return message;
  }
}
