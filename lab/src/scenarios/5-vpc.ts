import type { ExpectedMatrix } from '../reachability-matrix.ts';
import type { Scenario } from '../scenario.ts';
import { createVpc1, type Vpc1 } from '../vpc-1.ts';
import type { Tenant } from '../tenant.ts';
import { patience } from '@landbridge/testbed/poll';
import { everyState, mainStates, measurePairStates, shortHoldDown } from './pair-states.ts';
import {
  connectTwoDevices,
  idcLan,
  steadyHealthCheck,
  waitUntilHealthy,
  type TwoDevices,
  type TwoDevicesOptions,
} from './two-devices.ts';

export interface FiveVpc extends TwoDevices {
  readonly vpc1: Vpc1;
}

/** The table of scenario 5, variant 1, in every state in which a tunnel works. */
const expected: ExpectedMatrix = {
  'VPC-1 A': { 'IDC-1': 'yes' },
  'VPC-1 B': { 'IDC-1': 'yes' },
  'IDC-1': { 'VPC-1 A': 'yes', 'VPC-1 B': 'yes' },
};

/**
 * A machine that is slow by nature does the rows of the table in docs/spec/scenarios.md section 5: each state takes it a
 * minute.
 */
const states = patience > 1 ? mainStates : everyState;

/** Scenario 5, variant 1: two tunnels to two devices of one IDC, GWROUTE with priority 0 and 100, health checks. */
export const fiveVpc: Scenario<FiveVpc> = {
  name: '5-vpc',
  title: 'one VPC and one IDC with two devices, active and standby by health checks',
  expected,
  settings: shortHoldDown,
  build: (tenant) => buildFiveVpc(tenant, { priorities: [0, 100], healthCheck: steadyHealthCheck }),
  measureStates: (tenant, built) => measurePairStates(tenant, built, { states, expected }),
};

export async function buildFiveVpc(tenant: Tenant, options: TwoDevicesOptions): Promise<FiveVpc> {
  const { cloud, progress } = tenant;
  progress('VPC-1 with subnets A and B, a VPN gateway');
  const vpc1 = await createVpc1(tenant);
  const { gateway, vpcId, hostA, hostB } = vpc1;
  const side = { gateway, vpcId, ranges: ['10.0.0.0/16'], hosts: [hostA, hostB] as const };
  const built = await connectTwoDevices(tenant, side, options);
  await cloud.createVpcRoute(vpc1.routeTableId, idcLan, gateway.gatewayId);
  await waitUntilHealthy(tenant, built);
  progress('both tunnels are connected and their probes are answered');
  return { ...built, vpc1 };
}
