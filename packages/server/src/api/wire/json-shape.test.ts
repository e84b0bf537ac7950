import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonShape } from './json-shape.ts';

const unbounded = { mostValues: Infinity, deepest: Infinity };

function passes(text: string, bounds: { mostValues?: number; deepest?: number }, cutAt = Infinity): boolean {
  const bytes = Buffer.from(text);
  const shape = new JsonShape({ ...unbounded, ...bounds });
  try {
    shape.scan(bytes.subarray(0, cutAt));
    shape.scan(bytes.subarray(cutAt));
    return true;
  } catch {
    return false;
  }
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, member) => sum + countOf(member), 1);
}

const text = fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', 'a', '中', '\n'), maxLength: 8 });
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'medium' }, text, fc.integer(), fc.constant(null), tie('list'), tie('record')),
  list: fc.array(tie('value'), { maxLength: 5 }),
  record: fc.dictionary(text, tie('value'), { maxKeys: 5 }),
}));

describe('the shape of JSON', () => {
  it('knows the depth, wherever the bytes are cut and whatever the texts hold', () => {
    fc.assert(
      fc.property(value, fc.nat(200), (given, cutAt) => {
        const json = JSON.stringify(given, null, 1);
        const depth = depthOf(given);
        expect(passes(json, { deepest: depth }, cutAt)).toBe(true);
        if (depth > 0) expect(passes(json, { deepest: depth - 1 }, cutAt)).toBe(false);
      }),
    );
  });

  it('counts every value, and an empty list or object no more than twice', () => {
    fc.assert(
      fc.property(value, fc.nat(200), (given, cutAt) => {
        const json = JSON.stringify(given);
        const count = countOf(given);
        expect(passes(json, { mostValues: 2 * count }, cutAt)).toBe(true);
        if (count > 1) expect(passes(json, { mostValues: count - 1 }, cutAt)).toBe(false);
      }),
    );
  });

  it('survives what is no JSON', () => {
    expect(passes(']'.repeat(100), { deepest: 1 })).toBe(true);
    expect(passes(`"${'['.repeat(100)}`, { deepest: 1 })).toBe(true);
    expect(passes('['.repeat(13), { deepest: 12 })).toBe(false);
  });
});
