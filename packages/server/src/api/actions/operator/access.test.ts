import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startHarness,
  StandingClock,
  type ApiHarness,
  type CallOptions,
  type Reply,
  type TestCredential,
} from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import { makeGateway, makePeer, makeTunnel, makeVpc, tunnelRequest } from '../../../../testing/sample-resources.ts';

/** What keys may do, and what is written down about what they did. */
let api: ApiHarness;
let clock: StandingClock;
beforeEach(async () => {
  clock = new StandingClock();
  api = await startHarness({ clock });
});
afterEach(() => api.close());

const operator = { service: 'landbridge' } as const;
const canary = 'CanaryPreSharedKey-7f3a91';

async function keyWith(
  statements: readonly object[],
  more: object = {},
  AccountName = 'admin',
): Promise<TestCredential> {
  const Policy = { Statements: statements, ...more };
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName, Policy });
  return { secretId: String(SecretId), secretKey: String(SecretKey) };
}

async function temporary(parameters: object = {}, options: CallOptions = {}): Promise<TestCredential> {
  const { Credentials } = await api.operate('CreateTemporaryCredentials', parameters, options);
  const { Token, TmpSecretId, TmpSecretKey } = Credentials as Record<string, string>;
  return { secretId: TmpSecretId ?? '', secretKey: TmpSecretKey ?? '', token: Token ?? '' };
}

async function audited(parameters: object = {}): Promise<Reply[]> {
  await api.refusedCalls.flush();
  return (await api.operate('DescribeAuditEvents', parameters))['AuditEventSet'] as Reply[];
}

const codeOf = async (action: string, parameters: object, options: CallOptions = {}) =>
  ((await api.call(action, parameters, options))['Error'] as { Code: string } | undefined)?.Code ?? '';

const vpcOf = (name: string) => ({ VpcName: name, CidrBlock: '10.0.0.0/16' });

