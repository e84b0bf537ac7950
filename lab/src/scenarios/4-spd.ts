import { cloudRanges, connectThreeIdcs, createCcnCloud } from '../ccn.ts';
import { connectIdc } from '../idc-connection.ts';
import type { Scenario } from '../scenario.ts';
import { fourTable, type Four } from './4-route.ts';
import { idcRanges } from './several-idcs.ts';

/**
 * Scenario 4 by SPD: each tunnel's local ranges are the cloud's and those of the other IDCs; the gateway's ranges are
 * enabled towards the CCN. From IDC to IDC a packet goes tunnel → CCN → same gateway → other tunnel.
 */
export const fourSpd: Scenario<Four> = {
  name: '4-spd',
  title: 'two VPCs, a Direct Connect network and three IDCs on one CCN, SPD policies',
  expected: fourTable,

  async build(tenant) {
    tenant.progress('VPC-1, VPC-2, a Direct Connect gateway and a VPN gateway on one CCN');
    const ccn = await createCcnCloud(tenant);
    tenant.progress(`SPD tunnels from ${ccn.gateway.gatewayId} to IDC-1, IDC-2, IDC-3`);
    const tunnels = await connectThreeIdcs(tenant, (idc) => {
      const ranges = [...cloudRanges, ...idcRanges.filter((range) => range !== idc.lan)];
      const policies = Object.fromEntries(ranges.map((range) => [range, [idc.lan]]));
      return connectIdc(tenant, { gateway: ccn.gateway, vpcId: '', idc, policies, cloudRanges: ranges });
    });
    await tenant.cloud.setCcnRanges(ccn.gateway.gatewayId, 'ENABLE');
    return { ccn, tunnels, hosts: [...ccn.hosts, ...tunnels.map(({ idc }) => idc.host)] };
  },
};
