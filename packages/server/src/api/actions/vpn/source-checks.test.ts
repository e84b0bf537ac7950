import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropCountsOf } from '../../../domain/operator/dropped-packets.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeTunnel, makeVpc } from '../../../../testing/sample-resources.ts';

/** ModifyVpnGatewaySourceCheck and DescribeDroppedPackets of service `landbridge`. */
let api: ApiHarness;
let vpc: string;
let gateway: string;
beforeEach(async () => {
  api = await startHarness();
  vpc = await makeVpc(api);
  gateway = await makeGateway(api, vpc);
});
afterEach(() => api.close());

async function strangerKey() {
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'stranger' });
  return { secretId: String(SecretId), secretKey: String(SecretKey) };
}

describe('the source check of a gateway', () => {
  const isChecked = async () =>
    ((await api.operate('DescribeSystemStatus'))['Gateways'] as { SourceCheck: boolean }[])[0]?.SourceCheck;

  it('is on, and stays as it was set', async () => {
    expect(await isChecked()).toBe(true);
    await api.operate('ModifyVpnGatewaySourceCheck', { VpnGatewayId: gateway, SourceCheck: false });
    expect(await isChecked()).toBe(false);
    await api.succeed('ModifyVpnGatewayAttribute', { VpnGatewayId: gateway, VpnGatewayName: 'other' });
    expect(await isChecked()).toBe(false);
    await api.operate('ModifyVpnGatewaySourceCheck', { VpnGatewayId: gateway, SourceCheck: true });
    expect(await isChecked()).toBe(true);
  });

  it('is the business of the gateway’s account', async () => {
    const request = { VpnGatewayId: gateway, SourceCheck: false };
    const options = { service: 'landbridge', credential: await strangerKey() } as const;
    expect((await api.fail('ModifyVpnGatewaySourceCheck', request, options)).Code).toBe('ResourceNotFound');
    expect(await isChecked()).toBe(true);
  });

  it.each([undefined, 'false', 0])('takes a truth value: %j is none', async (SourceCheck) => {
    const request = { VpnGatewayId: gateway, SourceCheck };
    const { Code } = await api.fail('ModifyVpnGatewaySourceCheck', request, { service: 'landbridge' });
    expect(Code).toMatch(/^(InvalidParameter|MissingParameter)/);
    expect(await isChecked()).toBe(true);
  });
});

describe('dropped packets', () => {
  it('are told by resource and reason, to whom it belongs', async () => {
    const tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
    api.observed.recordDrops(
      gateway,
      dropCountsOf([
        { name: `${tunnel}.unrouted-source`, packets: 7, bytes: 588 },
        { name: `${tunnel}.network-source`, packets: 0, bytes: 0 },
        { name: `${tunnel}.unheard-of`, packets: 3, bytes: 3 },
        { name: 'vpnx-deleted0.unrouted-source', packets: 3, bytes: 3 },
      ]),
    );
    api.observed.recordDrops(vpc, dropCountsOf([{ name: `${vpc}.outside-vpc`, packets: 2, bytes: 168 }]));
    const ofTunnel = {
      ResourceId: tunnel,
      VpnGatewayId: gateway,
      Reason: 'UNROUTED_SOURCE',
      Message: 'no enabled gateway route to this tunnel covers its source',
      Packets: 7,
      Bytes: 588,
    };
    const answer = await api.operate('DescribeDroppedPackets');
    expect(answer).toMatchObject({ TotalCount: 2 });
    expect(answer['DroppedPacketSet']).toEqual([
      ofTunnel,
      expect.objectContaining({ ResourceId: vpc, VpnGatewayId: '', Reason: 'OUTSIDE_VPC', Packets: 2 }),
    ]);
    const found = async (Name: string, value: string) =>
      (await api.operate('DescribeDroppedPackets', { Filters: [{ Name, Values: [value] }] }))['DroppedPacketSet'];
    expect(await found('vpn-gateway-id', gateway)).toEqual([ofTunnel]);
    expect(await found('resource-id', tunnel)).toEqual([ofTunnel]);
    expect(await found('reason', 'UNROUTED_SOURCE')).toEqual([ofTunnel]);
    expect(await found('reason', 'IPV6')).toEqual([]);
    expect(await api.operate('DescribeDroppedPackets', { Limit: 1, Offset: 1 })).toMatchObject({
      TotalCount: 2,
      DroppedPacketSet: [{ ResourceId: vpc }],
    });
    const credential = await strangerKey();
    expect(await api.operate('DescribeDroppedPackets', {}, { credential })).toMatchObject({
      TotalCount: 0,
      DroppedPacketSet: [],
    });
    api.observed.forgetPlan(vpc);
    expect((await api.operate('DescribeDroppedPackets'))['DroppedPacketSet']).toEqual([ofTunnel]);
  });
});