describe('a policy', () => {
  it('for reading lets nothing be changed', async () => {
    const credential = await keyWith([{ Access: 'read' }]);
    await makeVpc(api);
    expect((await api.succeed('DescribeVpcs', {}, { credential })).TotalCount).toBe(1);
    for (const [action, parameters] of [
      ['CreateVpc', vpcOf('b')],
      ['CreateVpc', { ...vpcOf('b'), DryRun: true }],
      ['DeleteVpc', { VpcId: 'vpc-00000000' }],
    ] as const) {
      expect(await codeOf(action, parameters, { credential })).toBe('UnauthorizedOperation');
    }
    for (const [action, parameters] of [
      ['CreateAccessKey', { AccountName: 'admin' }],
      ['ModifyAccessKey', { SecretId: credential.secretId, RemovePolicy: true }],
      ['CreateTemporaryCredentials', {}],
    ] as const) {
      expect(await codeOf(action, parameters, { credential, ...operator })).toBe('UnauthorizedOperation');
    }
    expect(api.rows.vpcs.all()).toHaveLength(1);
  });

  it('about everything still gives no keys to others', async () => {
    const credential = await keyWith([{ Access: 'write' }]);
    for (const [action, parameters] of [
      ['CreateAccessKey', { AccountName: 'admin' }],
      ['ModifyAccessKey', { SecretId: credential.secretId, RemovePolicy: true }],
      ['DeleteAccessKey', { SecretId: api.admin.secretId }],
    ] as const) {
      expect(await codeOf(action, parameters, { credential, ...operator })).toBe('UnauthorizedOperation');
    }
  });

  it('about some Actions allows those', async () => {
    const credential = await keyWith([{ Access: 'write', Actions: ['vpc:CreateVpc', 'Describe*'] }]);
    const id = await makeVpc(api);
    expect(await codeOf('CreateVpc', vpcOf('b'), { credential })).toBe('');
    expect(await codeOf('DescribeVpcs', {}, { credential })).toBe('');
    expect(await codeOf('DeleteVpc', { VpcId: id }, { credential })).toBe('UnauthorizedOperation');
  });

  it('about a resource allows what names it, or what belongs to it, and nothing beside', async () => {
    const [mine, other] = [await makeGateway(api, ''), await makeGateway(api, '')];
    const peer = await makePeer(api, '198.51.100.1');
    const credential = await keyWith([{ Access: 'write', Resources: [mine, peer] }]);
    const tunnel = await makeTunnel(api, mine, peer);
    const foreign = await makeTunnel(api, other, peer);
    const rename = { VpnConnectionId: tunnel, VpnConnectionName: 'renamed' };
    expect(await codeOf('ModifyVpnConnectionAttribute', rename, { credential })).toBe('');
    expect(api.rows.vpnConnections.get(tunnel)?.name).toBe('renamed');
    for (const [action, parameters] of [
      ['ModifyVpnConnectionAttribute', { VpnConnectionId: foreign, VpnConnectionName: 'renamed' }],
      ['DeleteVpnConnection', { VpnGatewayId: other, VpnConnectionId: tunnel }],
      ['DescribeVpnGateways', {}],
      ['DescribeVpnGateways', { VpnGatewayIds: [mine, other] }],
      ['DescribeVpnGateways', { Filters: [{ Name: 'vpn-gateway-name', Values: [mine] }] }],
      ['CreateVpc', { VpcName: mine, CidrBlock: '10.0.0.0/16' }],
    ] as const) {
      expect([action, await codeOf(action, parameters, { credential })]).toEqual([action, 'UnauthorizedOperation']);
    }
    expect((await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [mine] }, { credential })).TotalCount).toBe(1);
    expect(api.rows.vpnConnections.get(foreign)?.name).not.toBe('renamed');
  });

  it('about tags allows what has them', async () => {
    const { Vpc } = await api.succeed('CreateVpc', { ...vpcOf('a'), Tags: [{ Key: 'team', Value: 'red' }] });
    const plain = await makeVpc(api);
    const credential = await keyWith([{ Access: 'write', Tags: [{ Key: 'team', Value: 'red' }] }]);
    const rename = (VpcId: string) => codeOf('ModifyVpcAttribute', { VpcId, VpcName: 'n' }, { credential });
    expect([await rename(Vpc.VpcId), await rename(plain)]).toEqual(['', 'UnauthorizedOperation']);
  });

  it('is checked: an empty list would say something else than it looks like', async () => {
    for (const Statements of [[{ Access: 'write', Actions: [] }], [{ Access: 'write', Resources: [] }]]) {
      expect(await codeOf('CreateAccessKey', { AccountName: 'a', Policy: { Statements } }, operator)).toBe(
        'InvalidParameterValue.Empty',
      );
    }
    expect(
      await codeOf('CreateAccessKey', { AccountName: 'a', Policy: { Statements: [{ Access: 'all' }] } }, operator),
    ).toBe('InvalidParameterValue');
  });

  it('with no statement allows nothing, and is taken away again', async () => {
    const credential = await keyWith([]);
    expect(await codeOf('DescribeVpcs', {}, { credential })).toBe('UnauthorizedOperation');
    await api.operate('ModifyAccessKey', { SecretId: credential.secretId, RemovePolicy: true });
    expect(await codeOf('DescribeVpcs', {}, { credential })).toBe('');
  });

  it('says who sees pre-shared keys', async () => {
    const gateway = await makeGateway(api, '');
    const id = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'), { PreShareKey: canary });
    const shown = async (credential: TestCredential) => {
      const { VpnConnectionSet } = await api.succeed('DescribeVpnConnections', {}, { credential });
      return VpnConnectionSet.map(({ PreShareKey }) => PreShareKey);
    };
    const blind = await keyWith([{ Access: 'write' }]);
    expect([await shown(api.admin), await shown(blind)]).toEqual([[canary], ['******']]);
    expect(await shown(await keyWith([{ Access: 'read' }], { ShowsSecrets: true }))).toEqual([canary]);
    const vendors = await api.succeed('DescribeCustomerGatewayVendors');
    const [CustomerGatewayVendor] = vendors.CustomerGatewayVendorSet;
    const asked = { VpnGatewayId: gateway, VpnConnectionId: id, InterfaceName: 'eth0', CustomerGatewayVendor };
    const file = async (credential: TestCredential) =>
      JSON.stringify(await api.call('DownloadCustomerGatewayConfiguration', asked, { credential }));
    expect(await file(api.admin)).toContain(canary);
    expect(await file(blind)).toContain('CustomerGatewayConfiguration');
    expect(await file(blind)).not.toContain(canary);
    const modify = (PreShareKey: string, credential: TestCredential) =>
      codeOf('ModifyVpnConnectionAttribute', { VpnConnectionId: id, PreShareKey }, { credential });
    expect(await modify('******', blind)).toBe('InvalidParameterValue');
    expect(api.secrets.preSharedKey(id)).toBe(canary);
    const code = 'InvalidParameterValue';
    const masked = { VpnConnectionId: id, PreShareKey: '******' };
    await expectRefusal(api, ['ModifyVpnConnectionAttribute', masked, { credential: blind }], {
      ...{ code, names: ['PreShareKey', '******'] },
    });
    const copied = tunnelRequest(gateway, await makePeer(api, '198.51.100.2'), { PreShareKey: '******' });
    await expectRefusal(api, ['CreateVpnConnection', copied, { credential: blind }], {
      ...{ code, names: ['PreShareKey', '******'] },
    });
    expect(await modify('another one', blind)).toBe('');
    expect(api.secrets.preSharedKey(id)).toBe('another one');
  });
});

