import { parseCidr } from '@landbridge/net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { defaultQuotas } from '../../src/domain/operator/quotas.ts';
import { testRegion, VendorClients, type SdkError } from './vendor-clients.ts';

/** A machine that does much beside is no error. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** 32 clients of one account at once: each with objects of its own, and all of them after the same ones. */
const crowd = Array.from({ length: 32 }, (_, index) => index);
const ccnQuota = 5;
const peerQuota = crowd.length + 3;

let clients: VendorClients;
beforeAll(async () => {
  const quotas = {
    ...defaultQuotas,
    ...{
      vpcs: 33,
      vpcsPerAccount: 33,
      ccns: ccnQuota,
      customerGateways: peerQuota,
      customerGatewaysPerAccount: peerQuota,
    },
    ...{ vpcVpnGateways: 32, vpnGatewaysPerAccount: 33 },
  };
  const addresses = [parseCidr('203.0.113.0/25')];
  const uplink = { mode: 'routed', interface: 'eth0', addresses, pathMtu: 1500 } as const;
  clients = await VendorClients.start({ quotas, uplink });
});
afterAll(() => clients.close());
type Calls = VendorClients['vpc'];

/** Each with connections of its own. */
const together = <T>(act: (vpc: Calls, index: number, all: VendorClients) => Promise<T>): Promise<T[]> =>
  Promise.all(
    crowd.map((index) => {
      const each = clients.like({});
      return act(each.vpc, index, each);
    }),
  );

/** What was made, or the code of the refusal. Refusals that the catalogue does not list throw (vendor-clients.ts). */
const orCode = <T>(call: Promise<T>): Promise<T | string> =>
  call.catch((thrown: unknown) => {
    const { code } = thrown as SdkError;
    if (typeof code !== 'string') throw thrown;
    return code;
  });

function split<T extends object>(outcomes: readonly (T | string)[]): { won: T[]; codes: string[] } {
  return {
    won: outcomes.filter((outcome) => typeof outcome === 'object'),
    codes: outcomes.filter((outcome) => typeof outcome === 'string'),
  };
}

/** Everything from the VPC to a route through the tunnel. */
async function build(vpc: Calls, index: number) {
  const { Vpc } = await vpc.CreateVpc({ VpcName: `vpc-${index}`, CidrBlock: `10.${index}.0.0/16` });
  const { VpcId } = Vpc;
  const subnet = { VpcId, SubnetName: 'a', CidrBlock: `10.${index}.1.0/24`, Zone: 'zone-1' };
  const { Subnet } = await vpc.CreateSubnet(subnet);
  const { VpnGateway } = await vpc.CreateVpnGateway({ VpcId, VpnGatewayName: 'g', InternetMaxBandwidthOut: 5 });
  const { VpnGatewayId } = VpnGateway;
  const peer = { CustomerGatewayName: `peer-${index}`, IpAddress: `198.51.100.${index + 1}` };
  const { CustomerGatewayId } = (await vpc.CreateCustomerGateway(peer)).CustomerGateway;
  const { VpnConnection } = await vpc.CreateVpnConnection({
    ...{ VpcId, VpnGatewayId, CustomerGatewayId, VpnConnectionName: `tunnel-${index}` },
    ...{ PreShareKey: `key-${index}`, RouteType: 'StaticRoute' },
  });
  const { VpnConnectionId } = VpnConnection;
  const DestinationCidrBlock = `192.168.${index}.0/24`;
  const { Routes } = await vpc.CreateVpnGatewayRoutes({
    VpnGatewayId,
    Routes: [
      { DestinationCidrBlock, InstanceType: 'VPNCONN', InstanceId: VpnConnectionId, Priority: 0, Status: 'ENABLE' },
    ],
  });
  const RouteId = Routes[0]?.RouteId ?? '';
  return { VpcId, SubnetId: Subnet.SubnetId, VpnGatewayId, CustomerGatewayId, VpnConnectionId, RouteId };
}
type Built = Awaited<ReturnType<typeof build>>;

