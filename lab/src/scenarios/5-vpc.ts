import type { Scenario } from '../scenario.ts';
import { measurePairStates } from './5-vpc-states.ts';
import { buildFiveVpc, fiveVpcTable, type FiveVpc } from './two-devices.ts';

/** Scenario 5, variant 1: two tunnels to two devices of one IDC, GWROUTE with priority 0 and 100, health checks. */
export const fiveVpc: Scenario<FiveVpc> = {
  name: '5-vpc',
  title: 'one VPC and one IDC with two devices, active and standby by health checks',
  expected: fiveVpcTable,
  // Shorter than the default, so that each state does not cost ten seconds.
  settings: { holdDown: { checkedMs: 2000, uncheckedMs: 500 } },
  build: (world) => buildFiveVpc(world, { priorities: [0, 100] }),
  measureStates: measurePairStates,
};