describe('keys', () => {
  it('are rotated with two valid at once, and the old one expires', async () => {
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'tenant', CallsPerSecond: 7 });
    const old = { secretId: String(SecretId), secretKey: String(SecretKey) };
    const made = await api.operate('RotateAccessKey', { SecretId, OldKeyValidSeconds: 60 }, { credential: old });
    const fresh = { secretId: String(made['SecretId']), secretKey: String(made['SecretKey']) };
    const codes = async () => [
      await codeOf('DescribeVpcs', {}, { credential: old }),
      await codeOf('DescribeVpcs', {}, { credential: fresh }),
    ];
    expect(await codes()).toEqual(['', '']);
    await expectRefusal(api, ['RotateAccessKey', { SecretId }, { credential: old, ...operator }], {
      ...{ code: 'UnsupportedOperation', names: [old.secretId] },
    });
    const ofOthers = { SecretId: api.admin.secretId };
    await expectRefusal(api, ['RotateAccessKey', ofOthers, { credential: fresh, ...operator }], {
      ...{ code: 'UnauthorizedOperation', names: [] },
    });
    const { AccessKeySet } = await api.operate('DescribeAccessKeys');
    expect(AccessKeySet).toContainEqual(expect.objectContaining({ SecretId: fresh.secretId, CallsPerSecond: 7 }));
    clock.advance(60_000);
    expect(await codes()).toEqual(['AuthFailure.SecretIdNotFound', '']);
  });

  it('always leave one with which an administrator may do everything', async () => {
    const own = { SecretId: api.admin.secretId };
    const Policy = { Statements: [{ Access: 'write' }] };
    await keyWith([{ Access: 'write' }]);
    expect(await codeOf('DeleteAccessKey', own, operator)).not.toBe('');
    expect(await codeOf('ModifyAccessKey', { ...own, Policy }, operator)).not.toBe('');
    expect(api.rows.accessKeys.get(api.admin.secretId)?.policy).toBe(null);
    await api.operate('RotateAccessKey', { ...own, OldKeyValidSeconds: 60 });
    await api.operate('DeleteAccessKey', own);
    expect(await codeOf('DescribeVpcs', {})).toBe('AuthFailure.SecretIdNotFound');
  });

  it('are at most so many of an account, however they are made', async () => {
    const most = 100;
    const AccountName = 'tenant';
    const ids: unknown[] = [];
    while (ids.length < most) ids.push((await api.operate('CreateAccessKey', { AccountName }))['SecretId']);
    const refusal = { code: 'LimitExceeded', names: ['SecretId', String(most)] };
    await expectRefusal(api, ['CreateAccessKey', { AccountName }, operator], refusal);
    await expectRefusal(api, ['RotateAccessKey', { SecretId: ids[0] }, operator], refusal);
    await api.operate('DeleteAccessKey', { SecretId: ids[1] });
    await api.operate('RotateAccessKey', { SecretId: ids[0] });
  });

  it('of others are not rotated by a key that a policy bounds', async () => {
    const credential = await keyWith([{ Access: 'write' }]);
    const { SecretId } = await api.operate('CreateAccessKey', { AccountName: 'tenant' });
    const refusal = { code: 'UnauthorizedOperation', names: [] };
    await expectRefusal(api, ['RotateAccessKey', { SecretId }, { ...operator, credential }], refusal);
  });

  it('are given a policy or lose it, not both', async () => {
    const { SecretId } = await api.operate('CreateAccessKey', { AccountName: 'tenant' });
    const Policy = { Statements: [{ Access: 'read' }] };
    const refusal = { code: 'InvalidParameter.Coexist', names: ['RemovePolicy', 'Policy'] };
    await expectRefusal(api, ['ModifyAccessKey', { SecretId, Policy, RemovePolicy: true }, operator], refusal);
  });

  it('have a rate of their own', async () => {
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'admin', CallsPerSecond: 2 });
    const credential = { secretId: String(SecretId), secretKey: String(SecretKey) };
    const codes = [];
    for (const action of ['DescribeVpcs', 'DescribeSubnets', 'DescribeCcns'])
      codes.push(await codeOf(action, {}, { credential }));
    expect(codes).toEqual(['', '', 'RequestLimitExceeded']);
    expect(await codeOf('DescribeVpcs', {})).toBe('');
    clock.advance(1000);
    expect(await codeOf('DescribeVpcs', {}, { credential })).toBe('');
  });
});

