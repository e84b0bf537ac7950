import type { Cidr, IpAddress } from '@landbridge/net';
import type { Tag } from '../../domain/owned.ts';
import { refuse } from '../../domain/refusal.ts';
import type { VpcId } from '../../domain/resource-id.ts';
import type { RouteTable } from '../../domain/vpc/route-table.ts';
import type { Vpc } from '../../domain/vpc/vpc.ts';
import type { Caller } from '../caller.ts';
import { touchCcnOf } from '../ccn/ccn-changes.ts';
import { checkQuota, idList, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface NewVpc {
  readonly name: string;
  readonly cidr: Cidr;
  readonly enableMulticast: boolean;
  readonly dnsServers: readonly IpAddress[];
  readonly domainName: string;
  readonly publishVpcCidr: boolean;
  readonly publishVpcCidrIpv6: boolean;
  readonly tags: readonly Tag[];
}

export type VpcChanges = Partial<Omit<NewVpc, 'cidr' | 'tags'>>;
export type VpcService = ReturnType<typeof vpcService>;

export function vpcService({ store, quotas, clock, ids }: ServiceDependencies) {
  return {
    /** Makes the VPC and its default route table. */
    create: (caller: Caller, input: NewVpc): Promise<Vpc> =>
      store.transaction(async (transaction) => {
        const { accountId, region } = caller;
        checkQuota(quotas, 'vpcs', await transaction.vpcs.count({ accountId, region }));
        checkQuota(quotas, 'vpcsPerAccount', await transaction.vpcs.count({ accountId }));
        const owned = { accountId, region, createdAt: clock.now() };
        const vpc: Vpc = { ...owned, ...input, id: ids.resourceId('vpc'), isDefault: false };
        const table: RouteTable = {
          ...owned,
          id: ids.resourceId('rtb'),
          vpcId: vpc.id,
          name: 'default',
          isMain: true,
          tags: [],
        };
        await transaction.vpcs.insert(vpc);
        await transaction.routeTables.insert(table);
        transaction.changed(vpc.id);
        return vpc;
      }),

    list: (caller: Caller): Promise<Vpc[]> => store.transaction((transaction) => transaction.vpcs.list(caller)),

    /** Options left out stay as they are. Only what is published to a CCN changes plans. */
    modify: (caller: Caller, id: VpcId, changes: VpcChanges): Promise<void> =>
      store.transaction(async (transaction) => {
        const vpc = orNotFound(await transaction.vpcs.find(caller, id), id);
        await transaction.vpcs.update({ ...vpc, ...changes });
        if ((changes.publishVpcCidr ?? vpc.publishVpcCidr) === vpc.publishVpcCidr) return;
        await touchCcnOf(transaction, id);
        transaction.changed(id);
      }),

    /** Takes the route tables with it; gateways, subnets and its place in a CCN have to go first. */
    remove: (caller: Caller, id: VpcId): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.vpcs.find(caller, id), id);
        const attachment = await transaction.ccnAttachments.find(id);
        const blocking = [
          ...(await transaction.vpnGateways.listOfVpc(id)),
          ...(await transaction.directConnectGateways.listOfVpc(id)),
          ...(await transaction.subnets.listOfVpc(id)),
          ...(attachment === undefined ? [] : [{ id: attachment.ccnId }]),
        ];
        if (blocking.length > 0) refuse('vpc-in-use', { id, blocking: idList(blocking) });
        for (const table of await transaction.routeTables.listOfVpc(id)) {
          for (const route of await transaction.vpcRoutes.listOfTable(table.id)) {
            await transaction.vpcRoutes.remove(route.id);
          }
          await transaction.routeTables.remove(table.id);
        }
        await transaction.ccnAttachmentRequests.remove(id);
        await transaction.vpcs.remove(id);
        transaction.changed(id);
      }),
  };
}
