import type { CreatedGateway } from './cloud.ts';
import { createDcNetwork } from './dc-network.ts';
import type { Host } from './host.ts';
import type { IdcConnection } from './idc-connection.ts';
import type { IdcDevice } from './idc-device.ts';
import type { Tenant } from './tenant.ts';

/** The cloud of scenario 4: VPC-1, VPC-2, a Direct Connect gateway and a VPN gateway on one CCN. */
export interface CcnCloud {
  readonly ccnId: string;
  readonly vpc1: { readonly vpcId: string; readonly routeTableId: string };
  readonly vpc2: { readonly vpcId: string; readonly routeTableId: string };
  readonly directConnectGatewayId: string;
  readonly gateway: CreatedGateway;
  readonly hosts: readonly [Host, Host, Host];
}

export const cloudRanges = ['10.0.0.0/16', '172.16.0.0/16', '192.168.9.0/24'] as const;

/** CreateCcn; PREP-VPC ×2; the Direct Connect gateway with its line; GW(CCN); AttachCcnInstances. */
export async function createCcnCloud(tenant: Tenant): Promise<CcnCloud> {
  const { cloud, lab } = tenant;
  const [hostA, hostC, dc] = await Promise.all([
    lab.createVpcHost({ name: 'VPC-1', label: 'vpc1-a', subnetPrefix: '10.0.1' }),
    lab.createVpcHost({ name: 'VPC-2', label: 'vpc2-c', subnetPrefix: '172.16.1' }),
    createDcNetwork(lab),
  ]);
  const ccnId = await cloud.createCcn('ccn');
  const vpc1 = await cloud.createVpc('vpc1', '10.0.0.0/16');
  await cloud.createSubnet(vpc1.vpcId, 'A', '10.0.1.0/24', lab.cable('vpc1-a'));
  const vpc2 = await cloud.createVpc('vpc2', '172.16.0.0/16');
  await cloud.createSubnet(vpc2.vpcId, 'C', '172.16.1.0/24', lab.cable('vpc2-c'));
  const directConnectGatewayId = await cloud.createDirectConnectGateway('dc', ccnId, dc);
  const gateway = await cloud.createVpnGateway('', 'ccn-gateway');
  await cloud.attachToCcn(ccnId, [
    { InstanceType: 'VPC', InstanceId: vpc1.vpcId },
    { InstanceType: 'VPC', InstanceId: vpc2.vpcId },
    { InstanceType: 'VPNGW', InstanceId: gateway.gatewayId },
  ]);
  await cloud.waitUntilAttached(ccnId, 4);
  return { ccnId, vpc1, vpc2, directConnectGatewayId, gateway, hosts: [hostA, hostC, dc.host] };
}

/** Three IDCs, each connected by `connect`; returns when all tunnels are up. */
export async function connectThreeIdcs(
  tenant: Tenant,
  connect: (idc: IdcDevice) => Promise<IdcConnection>,
): Promise<readonly [IdcConnection, IdcConnection, IdcConnection]> {
  const [one, two, three] = await Promise.all([1, 2, 3].map((n) => tenant.lab.createIdc(n)));
  if (one === undefined || two === undefined || three === undefined) throw new Error('three IDCs are expected');
  const tunnels = [await connect(one), await connect(two), await connect(three)] as const;
  await Promise.all(tunnels.map(({ connectionId }) => tenant.cloud.waitUntilConnected(connectionId)));
  tenant.progress('all three are connected');
  return tunnels;
}
