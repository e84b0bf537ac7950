import { expect, it } from 'vitest';
import { fieldOf } from './field-of.ts';
import { NoPolicy } from './policy.ts';

it('finds the field that a refusal names', () => {
  const refusal = new Error('The value of the parameter `Policy.Statements.0.Actions.0` is malformed: …');
  expect(fieldOf(refusal, ['AccountName', 'Policy'])).toBe('Policy');
  expect(fieldOf(new Error('The `PolicyOfOthers` is wrong'), ['Policy'])).toBeUndefined();
  expect(fieldOf(new NoPolicy(''), ['Policy'])).toBe('Policy');
  expect(fieldOf(null, ['Policy'])).toBeUndefined();
});
