import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyTally, type HistoryQuestion, type HistorySeries, type Tally } from '../../../domain/operator/history.ts';
import type { VpnConnectionId, VpnGatewayId } from '../../../domain/resource-id.ts';
import { startHarness, type ApiHarness, type CallOptions } from '../../../../testing/api-harness.ts';
import { makeGateway, makeKey, makePeer, makeTunnel, makeVpc } from '../../../../testing/sample-resources.ts';

/** DescribeTunnelHistory of service `landbridge`, GetMonitorData of service `monitor`. */
const tally: Tally = {
  ...emptyTally,
  ...{ countedMs: 60_000, inBytes: 7_500_000, inPackets: 6000, outBytes: 750_000, outPackets: 600 },
  ...{ probesSent: 40, probesLost: 10, delayMs: 300, watchedMs: 60_000, connectedMs: 45_000 },
};
const noon = Date.UTC(2026, 10, 22, 12);

let api: ApiHarness;
let gateway: VpnGatewayId;
let tunnel: VpnConnectionId;
let asked: HistoryQuestion[];
/** Null: whoever knows is away. */
let answer: ((question: HistoryQuestion) => Promise<readonly HistorySeries[]>) | null;
beforeEach(async () => {
  asked = [];
  answer = ({ series, to }) =>
    Promise.resolve(
      series.map(() => [
        { at: to - (to % 60_000) - 120_000, tally },
        { at: to - (to % 60_000) - 60_000, tally: { ...emptyTally, watchedMs: 60_000 } },
      ]),
    );
  const ask = (question: HistoryQuestion) => {
    asked.push(question);
    return answer?.(question) ?? Promise.resolve(null);
  };
  api = await startHarness({ history: { ask } });
  gateway = (await makeGateway(api, await makeVpc(api), { InternetMaxBandwidthOut: 5 })) as VpnGatewayId;
  tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
});
afterEach(() => api.close());

async function otherAccount(): Promise<CallOptions> {
  return { credential: await makeKey(api, 'other') };
}

const gatewayOfCcn = { VpcId: '', Type: 'CCN', VpnGatewayName: 'g', InternetMaxBandwidthOut: 5 };
const failHistory = (parameters: object, options: CallOptions = {}) =>
  api.fail('DescribeTunnelHistory', parameters, { ...options, service: 'landbridge' });