describe('temporary credentials', () => {
  it('do what their key may until they expire', async () => {
    const credential = await temporary({ DurationSeconds: 60 });
    await api.succeed('CreateVpc', vpcOf('a'), { credential });
    expect((await api.succeed('DescribeVpcs')).TotalCount).toBe(1);
    clock.advance(59_999);
    expect(await codeOf('DescribeVpcs', {}, { credential })).toBe('');
    clock.advance(1);
    expect(await codeOf('DescribeVpcs', {}, { credential })).toBe('AuthFailure.TokenFailure');
  });

  it('are worth nothing without their own token', async () => {
    const [credential, second] = [await temporary(), await temporary()];
    const { token = '', ...bare } = credential;
    expect(await codeOf('DescribeVpcs', {}, { credential: bare })).toBe('AuthFailure.SecretIdNotFound');
    const last = token.at(-10) === 'A' ? 'B' : 'A';
    for (const forged of [
      second.token ?? '',
      'x',
      `${token.slice(0, -10)}${last}${token.slice(-9)}`,
      'v1:',
      token.slice(0, 40),
    ]) {
      const failed = await api.call('DescribeVpcs', {}, { credential: { ...bare, token: forged } });
      expect(failed['Error']).toMatchObject({ Code: 'AuthFailure.TokenFailure' });
    }
    expect(await codeOf('DescribeVpcs', {}, { credential: { ...api.admin, token } })).toBe('AuthFailure.TokenFailure');
    expect(await codeOf('DescribeVpcs', {}, { credential: { ...credential, secretKey: 'wrong' } })).toBe(
      'AuthFailure.SignatureFailure',
    );
  });

  it('may do no more than their key and their own policy', async () => {
    const key = await keyWith([
      { Access: 'write', Actions: ['CreateVpc', 'CreateTemporaryCredentials', 'DescribeVpcs'] },
    ]);
    const Policy = { Statements: [{ Access: 'write', Actions: ['CreateVpc', 'CreateCcn'] }] };
    const credential = await temporary({ Policy }, { credential: key });
    expect(await codeOf('CreateVpc', vpcOf('a'), { credential })).toBe('');
    expect(await codeOf('DescribeVpcs', {}, { credential })).toBe('UnauthorizedOperation');
    expect(await codeOf('CreateCcn', { CcnName: 'c' }, { credential })).toBe('UnauthorizedOperation');
  });

  it('give no keys, and make no others', async () => {
    const credential = await temporary();
    const refusal = { code: 'UnsupportedOperation', names: [] };
    await expectRefusal(api, ['CreateTemporaryCredentials', {}, { credential, ...operator }], refusal);
    expect(await codeOf('CreateAccessKey', { AccountName: 'a' }, { credential, ...operator })).toBe(
      'UnauthorizedOperation',
    );
  });

  it('end with their key, and outlive a restart', async () => {
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'tenant' });
    const credential = await temporary(
      {},
      { credential: { secretId: String(SecretId), secretKey: String(SecretKey) } },
    );
    await api.close({ keepData: true });
    api = await startHarness({ clock, dataDir: api.dataDir });
    expect(await codeOf('DescribeVpcs', {}, { credential })).toBe('');
    await api.operate('DeleteAccessKey', { SecretId });
    expect(await codeOf('DescribeVpcs', {}, { credential })).toBe('AuthFailure.TokenFailure');
  });
});

