import { cidrsOverlap, type Cidr } from '@landbridge/net';
import type { Tag } from '../../domain/owned.ts';
import { refuse } from '../../domain/refusal.ts';
import type { RouteTableId, SubnetId, VpcId } from '../../domain/resource-id.ts';
import type { Subnet } from '../../domain/vpc/subnet.ts';
import { isSubnetCidr } from '../../domain/vpc/vpc-cidr.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Caller } from '../caller.ts';
import { touchCcnOf } from '../ccn/ccn-changes.ts';
import { checkQuota, idList, orNotFound, touchVpc } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface NewSubnet {
  readonly name: string;
  readonly cidr: Cidr;
  readonly zone: string;
  /** The VPC's default table when absent. */
  readonly routeTableId: RouteTableId | undefined;
  readonly tags: readonly Tag[];
}

export interface SubnetChanges {
  readonly name?: string;
  readonly enableBroadcast?: boolean;
}

export type SubnetService = ReturnType<typeof subnetService>;

export function subnetService({ store, quotas, clock, ids }: ServiceDependencies) {
  async function insert(transaction: Transaction, caller: Caller, vpcId: VpcId, input: NewSubnet): Promise<Subnet> {
    const vpc = orNotFound(await transaction.vpcs.find(caller, vpcId), vpcId);
    const siblings = await transaction.subnets.listOfVpc(vpcId);
    checkQuota(quotas, 'subnetsPerVpc', siblings.length);
    if (!isSubnetCidr(vpc.cidr, input.cidr)) {
      refuse('subnet-outside-vpc', { cidr: input.cidr, vpcId, vpcCidr: vpc.cidr });
    }
    const other = siblings.find(({ cidr }) => cidrsOverlap(cidr, input.cidr));
    if (other !== undefined) refuse('subnet-overlap', { cidr: input.cidr, other: other.id, otherCidr: other.cidr });
    const subnet: Subnet = {
      ...input,
      accountId: caller.accountId,
      region: caller.region,
      createdAt: clock.now(),
      id: ids.resourceId('subnet'),
      vpcId,
      routeTableId: await tableFor(transaction, vpcId, input.routeTableId),
      enableBroadcast: false,
    };
    await transaction.subnets.insert(subnet);
    return subnet;
  }

  return {
    /** All or none. */
    create: (caller: Caller, vpcId: VpcId, inputs: readonly NewSubnet[]): Promise<Subnet[]> =>
      store.transaction(async (transaction) => {
        const subnets: Subnet[] = [];
        for (const input of inputs) subnets.push(await insert(transaction, caller, vpcId, input));
        await touchCcnOf(transaction, vpcId);
        await touchVpc(transaction, caller, clock.now(), vpcId);
        return subnets;
      }),

    list: (caller: Caller): Promise<Subnet[]> => store.transaction((transaction) => transaction.subnets.list(caller)),

    modify: (caller: Caller, id: SubnetId, changes: SubnetChanges): Promise<void> =>
      store.transaction(async (transaction) => {
        const subnet = orNotFound(await transaction.subnets.find(caller, id), id);
        await transaction.subnets.update({ ...subnet, ...changes });
        if (changes.enableBroadcast !== undefined) transaction.changed(subnet.vpcId);
      }),

    remove: (caller: Caller, id: SubnetId): Promise<void> =>
      store.transaction(async (transaction) => {
        const subnet = orNotFound(await transaction.subnets.find(caller, id), id);
        const attached = await transaction.subnetInterfaces.listOfSubnet(id);
        if (attached.length > 0) {
          const blocking = idList(attached.map(({ interfaceName }) => ({ id: interfaceName })));
          refuse('subnet-in-use', { id, blocking });
        }
        await transaction.subnets.remove(id);
        await touchCcnOf(transaction, subnet.vpcId);
        await touchVpc(transaction, caller, clock.now(), subnet.vpcId);
      }),

    /** Binds the subnet to another route table of its VPC. */
    bindRouteTable: (caller: Caller, id: SubnetId, routeTableId: RouteTableId): Promise<void> =>
      store.transaction(async (transaction) => {
        const subnet = orNotFound(await transaction.subnets.find(caller, id), id);
        orNotFound(await transaction.routeTables.find(caller, routeTableId), routeTableId);
        await tableFor(transaction, subnet.vpcId, routeTableId);
        await transaction.subnets.update({ ...subnet, routeTableId });
        transaction.changed(subnet.vpcId);
      }),
  };
}

async function tableFor(
  transaction: Transaction,
  vpcId: VpcId,
  wanted: RouteTableId | undefined,
): Promise<RouteTableId> {
  const tables = await transaction.routeTables.listOfVpc(vpcId);
  const table = tables.find(({ id, isMain }) => (wanted === undefined ? isMain : id === wanted));
  return table?.id ?? refuse('route-table-of-other-vpc', { id: wanted ?? 'rtb-', vpcId });
}
