import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../platform/clock.ts';
import { systemClock } from '../../../platform/clock.ts';
import { startHarness, type ApiHarness, type CallOptions } from '../../../../testing/api-harness.ts';

/** One account's CCN, and another's VPC that wants to join it. */
let api: ApiHarness;
let now: number;
let guest: CallOptions;
let owner: string;
let ccn: string;
let vpc: string;

beforeEach(async () => {
  now = systemClock.now();
  const clock: Clock = { ...systemClock, now: () => now };
  api = await startHarness({ clock });
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'guest' });
  guest = { credential: { secretId: String(SecretId), secretKey: String(SecretKey) } };
  ccn = (await api.succeed('CreateCcn', { CcnName: 'ccn' })).Ccn.CcnId;
  const own = (await api.succeed('CreateVpc', { VpcName: 'own', CidrBlock: '10.1.0.0/16' })).Vpc.VpcId;
  await api.succeed('AttachCcnInstances', { CcnId: ccn, Instances: [instance(own)] });
  owner = (await attached())[0]!.CcnUin;
  vpc = (await api.succeed('CreateVpc', { VpcName: 'vpc', CidrBlock: '10.0.0.0/16' }, guest)).Vpc.VpcId;
  const subnet = { VpcId: vpc, SubnetName: 's', CidrBlock: '10.0.1.0/24', Zone: 'z' };
  await api.succeed('CreateSubnet', subnet, guest);
});
afterEach(() => api.close());

const instance = (InstanceId: string, more: object = {}) => {
  return { InstanceType: 'VPC', InstanceId, InstanceRegion: 'test-1', ...more };
};
const request = (more: object = {}) => ({ CcnId: ccn, Instances: [instance(vpc)], ...more });

async function attached(options: CallOptions = {}) {
  return (await api.succeed('DescribeCcnAttachedInstances', { CcnId: ccn }, options)).InstanceSet;
}

/** Of the guest's VPC, as both sides see it. */
async function states(): Promise<(string | undefined)[]> {
  const seen = [await attached(), await attached(guest)];
  return seen.map((rows) => rows.find(({ InstanceId }) => InstanceId === vpc)?.State);
}

async function ranges(): Promise<string[]> {
  return (await api.succeed('DescribeCcnRoutes', { CcnId: ccn })).RouteSet.map((one) => one.DestinationCidrBlock);
}

const ask = () => api.succeed('AttachCcnInstances', request({ CcnUin: owner }), guest);
const codeOf = async (action: string, parameters: object, options: CallOptions = {}) =>
  (await api.fail(action, parameters, options)).Code;

