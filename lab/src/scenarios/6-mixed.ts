import { connectIdc } from '../idc-connection.ts';
import type { Scenario } from '../scenario.ts';
import { createThreeIdcs, idcRanges, type SeveralIdcs } from './several-idcs.ts';

/** Scenario 6 B: SPD tunnels to IDC-1 and IDC-2, destination routing to IDC-3 with its only gateway route; VPCROUTE ×3. */
export const sixMixed: Scenario<SeveralIdcs> = {
  name: '6-mixed',
  title: 'one VPC and three IDCs that must not reach each other, SPD policies for two and destination routing for one',
  expected: {
    'VPC-1 A': { 'IDC-1': 'yes', 'IDC-2': 'yes', 'IDC-3': 'yes' },
    'IDC-1': { 'VPC-1 A': 'yes', 'IDC-2': 'no', 'IDC-3': 'no' },
    'IDC-2': { 'VPC-1 A': 'yes', 'IDC-1': 'no', 'IDC-3': 'no' },
    'IDC-3': { 'VPC-1 A': 'yes', 'IDC-1': 'no', 'IDC-2': 'no' },
  },

  build: (tenant) =>
    createThreeIdcs(tenant, async (idc, { vpcId, gateway }, n) => {
      const cloudRanges = ['10.0.0.0/16', ...idcRanges.filter((range) => range !== idc.lan)];
      if (n < 3)
        return connectIdc(tenant, { gateway, vpcId, idc, policies: { '10.0.0.0/16': [idc.lan] }, cloudRanges });
      const tunnel = await connectIdc(tenant, { gateway, vpcId, idc, cloudRanges });
      await tenant.cloud.createGatewayRoute(gateway.gatewayId, idc.lan, tunnel.connectionId);
      return tunnel;
    }),
};
