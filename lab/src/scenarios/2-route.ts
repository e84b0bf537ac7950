import { connectIdc } from '../idc-connection.ts';
import type { Scenario } from '../scenario.ts';
import { createThreeIdcs, idcRanges, type SeveralIdcs } from './several-idcs.ts';

/** Scenario 2 (and 6 C): TUN-ROUTE ×3, GWROUTE ×3, VPCROUTE ×3. The gateway forwards from tunnel to tunnel. */
export const twoRoute: Scenario<SeveralIdcs> = {
  name: '2-route',
  title: 'one VPC and three IDCs that all reach each other, destination routing',
  expected: {
    'VPC-1 A': { 'IDC-1': 'yes', 'IDC-2': 'yes', 'IDC-3': 'yes' },
    'IDC-1': { 'VPC-1 A': 'yes', 'IDC-2': 'yes', 'IDC-3': 'yes' },
    'IDC-2': { 'VPC-1 A': 'yes', 'IDC-1': 'yes', 'IDC-3': 'yes' },
    'IDC-3': { 'VPC-1 A': 'yes', 'IDC-1': 'yes', 'IDC-2': 'yes' },
  },

  build: (tenant) =>
    createThreeIdcs(tenant, async (idc, { vpcId, gateway }) => {
      const cloudRanges = ['10.0.0.0/16', ...idcRanges.filter((range) => range !== idc.lan)];
      const tunnel = await connectIdc(tenant, { gateway, vpcId, idc, cloudRanges });
      await tenant.cloud.createGatewayRoute(gateway.gatewayId, idc.lan, tunnel.connectionId);
      return tunnel;
    }),
};
