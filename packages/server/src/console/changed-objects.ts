import type { Change } from '../image/change.ts';
import type { Rows } from '../image/rows.ts';
import type { TableName } from '../image/tables.ts';
import { tablesByPrefix } from '../services/tables-by-prefix.ts';

/** An object that changed, and whose it is: whoever else it belongs to hears of it by what is his own. */
export interface ChangedObject {
  readonly accountId: string;
  /** The table of the row: `vpnGatewayRoutes`. */
  readonly kind: string;
  /** Of the object, or of what it belongs to where it has no id of its own. */
  readonly id: string;
}

/** Nobody watches them: who may come in, what numbers are used up, what is secret. */
const hidden: ReadonlySet<TableName> = new Set(['accounts', 'accessKeys', 'clientTokens', 'counters', 'preSharedKeys']);

interface AnyRow {
  readonly id?: string;
  readonly accountId?: string;
  readonly instance?: { readonly id: string };
  readonly instanceId?: string;
  readonly ccnId?: string;
  readonly routeTableId?: string;
  readonly vpnGatewayId?: string;
  readonly vpnConnectionId?: string;
  readonly directConnectGatewayId?: string;
  readonly subnetId?: string;
}

/** What a row that changed means to those whom it concerns; nothing where it concerns nobody who watches. */
export function changedObjects(rows: Rows, { table, before, after }: Change): readonly ChangedObject[] {
  const row = (after ?? before) as AnyRow | null;
  if (row === null || hidden.has(table)) return [];
  const { id, instance, instanceId, ccnId, routeTableId, vpnGatewayId, vpnConnectionId } = row;
  if (id !== undefined && row.accountId !== undefined) return [{ kind: table, accountId: row.accountId, id }];
  const belongsTo = [instance?.id, instanceId, ccnId, routeTableId, vpnGatewayId, vpnConnectionId];
  const others = [row.directConnectGatewayId, row.subnetId];
  return [...belongsTo, ...others].flatMap((holder) => {
    const accountId = holder === undefined ? undefined : ownerOf(rows, holder);
    return holder === undefined || accountId === undefined ? [] : { kind: table, accountId, id: holder };
  });
}

function ownerOf(rows: Rows, id: string): string | undefined {
  const prefix = id.slice(0, id.indexOf('-'));
  const table = (tablesByPrefix as Readonly<Record<string, TableName>>)[prefix];
  const row = table === undefined ? undefined : (rows[table].get(id) as { readonly accountId: string } | undefined);
  return row?.accountId;
}
