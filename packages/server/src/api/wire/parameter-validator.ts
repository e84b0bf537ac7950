import { closed } from '@landbridge/catalogue/schema/closed';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import type { Words } from '../../domain/refusal.ts';
import { ApiError } from '../protocol/api-error.ts';
import { convertParameters, type ParameterForm, type ParameterSchema } from './convert-parameters.ts';
import { guessName } from '../../domain/guess-name.ts';

/** Converts and checks the parameters of one Action; throws ApiError that names the parameter. */
export type ParameterValidator = (value: unknown, form: ParameterForm) => Record<string, unknown>;

const validators = new WeakMap<TSchema, ParameterValidator>();

/**
 * Checks in the order missing, unknown, type, value, at each level of nesting. Stops at the first mistake, so that a
 * huge hostile body costs no more than a small one. A schema is compiled once, at its first use: that takes long.
 */
export function validatorFor(schema: TSchema): ParameterValidator {
  const known = validators.get(schema) ?? newValidator(schema);
  validators.set(schema, known);
  return known;
}

function newValidator(schema: TSchema): ParameterValidator {
  const closedSchema = closed(schema);
  let validate: ValidateFunction | undefined;
  return (value, form) => {
    validate ??= ajv.compile(closedSchema);
    const parameters = convertParameters(closedSchema, value, form);
    if (validate(parameters)) return parameters as Record<string, unknown>;
    throw toApiError(validate.errors?.[0]);
  };
}

const ajv = new Ajv({ allErrors: false, strict: true, strictTypes: false, verbose: true, unicodeRegExp: false })
  .addKeyword('lenient')
  .addKeyword('keepEmpty')
  .addKeyword('means')
  .addKeyword('secret')
  .addKeyword({ keyword: 'notOffered', validate: (_: Words, value: unknown) => asksForNothing(value) })
  .addKeyword({
    keyword: 'maxBytes',
    type: 'string',
    schemaType: 'number',
    validate: (limit: number, text: string) => Buffer.byteLength(text) <= limit,
  })
  .addKeyword({
    keyword: 'oneLine',
    type: 'string',
    schemaType: 'boolean',
    validate: (_: true, text: string) => isOneLine(text),
  });

function asksForNothing(value: unknown): boolean {
  return value === '' || value === false || (Array.isArray(value) && value.length === 0);
}

function isOneLine(text: string): boolean {
  return text.isWellFormed() && !/[\p{Cc}\u2028\u2029]/u.test(text);
}

function toApiError(error: ErrorObject | undefined): ApiError {
  if (error === undefined)
    return new ApiError('request-malformed', { problem: { en: 'the parameters are not valid', zh: '参数不合法' } });
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const parameters = error.params as Readonly<Record<string, unknown>>;
  const member = (name: unknown) => (path === '' ? String(name) : `${path}.${String(name)}`);
  switch (error.keyword) {
    case 'required':
      return new ApiError('missing-parameter', { name: member(parameters['missingProperty']) });
    case 'additionalProperties':
      return unknownParameter(String(parameters['additionalProperty']), member, error);
    case 'type':
      if (path === '')
        return new ApiError('request-malformed', {
          problem: { en: 'the body is not a JSON object', zh: '请求体不是 JSON 对象' },
        });
      return wrongType(path, String(parameters['type']));
    default:
      return toValueError(error, path);
  }
}

const typeNames: Readonly<Record<string, string>> = {
  array: '数组',
  boolean: '布尔值',
  integer: '整数',
  object: '对象',
  string: '字符串',
};

/** A filter that has not the shape of one has errors of its own (docs/spec/actions.md section 0). */
function wrongType(name: string, type: string): ApiError {
  if (/^Filters\.\d+$/.test(name)) return new ApiError('filter-not-object', { name });
  if (/^Filters\.\d+\.Values$/.test(name)) return new ApiError('filter-values-not-list', { name });
  return new ApiError('wrong-type', { name, expected: { en: type, zh: typeNames[type] ?? type } });
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
      return new ApiError('value-too-long', { name, limit: { en: `${limit} characters`, zh: `${limit} 个字符` } });
    case 'maxBytes':
      return new ApiError('value-too-long', { name, limit: { en: `${limit} bytes`, zh: `${limit} 字节` } });
    case 'notOffered':
      return new ApiError('feature-not-built', { name, feature: schema as Words });
    case 'oneLine':
      return new ApiError('invalid-value', {
        name,
        rule: {
          en: 'one line of valid Unicode text without NUL is expected',
          zh: '应为不含 NUL 的单行合法 Unicode 文本',
        },
      });
    case 'maxItems':
      return new ApiError('too-many-items', { name, limit });
    case 'minimum':
      return new ApiError('value-out-of-range', {
        name,
        rule: { en: `must be at least ${limit}`, zh: `不能小于 ${limit}` },
      });
    case 'maximum':
      return new ApiError('value-out-of-range', {
        name,
        rule: { en: `must be at most ${limit}`, zh: `不能大于 ${limit}` },
      });
    case 'pattern':
      return new ApiError('malformed-value', {
        name,
        rule: (parentSchema as { readonly means: Words }).means,
      });
    case 'enum':
      return new ApiError('invalid-value', {
        name,
        rule: {
          en: `allowed are ${(schema as unknown[]).join(', ')}`,
          zh: `可选值为 ${(schema as unknown[]).join(', ')}`,
        },
      });
    default:
      return new ApiError('invalid-value', { name, rule: { en: 'this value is reserved', zh: '该值为保留值' } });
  }
}
