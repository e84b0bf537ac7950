import type { ToldFinding } from '../domain/diagnosis/finding.ts';
import type { FindingCode } from '../domain/diagnosis/finding-codes.ts';
import type { VpnConnectionId, VpnGatewayId } from '../domain/resource-id.ts';
import {
  toldKinds,
  type EventKind,
  type EventSelection,
  type EventStretch,
  type OwnedEvent,
  type RecordedEvent,
} from '../domain/operator/event.ts';
import type { ExpressionBuilder } from 'kysely';
import type { Database } from './database.ts';
import type { Columns } from './schema/columns.ts';

/** Of each tunnel and each gateway the newest are kept. */
export const eventsKeptPerResource = 500;
/** As many as events can wait in, of processes that ended before anybody heard of them. */
export const seriesKept = 1000;

interface NumberedEvent {
  readonly number: number;
  readonly event: OwnedEvent | undefined;
}

/** What happened to tunnels and gateways. */
export class EventLog {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Those of the series that were not kept before, all or none; undefined ones, of what is gone, count as kept. */
  async append(series: string, events: readonly NumberedEvent[]): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      const keptUpTo = await readKeptUpTo(transaction, series);
      const fresh = events.filter(({ number }) => number > (keptUpTo ?? 0));
      if (fresh.length === 0) return;
      await writeKeptUpTo(transaction, series, keptUpTo, Math.max(...fresh.map(({ number }) => number)));
      const kept = fresh.map(({ event }) => event).filter((event) => event !== undefined);
      for (const event of kept) {
        await transaction
          .insertInto('events')
          .values({ ...event, finding: event.finding ?? null })
          .execute();
      }
      for (const resourceId of new Set(kept.map((event) => event.resourceId))) {
        await removeSurplus(transaction, resourceId);
      }
    });
  }

  /** The newest first. `total` counts before paging. */
  async page(
    accountId: string,
    { resourceId, since, until, kinds, beforeId, offset, limit }: EventSelection,
  ): Promise<{ total: number; events: RecordedEvent[] }> {
    let rows = this.#db.selectFrom('events').where('accountId', '=', accountId);
    if (since !== undefined) rows = rows.where('at', '>=', since);
    if (until !== undefined) rows = rows.where('at', '<', until);
    if (kinds !== undefined) rows = rows.where('kind', 'in', kinds);
    if (beforeId !== undefined) rows = rows.where('id', '<', beforeId);
    if (resourceId !== undefined) rows = rows.where(ofResource(resourceId));
    const { total } = await rows.select((select) => select.fn.countAll().as('total')).executeTakeFirstOrThrow();
    const found = await rows.selectAll().orderBy('id', 'desc').offset(offset).limit(limit).execute();
    return { total: Number(total), events: found.map(fromColumns) };
  }

  /** Of these kinds, the oldest first, after one. */
  async after(
    accountId: string,
    { id, kinds, limit }: { readonly id: number; readonly kinds: readonly EventKind[]; readonly limit: number },
  ): Promise<RecordedEvent[]> {
    const found = await this.#db
      .selectFrom('events')
      .selectAll()
      .where('accountId', '=', accountId)
      .where('id', '>', id)
      .where('kind', 'in', kinds)
      .orderBy('id')
      .limit(limit)
      .execute();
    return found.map(fromColumns);
  }

  /** In their order, beyond one of them. */
  async stretch(
    accountId: string,
    { resourceId, from, to, recordedSince, order, after, limit }: EventStretch,
  ): Promise<RecordedEvent[]> {
    const isForward = order === 'oldest-first';
    let rows = this.#db
      .selectFrom('events')
      .selectAll()
      .where('accountId', '=', accountId)
      .where(ofResource(resourceId))
      .where((where) => where.or([where('at', '<', recordedSince), where('kind', 'in', toldKinds)]));
    if (to !== null) rows = rows.where('at', '<', to);
    if (from !== null) rows = rows.where('at', '>=', from);
    if (after !== null) rows = rows.where('id', isForward ? '>' : '<', after);
    const found = await rows
      .orderBy('id', isForward ? 'asc' : 'desc')
      .limit(limit)
      .execute();
    return found.map(fromColumns);
  }

  /** Findings that were told and not that they are gone. */
  async toldFindings(): Promise<ToldFinding[]> {
    const newest = this.#db
      .selectFrom('events')
      .select((select) => select.fn.max('id').as('id'))
      .where('finding', 'is not', null)
      .groupBy(['resourceId', 'finding']);
    const found = await this.#db
      .selectFrom('events')
      .select(['resourceId', 'finding as code'])
      .where('id', 'in', newest)
      .where('kind', '=', 'finding-raised')
      .execute();
    return found as ToldFinding[];
  }

  async removeOf(resourceId: VpnConnectionId | VpnGatewayId, db: Database = this.#db): Promise<void> {
    await db.deleteFrom('events').where('resourceId', '=', resourceId).execute();
  }
}

/** A gateway's are those of its tunnels too. */
function ofResource(resourceId: string) {
  return (where: ExpressionBuilder<Columns, 'events'>) =>
    where.or([where('resourceId', '=', resourceId), where('vpnGatewayId', '=', resourceId as VpnGatewayId)]);
}

/** Undefined: nothing of it. */
async function readKeptUpTo(db: Database, series: string): Promise<number | undefined> {
  const row = await db.selectFrom('eventSeries').select('keptUpTo').where('series', '=', series).executeTakeFirst();
  return row?.keptUpTo;
}

async function writeKeptUpTo(
  db: Database,
  series: string,
  before: number | undefined,
  keptUpTo: number,
): Promise<void> {
  if (before !== undefined) {
    await db.updateTable('eventSeries').set({ keptUpTo }).where('series', '=', series).execute();
    return;
  }
  const { id } = await db
    .insertInto('eventSeries')
    .values({ series, keptUpTo })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .deleteFrom('eventSeries')
    .where('id', '<=', id - seriesKept)
    .execute();
}

async function removeSurplus(db: Database, resourceId: string): Promise<void> {
  const surplus = await db
    .selectFrom('events')
    .select('id')
    .where('resourceId', '=', resourceId)
    .orderBy('id', 'desc')
    .offset(eventsKeptPerResource)
    .limit(1)
    .executeTakeFirst();
  if (surplus === undefined) return;
  await db.deleteFrom('events').where('resourceId', '=', resourceId).where('id', '<=', surplus.id).execute();
}

function fromColumns(row: {
  readonly id: number;
  readonly resourceId: string;
  readonly vpnGatewayId: VpnGatewayId;
  readonly kind: EventKind;
  readonly message: string;
  readonly at: number;
  readonly finding: FindingCode | null;
}): RecordedEvent {
  const { id, vpnGatewayId, kind, message, at, finding } = row;
  const event = { id, resourceId: row.resourceId as RecordedEvent['resourceId'], vpnGatewayId, kind, message, at };
  return finding === null ? event : { ...event, finding };
}
