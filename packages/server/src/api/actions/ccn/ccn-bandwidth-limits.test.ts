import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';

let api: ApiHarness;
let CcnId: string;
beforeEach(async () => {
  api = await startHarness();
  CcnId = await makeCcn();
});
afterEach(() => api.close());

async function makeCcn(more: object = {}): Promise<string> {
  return (await api.succeed('CreateCcn', { CcnName: 'ccn', ...more })).Ccn.CcnId;
}

async function attachVpcIn(InstanceRegion: string): Promise<string> {
  const request = { VpcName: InstanceRegion, CidrBlock: '10.0.0.0/16' };
  const { VpcId } = (await api.succeed('CreateVpc', request, { region: InstanceRegion })).Vpc;
  const Instances = [{ InstanceType: 'VPC', InstanceId: VpcId, InstanceRegion }];
  await api.succeed('AttachCcnInstances', { CcnId, Instances });
  return VpcId;
}

const limit = (Region: string, BandwidthLimit: number, DstRegion?: string) => ({ Region, BandwidthLimit, DstRegion });
const set = (CcnRegionBandwidthLimits: object[], more: object = {}) =>
  api.succeed('SetCcnRegionBandwidthLimits', { CcnId, CcnRegionBandwidthLimits, ...more });
const refused = async (CcnRegionBandwidthLimits: object[], more: object = {}) =>
  api.fail('SetCcnRegionBandwidthLimits', { CcnId, CcnRegionBandwidthLimits, ...more });

/** `region>peer limit`. */
async function described(): Promise<string[]> {
  const { CcnRegionBandwidthLimitSet } = await api.succeed('DescribeCcnRegionBandwidthLimits', { CcnId });
  return CcnRegionBandwidthLimitSet.map(wireText);
}
async function listed(more: object = {}): Promise<string[]> {
  const { CcnBandwidthSet } = await api.succeed('GetCcnRegionBandwidthLimits', { CcnId, ...more });
  return CcnBandwidthSet.map((one) => wireText(one.CcnRegionBandwidthLimit));
}
const wireText = (one: { Region: string; DstRegion: string; BandwidthLimit: number }) =>
  `${one.Region}>${one.DstRegion} ${one.BandwidthLimit}`;

describe('limits of what leaves a region', () => {
  it('are 1 Gbit/s until they are set, and again when they are given back', async () => {
    for (const region of ['ap-a', 'ap-b', 'ap-a']) await attachVpcIn(region);
    expect(await described()).toEqual(['ap-a> 1000', 'ap-b> 1000']);
    await set([limit('ap-b', 20), limit('ap-c', 30)]);
    expect(api.commits.at(-1)).toEqual([CcnId]);
    expect(await described()).toEqual(['ap-b> 20', 'ap-a> 1000']);
    expect(await listed()).toEqual(['ap-b> 20', 'ap-c> 30', 'ap-a> 1000']);
    await set([limit('ap-b', 20), limit('ap-c', 7)], { SetDefaultLimitFlag: true });
    expect(await listed()).toEqual(['ap-a> 1000', 'ap-b> 1000']);
    await set([limit('ap-b', 20)]);
    await set([limit('ap-b', 0)]);
    expect(await listed()).toEqual(['ap-a> 1000', 'ap-b> 1000']);
  });

  it('are listed with stable ids, filtered, sorted and in pages', async () => {
    await attachVpcIn('ap-a');
    await set([limit('ap-b', 300), limit('ap-c', 20)]);
    const read = async (more: object) => listed(more);
    expect(await read({ Filters: [{ Name: 'sregion', Values: ['ap-a', 'ap-c'] }] })).toEqual([
      'ap-c> 20',
      'ap-a> 1000',
    ]);
    expect(await read({ Filters: [{ Name: 'dregion', Values: ['ap-a'] }] })).toEqual([]);
    const sorted = { SortedBy: 'BandwidthLimit', OrderBy: 'DESC' };
    expect(await read(sorted)).toEqual(['ap-a> 1000', 'ap-b> 300', 'ap-c> 20']);
    expect(await read({ ...sorted, Offset: 1, Limit: 1 })).toEqual(['ap-b> 300']);
    const both = await api.succeed('GetCcnRegionBandwidthLimits', { CcnId, Limit: 1 });
    expect(both.TotalCount).toBe(3);
    const ids = async () =>
      (await api.succeed('GetCcnRegionBandwidthLimits', { CcnId, ...sorted })).CcnBandwidthSet.map(
        (one) => one.RegionFlowControlId,
      );
    const before = await ids();
    expect(new Set(before).size).toBe(3);
    expect(before.every((id) => /^fcr-[0-9a-z]{8}$/.test(id))).toBe(true);
    await set([limit('ap-a', 999)]);
    expect(await ids()).toEqual(before);
    const { CcnBandwidthSet } = await api.succeed('GetCcnRegionBandwidthLimits', { CcnId, ...sorted });
    expect(CcnBandwidthSet[0]).toMatchObject({ CcnId, DefaultQosBandwidthFlag: false, QosLevel: 'AU', TagSet: [] });
    const unknown = { CcnId, Filters: [{ Name: 'region', Values: ['x'] }] };
    const error = await api.fail('GetCcnRegionBandwidthLimits', unknown);
    expect(error.Code).toBe('InvalidParameter.FilterInvalidKey');
  });

  it('go with the CCN', async () => {
    await set([limit('ap-a', 20)]);
    await api.succeed('DeleteCcn', { CcnId });
    expect(api.rows.ccnBandwidthLimits.all()).toEqual([]);
  });
});

