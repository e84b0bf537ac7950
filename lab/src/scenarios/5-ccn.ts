import { cloudRanges, createCcnCloud, type CcnCloud } from '../ccn.ts';
import { fullMesh } from '../reachability-matrix.ts';
import type { Scenario } from '../scenario.ts';
import { mainStates, measurePairStates, shortHoldDown } from './pair-states.ts';
import { connectTwoDevices, steadyHealthCheck, waitUntilHealthy, type TwoDevices } from './two-devices.ts';

export interface FiveCcn extends TwoDevices {
  readonly ccn: CcnCloud;
}

const expected = fullMesh(['VPC-1', 'VPC-2', 'DC', 'IDC-1']);

/** Scenario 5, variant 2: as variant 1 with a gateway of the CCN; no VPC routes. */
export const fiveCcn: Scenario<FiveCcn> = {
  name: '5-ccn',
  title: 'two VPCs and a Direct Connect network on one CCN, an IDC with two devices, active and standby',
  expected,
  settings: shortHoldDown,

  async build(tenant) {
    tenant.progress('VPC-1, VPC-2, a Direct Connect gateway and a VPN gateway on one CCN');
    const ccn = await createCcnCloud(tenant);
    const side = { gateway: ccn.gateway, vpcId: '', ranges: cloudRanges, hosts: ccn.hosts };
    const built = await connectTwoDevices(tenant, side, { priorities: [0, 100], healthCheck: steadyHealthCheck });
    await waitUntilHealthy(tenant, built);
    tenant.progress('both tunnels are connected and their probes are answered');
    return { ...built, ccn };
  },

  measureStates: (tenant, built) => measurePairStates(tenant, built, { states: mainStates, expected }),
};
