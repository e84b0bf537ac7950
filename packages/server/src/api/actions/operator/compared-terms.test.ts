import { comparedFields, tunnelTerms } from '@landbridge/catalogue/vpn/tunnel-terms';
import { differenceFields } from '@landbridge/peer-config/reading/difference';
import { fixHere } from '@landbridge/peer-config/reading/fix-here';
import { expect, it } from 'vitest';

it('every field that can differ has a term: that of the setting which is to be changed for it', () => {
  expect(Object.keys(comparedFields)).toEqual([...differenceFields]);
  for (const field of differenceFields) {
    const advice = fixHere({ field, ours: '', theirs: '', severity: 'notes', line: null });
    const setting = Object.keys(tunnelTerms).find(
      (path) => advice === path || new RegExp(`^${path}(?::| with)`).test(advice),
    );
    const known: unknown = comparedFields[field];
    expect([field, typeof known === 'string' ? known : undefined]).toEqual([field, setting]);
  }
});
