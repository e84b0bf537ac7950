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
export function customerGatewayService({ decide, read, uplink, quotas, clock, ids }: ServiceDependencies) {
  return {
    create: (caller: Caller, input: NewCustomerGateway): Promise<CustomerGateway> =>
      decide(caller, (rows) => {
        const { accountId, region } = caller;
        const same = rows.customerGateways.of('address', accountId, region, input.address)[0];
        if (same !== undefined) refuse('customer-gateway-exists', { address: input.address, other: same.id });
        checkAddressIsNotOurs(rows, uplink, input.address, '`IpAddress`');
        checkQuota(quotas, 'customerGateways', rows.customerGateways.list(caller).length);
        checkQuota(quotas, 'customerGatewaysPerAccount', rows.customerGateways.of('account', accountId).length);
        const gateway = { ...input, accountId, region, createdAt: clock.now(), id: ids.resourceId('cgw') };
        rows.customerGateways.insert(gateway);
        return gateway;
      }),

    /** With ids only those. */
    list: (caller: Caller, gatewayIds?: readonly CustomerGatewayId[]): Promise<readonly CustomerGateway[]> =>
      read((rows) => rows.customerGateways.list(caller, gatewayIds)),

    modify: (caller: Caller, id: CustomerGatewayId, changes: CustomerGatewayChanges): Promise<void> =>
      decide(caller, (rows) => {
        const gateway = orNotFound(rows.customerGateways.find(caller, id), id);
        rows.customerGateways.update({ ...gateway, ...changes });
      }),

    remove: (caller: Caller, id: CustomerGatewayId): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.customerGateways.find(caller, id), id);
        const blocking = rows.vpnConnections.of('customerGateway', id);
        if (blocking.length > 0) refuse('customer-gateway-in-use', { id, blocking: idList(blocking) });
        rows.customerGateways.remove(id);
      }),
  };
}
