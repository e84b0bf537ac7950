import fc from 'fast-check';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../protocol/api-error.ts';
import { parsePairs, unflatten, type ParameterTree } from './flattened-parameters.ts';
import { validatorFor } from './parameter-validator.ts';
import { longestName, longestValue, mostValues, sliceBytes } from '../protocol/request-bounds.ts';

const schema = Type.Object({
  Name: Type.Optional(Type.String()),
  Count: Type.Optional(Type.Integer()),
  Flag: Type.Optional(Type.Boolean()),
  Filters: Type.Optional(Type.Array(Type.Object({ Name: Type.String(), Values: Type.Array(Type.String()) }))),
});
const validate = validatorFor(schema);

/** As clients flatten (docs/spec/protocol.md section 1). */
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
  it('mean what the same JSON means', async () => {
    await fc.assert(
      fc.asyncProperty(parameters, async (value) => {
        const query = flatten(value, '').join('&');
        const read = validate(unflatten(await parsePairs(query)), 'texts');
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(validate(value, 'json')).toEqual(read);
      }),
    );
  });

  it.each(['Filters.1.Name=a', 'Filters=a', 'Filters.0=a', 'Count=1.5', 'Flag=yes', 'Name.0=a', '__proto__.x=1'])(
    'refuse %s',
    async (query) => {
      const tree = unflatten(await parsePairs(query));
      expect(() => validate(tree, 'texts')).toThrow(ApiError);
    },
  );

  it.each(['A=1&A.B=2', 'A.B=2&A=1', 'A=1&A=1', 'A=%', 'A=%ff', 'a.b.c.d.e.f.g.h.i.j.k.l.m=1'])(
    'cannot be %s',
    async (query) => {
      await expect(read(query)).rejects.toMatchObject({ reason: 'request-malformed' });
    },
  );

  it('are at most so many, with names and values at most so long', async () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `${index}=`).join('&');
    expect((await parsePairs(names(mostValues))).size).toBe(mostValues);
    await expect(read(names(mostValues + 1))).rejects.toMatchObject({
      details: { problem: { en: `there are more than ${mostValues} parameters` } },
    });
    await expect(read('&'.repeat(mostValues))).rejects.toMatchObject({ reason: 'request-malformed' });
    await expect(read(`${'n'.repeat(longestName)}=${'v'.repeat(longestValue)}`)).resolves.toBeDefined();
    await expect(read(`${'n'.repeat(longestName + 1)}=`)).rejects.toMatchObject({
      details: { problem: { en: `the name of a parameter is longer than ${longestName} characters` } },
    });
    await expect(read(`n=${'v'.repeat(longestValue + 1)}`)).rejects.toMatchObject({
      details: { problem: { en: `the parameter "n" is longer than ${longestValue} characters` } },
    });
  });

  it('let others have their turn in between', async () => {
    const text = Array.from({ length: mostValues }, (_, index) => `${index}=${'v'.repeat(40)}`).join('&');
    let turns = 0;
    let isRead = false;
    const count = () => {
      turns += 1;
      if (!isRead) setImmediate(count);
    };
    setImmediate(count);
    await read(text);
    isRead = true;
    expect(turns).toBeGreaterThanOrEqual(Math.floor(text.length / sliceBytes) - 1);
  });
});

async function read(query: string): Promise<ParameterTree> {
  return unflatten(await parsePairs(query));
}
