import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StandingClock, startHarness, type ApiHarness, type CallOptions } from '../../../../testing/api-harness.ts';
import { FakeCaptures } from '../../../../testing/fake-captures.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import { makeGateway, makePeer, makeSubnet, makeTunnel, makeVpc } from '../../../../testing/sample-resources.ts';
import { NotCapturingError, type PacketCapturing } from '../../../domain/operator/packet-capture.ts';

let api: ApiHarness;
let clock: StandingClock;
let captures: FakeCaptures;
let tunnel: string;
let gateway: string;
let subnet: string;
let stranger: CallOptions;
const asOperator = { service: 'landbridge' } as const;

beforeEach(async () => {
  clock = new StandingClock();
  captures = new FakeCaptures(clock);
  await start(captures);
});
afterEach(() => api.close());

async function start(capturing: PacketCapturing, givesCaptureKeys = false): Promise<void> {
  api = await startHarness({ clock, capturing, givesCaptureKeys });
  const vpc = await makeVpc(api);
  subnet = (await makeSubnet(api, vpc)).SubnetId;
  gateway = await makeGateway(api, vpc);
  tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
  stranger = { ...asOperator, credential: await newKey('stranger') };
}

async function newKey(AccountName: string, Policy?: object) {
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName, ...(Policy && { Policy }) });
  return { secretId: String(SecretId), secretKey: String(SecretKey) };
}

async function subnetOfStranger(): Promise<string> {
  const options = { credential: stranger.credential! };
  const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'v', CidrBlock: '10.0.0.0/16' }, options);
  const request = { VpcId: Vpc.VpcId, SubnetName: 's', CidrBlock: '10.0.1.0/24', Zone: 'z-1' };
  return (await api.succeed('CreateSubnet', request, options)).Subnet.SubnetId;
}

async function capture(parameters: object = {}, options?: CallOptions): Promise<string> {
  const given = { ResourceId: tunnel, ...parameters };
  return String((await api.operate('CreatePacketCapture', given, options))['PacketCaptureId']);
}

const named = (PacketCaptureId: string) => ({ PacketCaptureId });

