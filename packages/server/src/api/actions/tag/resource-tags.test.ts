import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { sts } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js';
import { tag } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tag/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type Reply, type TestCredential } from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import {
  makeGateway,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
  mainRouteTable,
} from '../../../../testing/sample-resources.ts';
import { systemClock } from '../../../platform/clock.ts';

/** The tag service, and whose resources they are. */
let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness({ clock: systemClock });
});
afterEach(() => api.close());

const service = 'tag' as const;

async function tell(action: string, parameters: object, credential?: TestCredential): Promise<Reply> {
  const reply = await api.call(action, parameters, { service, ...(credential === undefined ? {} : { credential }) });
  expect(reply).not.toHaveProperty('Error');
  return reply;
}

/** As terraform writes it: with the provider's region, without an account. */
const named = (id: string, region = 'test-1') => `qcs::vpc:${region}:uin/:${id.slice(0, id.indexOf('-'))}/${id}`;

async function tagsOf(id: string): Promise<Record<string, string>> {
  const ResourcePrefix = id.slice(0, id.indexOf('-'));
  const asked = { ServiceType: 'vpc', ResourcePrefix, ResourceIds: [id], ResourceRegion: 'test-1', Limit: 20 };
  const { Tags, TotalCount } = await tell('DescribeResourceTagsByResourceIds', asked);
  const tags = Tags as { TagKey: string; TagValue: string }[];
  expect(TotalCount).toBe(tags.length);
  return Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
}

/** One of each kind that has tags, with the TagSet of its Describe call where it shows one. */
async function oneOfEach() {
  const vpcId = await makeVpc(api);
  const { SubnetId: subnetId } = await makeSubnet(api, vpcId);
  const gatewayId = await makeGateway(api, vpcId);
  const peerId = await makePeer(api, '198.51.100.1');
  const tunnelId = await makeTunnel(api, gatewayId, peerId);
  const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'ccn' });
  const { DirectConnectGateway } = await api.succeed('CreateDirectConnectGateway', {
    ...{ DirectConnectGatewayName: 'dcg', NetworkType: 'VPC', NetworkInstanceId: vpcId, GatewayType: 'NORMAL' },
  });
  return [
    { id: vpcId, describe: 'DescribeVpcs', ids: 'VpcIds', set: 'VpcSet' },
    { id: subnetId, describe: 'DescribeSubnets', ids: 'SubnetIds', set: 'SubnetSet' },
    {
      id: await mainRouteTable(api, vpcId),
      describe: 'DescribeRouteTables',
      ids: 'RouteTableIds',
      set: 'RouteTableSet',
    },
    { id: gatewayId, describe: 'DescribeVpnGateways', ids: 'VpnGatewayIds', set: 'VpnGatewaySet' },
    { id: peerId, describe: null },
    { id: tunnelId, describe: 'DescribeVpnConnections', ids: 'VpnConnectionIds', set: 'VpnConnectionSet' },
    { id: Ccn.CcnId, describe: 'DescribeCcns', ids: 'CcnIds', set: 'CcnSet' },
    { id: DirectConnectGateway.DirectConnectGatewayId, describe: null },
  ] as const;
}

