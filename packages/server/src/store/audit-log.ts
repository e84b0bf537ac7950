import {
  auditBounds,
  type AuditEvent,
  type AuditPage,
  type AuditSelection,
  type RecordedAuditEvent,
} from '../domain/operator/audit-event.ts';
import type { Database } from './database.ts';
import { flag, type Columns, type Flag } from './schema/columns.ts';
import type { Selectable } from 'kysely';

/** What is too much is looked for once in so many events of an account: to find it takes a walk over all that is kept. */
const auditedBetweenLooks = 100;
/** Events that one question looks at: it goes on from there. */
export const mostLookedAt = 5000;

/** Who changed what, and what was refused. Nothing in it is ever changed; the oldest go. */
export class AuditLog {
  readonly #db: Database;
  readonly #sinceLook = new Map<string, number>();

  constructor(db: Database) {
    this.#db = db;
  }

  async append(events: readonly AuditEvent[], db: Database = this.#db): Promise<void> {
    for (const event of events) await db.insertInto('auditEvents').values(toColumns(event)).execute();
    for (const [series, ofSeries] of Map.groupBy(events, seriesOf)) {
      const count = (this.#sinceLook.get(series) ?? 0) + ofSeries.length;
      const [first] = ofSeries;
      if (count >= auditedBetweenLooks && first !== undefined) await removeSurplus(db, first);
      this.#sinceLook.set(series, count >= auditedBetweenLooks ? 0 : count);
    }
  }

  /** The newest first. Looks at so many events and no more, so that a page may be short, or empty, while there are older ones. */
  async page(selection: AuditSelection): Promise<AuditPage> {
    const { accountId, beforeId, limit } = selection;
    let newest = this.#db.selectFrom('auditEvents').selectAll();
    if (accountId !== undefined) newest = newest.where('accountId', '=', accountId);
    if (beforeId !== undefined) newest = newest.where('id', '<', beforeId);
    const looked = newest.orderBy('id', 'desc').limit(mostLookedAt).as('looked');
    const { last, count } = await this.#db
      .selectFrom(looked)
      .select((select) => [select.fn.min('id').as('last'), select.fn.countAll().as('count')])
      .executeTakeFirstOrThrow();
    let found = this.#db.selectFrom(looked).selectAll();
    const { since, until, secretId, action, resourceId, requestId, outcome } = selection;
    if (since !== undefined) found = found.where('at', '>=', since);
    if (until !== undefined) found = found.where('at', '<', until);
    if (secretId !== undefined) found = found.where('secretId', '=', secretId);
    if (action !== undefined) found = found.where('action', '=', action);
    if (requestId !== undefined) found = found.where('requestId', '=', requestId);
    if (resourceId !== undefined)
      found = found.where('resourcesJson', 'like', `%"${resourceId.replaceAll(/[%_"]/g, '')}"%`);
    if (outcome !== undefined) found = found.where('isRefused', '=', flag(outcome === 'refused'));
    const rows = await found.orderBy('id', 'desc').limit(limit).execute();
    const isFull = rows.length === limit;
    const nextBeforeId = isFull ? (rows.at(-1)?.id ?? null) : Number(count) === mostLookedAt ? last : null;
    return { events: rows.map(fromColumns), nextBeforeId };
  }
}

function seriesOf({ accountId, code }: AuditEvent): string {
  return `${accountId} ${code === '' ? 'succeeded' : 'refused'}`;
}

async function removeSurplus(db: Database, { accountId, code }: AuditEvent): Promise<void> {
  const isRefused = flag(code !== '');
  const kept = code === '' ? auditBounds.succeededPerAccount : auditBounds.refusedPerAccount;
  const ofSeries = db.selectFrom('auditEvents').where('accountId', '=', accountId).where('isRefused', '=', isRefused);
  const surplus = await ofSeries.select('id').orderBy('id', 'desc').offset(kept).limit(1).executeTakeFirst();
  if (surplus === undefined) return;
  await db
    .deleteFrom('auditEvents')
    .where('accountId', '=', accountId)
    .where('isRefused', '=', isRefused)
    .where('id', '<=', surplus.id)
    .execute();
}

function toColumns({ resources, changes, isCut, ...event }: AuditEvent): Omit<Columns['auditEvents'], 'id'> {
  return {
    ...event,
    isRefused: flag(event.code !== ''),
    resourcesJson: JSON.stringify(resources),
    changesJson: JSON.stringify(changes),
    isCut: flag(isCut),
  };
}

function fromColumns(columns: Selectable<Columns['auditEvents']>): RecordedAuditEvent {
  const { id, at, accountId, secretId, service, action, region, remoteAddress, requestId, code, count } = columns;
  const { resourcesJson, changesJson, isCut } = columns;
  return {
    ...{ id, at, accountId, secretId, service, action, region, remoteAddress, requestId, code, count },
    resources: JSON.parse(resourcesJson) as RecordedAuditEvent['resources'],
    changes: JSON.parse(changesJson) as RecordedAuditEvent['changes'],
    isCut: isCut === (1 satisfies Flag),
  };
}
