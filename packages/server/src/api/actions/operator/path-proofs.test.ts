import { parseIpAddress } from '@landbridge/net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type CallOptions } from '../../../../testing/api-harness.ts';
import { answeredProof, FakePathProving } from '../../../../testing/fake-path-proving.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import {
  mainRouteTable,
  makeGateway,
  makeKey,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
} from '../../../../testing/sample-resources.ts';
import type { VpnConnectionId } from '../../../domain/resource-id.ts';
import { NotProvingError } from '../../../domain/operator/path-proof.ts';

let api: ApiHarness;
let proving: FakePathProving;
let vpc: string;
let gateway: string;
let tunnel: string;
let web: string;
let data: string;
const asOperator = { service: 'landbridge' } as const;
const idc = '192.168.1.10';

beforeEach(async () => {
  proving = new FakePathProving();
  api = await startHarness({ pathProving: proving });
  vpc = await makeVpc(api);
  web = (await makeSubnet(api, vpc, { SubnetName: 'web' })).SubnetId;
  data = (await makeSubnet(api, vpc, { SubnetName: 'data', CidrBlock: '10.0.2.0/24' })).SubnetId;
  gateway = await makeGateway(api, vpc);
  tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
  const into = { InstanceType: 'VPNCONN', InstanceId: tunnel, Priority: 0, Status: 'ENABLE' };
  const Routes = [{ DestinationCidrBlock: '192.168.1.0/24', ...into }];
  await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: gateway, Routes });
  const toGateway = { DestinationCidrBlock: '192.168.1.0/24', GatewayType: 'VPN', GatewayId: gateway };
  await api.succeed('CreateRoutes', { RouteTableId: await mainRouteTable(api, vpc), Routes: [toGateway] });
  api.connect(tunnel as VpnConnectionId);
});
afterEach(() => api.close());

const prove = (parameters: object) => api.operate('ProvePath', { SourceSubnetId: web, ...parameters });

async function stranger(): Promise<CallOptions> {
  return { ...asOperator, credential: await makeKey(api, 'stranger') };
}

