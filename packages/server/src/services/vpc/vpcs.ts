import type { Cidr, IpAddress } from '@landbridge/net';
import type { Tag } from '../../domain/owned.ts';
import { refuse } from '../../domain/refusal.ts';
import type { VpcId } from '../../domain/resource-id.ts';
import type { RouteTable } from '../../domain/vpc/route-table.ts';
import type { Vpc } from '../../domain/vpc/vpc.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, idList, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { secondaryRangesOf, type SecondaryRangeView } from './secondary-ranges.ts';

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

/** As the wire shows a VPC. */
export interface VpcView extends Vpc {
  readonly secondaryRanges: readonly SecondaryRangeView[];
}

export type VpcChanges = Partial<Omit<NewVpc, 'cidr' | 'tags'>>;
export type VpcService = ReturnType<typeof vpcService>;

export function vpcService({ decide, read, quotas, clock, ids }: ServiceDependencies) {
  return {
    /** Makes the VPC and its default route table. */
    create: (caller: Caller, input: NewVpc): Promise<VpcView> =>
      decide(caller, (rows) => {
        const { accountId, region } = caller;
        checkQuota(quotas, 'vpcs', rows.vpcs.list(caller).length);
        checkQuota(quotas, 'vpcsPerAccount', rows.vpcs.of('account', caller.accountId).length);
        const owned = { accountId, region, createdAt: clock.now() };
        const vpc = { ...owned, ...input, id: ids.resourceId('vpc'), isDefault: false, secondaryRanges: [] };
        const table: RouteTable = {
          ...owned,
          id: ids.resourceId('rtb'),
          vpcId: vpc.id,
          name: 'default',
          isMain: true,
          tags: [],
        };
        rows.vpcs.insert(vpc);
        rows.routeTables.insert(table);
        return vpc;
      }),

    /** With ids only those. */
    list: (caller: Caller, vpcIds?: readonly VpcId[]): Promise<readonly VpcView[]> =>
      read((rows) => {
        const vpcs = rows.vpcs.list(caller, vpcIds);
        return vpcs.map((vpc) => ({ ...vpc, secondaryRanges: secondaryRangesOf(vpc, rows) }));
      }),

    /** Options left out stay as they are. */
    modify: (caller: Caller, id: VpcId, changes: VpcChanges): Promise<void> =>
      decide(caller, (rows) => {
        const vpc = orNotFound(rows.vpcs.find(caller, id), id);
        rows.vpcs.update({ ...vpc, ...changes });
      }),

    /** Takes the route tables with it; gateways, subnets and its place in a CCN have to go first. */
    remove: (caller: Caller, id: VpcId): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.vpcs.find(caller, id), id);
        const attachment = rows.ccnAttachments.get(id);
        const blocking = [
          ...rows.vpnGateways.of('vpc', id),
          ...rows.directConnectGateways.of('vpc', id),
          ...rows.subnets.of('vpc', id),
          ...(attachment === undefined ? [] : [{ id: attachment.ccnId }]),
        ];
        if (blocking.length > 0) refuse('vpc-in-use', { id, blocking: idList(blocking) });
        for (const table of rows.routeTables.of('vpc', id)) {
          for (const route of rows.vpcRoutes.of('routeTable', table.id)) {
            rows.vpcRoutes.remove(route.id);
          }
          rows.routeTables.remove(table.id);
        }
        rows.ccnAttachmentRequests.remove(id);
        rows.vpcs.remove(id);
      }),
  };
}