describe('CreatePacketCapture', () => {
  it('asks the acting side for what was asked for, with the usual limits', async () => {
    const first = await capture();
    const filter = { Protocol: 'tcp', SourceCidr: '10.0.1.0/24', DestinationCidr: '0.0.0.0/0', Port: '443' };
    const limits = { SnapLength: 128, MaxPackets: '7', MaxSeconds: 5, MaxBytes: 65_536 };
    await capture({ ResourceId: gateway, ...filter, ...limits });
    await api.operate('StopPacketCapture', named(first));
    await capture({ ResourceId: subnet });
    expect(captures.orders).toMatchObject([
      {
        ...{ id: first, resourceId: tunnel, filter: { protocol: null, source: null, destination: null, port: null } },
        limits: { snapLength: 65_535, packets: 100_000, seconds: 60, bytes: 16_777_216 },
      },
      {
        resourceId: gateway,
        filter: { protocol: 'tcp', source: '10.0.1.0/24', destination: '0.0.0.0/0', port: 443 },
        limits: { snapLength: 128, packets: 7, seconds: 5, bytes: 65_536 },
      },
      { resourceId: subnet },
    ]);
  });

  it('is refused for what is another’s, as if it did not exist; for an administrator, too', async () => {
    const SubnetId = await subnetOfStranger();
    for (const [ResourceId, options] of [
      ...[tunnel, gateway, subnet, 'vpnx-00000000'].map((id) => [id, stranger] as const),
      [SubnetId, asOperator] as const,
    ]) {
      const expected = { code: 'ResourceNotFound', names: [ResourceId] };
      await expectRefusal(api, ['CreatePacketCapture', { ResourceId }, options], expected);
    }
    expect(captures.orders).toEqual([]);
  });

  it('is refused where it could not be: too much, nothing that could fit, no such range', async () => {
    const malformed = { code: 'InvalidParameterValue.Malformed', names: ['SourceCidr'] };
    const invalid = (name: string) => ({ code: 'InvalidParameterValue', names: [name] });
    const create = (parameters: object) =>
      ['CreatePacketCapture', { ResourceId: tunnel, ...parameters }, asOperator] as const;
    await expectRefusal(api, create({ SourceCidr: '10.0.0.0/8 or ip' }), malformed);
    await expectRefusal(api, create({ SourceCidr: '10.0.0.1/8' }), malformed);
    await expectRefusal(api, create({ DestinationCidr: '::/0' }), invalid('DestinationCidr'));
    await expectRefusal(api, create({ Protocol: 'icmp', Port: 7 }), invalid('Port'));
    for (const [name, value] of [
      ...[['MaxSeconds', 601] as const, ['MaxBytes', 67_108_865] as const, ['MaxBytes', 1] as const],
      ...[['SnapLength', 63] as const, ['MaxPackets', 0] as const, ['Port', 65_536] as const],
    ]) {
      const { Message } = await api.fail(...create({ [name]: value }));
      expect(Message).toContain(name);
    }
  });

  it.each([
    ['fits-nothing', 'InvalidParameterValue'],
    ['not-there', 'UnsupportedOperation.InvalidState'],
    ['no-program', 'ResourceUnavailable'],
    ['host-full', 'ResourceInsufficient'],
    ['account-full', 'LimitExceeded'],
  ] as const)('is refused where the acting side finds %s', async (refusal, Code) => {
    captures.refusal = refusal;
    const reply = await api.call('CreatePacketCapture', { ResourceId: tunnel }, asOperator);
    expect(reply).toMatchObject({ Error: { Code } });
  });

  it('is refused when two run for the account, and when five run', async () => {
    const [first] = [await capture(), await capture()];
    const again = ['CreatePacketCapture', { ResourceId: tunnel }, asOperator] as const;
    await expectRefusal(api, again, { code: 'LimitExceeded', names: [first, '2'] });
    await api.operate('StopPacketCapture', named(first));
    await capture();
    for (const account of ['b', 'b', 'c']) {
      const limits = { snapLength: 64, packets: 1, seconds: 1, bytes: 65_536 };
      const filter = { protocol: null, source: null, destination: null, port: null };
      const id = `pcap-${account}000000${captures.orders.length}` as const;
      const order = {
        id,
        accountId: account,
        resourceId: 'vpnx-00000000',
        filter,
        limits,
        includesKeys: false,
      } as const;
      await captures.start(order);
    }
    const SubnetId = await subnetOfStranger();
    const ofStranger = ['CreatePacketCapture', { ResourceId: SubnetId }, stranger] as const;
    await expectRefusal(api, ofStranger, { code: 'ResourceInsufficient', names: ['5', '600'] });
  });

  it('is tried without being done, and done once with a token, however late it comes again', async () => {
    expect(await api.fail('CreatePacketCapture', { ResourceId: tunnel, DryRun: true }, asOperator)).toMatchObject({
      Code: 'DryRunOperation',
    });
    expect(captures.orders).toEqual([]);
    const ClientToken = 'once';
    const id = await capture({ ClientToken });
    await api.operate('DeletePacketCapture', { ...named(id), ClientToken: 'twice' });
    clock.advance(61_000);
    expect(await capture({ ClientToken })).toBe(id);
    await api.operate('DeletePacketCapture', { ...named(id), ClientToken: 'twice' });
    expect(captures.orders).toHaveLength(1);
    expect(await captures.list()).toEqual([]);
  });

  it('is tried anew with the token of one that could not be started, however late', async () => {
    const ClientToken = 'again';
    captures.refusal = 'host-full';
    const call = { ResourceId: tunnel, ClientToken };
    expect(await api.call('CreatePacketCapture', call, asOperator)).toMatchObject({
      Error: { Code: 'ResourceInsufficient' },
    });
    captures.refusal = null;
    clock.advance(61_000);
    const id = await capture({ ClientToken });
    expect(captures.orders.map((order) => order.id)).toEqual([id]);
    expect(await capture({ ClientToken })).toBe(id);
  });
});

describe('a capture', () => {
  it('is listed, read, stopped and deleted by its owner, and does not exist for others', async () => {
    captures.content = Buffer.from('0123456789');
    const id = await capture();
    expect(await api.operate('DescribePacketCaptures')).toEqual({
      ...{ RequestId: expect.any(String) as string, TotalCount: 1 },
      PacketCaptureSet: [
        {
          ...{ PacketCaptureId: id, ResourceId: tunnel, Expression: 'ip', State: 'capturing', EndReason: null },
          ...{ Packets: 0, Bytes: 10, DroppedPackets: null, IncludesKeys: false },
          ...{ SnapLength: 65_535, MaxPackets: 100_000, MaxSeconds: 60, MaxBytes: 16_777_216 },
          ...{ CreatedTime: '2026-11-22 12:00:00', ExpiredTime: '2026-11-22 13:00:00' },
        },
      ],
    });
    const read = (Offset?: number) => api.operate('DescribePacketCaptureContent', { ...named(id), Offset });
    expect(await read()).toMatchObject({ Content: 'MDEyMzQ1Njc4OQ==', TotalBytes: 10, IsFinished: false });
    const actions = ['StopPacketCapture', 'DeletePacketCapture', 'DescribePacketCaptureContent'];
    for (const action of [...actions, 'DescribePacketCaptureKeys']) {
      await expectRefusal(api, [action, named(id), stranger], { code: 'ResourceNotFound', names: [id] });
    }
    expect(await api.operate('DescribePacketCaptures', {}, stranger)).toMatchObject({ TotalCount: 0 });
    expect(await api.operate('DescribePacketCaptures', { PacketCaptureIds: [id] }, stranger)).toMatchObject({
      TotalCount: 0,
    });
    await api.operate('StopPacketCapture', named(id));
    expect(await read(8)).toMatchObject({ Content: 'ODk=', IsFinished: true });
    await api.operate('DeletePacketCapture', named(id));
    await expectRefusal(api, ['DeletePacketCapture', named(id), asOperator], { code: 'ResourceNotFound', names: [id] });
  });

  it('is audited: what it was of, and that it was stopped and deleted', async () => {
    const id = await capture();
    await api.operate('StopPacketCapture', named(id));
    await api.operate('DeletePacketCapture', named(id));
    const { AuditEventSet } = await api.operate('DescribeAuditEvents', { Limit: 3 });
    expect(AuditEventSet).toMatchObject([
      { ActionName: 'DeletePacketCapture', Resources: [id] },
      { ActionName: 'StopPacketCapture', Resources: [id] },
      { ActionName: 'CreatePacketCapture', Resources: [tunnel] },
    ]);
  });

  it('is not read by a key that may not see secrets', async () => {
    const id = await capture();
    const Policy = { Statements: [{ Access: 'write' }] };
    const bounded = { ...asOperator, credential: await newKey('default', Policy) };
    const { Code, Message } = await api.fail('DescribePacketCaptureContent', named(id), bounded);
    expect([Code, Message]).toEqual(['UnauthorizedOperation', expect.stringContaining('ShowsSecrets')]);
  });
});