describe('ProvePath', () => {
  it('tells what packets did beside the way that they were to take, hop by hop', async () => {
    expect(await prove({ DestinationAddress: idc })).toMatchObject({
      ...{ Verdict: 'answered', SourceAddress: '10.0.1.77', DestinationAddress: idc },
      ...{ Sent: 10, Arrived: null, Answered: 10, Delay: { LeastMs: 0.4, MeanMs: 0.612, MostMs: 1.9 }, Refusals: [] },
      Routers: [
        { Address: '10.0.1.1', ResourceId: vpc },
        { Address: '', ResourceId: gateway },
      ],
      Forward: { FromId: web, Ways: [{ End: { Kind: 'tunnel', ResourceId: tunnel } }] },
      Return: { FromId: tunnel, Ways: [{ End: { Kind: 'subnet', ResourceId: web } }] },
    });
    expect(proving.orders).toMatchObject([{ from: web, to: { kind: 'address', address: idc } }]);
  });

  it('has a host at both ends between subnets, and follows the way between the two', async () => {
    const destination = parseIpAddress('10.0.2.9');
    proving.answer = { ...answeredProof, destination, arrived: 10 };
    expect(await prove({ DestinationSubnetId: data })).toMatchObject({
      ...{ DestinationAddress: '10.0.2.9', Arrived: 10 },
      Forward: { Ways: [{ End: { Kind: 'subnet', ResourceId: data } }] },
    });
    expect(proving.orders).toMatchObject([{ from: web, to: { kind: 'subnet', id: data } }]);
  });

  it.each([
    ['some-answered', { answered: 9 }],
    ['arrived', { answered: 0, delay: null, arrived: 10 }],
    [
      'refused',
      { answered: 0, delay: null, refusals: [{ from: parseIpAddress('10.0.1.1'), message: 'no', packets: 1 }] },
    ],
    ['silent', { answered: 0, delay: null }],
    ['silent', { answered: 0, delay: null, arrived: 0 }],
  ] as const)('says %s', async (Verdict, changes) => {
    proving.answer = { ...answeredProof, ...changes };
    expect(await prove({ DestinationAddress: idc })).toMatchObject({ Verdict });
  });

  it('sends nothing from or to a subnet of another account, as if there was none; for an administrator, too', async () => {
    const other = await stranger();
    const missing = (id: string) => ({ code: 'ResourceNotFound', names: [id] });
    const from = (SourceSubnetId: string, more: object) => ['ProvePath', { SourceSubnetId, ...more }] as const;
    const toIdc = { DestinationAddress: idc };
    await expectRefusal(api, [...from(web, toIdc), other], missing(web));
    const options = other.credential === undefined ? {} : { credential: other.credential };
    const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'v', CidrBlock: '10.7.0.0/16' }, options);
    const request = { VpcId: Vpc.VpcId, SubnetName: 's', CidrBlock: '10.7.1.0/24', Zone: 'z-1' };
    const theirs = (await api.succeed('CreateSubnet', request, options)).Subnet.SubnetId;
    await expectRefusal(api, [...from(theirs, toIdc), asOperator], missing(theirs));
    await expectRefusal(api, [...from(web, { DestinationSubnetId: theirs }), asOperator], missing(theirs));
    await expectRefusal(api, [...from('subnet-00000000', toIdc), asOperator], missing('subnet-00000000'));
    // Nor to an address that is theirs alone.
    const nowhere = { code: 'InvalidParameterValue', names: ['10.7.1.5'] };
    await expectRefusal(api, [...from(web, { DestinationAddress: '10.7.1.5' }), asOperator], nowhere);
    expect(proving.orders).toEqual([]);
  });

  it('sends nothing to where the account has no subnet, route or policy, and needs one destination', async () => {
    const to = (more: object) => ['ProvePath', { SourceSubnetId: web, ...more }, asOperator] as const;
    for (const DestinationAddress of ['8.8.8.8', '192.168.2.1', '203.0.113.17', '127.0.0.1', '224.0.0.1']) {
      const expected = { code: 'InvalidParameterValue', names: [DestinationAddress] };
      await expectRefusal(api, to({ DestinationAddress }), expected);
    }
    await expectRefusal(api, to({}), { code: 'MissingParameter', names: ['DestinationSubnetId'] });
    const both = { DestinationAddress: idc, DestinationSubnetId: data };
    const names = ['DestinationSubnetId', 'DestinationAddress'];
    await expectRefusal(api, to(both), { code: 'InvalidParameter.Coexist', names });
    expect(proving.orders).toEqual([]);
  });

  it('that is only tried sends nothing', async () => {
    const parameters = { SourceSubnetId: web, DestinationAddress: idc, DryRun: true };
    expect(await api.fail('ProvePath', parameters, asOperator)).toMatchObject({ Code: 'DryRunOperation' });
    expect(proving.orders).toEqual([]);
  });

  it('is no business of a key that may only read, and is audited', async () => {
    await prove({ DestinationAddress: idc });
    const { AuditEventSet } = await api.operate('DescribeAuditEvents', {});
    expect(JSON.stringify(AuditEventSet)).toContain('ProvePath');
    const policy = { Statements: [{ Access: 'read' }] };
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'reader', Policy: policy });
    const credential = { secretId: String(SecretId), secretKey: String(SecretKey) };
    const refused = await api.fail(
      'ProvePath',
      { SourceSubnetId: web, DestinationAddress: idc },
      { ...asOperator, credential },
    );
    expect(refused.Code).toMatch(/^UnauthorizedOperation|^AuthFailure/);
    expect(proving.orders).toHaveLength(1);
  });

  it.each([
    ['not-there', 'UnsupportedOperation.InvalidState', 'subnet-'],
    ['no-free-address', 'ResourceInsufficient', 'subnet-'],
    ['vpc-busy', 'UnsupportedOperation.InvalidState', 'subnet-'],
    ['host-busy', 'ResourceInsufficient', '3'],
    ['account-proves-often', 'LimitExceeded', '10'],
    ['not-started', 'ResourceUnavailable', 'subnet-'],
    [new NotProvingError('away'), 'ResourceUnavailable', 'agent'],
  ] as const)('is refused where the acting side says %s', async (answer, Code, named) => {
    proving.answer = answer;
    // A preview sends nothing.
    const reply = await api.call('ProvePath', { SourceSubnetId: web, DestinationSubnetId: data }, asOperator);
    expect(reply).toMatchObject({ Error: { Code, Message: expect.stringContaining(named) as string } });
  });
});
