import type { EventKind, NewEvent, RecordedEvent } from '../domain/operator/event.ts';
import type { VpnConnectionId, VpnGatewayId } from '../domain/resource-id.ts';
import type { Database } from './repository.ts';

export interface EventSelection {
  /** A tunnel, or a gateway with its tunnels. */
  readonly resourceId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly since: number | undefined;
  readonly offset: number;
  readonly limit: number;
}

export interface EventRepository {
  /** An event of a resource that does not exist (any more) is dropped. */
  append(event: NewEvent): Promise<void>;
  /** The newest first. `total` counts before paging. */
  page(accountId: string, selection: EventSelection): Promise<{ total: number; events: RecordedEvent[] }>;
  removeOf(resourceId: VpnConnectionId | VpnGatewayId): Promise<void>;
}

/** Of each tunnel and each gateway the newest are kept. */
export const eventsKeptPerResource = 500;

export function eventRepository(db: Database): EventRepository {
  const ownerOf = async (resourceId: NewEvent['resourceId']) => {
    const id = resourceId as string;
    const gateway = await db
      .selectFrom('vpnGateways')
      .select(['accountId', 'id as vpnGatewayId'])
      .where('id', '=', id as VpnGatewayId)
      .executeTakeFirst();
    const tunnel = db.selectFrom('vpnConnections').select(['accountId', 'vpnGatewayId']);
    return gateway ?? (await tunnel.where('id', '=', id as VpnConnectionId).executeTakeFirst());
  };
  return {
    append: async (event) => {
      const owner = await ownerOf(event.resourceId);
      if (owner === undefined) return;
      await db
        .insertInto('events')
        .values({ ...event, ...owner })
        .execute();
      const surplus = await db
        .selectFrom('events')
        .select('id')
        .where('resourceId', '=', event.resourceId)
        .orderBy('id', 'desc')
        .offset(eventsKeptPerResource)
        .limit(1)
        .executeTakeFirst();
      if (surplus === undefined) return;
      await db.deleteFrom('events').where('resourceId', '=', event.resourceId).where('id', '<=', surplus.id).execute();
    },
    page: async (accountId, { resourceId, since, offset, limit }) => {
      let rows = db.selectFrom('events').where('accountId', '=', accountId);
      if (since !== undefined) rows = rows.where('at', '>=', since);
      if (resourceId !== undefined) {
        rows = rows.where((where) =>
          where.or([where('resourceId', '=', resourceId), where('vpnGatewayId', '=', resourceId as VpnGatewayId)]),
        );
      }
      const { total } = await rows.select((select) => select.fn.countAll().as('total')).executeTakeFirstOrThrow();
      const found = await rows.selectAll().orderBy('id', 'desc').offset(offset).limit(limit).execute();
      return { total: Number(total), events: found.map(fromRow) };
    },
    removeOf: async (resourceId) => {
      await db.deleteFrom('events').where('resourceId', '=', resourceId).execute();
    },
  };
}

function fromRow(row: {
  readonly id: number;
  readonly resourceId: string;
  readonly vpnGatewayId: VpnGatewayId;
  readonly kind: EventKind;
  readonly message: string;
  readonly at: number;
}): RecordedEvent {
  const { id, vpnGatewayId, kind, message, at } = row;
  return { id, resourceId: row.resourceId as RecordedEvent['resourceId'], vpnGatewayId, kind, message, at };
}
