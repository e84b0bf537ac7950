import { Type } from 'typebox';
import { expect, it } from 'vitest';
import { validatorFor } from './parameter-validator.ts';

it('a schema has one validator, and another schema another', () => {
  const schema = Type.Object({ Name: Type.String() });
  expect(validatorFor(schema)).toBe(validatorFor(schema));
  expect(validatorFor(Type.Object({ Name: Type.String() }))).not.toBe(validatorFor(schema));
});
