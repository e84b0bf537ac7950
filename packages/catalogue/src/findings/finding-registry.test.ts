import { describe, expect, it } from 'vitest';
import type { Words } from '../action-definition.ts';
import { findingRegistry } from './finding-registry.ts';

describe.each(Object.entries(findingRegistry))('%s', (_code, { causes = [], summary, fixHere, fixThere }) => {
  const texts = [summary, fixHere, fixThere, ...causes.map(({ tells }) => tells)].filter(
    (words) => words !== undefined,
  );

  it('has words in both languages, with the same values in them', () => {
    const valuesOf = (text: string) => [...new Set(text.match(/\{\w*\}/g))].sort();
    for (const { en, zh } of texts satisfies readonly Words[]) {
      expect(en).toMatch(/^[A-Z].*\.$/s);
      expect(zh).toMatch(/[\u4e00-\u9fff].*。$/s);
      expect(valuesOf(zh)).toEqual(valuesOf(en));
      for (const value of valuesOf(en)) expect(['{ours}', '{theirs}']).toContain(value);
    }
  });

  it('has at most three causes, of different fields, and something to do', () => {
    expect(causes.length).toBeLessThanOrEqual(3);
    expect(new Set(causes.map(({ field }) => field)).size).toBe(causes.length);
    expect(fixHere ?? fixThere).toBeDefined();
  });
});
