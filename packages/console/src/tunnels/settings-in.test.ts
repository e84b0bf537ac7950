import { findingRegistry } from '@landbridge/catalogue/findings/finding-registry';
import { tunnelTerms } from '@landbridge/catalogue/vpn/tunnel-terms';
import { expect, it, vi } from 'vitest';
import { words, type WordKey } from '../words/words.ts';
import { settingsIn } from './settings-in.ts';

const fieldWords = ([path]: readonly [string, unknown]) => words[`field.${path}` as WordKey];

it('the field of a finding names settings, whole or in parts', () => {
  expect(settingsIn('Options.A, B, C')).toEqual(['Options.A', 'Options.B', 'Options.C']);
  expect(settingsIn('Policies (swapped)')).toEqual(['Policies']);
  expect(settingsIn('Policies.N.Local')).toEqual(['Policies']);
  expect(settingsIn('UDP 500')).toEqual(['UDP 500']);
});

it('the form of a tunnel calls each setting by its term, and there is no term of anything else', async () => {
  vi.stubGlobal('localStorage', { getItem: () => 'en' });
  const { tunnelKind } = await import('../objects/tunnel-kind.ts');
  vi.unstubAllGlobals();
  expect(Object.keys(tunnelTerms).sort()).toEqual(tunnelKind.fields.map(({ path }) => path).sort());
  for (const term of Object.entries(tunnelTerms)) expect(fieldWords(term)).toEqual(term[1]);
});

it('a finding that a setting differs or is weak calls it as the form does, in both languages', () => {
  const known = Object.entries(findingRegistry).filter(
    ([code, { field }]) =>
      /^(?:weak-.*|(?:ike|esp|pfs)-(?:encryption|integrity|dh-group|group|version)-differs)$/.test(code) &&
      field in tunnelTerms,
  );
  expect(known.length).toBe(13);
  for (const [, { field, summary }] of known) {
    const { en, zh } = fieldWords([field, null]);
    expect(summary.en).toContain(en);
    expect(summary.zh).toContain(zh);
  }
});

it('every setting that a finding names whole has a word in the form', () => {
  const named = Object.values(findingRegistry).flatMap(({ field, causes = [] }) => [
    field,
    ...causes.map((cause) => cause.field),
  ]);
  const settings = named
    .flatMap(settingsIn)
    .filter((name) => /^(?:IKE|IPSEC)Options|^PreShareKey|^Dpd|^Security/.test(name));
  expect(settings.length).toBeGreaterThan(30);
  expect(settings.filter((name) => !(name in tunnelTerms))).toEqual([]);
});
