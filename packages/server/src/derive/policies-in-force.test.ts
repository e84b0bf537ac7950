import { expect, test } from 'vitest';
import { rowsOf } from '../../testing/image-of.ts';
import type { CcnRoutePolicyList } from '../domain/ccn/ccn-route-policy.ts';
import { policiesInForce } from './policies-in-force.ts';

test('each table has its own lists, and the newest version of each is in force', () => {
  const list = (version: number): CcnRoutePolicyList => ({
    ...{ routeTableId: 'ccnrtb-00000001', direction: 'input', version, createdAt: version },
    policies: [{ conditions: [], audience: [], action: 'drop', description: `version ${version}` }],
  });
  const rows = rowsOf({ ccnRoutePolicyLists: [9, 10, 2].map(list) });
  expect(policiesInForce('ccnrtb-00000001', 'input', rows)).toMatchObject([{ description: 'version 10' }]);
  expect(policiesInForce('ccnrtb-00000001', 'broadcast', rows)).toEqual([]);
  expect(policiesInForce('ccnrtb-00000002', 'input', rows)).toEqual([]);
});
