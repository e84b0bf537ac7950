import { expect, it } from 'vitest';
import { draftOf, formOf, NoPolicy, policyOf, presetNames, presetOf, presets, type Policy } from './policy.ts';

it('knows each preset by what it is', () => {
  expect(presetNames.map((name) => presetOf(presets[name]))).toEqual(presetNames);
  expect(presetOf({ Statements: [{ Access: 'read' }], ShowsSecrets: false })).toBe('look');
  expect(presetOf({ Statements: [{ Access: 'write' }] })).toBeUndefined();
});

it('takes a policy apart and puts the same together', () => {
  const policy: Policy = {
    Statements: [
      { Access: 'read' },
      { Access: 'write', Actions: ['vpc:Describe*', 'CreateVpc'], Resources: ['vpngw-12345678'] },
      { Access: 'write', Tags: [{ Key: 'team', Value: 'a=b' }] },
    ],
    ShowsSecrets: true,
  };
  expect(draftOf(policy)).toEqual(formOf(policy));
  expect(policyOf(draftOf(policy))).toEqual(policy);
  expect(policyOf({ as: 'json', text: JSON.stringify(policy) })).toEqual(policy);
});

it('takes no text for a policy that would be none, and so allow everything', () => {
  for (const text of ['', 'null', '[]', '"a"', '{"Statements":'])
    expect(() => policyOf({ as: 'json', text })).toThrow(NoPolicy);
});

it('leaves out lists in which nothing is typed', () => {
  const statements = [
    { access: 'write', actions: ' ', resources: 'vpc-00000000, vpc-00000001\n', tags: '\n' },
  ] as const;
  expect(policyOf({ as: 'form', statements, showsSecrets: false })).toEqual({
    Statements: [{ Access: 'write', Resources: ['vpc-00000000', 'vpc-00000001'] }],
    ShowsSecrets: false,
  });
});
