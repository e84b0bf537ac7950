import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type TestCredential } from '../../../../testing/api-harness.ts';
import type { PlanKey } from '../../../plan/plan.ts';
import { makeGateway, makePeer, makeSubnet, makeTunnel, makeVpc } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let VpcId: string;
let VpnGatewayId: string;
let CustomerGatewayId: string;
let VpnConnectionId: `vpnx-${string}`;
beforeEach(async () => {
  api = await startHarness();
  VpcId = await makeVpc(api);
  VpnGatewayId = await makeGateway(api, VpcId);
  CustomerGatewayId = await makePeer(api, '198.51.100.7');
  VpnConnectionId = await makeTunnel(api, VpnGatewayId, CustomerGatewayId);
  applyAll();
});
afterEach(() => api.close());

function applyAll(): void {
  for (const id of [VpcId, VpnGatewayId]) api.apply(id);
}

const resultOf = async (TaskId: unknown) => {
  const { Status, Output } = await api.succeed('DescribeVpcTaskResult', { TaskId });
  return [Status, Output];
};

async function idOfCall(action: string, parameters: object): Promise<unknown> {
  const { RequestId, Error: error } = await api.call(action, parameters);
  expect(error, action).toBeUndefined();
  return RequestId;
}

describe('DescribeVpcTaskResult', () => {
  it('knows every call that changes something, also one that changes nothing of the network, or nothing at all', async () => {
    const calls: readonly (readonly [string, object])[] = [
      ['ModifyVpnConnectionAttribute', { VpnConnectionId, VpnConnectionName: 'other' }],
      ['ModifyVpnConnectionAttribute', { VpnConnectionId, VpnConnectionName: 'other' }],
      ['ModifyVpnGatewayAttribute', { VpnGatewayId, VpnGatewayName: 'other' }],
      ['ModifyVpnGatewayAttribute', { VpnGatewayId }],
      ['ModifyCustomerGatewayAttribute', { CustomerGatewayId, CustomerGatewayName: 'other' }],
      ['ModifyVpcAttribute', { VpcId, VpcName: 'other' }],
      ['ModifyVpcAttribute', { VpcId }],
      ['CreateCustomerGateway', { CustomerGatewayName: 'peer', IpAddress: '198.51.100.8' }],
    ];
    for (const [action, parameters] of calls) {
      const id = await idOfCall(action, parameters);
      // A plan that may have changed is made anew first.
      await expect.poll(() => resultOf(id), { message: action }).toEqual(['SUCCESS', '']);
    }
  });

  it('knows neither a call that was refused, nor one that only looks, nor another account’s', async () => {
    const refused = await api.call('ModifyVpcAttribute', { VpcId: 'vpc-00000000', VpcName: 'x' });
    const looked = await api.call('DescribeVpcs');
    const known = await idOfCall('ModifyVpcAttribute', { VpcId, VpcName: 'x' });
    const created = await api.operate('CreateAccessKey', { AccountName: 'tenant' });
    const credential: TestCredential = {
      secretId: String(created['SecretId']),
      secretKey: String(created['SecretKey']),
    };
    const asked = [
      [refused['RequestId'], {}],
      [looked['RequestId'], {}],
      [known, { credential }],
    ] as const;
    for (const [TaskId, options] of asked) {
      expect((await api.fail('DescribeVpcTaskResult', { TaskId }, options)).Code).toBe('ResourceNotFound');
    }
    expect(await resultOf(known)).toEqual(['SUCCESS', '']);
  });

  it('waits for every plan that a call changed', async () => {
    const subnet = { VpcId, SubnetName: 's', CidrBlock: '10.0.9.0/24', Zone: 'z-1' };
    const id = await idOfCall('CreateSubnet', subnet);
    const outcome = { appliedGeneration: 1, error: 'the bridge cannot be made', at: 0 };
    api.observed.recordOutcome({ key: VpcId, ...outcome });
    expect(await resultOf(id)).toEqual(['RUNNING', 'the bridge cannot be made']);
    api.apply(VpcId);
    // Gateways speak with addresses of subnets.
    expect(await resultOf(id)).toEqual(['RUNNING', '']);
    api.apply(VpnGatewayId);
    expect(await resultOf(id)).toEqual(['SUCCESS', '']);
    // What is changed later is not waited for any more.
    const ranges = { VpcId, CidrBlocks: ['172.16.0.0/16'] };
    const later = await idOfCall('CreateAssistantCidr', ranges);
    expect(await resultOf(later)).toEqual(['RUNNING', '']);
    applyAll();
    expect(await resultOf(later)).toEqual(['SUCCESS', '']);
  });

  it('says FAILED of a tunnel that could not be made, until it is', async () => {
    const other = await makeTunnel(api, VpnGatewayId, await makePeer(api, '198.51.100.9'));
    applyAll();
    const id = await idOfCall('ModifyVpnConnectionAttribute', { VpnConnectionId, PreShareKey: 'another' });
    expect((await resultOf(id))[0]).toBe('RUNNING');
    const failWith = (...failed: (readonly [`vpnx-${string}`, string])[]) => {
      const key = VpnGatewayId as PlanKey;
      const error = failed.map((pair) => pair.join(': ')).join('; ') || null;
      const { generation: appliedGeneration } = api.image;
      api.observed.recordOutcome({ key, appliedGeneration, error, failures: new Map(failed), at: 0 });
    };
    failWith([VpnConnectionId, 'charon refuses it']);
    expect(await resultOf(id)).toEqual(['FAILED', 'charon refuses it']);
    failWith([other, 'charon refuses it']);
    expect(await resultOf(id)).toEqual(['SUCCESS', '']);
    failWith([VpnConnectionId, 'charon refuses it']);
    await api.succeed('DeleteVpnConnection', { VpnGatewayId, VpnConnectionId });
    applyAll();
    expect(await resultOf(id)).toEqual(['SUCCESS', '']);
  });

  it('says FAILED of a gateway of whose plan a part could not be made', async () => {
    const Routes = [
      {
        ...{ DestinationCidrBlock: '192.168.9.0/24', InstanceType: 'VPNCONN', InstanceId: VpnConnectionId },
        ...{ Priority: 0, Status: 'ENABLE' },
      },
    ];
    const id = await idOfCall('CreateVpnGatewayRoutes', { VpnGatewayId, Routes });
    const { generation: appliedGeneration } = api.image;
    api.observed.recordOutcome({ key: VpnGatewayId, appliedGeneration, error: 'no route was made', at: 0 });
    expect(await resultOf(id)).toEqual(['FAILED', 'no route was made']);
  });

  it('lasts no longer than its resource', async () => {
    const own = await makeVpc(api);
    const { SubnetId } = await makeSubnet(api, own);
    const id = await idOfCall('ModifyVpcAttribute', { VpcId: own, EnableRouteVpcPublish: true });
    await expect.poll(() => resultOf(id)).toEqual(['SUCCESS', '']);
    const removal = await idOfCall('DeleteSubnet', { SubnetId });
    expect((await resultOf(removal))[0]).toBe('RUNNING');
    await api.succeed('DeleteVpc', { VpcId: own });
    await expect.poll(() => resultOf(removal)).toEqual(['SUCCESS', '']);
  });
});
