import { createHash } from 'node:crypto';
import type { Cidr } from '@landbridge/net';
import type { CcnRouteTableId } from '../resource-id.ts';
import type { CcnInstance } from './ccn.ts';

/**
 * A range of an instance in a route table of a CCN, as plans refer to it. It names nobody: plans of one account speak of ranges
 * of others. And it is long enough that nobody finds a second range with the key of somebody else's.
 */
export type CcnRangeKey = `range-${string}`;

export function ccnRangeKey(table: CcnRouteTableId, instance: CcnInstance['id'], destination: Cidr): CcnRangeKey {
  const digest = createHash('sha256').update(`${table} ${instance} ${destination}`).digest('base64url');
  return `range-${digest.slice(0, 16)}`;
}
