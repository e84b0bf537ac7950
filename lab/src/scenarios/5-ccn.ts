import { cloudRanges, createCcnCloud, type CcnCloud } from '../ccn.ts';
import { fullMesh } from '../reachability-matrix.ts';
import type { Scenario } from '../scenario.ts';
import { mainStates, measurePairStates, shortHoldDown } from './pair-states.ts';
import { connectTwoDevices, waitUntilHealthy, type TwoDevices } from './two-devices.ts';

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

  async build(world) {
    world.progress('VPC-1, VPC-2, a Direct Connect gateway and a VPN gateway on one CCN');
    const ccn = await createCcnCloud(world);
    const side = { gateway: ccn.gateway, vpcId: '', ranges: cloudRanges, hosts: ccn.hosts };
    const built = await connectTwoDevices(world, side, { priorities: [0, 100] });
    await waitUntilHealthy(world, built);
    world.progress('both tunnels are connected and their probes are answered');
    return { ...built, ccn };
  },

  measureStates: (world, built) => measurePairStates(world, built, { states: mainStates, expected }),
};
