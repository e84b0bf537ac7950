import type { IpAddress } from '@landbridge/net';
import type { CustomerGateway } from '../../domain/vpn/customer-gateway.ts';
import type { Tag } from '../../domain/owned.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CustomerGatewayId } from '../../domain/resource-id.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, idList, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { checkAddressIsNotOurs } from './service-addresses.ts';

export interface NewCustomerGateway {
  readonly name: string;
  readonly address: IpAddress;
  readonly bgpAsn: number | null;
  readonly tags: readonly Tag[];
}

export type CustomerGatewayChanges = Partial<Pick<CustomerGateway, 'name' | 'bgpAsn'>>;
export type CustomerGatewayService = ReturnType<typeof customerGatewayService>;

/** Address book entries: nothing here changes a plan. */
export function customerGatewayService({ store, uplink, quotas, clock, ids }: ServiceDependencies) {
  return {
    create: (caller: Caller, input: NewCustomerGateway): Promise<CustomerGateway> =>
      store.transaction(async (transaction) => {
        const { accountId, region } = caller;
        const same = await transaction.customerGateways.findByAddress(caller, input.address);
        if (same !== undefined) refuse('customer-gateway-exists', { address: input.address, other: same.id });
        await checkAddressIsNotOurs(transaction, uplink, input.address, '`IpAddress`');
        const { customerGateways } = transaction;
        checkQuota(quotas, 'customerGateways', await customerGateways.count({ accountId, region }));
        checkQuota(quotas, 'customerGatewaysPerAccount', await customerGateways.count({ accountId }));
        const gateway = { ...input, accountId, region, createdAt: clock.now(), id: ids.resourceId('cgw') };
        await transaction.customerGateways.insert(gateway);
        return gateway;
      }),

    list: (caller: Caller): Promise<CustomerGateway[]> =>
      store.transaction((transaction) => transaction.customerGateways.list(caller)),

    modify: (caller: Caller, id: CustomerGatewayId, changes: CustomerGatewayChanges): Promise<void> =>
      store.transaction(async (transaction) => {
        const gateway = orNotFound(await transaction.customerGateways.find(caller, id), id);
        await transaction.customerGateways.update({ ...gateway, ...changes });
      }),

    remove: (caller: Caller, id: CustomerGatewayId): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.customerGateways.find(caller, id), id);
        const blocking = await transaction.vpnConnections.listOfCustomerGateway(id);
        if (blocking.length > 0) refuse('customer-gateway-in-use', { id, blocking: idList(blocking) });
        await transaction.customerGateways.remove(id);
      }),
  };
}
