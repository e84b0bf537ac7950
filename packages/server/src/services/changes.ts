import { refuseQuota } from '../domain/operator/quota-refusal.ts';
import { thisAccount } from '../domain/operator/quota-words.ts';
import type { Quotas } from '../domain/operator/quotas.ts';
import { refuse, type Words } from '../domain/refusal.ts';
import type { VpnConnectionId, VpnGatewayId } from '../domain/resource-id.ts';
import type { DraftRows } from '../image/draft.ts';
import type { Caller } from './caller.ts';

/** The call as a task of the gateway, and of the tunnel where it is about one: done once what it changes is applied there. */
export function recordTask(
  rows: DraftRows,
  { requestId, accountId }: Caller,
  now: number,
  vpnGatewayId: VpnGatewayId,
  vpnConnectionId: VpnConnectionId | null = null,
): void {
  const { generation } = rows;
  const about = { vpnGatewayId, vpnConnectionId };
  rows.record({ kind: 'task', task: { requestId, accountId, ...about, generation, createdAt: now } });
}

/** The object, or a refusal that names the id nobody knows. */
export function orNotFound<T>(found: T | undefined, id: string): T {
  return found ?? refuse('not-found', { id });
}

/**
 * Refuses when `count` objects exist and `quotas[quota]` allows no more.
 * @param owner the id of what they belong to; an account unless given.
 */
export function checkQuota(
  quotas: Quotas,
  quota: keyof Quotas,
  count: number,
  owner: string | Words = thisAccount,
): void {
  if (count >= quotas[quota]) refuseQuota(quotas, quota, owner);
}

/** Ids of blocking objects for a message: at most five, then how many more there are. */
export function idList(objects: readonly { readonly id: string }[]): string | Words {
  const shown = objects.slice(0, 5).map(({ id }) => id);
  const more = objects.length - shown.length;
  const list = shown.join(', ');
  return more > 0 ? { en: `${list} and ${more} more`, zh: `${list} 等 ${objects.length} 个` } : list;
}