describe('the audit log', () => {
  it('says who did what, from where, with before and after', async () => {
    const { Vpc, RequestId } = (await api.succeed('CreateVpc', vpcOf('a'))) as unknown as Reply & {
      Vpc: { VpcId: string };
    };
    await api.succeed('ModifyVpcAttribute', { VpcId: Vpc.VpcId, VpcName: 'b' });
    await api.succeed('DescribeVpcs');
    const [modified, created] = await audited();
    expect(modified).toMatchObject({
      ...{ AccountName: 'admin', SecretId: api.admin.secretId, ServiceName: 'vpc', ActionName: 'ModifyVpcAttribute' },
      ...{ RemoteAddress: '127.0.0.1', Region: 'test-1', Resources: [Vpc.VpcId], Code: '', Count: 1, IsCut: false },
      Changes: [{ Kind: 'vpcs', Id: Vpc.VpcId, Before: { name: 'a' }, After: { name: 'b' } }],
      Time: '2026-11-22T12:00:00.000Z',
    });
    expect(created).toMatchObject({ ActionName: 'CreateVpc', RequestIdOfCall: RequestId });
    expect(created?.['Changes']).toContainEqual(
      expect.objectContaining({
        Id: Vpc.VpcId,
        Before: null,
        After: expect.objectContaining({ name: 'a' }) as unknown,
      }),
    );
    await api.succeed('DeleteVpc', { VpcId: Vpc.VpcId });
    const [removed] = await audited({ Limit: 1 });
    expect(removed?.['Changes']).toContainEqual(
      expect.objectContaining({
        Id: Vpc.VpcId,
        Before: expect.objectContaining({ name: 'b' }) as unknown,
        After: null,
      }),
    );
  });

  it('tells calls apart that come at once', async () => {
    const made = await Promise.all(['a', 'b', 'c', 'd'].map((name) => api.succeed('CreateVpc', vpcOf(name))));
    for (const { Vpc } of made) {
      const found = await audited({ ResourceId: Vpc.VpcId });
      expect(found).toHaveLength(1);
      const kinds = (found[0]?.['Changes'] as Reply[]).filter(({ Kind }) => Kind === 'vpcs');
      expect(kinds.map(({ Id }) => Id)).toEqual([Vpc.VpcId]);
    }
  });

  it('holds no secret', async () => {
    const gateway = await makeGateway(api, '');
    const peer = await makePeer(api, '198.51.100.1');
    const id = await makeTunnel(api, gateway, peer, { PreShareKey: canary });
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: id, PreShareKey: `${canary}2 vpnx-canary01` });
    await api.call('CreateVpnConnection', { PreShareKey: `${canary}3` });
    const { SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'tenant' });
    const credential = await temporary();
    const text = JSON.stringify(await audited({ Limit: 100 }));
    for (const secret of [
      canary,
      'vpnx-canary01',
      String(SecretKey),
      credential.secretKey,
      credential.token ?? 'x',
      'v1:',
    ]) {
      expect(text).not.toContain(secret);
    }
    const [changed] = await audited({ ActionName: 'ModifyVpnConnectionAttribute' });
    expect(changed?.['Changes']).toContainEqual({
      ...{ Kind: 'preSharedKeys', Id: id },
      ...{ Before: { sealedKey: '(secret)' }, After: { sealedKey: '(secret)' } },
    });
  });

  it('has refused calls, and those that nobody may have made, as one event each', async () => {
    const credential = await keyWith([{ Access: 'read' }]);
    for (let count = 0; count < 30; count++) await api.call('CreateVpc', vpcOf('a'), { credential });
    for (let count = 0; count < 3; count++) {
      await api.call('DescribeVpcs', {}, { credential: { ...api.admin, secretKey: 'wrong' } });
    }
    await api.call('DeleteVpc', { VpcId: 'vpc-00000000' });
    await api.call('DeleteVpc', {});
    await api.call('DescribeVpcs', { Nonsense: 1 });
    const refused = await audited({ Outcome: 'refused' });
    expect(
      new Set(refused.map(({ ActionName, Code, Count, AccountName }) => [ActionName, Code, Count, AccountName])),
    ).toEqual(
      new Set([
        ['DeleteVpc', 'MissingParameter', 1, 'admin'],
        ['DeleteVpc', 'ResourceNotFound', 1, 'admin'],
        ['DescribeVpcs', 'AuthFailure.SignatureFailure', 3, ''],
        ['CreateVpc', 'UnauthorizedOperation', 30, 'admin'],
      ]),
    );
    expect(refused.find(({ Code }) => Code === 'ResourceNotFound')?.['Resources']).toEqual(['vpc-00000000']);
  });

  it('writes nothing for a call that looks, and little for a flood of refused ones', async () => {
    const before = await api.store.generation();
    for (let count = 0; count < 500; count++) {
      await api.call('DescribeVpcs', {}, { credential: { secretId: `AKID${count}00000000`, secretKey: 'x' } });
    }
    expect(await api.store.generation()).toBe(before);
    const refused = await audited({ Outcome: 'refused', Limit: 100 });
    expect(refused).toHaveLength(21);
    expect(refused.reduce((sum, { Count }) => sum + Number(Count), 0)).toBe(500);
  });

  it('is read page by page, and a tenant reads its own', async () => {
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'tenant' });
    const credential = { secretId: String(SecretId), secretKey: String(SecretKey) };
    await api.succeed('CreateVpc', vpcOf('a'), { credential });
    for (const name of ['b', 'c', 'd']) await api.succeed('CreateVpc', vpcOf(name));
    const names: unknown[] = [];
    for (let BeforeEventId: unknown; ;) {
      const asked = { Limit: 2, ActionName: 'CreateVpc', ...(BeforeEventId === undefined ? {} : { BeforeEventId }) };
      const { AuditEventSet, NextBeforeEventId } = await api.operate('DescribeAuditEvents', asked);
      names.push(...(AuditEventSet as Reply[]).map(({ AccountName }) => AccountName));
      if (NextBeforeEventId === null) break;
      BeforeEventId = NextBeforeEventId;
    }
    expect(names).toEqual(['admin', 'admin', 'admin', 'tenant']);
    const own = await api.operate('DescribeAuditEvents', {}, { credential });
    expect((own['AuditEventSet'] as Reply[]).map(({ AccountName }) => AccountName)).toEqual(['tenant']);
    expect(await codeOf('DescribeAuditEvents', { AccountName: 'admin' }, { credential, ...operator })).toBe(
      'UnauthorizedOperation',
    );
    expect(await audited({ Since: '2026-11-22T12:00:00.001Z' })).toEqual([]);
  });
});