async function remove(vpc: Calls, built: Built): Promise<void> {
  const { VpnGatewayId, VpnConnectionId, CustomerGatewayId, SubnetId, VpcId } = built;
  await vpc.DeleteVpnGatewayRoutes({ VpnGatewayId, RouteIds: [built.RouteId] });
  await vpc.DeleteVpnConnection({ VpnGatewayId, VpnConnectionId });
  await vpc.DeleteCustomerGateway({ CustomerGatewayId });
  await vpc.DeleteVpnGateway({ VpnGatewayId });
  await vpc.DeleteSubnet({ SubnetId });
  await vpc.DeleteVpc({ VpcId });
}

it('objects of their own come, change and go, and nobody sees another’s answer', async () => {
  const built = await together(build);
  const ids = built.flatMap((each) => Object.values(each));
  expect(new Set(ids).size).toBe(crowd.length * 6);
  const addresses = [...clients.api.rows.vpnGateways.all()].map(({ publicAddress }) => publicAddress);
  expect(new Set(addresses).size).toBe(crowd.length);
  await together(async (vpc, index) => {
    const { VpcId, VpnConnectionId } = built[index]!;
    await vpc.ModifyVpcAttribute({ VpcId, VpcName: `renamed-${index}` });
    await vpc.ModifyVpnConnectionAttribute({ VpnConnectionId, PreShareKey: `other-${index}` });
    const { VpcSet } = await vpc.DescribeVpcs({ VpcIds: [VpcId] });
    expect(VpcSet).toMatchObject([{ VpcName: `renamed-${index}`, CidrBlock: `10.${index}.0.0/16` }]);
    const { VpnConnectionSet } = await vpc.DescribeVpnConnections({ VpnConnectionIds: [VpnConnectionId] });
    expect(VpnConnectionSet).toMatchObject([{ PreShareKey: `other-${index}`, VpnConnectionName: `tunnel-${index}` }]);
  });
  await together((vpc, index) => remove(vpc, built[index]!));
  const { vpcs, subnets, routeTables, vpcRoutes, vpnGateways, customerGateways, vpnConnections } = clients.api.rows;
  for (const table of [vpcs, subnets, routeTables, vpcRoutes, vpnGateways, customerGateways, vpnConnections]) {
    expect([...table.all()]).toEqual([]);
  }
});

it('of those who want the same range, one gets it', async () => {
  const { VpcId } = (await clients.vpc.CreateVpc({ VpcName: 'shared', CidrBlock: '10.0.0.0/16' })).Vpc;
  const request = { VpcId, SubnetName: 'same', CidrBlock: '10.0.1.0/24', Zone: 'zone-1' };
  const { won, codes } = split(await together((vpc) => orCode(vpc.CreateSubnet(request))));
  expect(won).toHaveLength(1);
  expect(new Set(codes)).toEqual(new Set(['InvalidParameterValue.SubnetConflict']));
  const { SubnetSet } = await clients.vpc.DescribeSubnets({});
  expect(SubnetSet.map(({ SubnetId }) => SubnetId)).toEqual([won[0]?.Subnet.SubnetId]);
  await clients.vpc.DeleteSubnet({ SubnetId: SubnetSet[0]!.SubnetId });
  // And of those who delete the same object, one does.
  const gone = split(await together((vpc) => orCode(vpc.DeleteVpc({ VpcId }))));
  expect(gone.won).toHaveLength(1);
  expect(new Set(gone.codes)).toEqual(new Set(['ResourceNotFound']));
});

