import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, StandingClock, type ApiHarness } from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import { sampleCapacity } from '../../../../testing/sample-capacity.ts';
import {
  makeGateway,
  makeKey,
  makePeer,
  makeTunnel,
  makeVpc,
  tunnelRequest,
} from '../../../../testing/sample-resources.ts';
import type { HostCapacity, Load, ResourceUse } from '../../../domain/operator/host-capacity.ts';

/** What a host has no room for is not made: CreateVpnGateway, CreateVpnConnection. */
let api: ApiHarness;
let clock: StandingClock;
let vpc: string;
beforeEach(async () => {
  clock = new StandingClock();
  api = await startHarness({ clock });
  vpc = await makeVpc(api);
});
afterEach(() => api.close());

/** As the acting side would say it now, when nothing runs yet. */
function tell(limit: number, each: Load, more: Partial<HostCapacity> = {}): void {
  const use: ResourceUse = { resource: 'netnsd-files', limit, kept: 10, used: 20, each };
  const measured = { vpnGateways: 0, vpnConnections: 0 };
  api.observed.recordCapacity({ measuredAt: clock.now(), measured, resources: [use], ...more });
}
const gatewaysOf4 = { vpnGateways: 4, vpnConnections: 0 };
const tunnelsOf3 = { vpnGateways: 0, vpnConnections: 3 };
const gatewayRequest = () => ({ VpcId: vpc, VpnGatewayName: 'one more', InternetMaxBandwidthOut: 5 });

describe('a gateway that the host has no room for', () => {
  it('is refused by name of what ends, how much there is and what to do; the last one that fits is made', async () => {
    tell(37, gatewaysOf4);
    await makeGateway(api, vpc);
    const refused = { code: 'ResourceInsufficient', names: ['netnsd', '24', '37', '10', '4', 'LimitNOFILE='] };
    await expectRefusal(api, ['CreateVpnGateway', gatewayRequest()], refused);
    const { Message } = await api.fail('CreateVpnGateway', gatewayRequest());
    expect(Message).toBe(
      'This host carries no more VPN gateways, and those that there are go on. open files of netnsd (LimitNOFILE=): ' +
        '24 of 37 are taken, 10 are kept for everything else, and one more takes 4; raise LimitNOFILE=.',
    );
  });

  it('counts those of every account and region that came since anybody looked, those of the same moment too', async () => {
    tell(41, gatewaysOf4);
    const credential = await makeKey(api, 'tenant');
    const [own, other] = [
      vpc,
      (await api.succeed('CreateVpc', { VpcName: 'v', CidrBlock: '10.9.0.0/16' }, { credential, region: 'test-2' })).Vpc
        .VpcId,
    ];
    const calls = Array.from({ length: 3 }, () => [
      api.call('CreateVpnGateway', { ...gatewayRequest(), VpcId: own }),
      api.call('CreateVpnGateway', { ...gatewayRequest(), VpcId: other }, { credential, region: 'test-2' }),
    ]).flat();
    const answers = await Promise.all(calls);
    const refused = answers.filter((answer) => 'Error' in answer);
    expect(refused).toHaveLength(4);
    for (const answer of refused) expect(answer['Error']).toMatchObject({ Code: 'ResourceInsufficient' });
    expect(api.rows.vpnGateways.all()).toHaveLength(2);
  });

  it('is made once another one is deleted, and what is there is changed and deleted as ever', async () => {
    const gateway = await makeGateway(api, vpc);
    tell(32, gatewaysOf4, { measured: { vpnGateways: 1, vpnConnections: 0 } });
    expect((await api.fail('CreateVpnGateway', gatewayRequest())).Code).toBe('ResourceInsufficient');
    await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
    await api.succeed('ModifyVpnGatewayAttribute', { VpnGatewayId: gateway, VpnGatewayName: 'renamed' });
    const other = await makeKey(api, 'other');
    expect(
      (await api.fail('CreateVpnGateway', { ...gatewayRequest(), VpcId: '', Type: 'CCN' }, { credential: other })).Code,
    ).toBe('ResourceInsufficient');
    for (const { id, vpnGatewayId } of api.rows.vpnConnections.all())
      await api.succeed('DeleteVpnConnection', { VpnGatewayId: vpnGatewayId, VpnConnectionId: id });
    await api.succeed('DeleteVpnGateway', { VpnGatewayId: gateway });
    await makeGateway(api, vpc);
  });
});

describe('a tunnel that the host has no room for', () => {
  it('is refused, and those that there are can be changed', async () => {
    const gateway = await makeGateway(api, vpc);
    const [first, second] = [await makePeer(api, '198.51.100.1'), await makePeer(api, '198.51.100.2')];
    tell(33, tunnelsOf3);
    const tunnel = await makeTunnel(api, gateway, first);
    const refused = { code: 'ResourceInsufficient', names: ['netnsd', '23', '33', '10', '3', 'LimitNOFILE='] };
    await expectRefusal(api, ['CreateVpnConnection', tunnelRequest(gateway, second)], refused);
    const change = { VpnConnectionId: tunnel, PreShareKey: 'another', CustomerGatewayId: second };
    await api.succeed('ModifyVpnConnectionAttribute', change);
    await makeGateway(api, vpc);
  });
});

describe('nothing is refused', () => {
  it('while nobody has looked, where it was looked at long ago, or nothing is known of what it takes', async () => {
    await makeGateway(api, vpc);
    tell(1, gatewaysOf4);
    clock.advance(60_001);
    await makeGateway(api, vpc);
    tell(1, { vpnGateways: 0, vpnConnections: 0 });
    await makeGateway(api, vpc);
    api.observed.recordCapacity({ ...sampleCapacity, measuredAt: clock.now(), resources: [] });
    await makeGateway(api, vpc);
    api.observed.recordCapacity(null);
    await makeGateway(api, vpc);
  });
});

describe('DescribeSystemStatus', () => {
  it('tells administrators how many more there may be, by what ends first, in their language', async () => {
    expect(await api.operate('DescribeSystemStatus')).toMatchObject({ Capacity: null });
    api.observed.recordCapacity({
      ...sampleCapacity,
      measuredAt: clock.now(),
      measured: { vpnGateways: 0, vpnConnections: 0 },
    });
    const { Capacity } = await api.operate('DescribeSystemStatus');
    expect(Capacity).toMatchObject({
      VpnGateways: {
        ...{ More: 3, EndsBy: 'memory' },
        Reason:
          'memory of the host: 689 MiB of 1024 MiB are taken, 256 MiB are kept for everything else, and one more takes 26 MiB; give the host more memory',
      },
      VpnConnections: { More: 20, EndsBy: 'tracked-connections' },
      Resources: [
        { Resource: 'memory', Name: 'memory of the host', Limit: 1_073_741_824, PerVpnGateway: 27_262_976 },
        { Resource: 'tracked-connections', Limit: 1000, Kept: 50, Used: 890, PerVpnGateway: 0, PerVpnConnection: 3 },
      ],
    });
    const chinese = await api.operate('DescribeSystemStatus', {}, { language: 'zh-CN' });
    expect(chinese).toMatchObject({
      Capacity: { VpnGateways: { Reason: expect.stringContaining('主机内存') as string } },
    });
    const credential = await makeKey(api, 'tenant');
    expect(await api.operate('DescribeSystemStatus', {}, { credential })).toMatchObject({ Capacity: null });
  });
});