describe('keys of SAs', () => {
  const withKeys = { IncludeKeys: true };

  it('are not given unless the operator lets them, nor for what is not encrypted', async () => {
    const forbidden = { code: 'UnsupportedOperation', names: ['IncludeKeys', 'captures.keys'] };
    await expectRefusal(api, ['CreatePacketCapture', { ResourceId: tunnel, ...withKeys }, asOperator], forbidden);
    const ofSubnet = { ResourceId: subnet, ...withKeys };
    const invalid = { code: 'InvalidParameterValue', names: ['IncludeKeys'] };
    await expectRefusal(api, ['CreatePacketCapture', ofSubnet, asOperator], invalid);
    const id = await capture();
    const without = { code: 'UnsupportedOperation', names: [id, 'IncludeKeys'] };
    await expectRefusal(api, ['DescribePacketCaptureKeys', named(id), asOperator], without);
    expect(captures.orders).toMatchObject([{ includesKeys: false }]);
  });

  it('are given to the owner, by keys that see secrets, and each time that is audited', async () => {
    await api.close();
    await start(captures, true);
    const id = await capture(withKeys);
    expect(captures.orders).toMatchObject([{ includesKeys: true }]);
    expect(await api.operate('DescribePacketCaptures')).toMatchObject({ PacketCaptureSet: [{ IncludesKeys: true }] });
    expect(await api.operate('DescribePacketCaptureKeys', named(id))).toMatchObject({ EspSaTable: captures.table });
    const { AuditEventSet } = await api.operate('DescribeAuditEvents', { ActionName: 'DescribePacketCaptureKeys' });
    expect(AuditEventSet).toMatchObject([{ Resources: [id], Code: '' }]);
    const missing = { code: 'ResourceNotFound', names: [id] };
    await expectRefusal(api, ['DescribePacketCaptureKeys', named(id), stranger], missing);
    const bounded = { ...asOperator, credential: await newKey('default', { Statements: [{ Access: 'write' }] }) };
    expect((await api.fail('DescribePacketCaptureKeys', named(id), bounded)).Code).toBe('UnauthorizedOperation');
    const request = { ResourceId: tunnel, ...withKeys };
    expect((await api.fail('CreatePacketCapture', request, bounded)).Code).toBe('UnauthorizedOperation');
    expect(JSON.stringify(api.logLines)).not.toContain('192.0.2.1');
  });

  it('are refused where the acting side does not give them', async () => {
    await api.close();
    await start(captures, true);
    captures.refusal = 'keys-forbidden';
    const reply = await api.call('CreatePacketCapture', { ResourceId: tunnel, ...withKeys }, asOperator);
    expect(reply).toMatchObject({ Error: { Code: 'UnsupportedOperation' } });
  });
});

it('every call says that the acting side is away', async () => {
  await api.close();
  const away = () => Promise.reject(new NotCapturingError('away'));
  await start({ start: away, list: away, stop: away, remove: away, read: away, keys: away });
  const id = 'pcap-00000000';
  for (const [action, parameters] of [
    ['CreatePacketCapture', { ResourceId: tunnel }],
    ['DescribePacketCaptures', {}],
    ['DescribePacketCaptureContent', named(id)],
    ['DescribePacketCaptureKeys', named(id)],
    ['StopPacketCapture', named(id)],
    ['DeletePacketCapture', named(id)],
  ] as const) {
    expect((await api.fail(action, parameters, asOperator)).Code).toBe('ResourceUnavailable');
  }
});