it('a quota is used up and not overstepped', async () => {
  const { won, codes } = split(await together((vpc, index) => orCode(vpc.CreateCcn({ CcnName: `ccn-${index}` }))));
  expect(won).toHaveLength(ccnQuota);
  expect(codes).toHaveLength(crowd.length - ccnQuota);
  expect(codes.every((code) => code.startsWith('LimitExceeded'))).toBe(true);
  const { CcnSet } = await clients.vpc.DescribeCcns({});
  expect(CcnSet.map(({ CcnId }) => CcnId).toSorted()).toEqual(won.map(({ Ccn }) => Ccn.CcnId).toSorted());
  // Given back while others ask: never more than the quota, and all of it can be had again.
  await together(async (vpc, index) => {
    const { Ccn } = won[index] ?? {};
    if (Ccn !== undefined) await vpc.DeleteCcn({ CcnId: Ccn.CcnId });
    else await orCode(vpc.CreateCcn({ CcnName: `again-${index}` }));
    expect((await vpc.DescribeCcns({})).TotalCount).toBeLessThanOrEqual(ccnQuota);
  });
  const left = await clients.vpc.DescribeCcns({});
  for (let free = ccnQuota - left.TotalCount; free > 0; free--) await clients.vpc.CreateCcn({ CcnName: 'last' });
  expect(await orCode(clients.vpc.CreateCcn({ CcnName: 'too many' }))).toMatch(/^LimitExceeded/);
  for (const { CcnId } of (await clients.vpc.DescribeCcns({})).CcnSet) await clients.vpc.DeleteCcn({ CcnId });
});

it('what each adds to the same object is there at the end', async () => {
  const { VpcId } = (await clients.vpc.CreateVpc({ VpcName: 'shared', CidrBlock: '10.0.0.0/16' })).Vpc;
  const gateway = { VpcId, VpnGatewayName: 'g', InternetMaxBandwidthOut: 5 };
  const { VpnGatewayId: GatewayId } = (await clients.vpc.CreateVpnGateway(gateway)).VpnGateway;
  const { RouteTableId } = (await clients.vpc.CreateRouteTable({ VpcId, RouteTableName: 'shared' })).RouteTable;
  const Resource = `qcs::vpc:${testRegion}:uin/:vpc/${VpcId}`;
  const destination = (index: number) => `192.168.${index}.0/24`;
  const added = await together(async (vpc, index, { tag }) => {
    const Routes = [{ DestinationCidrBlock: destination(index), GatewayType: 'VPN', GatewayId }];
    const [{ RouteTableSet }] = await Promise.all([
      vpc.CreateRoutes({ RouteTableId, Routes: Routes }),
      tag.ModifyResourceTags({ Resource, ReplaceTags: [{ TagKey: `key-${index}`, TagValue: String(index) }] }),
      index % 2 === 0
        ? vpc.ModifyVpcAttribute({ VpcId, VpcName: `name-${index}` })
        : vpc.ModifyVpcAttribute({ VpcId, DnsServers: [`10.0.0.${index + 1}`] }),
    ]);
    return RouteTableSet[0]?.RouteSet.map(({ RouteId }) => RouteId) ?? [];
  });
  const routeIds = added.flat();
  expect(new Set(routeIds).size).toBe(crowd.length);
  const { RouteTableSet } = await clients.vpc.DescribeRouteTables({ RouteTableIds: [RouteTableId] });
  const own = RouteTableSet[0]!.RouteSet.filter(({ RouteType }) => RouteType === 'USER');
  expect(own.map(({ DestinationCidrBlock }) => DestinationCidrBlock).toSorted()).toEqual(
    crowd.map(destination).toSorted(),
  );
  const [shared] = (await clients.vpc.DescribeVpcs({ VpcIds: [VpcId] })).VpcSet;
  expect(shared?.TagSet.map(({ Key }) => Key).toSorted()).toEqual(crowd.map((index) => `key-${index}`).toSorted());
  // Neither the last name nor the last server pushed the other out.
  expect(shared?.VpcName).toMatch(/^name-\d+$/);
  expect(shared?.DnsServerSet).toEqual([expect.stringMatching(/^10\.0\.0\.\d+$/)]);
  await together((vpc, index) => vpc.DeleteRoutes({ RouteTableId, Routes: [{ RouteId: routeIds[index]! }] as never }));
  await clients.vpc.DeleteRouteTable({ RouteTableId });
  await clients.vpc.DeleteVpnGateway({ VpnGatewayId: GatewayId });
  await clients.vpc.DeleteVpc({ VpcId });
});
