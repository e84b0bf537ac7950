import type { IdcConnection } from '../idc-connection.ts';
import type { IdcDevice } from '../idc-device.ts';
import type { BuiltScenario } from '../scenario.ts';
import { createVpc1, type Vpc1 } from '../vpc-1.ts';
import type { Tenant } from '../tenant.ts';

export interface SeveralIdcs extends BuiltScenario {
  readonly vpc1: Vpc1;
  /** Tunnels to IDC-1, IDC-2 and IDC-3. */
  readonly tunnels: readonly [IdcConnection, IdcConnection, IdcConnection];
}

export const idcRanges: readonly string[] = ['192.168.1.0/24', '192.168.2.0/24', '192.168.3.0/24'];

/** What scenarios 2 and 6 share: VPC-1 with a gateway, three IDCs, a VPC route for each; `connect` makes a tunnel. */
export async function createThreeIdcs(
  tenant: Tenant,
  connect: (idc: IdcDevice, vpc1: Vpc1, n: number) => Promise<IdcConnection>,
): Promise<SeveralIdcs> {
  const { cloud, lab, progress } = tenant;
  progress('IDC-1, IDC-2, IDC-3, VPC-1 with subnets A and B, a VPN gateway');
  const [idc1, idc2, idc3, vpc1] = await Promise.all([
    lab.createIdc(1),
    lab.createIdc(2),
    lab.createIdc(3),
    createVpc1(tenant),
  ]);
  progress(`tunnels from ${vpc1.gateway.gatewayId} (${vpc1.gateway.publicAddress}) to the three`);
  const tunnels = [await connect(idc1, vpc1, 1), await connect(idc2, vpc1, 2), await connect(idc3, vpc1, 3)] as const;
  for (const { idc } of tunnels) await cloud.createVpcRoute(vpc1.routeTableId, idc.lan, vpc1.gateway.gatewayId);
  await Promise.all(tunnels.map(({ connectionId }) => cloud.waitUntilConnected(connectionId)));
  progress('all three are connected');
  return { vpc1, tunnels, hosts: [vpc1.hostA, vpc1.hostB, idc1.host, idc2.host, idc3.host] };
}
