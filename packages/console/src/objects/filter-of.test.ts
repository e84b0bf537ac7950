import { expect, it } from 'vitest';
import { filterOf } from './filter-of.ts';

const kind = { filters: { ids: { cgw: 'customer-gateway-id', vpc: 'vpc-id' }, address: 'ip-address' } };

it('asks for whole ids and addresses by the filters that the kind has', () => {
  expect(filterOf(kind, 'cgw-0a1b2c3d')).toEqual({ Name: 'customer-gateway-id', Values: ['cgw-0a1b2c3d'] });
  expect(filterOf(kind, 'vpc-0a1b2c3d')).toEqual({ Name: 'vpc-id', Values: ['vpc-0a1b2c3d'] });
  expect(filterOf(kind, '203.0.113.7')).toEqual({ Name: 'ip-address', Values: ['203.0.113.7'] });
});

it('asks for anything else by a part', () => {
  for (const text of ['cgw-0a1b2c3', 'subnet-0a1b2c3d', 'constructor-0a1b2c3d', '203.0.113.', 'berlin'])
    expect(filterOf(kind, text), text).toBe(null);
  expect(filterOf({ filters: { ids: {} } }, '203.0.113.7')).toBe(null);
});
