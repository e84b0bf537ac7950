import { closed } from '@landbridge/catalogue/schema/closed';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import { ApiError } from '../protocol/api-error.ts';
import { convertParameters, type ParameterForm, type ParameterSchema } from './convert-parameters.ts';
import { guessName } from '../../domain/guess-name.ts';

/** Converts and checks the parameters of one Action; throws ApiError that names the parameter. */
export type ParameterValidator = (value: unknown, form: ParameterForm) => Record<string, unknown>;

/**
 * Checks in the order missing, unknown, type, value, at each level of nesting. Stops at the first mistake, so that a
 * huge hostile body costs no more than a small one. A schema is compiled at its first use.
 */
export function createParameterValidators(): (schema: TSchema) => ParameterValidator {
  const ajv = new Ajv({ allErrors: false, strict: true, strictTypes: false, verbose: true, unicodeRegExp: false });
  ajv.addKeyword('lenient');
  ajv.addKeyword('keepEmpty');
  ajv.addKeyword('means');
  ajv.addKeyword('secret');
  ajv.addKeyword({
    keyword: 'maxBytes',
    type: 'string',
    schemaType: 'number',
    validate: (limit: number, text: string) => Buffer.byteLength(text) <= limit,
  });
  ajv.addKeyword({
    keyword: 'oneLine',
    type: 'string',
    schemaType: 'boolean',
    validate: (_: true, text: string) => isOneLine(text),
  });
  return (schema) => {
    const closedSchema = closed(schema);
    let validate: ValidateFunction | undefined;
    return (value, form) => {
      validate ??= ajv.compile(closedSchema);
      const parameters = convertParameters(closedSchema, value, form);
      if (validate(parameters)) return parameters as Record<string, unknown>;
      throw toApiError(validate.errors?.[0]);
    };
  };
}

function isOneLine(text: string): boolean {
  return text.isWellFormed() && !/[\p{Cc}\u2028\u2029]/u.test(text);
}

function toApiError(error: ErrorObject | undefined): ApiError {
  if (error === undefined) return new ApiError('request-malformed', { problem: 'the parameters are not valid' });
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const parameters = error.params as Readonly<Record<string, unknown>>;
  const member = (name: unknown) => (path === '' ? String(name) : `${path}.${String(name)}`);
  switch (error.keyword) {
    case 'required':
      return new ApiError('missing-parameter', { name: member(parameters['missingProperty']) });
    case 'additionalProperties':
      return unknownParameter(String(parameters['additionalProperty']), member, error);
    case 'type':
      if (path === '') return new ApiError('request-malformed', { problem: 'the body is not a JSON object' });
      return new ApiError('wrong-type', { name: path, expected: String(parameters['type']) });
    default:
      return toValueError(error, path);
  }
}

function unknownParameter(name: string, member: (name: string) => string, error: ErrorObject): ApiError {
  const { properties = {} } = (error.parentSchema ?? {}) as ParameterSchema;
  const guess = guessName(name, Object.keys(properties));
  return guess === undefined
    ? new ApiError('unknown-parameter', { name: member(name) })
    : new ApiError('unknown-parameter-with-guess', { name: member(name), guess: member(guess) });
}

/** Limits of ajv's keywords in the terms of the registry. */
function toValueError({ keyword, schema, parentSchema }: ErrorObject, name: string): ApiError {
  const limit = Number(schema);
  switch (keyword) {
    case 'minLength':
    case 'minItems':
      return new ApiError('value-empty', { name });
    case 'maxLength':
      return new ApiError('value-too-long', { name, limit: `${limit} characters` });
    case 'maxBytes':
      return new ApiError('value-too-long', { name, limit: `${limit} bytes` });
    case 'oneLine':
      return new ApiError('invalid-value', { name, rule: 'one line of valid Unicode text without NUL is expected' });
    case 'maxItems':
      return new ApiError('too-many-items', { name, limit });
    case 'minimum':
      return new ApiError('value-out-of-range', { name, rule: `must be at least ${limit}` });
    case 'maximum':
      return new ApiError('value-out-of-range', { name, rule: `must be at most ${limit}` });
    case 'pattern':
      return new ApiError('malformed-value', {
        name,
        rule: String((parentSchema as { readonly means?: string }).means),
      });
    case 'enum':
      return new ApiError('invalid-value', { name, rule: `allowed are ${(schema as unknown[]).join(', ')}` });
    default:
      return new ApiError('invalid-value', { name, rule: 'this value is reserved' });
  }
}
