import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { FakeDrilling, shortDrill } from '../../../../testing/fake-drilling.ts';
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
let drilling: FakeDrilling;
let tunnel: string;
let standby: string;
let subnet: string;
const asOperator = { service: 'landbridge' } as const;

beforeEach(async () => {
  drilling = new FakeDrilling();
  api = await startHarness({ drilling });
  const vpc = await makeVpc(api);
  subnet = (await makeSubnet(api, vpc)).SubnetId;
  const gateway = await makeGateway(api, vpc);
  tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
  standby = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.2'));
  const Routes = [tunnel, standby].map((InstanceId, index) => ({
    ...{ DestinationCidrBlock: '192.168.1.0/24', InstanceType: 'VPNCONN', InstanceId, Priority: index * 100 },
    Status: 'ENABLE',
  }));
  await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: gateway, Routes });
  const toGateway = { DestinationCidrBlock: '192.168.1.0/24', GatewayType: 'VPN', GatewayId: gateway };
  await api.succeed('CreateRoutes', { RouteTableId: await mainRouteTable(api, vpc), Routes: [toGateway] });
  for (const id of [tunnel, standby]) api.connect(id as VpnConnectionId);
});
afterEach(() => api.close());

const request = (more: object = {}) => ({
  ...{ VpnConnectionId: tunnel, SourceSubnetId: subnet, DestinationAddress: '192.168.1.10' },
  ...more,
});

describe('DrillFailover', () => {
  it('says what was lost, and for how long at most', async () => {
    expect(await api.operate('DrillFailover', request())).toMatchObject({
      ...{ SourceAddress: '10.0.1.77', DestinationAddress: '192.168.1.10' },
      ...{ Sent: 650, Lost: 3, LongestLossMs: 40, EndedEarly: false },
    });
    expect(drilling.orders).toMatchObject([{ tunnel, from: subnet, to: '192.168.1.10', seconds: 10 }]);
    drilling.answer = { ...shortDrill, isWhole: false };
    expect(await api.operate('DrillFailover', request({ Seconds: 3 }))).toMatchObject({ EndedEarly: true });
    expect(drilling.orders[1]).toMatchObject({ seconds: 3 });
  });

  it('drills nothing of another account, nor by way of its subnets, and nothing to where the account has no place', async () => {
    const stranger = { ...asOperator, credential: await makeKey(api, 'stranger') };
    const missing = (id: string) => ({ code: 'ResourceNotFound', names: [id] });
    await expectRefusal(api, ['DrillFailover', request(), stranger], missing(tunnel));
    const { credential } = stranger;
    const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'v', CidrBlock: '10.7.0.0/16' }, { credential });
    const wanted = { VpcId: Vpc.VpcId, SubnetName: 's', CidrBlock: '10.7.1.0/24', Zone: 'z-1' };
    const { SubnetId: theirs } = (await api.succeed('CreateSubnet', wanted, { credential })).Subnet;
    const elsewhere = request({ SourceSubnetId: theirs });
    await expectRefusal(api, ['DrillFailover', elsewhere, asOperator], missing(theirs));
    const outside = request({ DestinationAddress: '8.8.8.8' });
    await expectRefusal(api, ['DrillFailover', outside, asOperator], {
      code: 'InvalidParameterValue',
      names: ['8.8.8.8'],
    });
    expect(drilling.orders).toEqual([]);
  });

  it('drills no tunnel that the packets do not pass', async () => {
    // A preview does not ask which way packets go now.
    const reply = await api.call('DrillFailover', request({ VpnConnectionId: standby }), asOperator);
    const Message = expect.stringContaining(standby) as string;
    expect(reply).toMatchObject({ Error: { Code: 'UnsupportedOperation.InvalidState', Message } });
    expect(drilling.orders).toEqual([]);
  });

  it('that is only tried drills nothing', async () => {
    const tried = await api.fail('DrillFailover', request({ DryRun: true }), asOperator);
    expect(tried.Code).toBe('DryRunOperation');
    expect(drilling.orders).toEqual([]);
  });

  it.each([
    ['not-used', 'UnsupportedOperation.InvalidState', 'vpnx-'],
    ['no-standby', 'UnsupportedOperation.InvalidState', 'vpnx-'],
    ['unanswered', 'UnsupportedOperation.InvalidState', '192.168.1.10'],
    ['not-there', 'UnsupportedOperation.InvalidState', 'subnet-'],
    ['no-free-address', 'ResourceInsufficient', 'subnet-'],
    ['vpc-busy', 'UnsupportedOperation.InvalidState', 'subnet-'],
    ['host-busy', 'ResourceInsufficient', '3'],
    ['account-proves-often', 'LimitExceeded', '10'],
    ['not-started', 'ResourceUnavailable', 'subnet-'],
    [new NotProvingError('away'), 'ResourceUnavailable', 'agent'],
  ] as const)('is refused where the acting side says %s', async (answer, Code, named) => {
    drilling.answer = answer;
    const reply = await api.call('DrillFailover', request(), asOperator);
    expect(reply).toMatchObject({ Error: { Code, Message: expect.stringContaining(named) as string } });
  });
});
