import { expect, it } from 'vitest';
import { endOf } from './trace.ts';

it('an end is an address, with its place behind an @', () => {
  expect(endOf('10.0.1.5')).toEqual({ address: '10.0.1.5', place: undefined });
  expect(endOf('10.0.1.5@subnet-00000001')).toEqual({ address: '10.0.1.5', place: 'subnet-00000001' });
  expect(endOf('10.0.1.5@office/a@b')).toEqual({ address: '10.0.1.5', place: 'office/a@b' });
});
