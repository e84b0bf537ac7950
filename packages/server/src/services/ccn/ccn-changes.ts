import type { CcnAttachment, CcnInstance } from '../../domain/ccn/ccn.ts';
import type { CcnId } from '../../domain/resource-id.ts';
import type { Transaction } from '../../store/transaction.ts';

/**
 * Records that the routes of a CCN may have changed: new generations and the plan keys of the CCN and of everything
 * attached to it, but for the instance whose own change is recorded by the caller.
 */
export async function touchCcn(transaction: Transaction, ccnId: CcnId, except?: CcnInstance['id']): Promise<number> {
  const ccn = (await transaction.ccns.all()).find(({ id }) => id === ccnId);
  if (ccn === undefined) throw new Error(`${ccnId} is gone`);
  const generation = ccn.generation + 1;
  await transaction.ccns.update({ ...ccn, generation });
  transaction.changed(ccnId);
  for (const { instance } of await transaction.ccnAttachments.listOfCcn(ccnId)) {
    if (instance.id !== except) await touchInstance(transaction, instance);
  }
  return generation;
}

/** As touchCcn for the CCN that the instance is attached to, if it is. */
export async function touchCcnOf(transaction: Transaction, instanceId: CcnInstance['id']): Promise<void> {
  const attachment = await transaction.ccnAttachments.find(instanceId);
  if (attachment !== undefined) await touchCcn(transaction, attachment.ccnId, instanceId);
}

/** What an instance announces, and what it hears, goes with its attachment. */
export async function detachFromCcn(transaction: Transaction, { ccnId, instance }: CcnAttachment): Promise<void> {
  await transaction.ccnAttachments.remove(instance.id);
  await transaction.ccnRouteChoices.removeOfInstance(instance.id);
  for (const route of await transaction.vpnGatewayRoutes.listByNextHop(ccnId)) {
    if (route.vpnGatewayId === instance.id) await transaction.vpnGatewayRoutes.remove(route.id);
  }
  await touchCcn(transaction, ccnId);
  await touchInstance(transaction, instance);
}

async function touchInstance(transaction: Transaction, instance: CcnInstance): Promise<void> {
  transaction.changed(instance.id);
  if (instance.kind === 'vpn-gateway') {
    const gateway = (await transaction.vpnGateways.all()).find(({ id }) => id === instance.id);
    if (gateway !== undefined) {
      await transaction.vpnGateways.update({ ...gateway, generation: gateway.generation + 1 });
    }
  }
  if (instance.kind === 'direct-connect-gateway') {
    const gateway = (await transaction.directConnectGateways.all()).find(({ id }) => id === instance.id);
    if (gateway !== undefined) {
      await transaction.directConnectGateways.update({ ...gateway, generation: gateway.generation + 1 });
    }
  }
}
