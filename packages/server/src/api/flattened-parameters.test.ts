import fc from 'fast-check';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { parsePairs, unflatten } from './flattened-parameters.ts';
import { createParameterValidators } from './parameter-validator.ts';

const schema = Type.Object({
  Name: Type.Optional(Type.String()),
  Count: Type.Optional(Type.Integer()),
  Flag: Type.Optional(Type.Boolean()),
  Filters: Type.Optional(Type.Array(Type.Object({ Name: Type.String(), Values: Type.Array(Type.String()) }))),
});
const validate = createParameterValidators()(schema);

/** As clients flatten (spec/protocol.md section 1). */
function flatten(value: unknown, name: string): string[] {
  if (typeof value !== 'object' || value === null) {
    return [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`];
  }
  return Object.entries(value).flatMap(([key, member]) => flatten(member, name === '' ? key : `${name}.${key}`));
}

const text = fc.string({ unit: 'grapheme', maxLength: 10 });
const parameters = fc.record(
  {
    Name: text,
    Count: fc.integer(),
    Flag: fc.boolean(),
    Filters: fc.array(fc.record({ Name: text, Values: fc.array(text, { minLength: 1, maxLength: 12 }) }), {
      minLength: 1,
      maxLength: 12,
    }),
  },
  { requiredKeys: [] },
);

describe('flattened parameters', () => {
  it('mean what the same JSON means', () => {
    fc.assert(
      fc.property(parameters, (value) => {
        const query = flatten(value, '').join('&');
        const read = validate(unflatten(parsePairs(query)), 'texts');
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(validate(value, 'json')).toEqual(read);
      }),
    );
  });

  it.each(['Filters.1.Name=a', 'Filters=a', 'Filters.0=a', 'Count=1.5', 'Flag=yes', 'Name.0=a', '__proto__.x=1'])(
    'refuse %s',
    (query) => {
      expect(() => validate(unflatten(parsePairs(query)), 'texts')).toThrow();
    },
  );

  it.each(['A=1&A.B=2', 'A.B=2&A=1', 'A=1&A=1', 'A=%', 'a.b.c.d.e.f.g.h.i.j.k.l.m=1'])('cannot be %s', (query) => {
    expect(() => unflatten(parsePairs(query))).toThrow('request-malformed');
  });
});
