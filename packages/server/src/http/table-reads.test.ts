import { StatementSync } from 'node:sqlite';
import { parseCidr } from '@landbridge/net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startHarness, testUplink, type ApiHarness } from '../../testing/api-harness.ts';
import { defaultQuotas } from '../domain/operator/quotas.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import { tableNames } from '../image/tables.ts';
import { IssuedPlans } from '../planning/issued-plans.ts';

vi.setConfig({ testTimeout: 60_000 });

const vpcCount = 50;
const uplink = { ...testUplink, addresses: [parseCidr('203.0.113.0/24')] } as Uplink;
const columnName = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const desired = new Set(tableNames.map(columnName));

/** Names of the tables of desired rows that statements read, each as often as one did. */
const reads: string[] = [];

function note(this: StatementSync): void {
  if (!/^\s*select\b/i.test(this.sourceSQL)) return;
  for (const [, name = ''] of this.sourceSQL.matchAll(/\b(?:from|join)\s+"?(\w+)"?/gi)) {
    if (desired.has(name)) reads.push(name);
  }
}

let harness: ApiHarness;

beforeEach(async () => {
  reads.length = 0;
  for (const method of ['all', 'get', 'run', 'iterate'] as const) {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its object
    const original = StatementSync.prototype[method] as (...values: unknown[]) => unknown;
    vi.spyOn(StatementSync.prototype, method).mockImplementation(function (this: StatementSync, ...values: unknown[]) {
      note.call(this);
      return original.apply(this, values) as never;
    });
  }
  const many = { vpcs: vpcCount, vpcsPerAccount: vpcCount, vpcVpnGateways: vpcCount, vpnGatewaysPerAccount: vpcCount };
  harness = await startHarness({
    quotas: { ...defaultQuotas, ...many },
    uplink,
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await harness.close();
});

async function makeNetwork(): Promise<{ readonly gatewayId: string; readonly peerId: string }> {
  const gatewayIds: string[] = [];
  for (let index = 0; index < vpcCount; index++) {
    const { Vpc } = await harness.succeed('CreateVpc', { VpcName: `vpc-${index}`, CidrBlock: '10.0.0.0/16' });
    const { VpnGateway } = await harness.succeed('CreateVpnGateway', {
      VpcId: Vpc.VpcId,
      VpnGatewayName: `gateway-${index}`,
      InternetMaxBandwidthOut: 5,
    });
    gatewayIds.push(VpnGateway.VpnGatewayId);
  }
  harness.applyAll();
  const peer = { CustomerGatewayName: 'peer', IpAddress: '198.51.100.7' };
  const { CustomerGateway } = await harness.succeed('CreateCustomerGateway', peer);
  return { gatewayId: gatewayIds[0] ?? '', peerId: CustomerGateway.CustomerGatewayId };
}

test('every table is read once, at the start', () => {
  expect(new Set(reads)).toEqual(desired);
});

test('no change reads a table of desired rows, and neither does a question', async () => {
  const { gatewayId, peerId } = await makeNetwork();
  reads.length = 0;
  const { VpnConnection } = await harness.succeed('CreateVpnConnection', {
    VpnGatewayId: gatewayId,
    CustomerGatewayId: peerId,
    VpnConnectionName: 'tunnel',
    PreShareKey: 'a key',
  });
  const id = VpnConnection.VpnConnectionId;
  await harness.succeed('DescribeVpnConnections', { VpnConnectionIds: [id] });
  await harness.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: id, PreShareKey: 'another key' });
  const nextHop = { InstanceType: 'VPNCONN', InstanceId: id, Priority: 0, Status: 'ENABLE' };
  const route = { DestinationCidrBlock: '172.20.0.0/16', ...nextHop };
  const { Routes } = await harness.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: gatewayId, Routes: [route] });
  const RouteIds = Routes.map(({ RouteId }) => RouteId);
  await harness.succeed('DeleteVpnGatewayRoutes', { VpnGatewayId: gatewayId, RouteIds });
  await harness.succeed('DeleteVpnConnection', { VpnGatewayId: gatewayId, VpnConnectionId: id });
  expect(reads).toEqual([]);
});

test('an idle host whose 100 namespaces are looked at again and again reads none either', async () => {
  await makeNetwork();
  const plans = new IssuedPlans({
    image: harness.image,
    uplink,
    observed: harness.observed,
    readForwarding: () => Promise.resolve('ours'),
    onChanged: () => undefined,
  });
  reads.length = 0;
  const keys = plans.keys();
  expect(keys.length).toBeGreaterThanOrEqual(2 * vpcCount);
  for (let look = 0; look < 10; look++) {
    for (const key of plans.keys()) expect((await plans.planFor(key))?.key).toBe(key);
  }
  expect(reads).toEqual([]);
});
