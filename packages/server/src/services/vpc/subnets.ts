import type { Cidr } from '@landbridge/net';
import type { Tag } from '../../domain/owned.ts';
import { refuse } from '../../domain/refusal.ts';
import type { RouteTableId, SubnetId, VpcId } from '../../domain/resource-id.ts';
import type { Subnet } from '../../domain/vpc/subnet.ts';
import { rangesOfVpc } from '../../domain/vpc/vpc.ts';
import { isSubnetCidr } from '../../domain/vpc/vpc-cidr.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, idList, orNotFound } from '../changes.ts';
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

export function subnetService({ decide, read, quotas, clock, ids }: ServiceDependencies) {
  function insert(rows: DraftRows, caller: Caller, vpcId: VpcId, input: NewSubnet): Subnet {
    const vpc = orNotFound(rows.vpcs.find(caller, vpcId), vpcId);
    checkQuota(quotas, 'subnetsPerVpc', rows.subnets.of('vpc', vpcId).length, vpcId);
    if (!isSubnetCidr(vpc, input.cidr)) {
      refuse('subnet-outside-vpc', { cidr: input.cidr, vpcId, vpcCidr: rangesOfVpc(vpc).join(', ') });
    }
    const [other] = rows.subnets.overlapping('cidr', [input.cidr], vpcId);
    if (other !== undefined) refuse('subnet-overlap', { cidr: input.cidr, other: other.id, otherCidr: other.cidr });
    const subnet: Subnet = {
      ...input,
      accountId: caller.accountId,
      region: caller.region,
      createdAt: clock.now(),
      id: ids.resourceId('subnet'),
      vpcId,
      routeTableId: tableFor(rows, vpcId, input.routeTableId),
      enableBroadcast: false,
    };
    rows.subnets.insert(subnet);
    return subnet;
  }

  return {
    /** All or none. */
    create: (caller: Caller, vpcId: VpcId, inputs: readonly NewSubnet[]): Promise<Subnet[]> =>
      decide(caller, (rows) => {
        const subnets: Subnet[] = [];
        for (const input of inputs) subnets.push(insert(rows, caller, vpcId, input));
        return subnets;
      }),

    /** With ids only those. */
    list: (caller: Caller, subnetIds?: readonly SubnetId[]): Promise<readonly Subnet[]> =>
      read((rows) => rows.subnets.list(caller, subnetIds)),

    modify: (caller: Caller, id: SubnetId, changes: SubnetChanges): Promise<void> =>
      decide(caller, (rows) => {
        const subnet = orNotFound(rows.subnets.find(caller, id), id);
        rows.subnets.update({ ...subnet, ...changes });
      }),

    remove: (caller: Caller, id: SubnetId): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.subnets.find(caller, id), id);
        const attached = rows.subnetInterfaces.of('subnet', id);
        if (attached.length > 0) {
          const blocking = idList(attached.map(({ interfaceName }) => ({ id: interfaceName })));
          refuse('subnet-in-use', { id, blocking });
        }
        rows.subnets.remove(id);
      }),

    /** Binds the subnet to another route table of its VPC. */
    bindRouteTable: (caller: Caller, id: SubnetId, routeTableId: RouteTableId): Promise<void> =>
      decide(caller, (rows) => {
        const subnet = orNotFound(rows.subnets.find(caller, id), id);
        orNotFound(rows.routeTables.find(caller, routeTableId), routeTableId);
        tableFor(rows, subnet.vpcId, routeTableId);
        rows.subnets.update({ ...subnet, routeTableId });
      }),
  };
}

function tableFor(rows: DraftRows, vpcId: VpcId, wanted: RouteTableId | undefined): RouteTableId {
  const tables = rows.routeTables.of('vpc', vpcId);
  const table = tables.find(({ id, isMain }) => (wanted === undefined ? isMain : id === wanted));
  return table?.id ?? refuse('route-table-of-other-vpc', { id: wanted ?? 'rtb-', vpcId });
}