describe('DescribeTunnelHistory', () => {
  it('tells what passed a tunnel in the last hour by the minute', async () => {
    const { PointSet, ...others } = await api.operate('DescribeTunnelHistory', { ResourceId: tunnel });
    expect(asked).toEqual([{ series: [{ gateway, tunnel }], from: noon - 3_600_000, to: noon, seconds: 60 }]);
    const [From, To] = ['2026-11-22T11:00:00.000Z', '2026-11-22T12:00:00.000Z'];
    expect(others).toMatchObject({ ResourceId: tunnel, Step: 60, From, To });
    const traffic = { InBytes: 7_500_000, InPackets: 6000, OutBytes: 750_000, OutPackets: 600, CountedMs: 60_000 };
    const nothing = { InBytes: 0, InPackets: 0, OutBytes: 0, OutPackets: 0, CountedMs: 0 };
    expect(PointSet).toEqual([
      { Time: '2026-11-22T11:58:00.000Z', ...traffic, ProbeLossRatio: 0.25, ProbeDelayMs: 10, ConnectedRatio: 0.75 },
      { Time: '2026-11-22T11:59:00.000Z', ...nothing, ProbeLossRatio: null, ProbeDelayMs: null, ConnectedRatio: 0 },
    ]);
  });

  it('of a gateway asks for all of its tunnels, in other steps and times', async () => {
    const [From, To] = ['2026-11-21T12:00:00.000Z', '2026-11-21T13:00:00.000Z'];
    await api.operate('DescribeTunnelHistory', { ResourceId: gateway, From, To, Step: 300 }, { region: 'test-2' });
    const day = 86_400_000;
    expect(asked).toEqual([
      { series: [{ gateway, tunnel: null }], from: noon - day, to: noon - day + 3_600_000, seconds: 300 },
    ]);
  });

  it('is of the caller’s own tunnels, and of everybody’s for an administrator', async () => {
    const other = await otherAccount();
    expect((await failHistory({ ResourceId: tunnel }, other)).Code).toBe('ResourceNotFound');
    expect((await failHistory({ ResourceId: gateway }, other)).Code).toBe('ResourceNotFound');
    expect((await failHistory({ ResourceId: 'vpnx-00000000' })).Code).toBe('ResourceNotFound');
    expect(asked).toEqual([]);
    const { VpnGateway } = await api.succeed('CreateVpnGateway', gatewayOfCcn, other);
    const theirs = VpnGateway.VpnGatewayId as VpnGatewayId;
    await api.operate('DescribeTunnelHistory', { ResourceId: theirs }, other);
    await api.operate('DescribeTunnelHistory', { ResourceId: theirs });
    expect(asked.map(({ series }) => series)).toEqual(Array(2).fill([{ gateway: theirs, tunnel: null }]));
  });

  it('refuses times that are none, in the wrong order or too far apart', async () => {
    const From = '2026-11-22T11:00:00.000Z';
    expect((await failHistory({ ResourceId: tunnel, From: 'yesterday' })).Code).toBe('InvalidParameterValue.Malformed');
    const early = await failHistory({ ResourceId: tunnel, From, To: '2026-11-22T10:00:00.000Z' });
    expect(early).toMatchObject({
      Code: 'InvalidParameterValue.Range',
      Message: expect.stringContaining('`To`') as string,
    });
    const long = await failHistory({ ResourceId: tunnel, From: '2026-11-22T06:00:00.000Z', Step: 10 });
    expect(long.Message).toContain('more than 2016 steps of 10 s before `To`');
    expect((await failHistory({ ResourceId: tunnel, Step: 30 })).Code).toBe('InvalidParameterValue');
  });

  it('says so where the agent cannot tell, and lets an account ask two questions at once', async () => {
    answer = null;
    expect((await failHistory({ ResourceId: tunnel })).Code).toBe('ResourceUnavailable');
    const answered = Promise.withResolvers<readonly HistorySeries[]>();
    answer = () => answered.promise;
    const ask = () => api.operate('DescribeTunnelHistory', { ResourceId: tunnel });
    const two = [ask(), ask()];
    expect((await failHistory({ ResourceId: tunnel })).Code).toBe('RequestLimitExceeded');
    answered.resolve([[]]);
    await Promise.all(two);
    await ask();
    const monitor = { Namespace: 'QCE/VPNX', MetricName: 'Delay', Instances: instances(tunnel) };
    answer = null;
    expect((await failMonitor(monitor)).Code).toBe('ResourceUnavailable');
    const again = Promise.withResolvers<readonly HistorySeries[]>();
    answer = () => again.promise;
    const others = [ask(), ask()];
    expect((await failMonitor(monitor)).Code).toBe('RequestLimitExceeded');
    again.resolve([[]]);
    await Promise.all(others);
  });
});

const instances = (...ids: string[]) =>
  ids.map((Value) => ({ Dimensions: [{ Name: Value.startsWith('vpnx') ? 'vpnConnId' : 'vpnGwId', Value }] }));
const failMonitor = (parameters: object, options: CallOptions = {}) =>
  api.fail('GetMonitorData', parameters, { ...options, service: 'monitor' });

interface MonitorReply {
  readonly DataPoints: readonly { readonly Timestamps: number[]; readonly Values: number[] }[];
}

