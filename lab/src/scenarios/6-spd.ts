import { connectIdc } from '../idc-connection.ts';
import type { Scenario } from '../scenario.ts';
import { createThreeIdcs, idcRanges, type SeveralIdcs } from './several-idcs.ts';

/** Scenario 6 A: TUN-SPD(n, 10.0.0.0/16, [own range]) to three IDCs; VPCROUTE ×3; no gateway routes. */
export const sixSpd: Scenario<SeveralIdcs> = {
  name: '6-spd',
  title: 'one VPC and three IDCs that must not reach each other, SPD policies',
  expected: {
    'VPC-1 A': { 'IDC-1': 'yes', 'IDC-2': 'yes', 'IDC-3': 'yes' },
    'IDC-1': { 'VPC-1 A': 'yes', 'IDC-2': 'no', 'IDC-3': 'no' },
    'IDC-2': { 'VPC-1 A': 'yes', 'IDC-1': 'no', 'IDC-3': 'no' },
    'IDC-3': { 'VPC-1 A': 'yes', 'IDC-1': 'no', 'IDC-2': 'no' },
  },

  build: (tenant) =>
    createThreeIdcs(tenant, (idc, { vpcId, gateway }) =>
      connectIdc(tenant, {
        gateway,
        vpcId,
        idc,
        policies: { '10.0.0.0/16': [idc.lan] },
        cloudRanges: ['10.0.0.0/16', ...idcRanges.filter((range) => range !== idc.lan)],
      }),
    ),
};
