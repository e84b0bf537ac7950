import type { DirectConnectGateway } from '../../domain/direct-connect/direct-connect-gateway.ts';
import { lineName } from '../../domain/direct-connect/direct-connect-line.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId, DirectConnectGatewayId } from '../../domain/resource-id.ts';
import type { Transaction } from '../../store/transaction.ts';
import { attachInstance } from '../ccn/ccn-attachments.ts';
import type { Caller } from '../caller.ts';
import { detachFromCcn } from '../ccn/ccn-changes.ts';
import { checkQuota, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface NewDirectConnectGateway extends Pick<
  DirectConnectGateway,
  'name' | 'network' | 'vpcId' | 'modeType' | 'asn' | 'tags'
> {
  /** The CCN to attach it to; null for a gateway of a VPC, or for later. */
  readonly ccnId: CcnId | null;
}

export type DirectConnectGatewayChanges = Partial<Pick<DirectConnectGateway, 'name' | 'modeType'>>;

export interface DirectConnectGatewayView extends DirectConnectGateway {
  readonly ccnId: CcnId | null;
  /** Of the line, without the prefix length; empty without a line. */
  readonly lineAddress: string;
}

export type DirectConnectGatewayService = ReturnType<typeof directConnectGatewayService>;

export function directConnectGatewayService({ store, quotas, clock, ids }: ServiceDependencies) {
  return {
    create: (caller: Caller, { ccnId, ...input }: NewDirectConnectGateway): Promise<DirectConnectGatewayView> =>
      store.transaction(async (transaction) => {
        const { accountId, region } = caller;
        const { directConnectGateways } = transaction;
        checkQuota(quotas, 'directConnectGateways', await directConnectGateways.count({ accountId, region }));
        checkQuota(quotas, 'directConnectGatewaysPerAccount', await directConnectGateways.count({ accountId }));
        if (input.vpcId !== null) orNotFound(await transaction.vpcs.find(caller, input.vpcId), input.vpcId);
        if (ccnId !== null) orNotFound(await transaction.ccns.find(caller, ccnId), ccnId);
        const id = ids.resourceId('dcg');
        const gateway = { ...input, accountId, region, createdAt: clock.now(), id, generation: 1 };
        await transaction.directConnectGateways.insert(gateway);
        nameNeighbours(transaction, gateway);
        if (ccnId !== null) {
          checkQuota(quotas, 'instancesPerCcn', (await transaction.ccnAttachments.listOfCcn(ccnId)).length);
          const instance = { kind: 'direct-connect-gateway', id } as const;
          await attachInstance(
            transaction,
            caller,
            ccnId,
            { instance, region, description: '', routeTableId: null },
            clock.now(),
          );
        }
        return viewOf(transaction, gateway);
      }),

    list: (caller: Caller): Promise<DirectConnectGatewayView[]> =>
      store.transaction(async (transaction) => {
        const views: DirectConnectGatewayView[] = [];
        for (const gateway of await transaction.directConnectGateways.list(caller)) {
          views.push(await viewOf(transaction, gateway));
        }
        return views;
      }),

    /** Options left out stay. None of them changes the plan. */
    modify: (caller: Caller, id: DirectConnectGatewayId, changes: DirectConnectGatewayChanges): Promise<void> =>
      store.transaction(async (transaction) => {
        const gateway = orNotFound(await transaction.directConnectGateways.find(caller, id), id);
        await transaction.directConnectGateways.update({ ...gateway, ...changes });
      }),

    /** Takes its attachment, its ranges and the VPC routes that lead to it along; the line has to go first. */
    remove: (caller: Caller, id: DirectConnectGatewayId): Promise<void> =>
      store.transaction(async (transaction) => {
        const gateway = orNotFound(await transaction.directConnectGateways.find(caller, id), id);
        const line = await transaction.directConnectLines.find(id);
        if (line !== undefined) refuse('direct-connect-gateway-in-use', { id, blocking: lineName(line) });
        const attachment = await transaction.ccnAttachments.find(id);
        if (attachment !== undefined) await detachFromCcn(transaction, attachment);
        for (const route of await transaction.vpcRoutes.listByNextHop(id)) await transaction.vpcRoutes.remove(route.id);
        await transaction.ccnAttachmentRequests.remove(id);
        await transaction.directConnectGateways.remove(id);
        nameNeighbours(transaction, gateway);
      }),
  };
}

async function viewOf(transaction: Transaction, gateway: DirectConnectGateway): Promise<DirectConnectGatewayView> {
  const attachment = await transaction.ccnAttachments.find(gateway.id);
  const line = await transaction.directConnectLines.find(gateway.id);
  const [lineAddress = ''] = line?.localAddress.split('/') ?? [];
  return { ...gateway, ccnId: attachment?.ccnId ?? null, lineAddress };
}

function nameNeighbours(transaction: Transaction, { id, vpcId }: DirectConnectGateway): void {
  transaction.changed(id);
  if (vpcId !== null) transaction.changed(vpcId);
}