describe('tags', () => {
  it('of every kind are set, replaced and removed, and are those of the object itself', async () => {
    for (const { id, ...how } of await oneOfEach()) {
      expect(await tagsOf(id)).toEqual({});
      const ReplaceTags = [
        { TagKey: 'team', TagValue: 'net' },
        { TagKey: 'env', TagValue: 'prod' },
      ];
      await tell('ModifyResourceTags', { Resource: named(id), ReplaceTags });
      expect(await tagsOf(id)).toEqual({ team: 'net', env: 'prod' });
      const change = { ReplaceTags: [{ TagKey: 'env', TagValue: 'test' }], DeleteTags: [{ TagKey: 'team' }] };
      await tell('ModifyResourceTags', { Resource: named(id), ...change });
      expect(await tagsOf(id)).toEqual({ env: 'test' });
      if (how.describe === null) continue;
      const { [how.set]: shown } = await api.call(how.describe, { [how.ids]: [id] });
      expect((shown as Reply[]).map(({ TagSet }) => TagSet)).toEqual([[{ Key: 'env', Value: 'test' }]]);
    }
  });

  it('change no plan', async () => {
    const resources = await oneOfEach();
    const before = api.commits.length;
    for (const { id } of resources) {
      await tell('ModifyResourceTags', { Resource: named(id), ReplaceTags: [{ TagKey: 'a', TagValue: 'b' }] });
    }
    expect(api.commits.length).toBe(before);
  });

  it('given at creation are told, with their digests', async () => {
    const id = await makeVpc(api, { Tags: [{ Key: 'k', Value: 'v' }] });
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const { Tags } = await tell('DescribeResourceTagsByResourceIds', {
      ...{ ServiceType: 'vpc', ResourcePrefix: 'vpc', ResourceIds: [id, 'vpc-notthere'] },
    });
    expect(Tags).toEqual([
      {
        ...{ TagKey: 'k', TagValue: 'v', ResourceId: id, TagKeyMd5: md5('k'), TagValueMd5: md5('v') },
        ...{ ServiceType: 'vpc', Category: 'Custom' },
      },
    ]);
  });

  it('of a CCN are found in whatever region; those of others in their own', async () => {
    const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'ccn' });
    const ReplaceTags = [{ TagKey: 'a', TagValue: 'b' }];
    await tell('ModifyResourceTags', { Resource: named(Ccn.CcnId, 'ap-elsewhere'), ReplaceTags });
    expect(await tagsOf(Ccn.CcnId)).toEqual({ a: 'b' });
    const vpcId = await makeVpc(api);
    const error = await api.fail(
      'ModifyResourceTags',
      { Resource: named(vpcId, 'elsewhere'), ReplaceTags },
      { service },
    );
    expect(error).toMatchObject({ Code: 'ResourceNotFound' });
    expect(error.Message).toContain(vpcId);
  });

  it('are put on many at once, and what is not there is told', async () => {
    const ids = [await makeVpc(api), await makePeer(api, '198.51.100.1')];
    const missing = 'qcs::vpc:test-1:uin/:vpngw/vpngw-notthere';
    const ResourceList = [...ids.map((id) => named(id)), missing];
    const put = await tell('TagResources', { ResourceList, Tags: [{ TagKey: 'a', TagValue: '1' }, { TagKey: 'b' }] });
    expect(put['FailedResources']).toMatchObject([{ Resource: missing, Code: 'ResourceNotFound' }]);
    for (const id of ids) expect(await tagsOf(id)).toEqual({ a: '1', b: '' });
    await tell('UnTagResources', { ResourceList: ResourceList.slice(0, 2), TagKeys: ['a', 'unknown'] });
    for (const id of ids) expect(await tagsOf(id)).toEqual({ b: '' });
  });

  it('find their resources, a page at a time, and are listed', async () => {
    const ids: string[] = [];
    for (let index = 1; index <= 5; index++) ids.push(await makePeer(api, `198.51.100.${index}`));
    for (const [index, id] of ids.entries()) {
      const ReplaceTags = [
        { TagKey: 'n', TagValue: String(index) },
        { TagKey: 'all', TagValue: 'yes' },
      ];
      await tell('ModifyResourceTags', { Resource: named(id), ReplaceTags });
    }
    const find = async (parameters: object) => {
      const reply = await tell('GetResources', parameters);
      const found = (reply['ResourceTagMappingList'] as { Resource: string }[]).map(({ Resource }) => Resource);
      return {
        found: found.map((name) => name.slice(name.indexOf('/cgw/') + 1).replace(/^.*\//, '')),
        next: reply['PaginationToken'],
      };
    };
    const filter = (TagKey: string, ...TagValue: string[]) => ({
      TagKey,
      ...(TagValue.length > 0 ? { TagValue } : {}),
    });
    expect((await find({ TagFilters: [filter('n', '1', '3'), filter('all')] })).found.sort()).toEqual(
      [ids[1], ids[3]].sort(),
    );
    expect((await find({ TagFilters: [filter('none')] })).found).toEqual([]);
    const told: string[] = [];
    let PaginationToken: unknown = '';
    do {
      const { found, next } = await find({ TagFilters: [filter('all')], MaxResults: 2, PaginationToken });
      told.push(...found);
      PaginationToken = next;
    } while (PaginationToken !== '');
    expect(told.sort()).toEqual(ids.sort());
    expect((await find({ ResourceList: [named(ids[0] ?? '')], MaxResults: 1 })).found).toEqual([ids[0]]);
    const { Tags } = await tell('GetTags', { TagKeys: ['all', 'n'], MaxResults: 3 });
    expect(
      (Tags as { TagKey: string; TagValue: string }[]).map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`),
    ).toEqual(['all=yes', 'n=0', 'n=1']);
  });

  it('find what Describe calls filter by', async () => {
    const id = await makeVpc(api);
    await makeVpc(api, { CidrBlock: '10.1.0.0/16' });
    await tell('ModifyResourceTags', { Resource: named(id), ReplaceTags: [{ TagKey: 'team', TagValue: 'net' }] });
    const { VpcSet } = await api.succeed('DescribeVpcs', { Filters: [{ Name: 'tag:team', Values: ['net'] }] });
    expect(VpcSet.map(({ VpcId }) => VpcId)).toEqual([id]);
  });

  it('are nobody else’s', async () => {
    const id = await makeVpc(api, { Tags: [{ Key: 'secret', Value: 'plan' }] });
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'stranger' });
    const stranger = { secretId: String(SecretId), secretKey: String(SecretKey) };
    const asked = { ServiceType: 'vpc', ResourcePrefix: 'vpc', ResourceIds: [id] };
    expect(await tell('DescribeResourceTagsByResourceIds', asked, stranger)).toMatchObject({ TotalCount: 0, Tags: [] });
    expect(await tell('GetResources', {}, stranger)).toMatchObject({ ResourceTagMappingList: [] });
    expect(await tell('GetTags', {}, stranger)).toMatchObject({ Tags: [] });
    const take = { Resource: named(id), DeleteTags: [{ TagKey: 'secret' }] };
    const error = await api.fail('ModifyResourceTags', take, { service, credential: stranger });
    expect(error.Code).toBe('ResourceNotFound');
    const [account] = api.rows.accounts.all();
    const owned = `qcs::vpc:test-1:uin/${account?.id}:vpc/${id}`;
    expect(
      (await api.fail('ModifyResourceTags', { ...take, Resource: owned }, { service, credential: stranger })).Code,
    ).toBe('ResourceNotFound');
    await tell('ModifyResourceTags', { ...take, Resource: owned });
    expect(await tagsOf(id)).toEqual({});
  });

  const put = (TagKey: string, TagValue = '') => ({ ReplaceTags: [{ TagKey, TagValue }] });
  it.each([
    [{ Resource: 'vpngw-abcdefgh', ...put('a') }, 'InvalidParameterValue.ResourceDescriptionError', 'vpngw-abcdefgh'],
    [put(''), 'InvalidParameterValue.TagKeyEmpty', ''],
    [put('k'.repeat(128)), 'InvalidParameterValue.TagKeyLengthExceeded', '127'],
    [put('k', 'v'.repeat(256)), 'InvalidParameterValue.TagValueLengthExceeded', '`k`'],
    [put('qcs:own'), 'InvalidParameter.ReservedTagKey', 'qcs:own'],
    [{ ReplaceTags: [{ TagKey: 'a' }, { TagKey: 'a' }] }, 'InvalidParameter.Tag', '`a`'],
    [{ ...put('a'), DeleteTags: [{ TagKey: 'a' }] }, 'InvalidParameterValue.DeleteTagsParamError', '`a`'],
    [{}, 'MissingParameter', 'ReplaceTags'],
    [
      { ReplaceTags: Array.from({ length: 50 }, (_, index) => ({ TagKey: `k${index}` })) },
      'LimitExceeded.ResourceAttachedTags',
      '50',
    ],
  ])('are refused: %j', async (change, code, words) => {
    const id = await makeVpc(api, { Tags: [{ Key: 'there', Value: 'already' }] });
    const error = await api.fail('ModifyResourceTags', { Resource: named(id), ...change }, { service });
    expect(error.Code).toBe(code);
    expect(error.Message).toContain(words);
    expect(await tagsOf(id)).toEqual({ there: 'already' });
  });

  it.each([
    [
      'DescribeResourceTagsByResourceIds',
      { ServiceType: 'cvm', ResourcePrefix: 'vpc', ResourceIds: ['a'] },
      '.ServiceTypeInvalid',
    ],
    [
      'DescribeResourceTagsByResourceIds',
      { ServiceType: 'vpc', ResourcePrefix: 'ins', ResourceIds: ['a'] },
      '.ResourcePrefixInvalid',
    ],
    ['GetResources', { PaginationToken: 'x' }, ''],
    ['GetTags', { PaginationToken: 'x' }, ''],
    ['TagResources', { ResourceList: ['x'], Tags: [{ TagKey: 'a' }] }, '.ResourceDescriptionError'],
  ])('%s refuses %j', async (action, parameters, code) => {
    expect((await api.fail(action, parameters, { service })).Code).toBe(`InvalidParameterValue${code}`);
  });

  it.each([
    [[{ TagKey: '' }], 'InvalidParameterValue.TagKeyEmpty', []],
    [[{ TagKey: 'k'.repeat(128) }], 'InvalidParameterValue.TagKeyLengthExceeded', ['k'.repeat(128), '127']],
    [[{ TagKey: 'k', TagValue: 'v'.repeat(256) }], 'InvalidParameterValue.TagValueLengthExceeded', ['`k`', '255']],
    [[{ TagKey: 'qcs:own' }], 'InvalidParameter.ReservedTagKey', ['qcs:own']],
    [[{ TagKey: 'a' }, { TagKey: 'a' }], 'InvalidParameter.Tag', ['`a`']],
  ])('are refused by TagResources, for all of its resources: %j', async (Tags, code, names) => {
    const ids = [await makeVpc(api), await makeVpc(api)];
    const request = { ResourceList: ids.map((id) => named(id)), Tags };
    await expectRefusal(api, ['TagResources', request, { service }], { code, names });
    for (const id of ids) expect(await tagsOf(id)).toEqual({});
  });

  it('too many for one of several resources are put on none of them', async () => {
    const Tags = Array.from({ length: 45 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    const full = await makeVpc(api, { Tags });
    const bare = await makeVpc(api);
    const more = Array.from({ length: 6 }, (_, index) => ({ TagKey: `more${index}` }));
    const request = { ResourceList: [named(bare), named(full)], Tags: more };
    const refusal = { code: 'LimitExceeded.ResourceAttachedTags', names: [full, '50'] };
    await expectRefusal(api, ['TagResources', request, { service }], refusal);
    expect(await tagsOf(bare)).toEqual({});
  });

  it.each([
    ['UnTagResources', { TagKeys: ['k'] }],
    ['TagResources', { Tags: [{ TagKey: 'k' }] }],
    ['GetResources', {}],
  ])('of what is no resource are refused by %s', async (action, more) => {
    const request = { ResourceList: ['vpc-00000000'], ...more };
    const refusal = { code: 'InvalidParameterValue.ResourceDescriptionError', names: ['ResourceList', 'vpc-00000000'] };
    await expectRefusal(api, [action, request, { service }], refusal);
  });

  it('with a reserved key are refused at creation as well', async () => {
    const request = { VpcName: 'v', CidrBlock: '10.0.0.0/16', Tags: [{ Key: 'qcs:x', Value: '' }] };
    expect((await api.fail('CreateVpc', request)).Code).toBe('UnsupportedOperation.TagSystemReservedTagKey');
  });
});

describe('the vendor’s clients', () => {
  it('of the tag service and of sts work unchanged', async () => {
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = api.app.server.address() as AddressInfo;
    const options = {
      credential: api.admin,
      region: 'test-1',
      profile: { httpProfile: { endpoint: `127.0.0.1:${port}`, protocol: 'http://' as const, reqTimeout: 10 } },
    };
    const tags = new tag.v20180813.Client(options);
    const id = await makeVpc(api);
    await tags.ModifyResourceTags({ Resource: named(id), ReplaceTags: [{ TagKey: 'a', TagValue: 'b' }] });
    const asked = { ServiceType: 'vpc', ResourcePrefix: 'vpc', ResourceIds: [id], ResourceRegion: 'test-1' };
    expect((await tags.DescribeResourceTagsByResourceIds(asked)).Tags?.map(({ TagKey }) => TagKey)).toEqual(['a']);
    const identity = await new sts.v20180813.Client(options).GetCallerIdentity();
    const [account] = api.rows.accounts.all();
    expect(identity).toMatchObject({ AccountId: account?.id, Type: 'CAMUser' });
    await expect(tags.DescribeTags({})).rejects.toMatchObject({ code: 'InvalidAction' });
  });
});
