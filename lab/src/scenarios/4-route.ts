import { cloudRanges, connectThreeIdcs, createCcnCloud, type CcnCloud } from '../ccn.ts';
import { connectIdc, type IdcConnection } from '../idc-connection.ts';
import { fullMesh } from '../reachability-matrix.ts';
import type { BuiltScenario, Scenario } from '../scenario.ts';
import { idcRanges } from './several-idcs.ts';

export interface Four extends BuiltScenario {
  readonly ccn: CcnCloud;
  readonly tunnels: readonly [IdcConnection, IdcConnection, IdcConnection];
}

/** The table of scenario 4. */
export const fourTable = fullMesh(['VPC-1', 'VPC-2', 'DC', 'IDC-1', 'IDC-2', 'IDC-3']);

/** Scenario 4, destination routing: TUN-ROUTE ×3 and GWROUTE ×3 on a gateway of the CCN; no VPC routes. */
export const fourRoute: Scenario<Four> = {
  name: '4-route',
  title: 'two VPCs, a Direct Connect network and three IDCs on one CCN, destination routing',
  expected: fourTable,

  async build(tenant) {
    tenant.progress('VPC-1, VPC-2, a Direct Connect gateway and a VPN gateway on one CCN');
    const ccn = await createCcnCloud(tenant);
    tenant.progress(`tunnels from ${ccn.gateway.gatewayId} to IDC-1, IDC-2, IDC-3`);
    const tunnels = await connectThreeIdcs(tenant, async (idc) => {
      const ranges = [...cloudRanges, ...idcRanges.filter((range) => range !== idc.lan)];
      const tunnel = await connectIdc(tenant, { gateway: ccn.gateway, vpcId: '', idc, cloudRanges: ranges });
      await tenant.cloud.createGatewayRoute(ccn.gateway.gatewayId, idc.lan, tunnel.connectionId);
      return tunnel;
    });
    return { ccn, tunnels, hosts: [...ccn.hosts, ...tunnels.map(({ idc }) => idc.host)] };
  },
};
