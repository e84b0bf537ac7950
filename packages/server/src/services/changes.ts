import { refuse } from '../domain/refusal.ts';
import type { VpcId } from '../domain/resource-id.ts';
import { taskRetentionMs } from '../domain/operator/task.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import type { Transaction } from '../store/transaction.ts';
import type { Caller } from './caller.ts';

/**
 * Records that what the gateway's plan depends on changed: a new generation, the plan's key, and the call as a task
 * that is done when that generation is applied. Returns the gateway as stored.
 */
export async function touchVpnGateway(
  transaction: Transaction,
  caller: Caller,
  now: number,
  gateway: VpnGateway,
): Promise<VpnGateway> {
  const changed = { ...gateway, generation: gateway.generation + 1 };
  await transaction.vpnGateways.update(changed);
  await recordTask(transaction, caller, now, changed);
  transaction.changed(gateway.id);
  return changed;
}

/** As touchVpnGateway for every gateway of the VPC, and names the VPC's own plan. */
export async function touchVpc(transaction: Transaction, caller: Caller, now: number, vpcId: VpcId): Promise<void> {
  transaction.changed(vpcId);
  for (const gateway of await transaction.vpnGateways.listOfVpc(vpcId)) {
    await touchVpnGateway(transaction, caller, now, gateway);
  }
}

export async function recordTask(
  transaction: Transaction,
  { requestId, accountId }: Caller,
  now: number,
  { id, generation }: VpnGateway,
): Promise<void> {
  await transaction.tasks.removeOlderThan(now - taskRetentionMs);
  await transaction.tasks.put({ requestId, accountId, vpnGatewayId: id, generation, createdAt: now });
}

/** Routes of a VPC lead to its gateways, and say what may come out of the lines of Direct Connect gateways. */
export async function nameRoutesChanged(transaction: Transaction, vpcId: VpcId): Promise<void> {
  const gateways = await transaction.directConnectGateways.listOfVpc(vpcId);
  transaction.changed(vpcId, ...gateways.map(({ id }) => id));
}

/** The object, or a refusal that names the id nobody knows. */
export function orNotFound<T>(found: T | undefined, id: string): T {
  return found ?? refuse('not-found', { id });
}

/** Refuses when `count` objects exist and `quotas[quota]` allows no more. */
export function checkQuota<Name extends string>(
  quotas: Readonly<Record<Name, number>>,
  quota: Name,
  count: number,
): void {
  if (count >= quotas[quota]) refuse('quota-reached', { quota, limit: quotas[quota] });
}

/** Ids of blocking objects for a message: at most five, then how many more there are. */
export function idList(objects: readonly { readonly id: string }[]): string {
  const shown = objects.slice(0, 5).map(({ id }) => id);
  const more = objects.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
