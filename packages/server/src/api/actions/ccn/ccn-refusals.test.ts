import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeQuotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness, type CallOptions } from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import { makeVpc } from '../../../../testing/sample-resources.ts';

/** What CCNs refuse of their instances and policies. Nothing is changed, so one server serves them all. */
let api: ApiHarness;
let CcnId: string;
let otherCcn: string;
/** Both of them are attached: there is no room for more. */
let attached: readonly string[];
let free: string;
/** Of another account, which asks to be attached. */
let asking: string;

const instance = (InstanceId: string, more: object = {}) => ({
  ...{ InstanceType: 'VPC', InstanceId, InstanceRegion: 'test-1', ...more },
});
const those = (...Instances: object[]) => ({ CcnId, Instances });

beforeAll(async () => {
  const quotas = completeQuotas({
    ...{ instancesPerCcn: 2, policiesPerCcnRouteTable: 1, valuesPerCcnRouteCondition: 1 },
  });
  api = await startHarness({ quotas });
  const make = async () => (await api.succeed('CreateCcn', { CcnName: 'ccn' })).Ccn.CcnId;
  CcnId = await make();
  otherCcn = await make();
  attached = [await makeVpc(api), await makeVpc(api, { CidrBlock: '10.1.0.0/16' })];
  free = await makeVpc(api);
  await api.succeed('AttachCcnInstances', those(...attached.map((id) => instance(id))));
  const { InstanceSet } = await api.succeed('DescribeCcnAttachedInstances', { CcnId });
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'guest' });
  const guest: CallOptions = { credential: { secretId: String(SecretId), secretKey: String(SecretKey) } };
  const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'guest', CidrBlock: '10.2.0.0/16' }, guest);
  asking = Vpc.VpcId;
  const request = { ...those(instance(asking)), CcnUin: InstanceSet[0]!.CcnUin };
  await api.succeed('AttachCcnInstances', request, guest);
});
afterAll(() => api.close());

describe('instances', () => {
  it.each([
    ['AttachCcnInstances', {}],
    ['DetachCcnInstances', {}],
    ['ModifyCcnAttachedInstancesAttribute', {}],
    ['AcceptAttachCcnInstances', {}],
    ['RejectAttachCcnInstances', {}],
    ['ResetAttachCcnInstances', { CcnUin: 'word' }],
  ])('of a kind that there is none of are refused by %s', async (name, more) => {
    const request = { ...those(instance(free, { InstanceType: 'BMVPC' })), ...more };
    const names = ['Instances.0.InstanceType', 'BMVPC'];
    await expectRefusal(api, [name, request], { code: 'UnsupportedOperation', names });
  });

  it('one too many is neither attached nor accepted', async () => {
    const refusal = { code: 'LimitExceeded', names: ['2'] };
    await expectRefusal(api, ['AttachCcnInstances', those(instance(free))], refusal);
    await expectRefusal(api, ['AcceptAttachCcnInstances', those(instance(asking))], refusal);
  });

  it.each(['ModifyCcnAttachedInstancesAttribute', 'RejectAttachCcnInstances', 'DetachCcnInstances'])(
    'that are not on the CCN are refused by %s',
    async (name) => {
      const names = [free, CcnId];
      const code = 'UnsupportedOperation.CcnNotAttached';
      await expectRefusal(api, [name, those(instance(free))], { code, names });
    },
  );

  it('that ask for nothing any more are not rejected', async () => {
    const [id = ''] = attached;
    const code = 'UnsupportedOperation.NotPendingCcnInstance';
    await expectRefusal(api, ['RejectAttachCcnInstances', those(instance(id))], { code, names: [id] });
  });
});

describe('an instance that asks for a route table', () => {
  it('of another CCN, or one that is not there, is not accepted', async () => {
    const room = await startHarness();
    try {
      const { ccn, ccnBeside, vpc } = await pendingRequest(room);
      const accept = (RouteTableId: string) =>
        ['AcceptAttachCcnInstances', { CcnId: ccn, Instances: [instance(vpc, { RouteTableId })] }] as const;
      const beside = ccnBeside.replace('ccn-', 'ccnrtb-');
      await expectRefusal(room, accept('ccnrtb-00000000'), {
        ...{ code: 'UnsupportedOperation.CcnRouteTableNotExist', names: ['ccnrtb-00000000'] },
      });
      await expectRefusal(room, accept(beside), {
        ...{ code: 'UnsupportedOperation.InstanceAndRtbNotMatch', names: ['RouteTableId', beside, ccn] },
      });
      expect(room.rows.ccnAttachments.get(vpc)).toBeUndefined();
    } finally {
      await room.close();
    }
  });
});