describe('GetMonitorData', () => {
  const read = async (parameters: object) => {
    const reply = await api.call('GetMonitorData', parameters, { service: 'monitor' });
    return (reply as unknown as MonitorReply).DataPoints;
  };

  it.each([
    ['QCE/VPNX', 'InBandwidth', 1],
    ['QCE/VPNX', 'OutBandwidth', 0.1],
    ['QCE/VPNX', 'InPkg', 100],
    ['QCE/VPNX', 'OutPkg', 10],
    ['QCE/VPNX', 'PkgDrop', 25],
    ['QCE/VPNX', 'Delay', 10],
    ['QCE/VPNX', 'Disconnected', 0.25],
    ['QCE/VPNGW', 'InBandwidth', 1],
    ['QCE/VPNGW', 'OutBandwidth', 0.1],
    ['QCE/VPNGW', 'Inpkg', 100],
    ['QCE/VPNGW', 'Outpkg', 10],
    ['QCE/VPNGW', 'VpnBandwidthUsageRate', 2],
  ])('%s has %s, in capitals or not', async (Namespace, MetricName, value) => {
    const Instances = instances(Namespace === 'QCE/VPNX' ? tunnel : gateway);
    const asked = { Namespace, MetricName, Instances, Period: 60 };
    const [points] = await read(asked);
    const at = (noon - 120_000) / 1000;
    const isWatched = MetricName === 'Disconnected';
    expect(points).toMatchObject({
      Timestamps: isWatched ? [at, at + 60] : [at],
      Values: isWatched ? [value, 1] : [value],
    });
    const lower = { ...asked, Namespace: Namespace.toLowerCase(), MetricName: MetricName.toLowerCase() };
    expect(await read(lower)).toEqual([points]);
  });

  it('answers in the form of the vendor, the times as they are and the end included', async () => {
    const [StartTime, EndTime] = ['2026-11-22T18:00:00+08:00', '2026-11-22 11:00:00'];
    const metric = { Namespace: 'QCE/VPNX', MetricName: 'InPkg', Instances: instances(tunnel), SpecifyStatistics: 1 };
    const reply = await api.call('GetMonitorData', { ...metric, StartTime, EndTime }, { service: 'monitor' });
    expect(reply).toMatchObject({
      ...{ Period: 300, MetricName: 'InPkg', Msg: '' },
      ...{ StartTime: '2026-11-22 10:00:00', EndTime: '2026-11-22 11:00:00' },
      DataPoints: [{ Dimensions: instances(tunnel)[0]!.Dimensions, Values: [100], AvgValues: [100], MaxValues: null }],
    });
    expect(asked).toEqual([
      { series: [{ gateway, tunnel }], from: noon - 2 * 3_600_000, to: noon - 3_600_000 + 1, seconds: 300 },
    ]);
  });

  it('is of the caller’s own resources in the region, an administrator’s too', async () => {
    const metric = { Namespace: 'QCE/VPNGW', MetricName: 'Inpkg' };
    const other = await otherAccount();
    expect((await failMonitor({ ...metric, Instances: instances(gateway) }, other)).Code).toBe('ResourceNotFound');
    const elsewhere = { region: 'test-2' };
    expect((await failMonitor({ ...metric, Instances: instances(gateway) }, elsewhere)).Code).toBe('ResourceNotFound');
    const second = (await makeGateway(api, await makeVpc(api))) as VpnGatewayId;
    await read({ ...metric, Instances: instances(gateway, second) });
    expect(asked.map(({ series }) => series)).toEqual([
      [
        { gateway, tunnel: null },
        { gateway: second, tunnel: null },
      ],
    ]);
    const { VpnGateway } = await api.succeed('CreateVpnGateway', gatewayOfCcn, other);
    const theirs = { ...metric, Instances: instances(VpnGateway.VpnGatewayId) };
    expect((await failMonitor(theirs)).Code).toBe('ResourceNotFound');
    expect((await failMonitor({ ...metric, Instances: instances(gateway, VpnGateway.VpnGatewayId) })).Code).toBe(
      'ResourceNotFound',
    );
    expect(asked).toHaveLength(1);
  });

  it('names what it does not know', async () => {
    const metric = { Namespace: 'QCE/VPNX', MetricName: 'Delay', Instances: instances(tunnel) };
    const wrong = [
      [{ Namespace: 'QCE/CVM' }, '`Namespace`'],
      [{ MetricName: 'VpnBandwidthUsageRate' }, '`MetricName`'],
      [{ Instances: [{ Dimensions: [{ Name: 'vpnGwId', Value: tunnel }] }] }, '`Instances.0.Dimensions.0.Name`'],
      [{ Instances: [{ Dimensions: [{ Name: 'vpnConnId', Value: gateway }] }] }, '`Instances.0.Dimensions.0.Value`'],
    ] as const;
    for (const [change, named] of wrong) {
      expect((await failMonitor({ ...metric, ...change })).Message).toContain(named);
    }
    for (const SpecifyStatistics of [2, 7]) {
      expect((await failMonitor({ ...metric, SpecifyStatistics })).Code).toMatch(/^InvalidParameterValue/);
    }
    expect((await failMonitor({ ...metric, Instances: [] })).Code).toMatch(/^InvalidParameterValue/);
    expect((await failMonitor({ ...metric, Instances: Array(11).fill(instances(tunnel)[0]) })).Code).toMatch(
      /^InvalidParameterValue/,
    );
    expect(asked).toEqual([]);
  });
});
