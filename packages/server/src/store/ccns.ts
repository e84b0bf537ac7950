import type { Selectable } from 'kysely';
import type { Ccn } from '../domain/ccn/ccn.ts';
import { parseJson, type Database, type Scope } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import { flag, type Tables } from './tables.ts';

/** A CCN belongs to no region: only the account counts. */
export type CcnRepository = ResourceRows<Ccn, Pick<Scope, 'accountId'>>;

export function ccnRepository(db: Database): CcnRepository {
  return resourceRows(db, 'ccns', { toRow, fromRow, boundTo: ['accountId'] });
}

function toRow({ tags, ...ccn }: Ccn): Tables['ccns'] {
  return {
    ...ccn,
    prepaid: flag(ccn.prepaid),
    routeEcmp: flag(ccn.routeEcmp),
    routeOverlap: flag(ccn.routeOverlap),
    tagsJson: JSON.stringify(tags),
  };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['ccns']>): Ccn {
  return {
    ...row,
    prepaid: row.prepaid === 1,
    routeEcmp: row.routeEcmp === 1,
    routeOverlap: row.routeOverlap === 1,
    tags: parseJson(tagsJson),
  };
}