/** A VPC of another account asks to join the one of two CCNs. */
async function pendingRequest(room: ApiHarness) {
  const make = async () => (await room.succeed('CreateCcn', { CcnName: 'ccn' })).Ccn.CcnId;
  const [ccn, ccnBeside] = [await make(), await make()];
  const own = await makeVpc(room);
  await room.succeed('AttachCcnInstances', { CcnId: ccn, Instances: [instance(own)] });
  const { InstanceSet } = await room.succeed('DescribeCcnAttachedInstances', { CcnId: ccn });
  const { SecretId, SecretKey } = await room.operate('CreateAccessKey', { AccountName: 'guest' });
  const guest: CallOptions = { credential: { secretId: String(SecretId), secretKey: String(SecretKey) } };
  const { Vpc } = await room.succeed('CreateVpc', { VpcName: 'guest', CidrBlock: '10.2.0.0/16' }, guest);
  const request = { CcnId: ccn, Instances: [instance(Vpc.VpcId)], CcnUin: InstanceSet[0]!.CcnUin };
  await room.succeed('AttachCcnInstances', request, guest);
  return { ccn, ccnBeside, vpc: Vpc.VpcId };
}

describe('policies', () => {
  const condition = (Name: string, ...Values: string[]) => ({ Name, Values, MatchPattern: 1 });
  const policy = (more: object = {}) => ({
    ...{ RouteConditions: [], BroadcastConditions: [], Action: 'accept', Description: 'words', ...more },
  });
  const forBoth = ['ReplaceCcnRouteTableInputPolicys', 'ReplaceCcnRouteTableBroadcastPolicys'];

  it.each(forBoth)('too many of them, or values of them, and what is not offered is refused by %s', async (name) => {
    const RouteTableId = CcnId.replace('ccn-', 'ccnrtb-');
    const refused = (code: string, names: readonly string[], ...given: object[]) => {
      const ofKind = given.map((one) => (name.includes('Input') ? { ...one, BroadcastConditions: undefined } : one));
      return expectRefusal(api, [name, { CcnId, RouteTableId, Policys: ofKind }], { code, names });
    };
    const two = [policy(), policy()];
    await refused('LimitExceeded.CcnRouteBroadcastPolicy', ['Policys', RouteTableId, '1'], ...two);
    const long = policy({ RouteConditions: [condition('instance-id', free, attached[0]!)] });
    await refused('LimitExceeded.CcnRouteBroadcastPolicyCond', ['Policys.0', '1'], long);
    const unknown = policy({ RouteConditions: [condition('instance-type', 'BMVPC')] });
    const path = 'Policys.0.RouteConditions.0.Values.0';
    await refused('UnsupportedOperation', [path, 'BMVPC'], unknown);
    await refused('UnsupportedOperation', ['Policys.0.OperateAsPath', 'BGP'], policy({ OperateAsPath: '64512' }));
  });

  it('that select for a kind of instances that there is none of are refused', async () => {
    const RouteTableId = otherCcn.replace('ccn-', 'ccnrtb-');
    const given = { InstanceType: 'BMVPC', InstanceId: free, SourceCidrBlock: '10.0.1.0/24', RouteTableId };
    const request = { CcnId, SelectionPolicies: [given] };
    const names = ['SelectionPolicies.0.InstanceType', 'BMVPC'];
    await expectRefusal(api, ['ModifyRouteTableSelectionPolicies', request], { code: 'UnsupportedOperation', names });
  });
});

it.each(['TrafficMarkingPolicyFlag', 'MixedBillingFlag'])('%s is not offered', async (flag) => {
  const request = { CcnId, [flag]: true };
  await expectRefusal(api, ['ModifyCcnAttribute', request], { code: 'UnsupportedOperation', names: [flag] });
});