describe('ClientToken', () => {
  const call = { ...vpcOf('a'), ClientToken: 'token-1' };

  it('makes a repeated call one object, also after a restart', async () => {
    const first = await api.succeed('CreateVpc', call);
    const generation = await api.store.generation();
    expect((await api.succeed('CreateVpc', call)).Vpc).toEqual(first.Vpc);
    expect(await api.store.generation()).toBe(generation);
    await api.close({ keepData: true });
    api = await startHarness({ clock, dataDir: api.dataDir });
    expect(
      (await api.succeed('CreateVpc', { ClientToken: 'token-1', CidrBlock: '10.0.0.0/16', VpcName: 'a' })).Vpc,
    ).toEqual(first.Vpc);
    expect(api.rows.vpcs.all()).toHaveLength(1);
    expect(await audited({ ActionName: 'CreateVpc' })).toHaveLength(1);
  });

  it('of two calls at once makes one object', async () => {
    const replies = await Promise.all([1, 2, 3, 4].map(() => api.succeed('CreateVpc', call)));
    expect(new Set(replies.map(({ Vpc }) => Vpc.VpcId)).size).toBe(1);
    expect(api.rows.vpcs.all()).toHaveLength(1);
  });

  it('is refused for another call', async () => {
    await api.succeed('CreateVpc', call);
    for (const [action, parameters] of [
      ['CreateVpc', { ...call, VpcName: 'b' }],
      ['CreateCcn', { CcnName: 'c', ClientToken: 'token-1' }],
    ] as const) {
      const error = await api.fail(action, parameters);
      expect([error.Code, error.Message]).toEqual(['InvalidParameterValue', expect.stringContaining('ClientToken')]);
    }
    expect(await codeOf('CreateVpc', call, { region: 'far' })).toBe('InvalidParameterValue');
    expect(api.rows.vpcs.all()).toHaveLength(1);
  });

  it('of a call that was refused is free', async () => {
    await api.fail('CreateSubnet', {
      VpcId: 'vpc-00000000',
      SubnetName: 's',
      CidrBlock: '10.0.1.0/24',
      Zone: 'z',
      ClientToken: 't',
    });
    await api.succeed('CreateVpc', { ...vpcOf('a'), ClientToken: 't' });
  });

  it('is another key’s own, and forgotten after a day', async () => {
    await api.succeed('CreateVpc', call);
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'admin' });
    await api.succeed('CreateVpc', call, { credential: { secretId: String(SecretId), secretKey: String(SecretKey) } });
    expect(api.rows.vpcs.all()).toHaveLength(2);
    clock.advance(24 * 3600 * 1000);
    await api.succeed('CreateVpc', call);
    expect(api.rows.vpcs.all()).toHaveLength(3);
    expect(api.rows.clientTokens.of('accessKey', api.admin.secretId)).toHaveLength(1);
  });

  it('is remembered for so many calls of a key', async () => {
    const VpnGatewayId = await makeGateway(api, '');
    for (let count = 0; count < 510; count++) {
      const VpnGatewayName = `name ${count}`;
      clock.advance(1);
      await api.succeed('ModifyVpnGatewayAttribute', { VpnGatewayId, VpnGatewayName, ClientToken: `t${count}` });
    }
    expect(api.rows.clientTokens.of('accessKey', api.admin.secretId)).toHaveLength(500);
    expect(api.rows.clientTokens.get(api.admin.secretId, 't509')).toBeDefined();
    expect(api.rows.clientTokens.get(api.admin.secretId, 't9')).toBeUndefined();
  }, 60_000);

  it('of a Create that shows a secret answers it again, and the database holds it sealed', async () => {
    const asked = { AccountName: 'tenant', ClientToken: 'k' };
    const [first, second] = [await api.operate('CreateAccessKey', asked), await api.operate('CreateAccessKey', asked)];
    expect(second).toEqual({ ...first, RequestId: second['RequestId'] });
    expect(JSON.stringify(api.rows.clientTokens.all())).not.toContain(first['SecretKey']);
  });
});