describe('an instance of another account', () => {
  it('is attached once the owner of the CCN accepts, and nothing is carried before', async () => {
    const commits = api.commits.length;
    await ask();
    expect(api.commits.slice(commits).flat()).toEqual([]);
    expect(await states()).toEqual(['PENDING', 'PENDING']);
    expect(await ranges()).toEqual([]);
    expect((await attached()).find(({ InstanceId }) => InstanceId === vpc)).toMatchObject({
      ...{ CcnUin: owner, CidrBlock: ['10.0.0.0/16'], RouteTableId: '' },
    });
    const tables = await api.succeed('CreateCcnRouteTables', { RouteTable: [{ CcnId: ccn, Name: 'guests' }] });
    const RouteTableId = tables.CcnRouteTableSet[0]!.CcnRouteTableId;
    const Instances = [instance(vpc, { RouteTableId })];
    await api.succeed('AcceptAttachCcnInstances', { CcnId: ccn, Instances });
    expect(api.commits.at(-1)).toContain(vpc);
    expect(await states()).toEqual(['ATTACHING', 'ATTACHING']);
    api.applyAll();
    expect(await states()).toEqual(['ACTIVE', 'ACTIVE']);
    const shown = await api.succeed('DescribeCcnRoutes', { CcnId: ccn });
    const [uin] = (await attached(guest)).map(({ InstanceUin }) => InstanceUin);
    expect(uin).not.toBe(owner);
    expect(shown.RouteSet).toMatchObject([{ DestinationCidrBlock: '10.0.1.0/24', InstanceUin: uin }]);
    expect((await attached(guest)).map((row) => [row.InstanceId, row.RouteTableId])).toEqual([[vpc, RouteTableId]]);
    expect(await codeOf('DescribeCcnRoutes', { CcnId: ccn }, guest)).toBe('ResourceNotFound');
    expect(await codeOf('AcceptAttachCcnInstances', request())).toBe('UnsupportedOperation.NotPendingCcnInstance');
    await api.succeed('DetachCcnInstances', request(), guest);
    expect(await states()).toEqual([undefined, undefined]);
  });

  it('is rejected, and may ask again', async () => {
    await ask();
    await api.succeed('RejectAttachCcnInstances', request());
    expect(await states()).toEqual(['REJECTED', 'REJECTED']);
    expect(await codeOf('AcceptAttachCcnInstances', request())).toBe('UnsupportedOperation.NotPendingCcnInstance');
    await api.succeed('ResetAttachCcnInstances', request({ CcnUin: owner }), guest);
    expect(await states()).toEqual(['PENDING', 'PENDING']);
    await api.succeed('DetachCcnInstances', request(), guest);
    expect(await states()).toEqual([undefined, undefined]);
  });

  it('cannot be bound to a route table before', async () => {
    await ask();
    const RouteTableId = ccn.replace('ccn-', 'ccnrtb-');
    const bind = { CcnId: ccn, RouteTableId, Instances: [{ InstanceType: 'VPC', InstanceId: vpc }] };
    const state = 'UnsupportedOperation.InvalidInstanceState';
    expect(await codeOf('AssociateInstancesToCcnRouteTable', bind)).toBe(state);
    const policy = { InstanceType: 'VPC', InstanceId: vpc, SourceCidrBlock: '10.0.1.0/24', RouteTableId };
    const select = { CcnId: ccn, SelectionPolicies: [policy] };
    expect(await codeOf('ModifyRouteTableSelectionPolicies', select)).toBe(state);
    expect((await api.succeed('DescribeRouteTableAssociatedInstances', {})).TotalCount).toBe(1);
  });

  it('is forgotten after seven days, until it asks again', async () => {
    await ask();
    now += 8 * 24 * 60 * 60 * 1000;
    expect(await states()).toEqual(['EXPIRED', 'EXPIRED']);
    expect(await codeOf('AcceptAttachCcnInstances', request())).toBe('UnsupportedOperation.NotPendingCcnInstance');
    await api.succeed('ResetAttachCcnInstances', request({ CcnUin: owner }), guest);
    await api.succeed('AcceptAttachCcnInstances', request());
    expect(await states()).toEqual(['ATTACHING', 'ATTACHING']);
  });

  it('is no business of others', async () => {
    const code = (action: string, more: object = {}) => codeOf(action, request(more), guest);
    expect(await code('AttachCcnInstances')).toBe('ResourceNotFound');
    expect(await code('AttachCcnInstances', { CcnUin: 'nobody' })).toBe('ResourceNotFound');
    expect(await code('ResetAttachCcnInstances', { CcnUin: owner })).toBe('ResourceNotFound');
    expect(await codeOf('AcceptAttachCcnInstances', request())).toBe('UnsupportedOperation.CcnNotAttached');
    const table = { Instances: [instance(vpc, { RouteTableId: ccn.replace('ccn-', 'ccnrtb-') })], CcnUin: owner };
    expect(await code('AttachCcnInstances', table)).toBe('InvalidParameterValue');
    await ask();
    expect(await code('AcceptAttachCcnInstances')).toBe('ResourceNotFound');
    expect(await code('RejectAttachCcnInstances')).toBe('ResourceNotFound');
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'stranger' });
    const stranger = { credential: { secretId: String(SecretId), secretKey: String(SecretKey) } };
    expect(await attached(stranger)).toEqual([]);
    expect(await codeOf('DetachCcnInstances', request(), stranger)).toBe('ResourceNotFound');
    const foreign = request({ CcnUin: owner });
    expect(await codeOf('AttachCcnInstances', foreign, stranger)).toBe('ResourceNotFound');
    expect(await codeOf('ResetAttachCcnInstances', foreign, stranger)).toBe('ResourceNotFound');
  });

  it('takes its request along when it is deleted', async () => {
    const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'short', CidrBlock: '10.2.0.0/16' }, guest);
    const Instances = [instance(Vpc.VpcId)];
    await api.succeed('AttachCcnInstances', { CcnId: ccn, Instances, CcnUin: owner }, guest);
    expect(await attached(guest)).toHaveLength(1);
    await api.succeed('DeleteVpc', { VpcId: Vpc.VpcId }, guest);
    expect(await attached(guest)).toEqual([]);
    expect(await codeOf('AcceptAttachCcnInstances', { CcnId: ccn, Instances })).toBe(
      'UnsupportedOperation.CcnNotAttached',
    );
  });
});