describe('limits between two regions', () => {
  beforeEach(async () => {
    await api.succeed('ModifyCcnRegionBandwidthLimitsType', { CcnId, BandwidthLimitType: 'INTER_REGION_LIMIT' });
  });

  it('are one for both directions, in the order in which they were named', async () => {
    for (const region of ['ap-c', 'ap-b', 'ap-a']) await attachVpcIn(region);
    expect(await described()).toEqual(['ap-a>ap-b 1000', 'ap-a>ap-c 1000', 'ap-b>ap-c 1000']);
    await set([limit('ap-c', 20, 'ap-a')]);
    expect(await described()).toEqual(['ap-c>ap-a 20', 'ap-a>ap-b 1000', 'ap-b>ap-c 1000']);
    await set([limit('ap-a', 30, 'ap-c'), limit('ap-a', 40, 'ap-x')]);
    expect(await described()).toEqual(['ap-a>ap-c 30', 'ap-a>ap-b 1000', 'ap-b>ap-c 1000']);
    const Filters = ['ap-c', 'ap-a'].map((region, at) => ({
      Name: at === 0 ? 'sregion' : 'dregion',
      Values: [region],
    }));
    expect(await listed({ Filters })).toEqual(['ap-a>ap-c 30']);
    expect(await listed({ Filters: Filters.slice(0, 1) })).toEqual(['ap-a>ap-c 30', 'ap-b>ap-c 1000']);
  });

  it('start from the default when the kind changes', async () => {
    await attachVpcIn('ap-a');
    await set([limit('ap-a', 20, 'ap-b')]);
    const change = async (BandwidthLimitType?: string) =>
      api.succeed('ModifyCcnRegionBandwidthLimitsType', { CcnId, BandwidthLimitType });
    await change('INTER_REGION_LIMIT');
    expect(await listed()).toEqual(['ap-a>ap-b 20']);
    await change();
    const { CcnSet } = await api.succeed('DescribeCcns', { CcnIds: [CcnId] });
    expect(CcnSet).toMatchObject([{ BandwidthLimitType: 'OUTER_REGION_LIMIT' }]);
    expect(await listed()).toEqual(['ap-a> 1000']);
    await change('INTER_REGION_LIMIT');
    expect(await listed()).toEqual([]);
  });
});

describe('limits are refused', () => {
  it.each([
    [[limit('ap-a', 20, 'ap-b')], 'UnsupportedOperation', 'ap-b'],
    [[limit('ap-a', 100_001)], 'InvalidParameterValue.Range', 'CcnRegionBandwidthLimits.0.BandwidthLimit'],
    [[limit('ap-a', -1)], 'InvalidParameterValue.Range', 'BandwidthLimit'],
    [[limit('ap-a', 20), limit('ap-a', 30)], 'InvalidParameterValue.Duplicate', 'ap-a'],
    [[limit('ap a', 20)], 'InvalidParameterValue.Malformed', 'CcnRegionBandwidthLimits.0.Region'],
    [[{ Region: 'ap-a' }], 'MissingParameter', 'CcnRegionBandwidthLimits.0.BandwidthLimit'],
    [[{ ...limit('ap-a', 20), IsBm: true }], 'UnsupportedOperation', 'IsBm'],
    [[], 'InvalidParameterValue.Empty', 'CcnRegionBandwidthLimits'],
  ])('%j with %s', async (limits, code, named) => {
    expect(await refused(limits)).toMatchObject({ Code: code, Message: expect.stringContaining(named) as string });
    expect(await listed()).toEqual([]);
  });

  it('in a CCN that limits between regions, when a region is missing or named twice', async () => {
    await api.succeed('ModifyCcnRegionBandwidthLimitsType', { CcnId, BandwidthLimitType: 'INTER_REGION_LIMIT' });
    expect((await refused([limit('ap-a', 20)])).Code).toBe('UnsupportedOperation');
    expect((await refused([limit('ap-a', 20, 'ap-a')])).Code).toBe('InvalidParameterValue');
    const twice = await refused([limit('ap-b', 20, 'ap-a'), limit('ap-a', 20, 'ap-b')]);
    expect(twice).toMatchObject({ Code: 'InvalidParameterValue.Duplicate' });
    expect(twice.Message).toContain('ap-a - ap-b');
  });

  it('in a prepaid CCN', async () => {
    CcnId = await makeCcn({ InstanceChargeType: 'PREPAID' });
    const { CcnSet } = await api.succeed('DescribeCcns', { CcnIds: [CcnId] });
    expect(CcnSet).toMatchObject([{ BandwidthLimitType: 'INTER_REGION_LIMIT' }]);
    const code = 'UnsupportedOperation.NotPostpaidCcnOperation';
    expect((await refused([limit('ap-a', 20, 'ap-b')])).Code).toBe(code);
    expect((await api.fail('ModifyCcnRegionBandwidthLimitsType', { CcnId })).Code).toBe(code);
  });

  it('in a CCN that does not exist, or is of another account', async () => {
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'tenant' });
    const stranger = { credential: { secretId: String(SecretId), secretKey: String(SecretKey) } };
    const calls = {
      SetCcnRegionBandwidthLimits: { CcnRegionBandwidthLimits: [limit('ap-a', 20)] },
      ModifyCcnRegionBandwidthLimitsType: {},
      DescribeCcnRegionBandwidthLimits: {},
      GetCcnRegionBandwidthLimits: {},
    };
    for (const [action, parameters] of Object.entries(calls)) {
      expect((await api.fail(action, { CcnId: 'ccn-00000000', ...parameters })).Code).toBe('ResourceNotFound');
      expect((await api.fail(action, { CcnId, ...parameters }, stranger)).Code).toBe('ResourceNotFound');
    }
  });
});
