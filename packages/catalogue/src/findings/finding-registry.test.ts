import { describe, expect, it } from 'vitest';
import type { Words } from '../action-definition.ts';
import type { SchemaParts } from '../schema/schema-parts.ts';
import { allActions } from '../services.ts';
import { findingRegistry } from './finding-registry.ts';

describe.each(Object.entries(findingRegistry))('%s', (_code, entry) => {
  const { causes = [], fixHere, fixThere, asked = {} } = entry;
  const texts = [entry, ...Object.values(asked)]
    .flatMap((one) => [one.summary, one.fixHere, one.fixThere, ...(one.causes ?? []).map(({ tells }) => tells)])
    .filter((words) => words !== undefined);

  it('has words in both languages, with the same values in them', () => {
    const valuesOf = (text: string) => [...new Set(text.match(/\{\w*\}/g))].sort();
    for (const { en, zh } of texts satisfies readonly Words[]) {
      expect(en).toMatch(/^[A-Z].*\.$/s);
      expect(zh).toMatch(/[\u4e00-\u9fff].*。$/s);
      expect(valuesOf(zh)).toEqual(valuesOf(en));
      for (const value of valuesOf(en)) expect(['{ours}', '{theirs}', '{settings}']).toContain(value);
    }
  });

  it('has at most three causes, of different fields, and something to do', () => {
    expect(causes.length).toBeLessThanOrEqual(3);
    expect(new Set(causes.map(({ field }) => field)).size).toBe(causes.length);
    expect(fixHere ?? fixThere).toBeDefined();
  });
});

/** Whatever the API has a name for: Actions, and parameters and members at any depth. */
const named: ReadonlySet<string> = new Set(
  allActions.flatMap(({ name, definition }) => [
    name,
    ...membersOf(definition.request),
    ...membersOf(definition.response),
  ]),
);

function membersOf({ properties = {}, items }: SchemaParts): string[] {
  const inside = items === undefined ? [] : membersOf(items);
  return [...inside, ...Object.entries(properties).flatMap(([name, member]) => [name, ...membersOf(member)])];
}

/** Words that look like names of the API (`PfsDhGroup`, `IKEVersion`), and paths of them. */
function apiWords(text: string): string[] {
  return (text.match(/\b(?:(?:IKE|IPSEC)(?=[A-Z][a-z])|[A-Z][A-Za-z]*[a-z](?=[A-Z]))[A-Za-z.]*\b/g) ?? [])
    .flatMap((path) => path.split('.'))
    .filter((word) => word !== '' && word !== 'N');
}

it('what is said of names of the API names what there is', () => {
  expect(
    apiWords('Set IKEVersion, PfsDhGroup or IPSECOptionsSpecification.IntegrityAlgorithm (IKEv2, PFS, UDP 500).'),
  ).toEqual(['IKEVersion', 'PfsDhGroup', 'IPSECOptionsSpecification', 'IntegrityAlgorithm']);
  const unknown = Object.entries(findingRegistry).flatMap(([code, entry]) => {
    const { field, causes = [], summary, fixHere, fixThere } = entry;
    const words = [summary, fixHere, fixThere, ...causes.map(({ tells }) => tells)];
    const texts = [
      field,
      ...causes.map((cause) => cause.field),
      ...words.flatMap((one) => [one?.en ?? '', one?.zh ?? '']),
    ];
    return texts.flatMap(apiWords).flatMap((word) => (named.has(word) ? [] : [`${code}: ${word}`]));
  });
  expect(unknown).toEqual([]);
});
