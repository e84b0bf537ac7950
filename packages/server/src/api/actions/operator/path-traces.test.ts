import type { ResponseOf } from '@landbridge/catalogue/action-definition';
import type { pathTraceActions, WireDirection } from '@landbridge/catalogue/operator/path-traces';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startHarness, type ApiHarness, type TestCredential } from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import {
  mainRouteTable,
  makeGateway,
  makeKey,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
  policy,
  tunnelRequest,
} from '../../../../testing/sample-resources.ts';
import type { Fault } from '../../../domain/vpn/tunnel-usability.ts';
import { Table } from '../../../image/table.ts';

type Answer = ResponseOf<typeof pathTraceActions.TracePath>;

let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness();
});
afterEach(() => api.close());

const landbridge = { service: 'landbridge' } as const;

async function trace(from: string, to: string, more: object = {}, credential = api.admin): Promise<Answer> {
  const ends = { SourceAddress: from, DestinationAddress: to };
  return (await api.operate('TracePath', { ...ends, ...more }, { credential })) as unknown as Answer;
}

/** `HOP kind id` of each hop, then the end, of each way. */
function told({ Ways }: WireDirection): string[][] {
  return Ways.map(({ Hops, End }) => [
    ...Hops.map(({ ResourceId, Decision }) =>
      [ResourceId, Decision?.Kind ?? '-', Decision?.Id ?? ''].join(' ').trimEnd(),
    ),
    [`=> ${End.Kind}`, End.ResourceId, End.Reason].filter((word) => word !== '').join(' '),
  ]);
}

/** What lost at a hop of the only way. */
function lost({ Ways }: WireDirection, hop: number): string[] {
  expect(Ways).toHaveLength(1);
  return Ways[0]!.Hops[hop]!.Rivals.map(({ Kind, Id, Range, LostBy, Detail }) =>
    [Kind, Id, Range, LostBy, Detail].filter((word) => word !== '').join(' '),
  );
}

function fail(id: `vpnx-${string}`, fault: Fault | null): void {
  api.observed.recordUsability(id, { fault, healthCheck: null });
}

async function gatewayRoute(
  gateway: string,
  tunnel: string,
  DestinationCidrBlock: string,
  Priority = 0,
  Status = 'ENABLE',
) {
  const Routes = [{ DestinationCidrBlock, InstanceType: 'VPNCONN', InstanceId: tunnel, Priority, Status }];
  const made = await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: gateway, Routes });
  return made.Routes[0]!.RouteId;
}

async function vpcRoute(RouteTableId: string, DestinationCidrBlock: string, GatewayId: string) {
  const Routes = [{ DestinationCidrBlock, GatewayType: 'VPN', GatewayId }];
  const made = await api.succeed('CreateRoutes', { RouteTableId, Routes });
  return made.RouteTableSet[0]!.RouteSet[0]!.RouteItemId;
}

/** Scenario 5: a VPC with a subnet, a gateway, and two tunnels to devices before one range. */
async function makePair() {
  const vpc = await makeVpc(api);
  const { SubnetId: subnet } = await makeSubnet(api, vpc);
  const gateway = await makeGateway(api, vpc);
  const first = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
  const second = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.2'));
  const preferred = await gatewayRoute(gateway, first, '192.168.1.0/24');
  const standby = await gatewayRoute(gateway, second, '192.168.1.0/24', 100);
  const toGateway = await vpcRoute(await mainRouteTable(api, vpc), '192.168.0.0/16', gateway);
  return { vpc, subnet, gateway, first, second, preferred, standby, toGateway };
}

describe('in a VPC', () => {
  it('the way is that of now: the standby tunnel serves while the preferred one has a fault', async () => {
    const { vpc, subnet, gateway, first, second, preferred, standby, toGateway } = await makePair();
    api.connect(first);
    const there = await trace('10.0.1.5', '192.168.1.6', { Protocol: 'tcp', Port: 443 });
    expect(there).toMatchObject({ Traffic: 'network', Protocol: 'tcp', Port: 443, PortsCount: false });
    const entry = `${vpc} vpc-route ${toGateway}`;
    expect(told(there.Forward)).toEqual([[entry, `${gateway} gateway-route ${preferred}`, `=> tunnel ${first}`]]);
    expect(lost(there.Forward, 1)).toEqual([`gateway-route ${standby} 192.168.1.0/24 lower-priority`]);
    expect(there.Forward.FromId).toBe(subnet);
    expect(there.Forward.Ways[0]!.End).toMatchObject({
      PeerAddress: '198.51.100.1',
      State: 'up-unproven',
      Findings: [],
    });
    expect(told(there.Return!)).toEqual([[`${gateway} vpc-range`, `${vpc} vpc-range`, `=> subnet ${subnet}`]]);
    expect(there.Return).toMatchObject({ SourceAddress: '192.168.1.6', FromKind: 'vpn-connection', FromId: first });

    fail(first, 'probe');
    const now = await trace('10.0.1.5', '192.168.1.6');
    expect(told(now.Forward)).toEqual([[entry, `${gateway} gateway-route ${standby}`, `=> tunnel ${second}`]]);
    expect(lost(now.Forward, 1)).toEqual([`gateway-route ${preferred} 192.168.1.0/24 unusable probe`]);
    fail(second, 'no-child-sa');
    const none = await trace('10.0.1.5', '192.168.1.6');
    expect(told(none.Forward)).toEqual([[entry, `${gateway} -`, `=> dropped ${gateway} no-route`]]);
    expect(lost(none.Forward, 1).sort()).toEqual(
      [
        `gateway-route ${preferred} 192.168.1.0/24 unusable probe`,
        `gateway-route ${standby} 192.168.1.0/24 unusable no-child-sa`,
      ].sort(),
    );
    // Where it was meant to come to is not told: both tunnels have the range.
    expect(none.Return).toBeNull();
    const back = await trace('10.0.1.5', '192.168.1.6', { DestinationId: second });
    expect(told(back.Return!)).toEqual([[`${gateway} vpc-range`, `${vpc} vpc-range`, `=> subnet ${subnet}`]]);
  });

  it('a route that is disabled, missing or not the longest is named where the packet is lost or goes elsewhere', async () => {
    const { vpc, subnet, gateway, first, preferred, toGateway } = await makePair();
    const table = await mainRouteTable(api, vpc);
    const wide = await vpcRoute(table, '192.0.0.0/8', gateway);
    const there = await trace('10.0.1.5', '192.168.1.6');
    expect(lost(there.Forward, 0)).toEqual([`vpc-route ${wide} 192.0.0.0/8 shorter-prefix`]);
    await api.succeed('DisableRoutes', { RouteTableId: table, RouteItemIds: [toGateway] });
    const wider = await trace('10.0.1.5', '192.168.1.6');
    expect(lost(wider.Forward, 0)).toEqual([`vpc-route ${toGateway} 192.168.0.0/16 disabled`]);
    await api.succeed('DisableRoutes', { RouteTableId: table, RouteItemIds: [wide] });
    const nowhere = await trace('10.0.1.5', '192.168.1.6');
    expect(told(nowhere.Forward)).toEqual([[`${vpc} -`, `=> dropped ${vpc} no-route`]]);
    expect(lost(nowhere.Forward, 0)).toHaveLength(2);
    // Without the way back the tunnel lets nothing in from there.
    await api.succeed('ModifyVpnGatewayRoutes', {
      VpnGatewayId: gateway,
      Routes: [{ RouteId: preferred, Status: 'DISABLE' }],
    });
    const forged = await trace('192.168.1.6', '10.0.1.5', { SourceId: first });
    expect(told(forged.Forward)).toEqual([[`${gateway} -`, `=> dropped ${gateway} foreign-source`]]);
    expect(lost(forged.Forward, 0)).toEqual([`gateway-route ${preferred} 192.168.1.0/24 disabled`]);
    const local = await trace('10.0.1.5', '10.0.1.1');
    expect(told(local.Forward)).toEqual([[`${vpc} vpc-range`, `=> router ${subnet}`]]);
    expect(local.Return).toBeNull();
    expect(told((await trace('10.0.1.5', '10.0.77.1')).Forward)[0]!.at(-1)).toBe(`=> dropped ${vpc} no-subnet`);
  });

  it('policies come before routes, and drop what they do not name', async () => {
    const { vpc, gateway, first, preferred } = await makePair();
    const { SubnetId: other } = await makeSubnet(api, vpc, { CidrBlock: '10.0.2.0/24' });
    const peer = await makePeer(api, '198.51.100.3');
    const spd = await makeTunnel(api, gateway, peer, policy('10.0.2.0/24', '192.168.1.128/25'));
    const covered = await trace('10.0.2.5', '192.168.1.200');
    expect(told(covered.Forward)[0]!.slice(1)).toEqual([`${gateway} mapping ${spd}`, `=> tunnel ${spd}`]);
    expect(lost(covered.Forward, 1)).toContain(`gateway-route ${preferred} 192.168.1.0/24 policies-first`);
    expect(covered.Return!.FromId).toBe(spd);
    expect(told(covered.Return!)[0]!.at(-1)).toBe(`=> subnet ${other}`);
    const beside = await trace('10.0.1.5', '192.168.1.200');
    expect(told(beside.Forward)[0]!.at(-1)).toBe(`=> tunnel ${first}`);
    expect(lost(beside.Forward, 1)).toContain(`mapping ${spd} 192.168.1.128/25 other-ranges`);
    const inbound = await trace('192.168.1.200', '10.0.1.5', { SourceId: spd });
    expect(told(inbound.Forward)).toEqual([[`${gateway} -`, `=> dropped ${gateway} no-mapping`]]);
    expect(lost(inbound.Forward, 0)).toEqual([`mapping ${spd} 192.168.1.128/25 other-ranges`]);
  });

  it('equal priorities are several ways, and none of them lost', async () => {
    const { gateway, first, second } = await makePair();
    await gatewayRoute(gateway, first, '192.168.7.0/24');
    await gatewayRoute(gateway, second, '192.168.7.0/24');
    const { Forward } = await trace('10.0.1.5', '192.168.7.6');
    const tunnels = [first, second].map((id) => `=> tunnel ${id}`);
    expect(told(Forward).map((way) => way.at(-1))).toEqual(expect.arrayContaining(tunnels));
    expect(Forward).toMatchObject({ WayCount: 2 });
    expect(Forward.Ways.flatMap(({ Hops }) => Hops[1]!.Rivals)).toEqual([]);
  });

  it('what is wrong with the tunnel stands at the end of the way', async () => {
    const vpc = await makeVpc(api);
    await makeSubnet(api, vpc);
    const gateway = await makeGateway(api, vpc);
    const weak = { IPSECOptionsSpecification: { EncryptAlgorithm: '3DES-CBC' } };
    const tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'), weak);
    await gatewayRoute(gateway, tunnel, '192.168.1.0/24');
    const { Forward, Return } = await trace('192.168.1.6', '10.0.1.5');
    expect(told(Forward)[0]!.at(-1)).toMatch(/^=> subnet/);
    // The answer finds no route in the VPC.
    expect(told(Return!)).toEqual([[`${vpc} -`, `=> dropped ${vpc} no-route`]]);
    await vpcRoute(await mainRouteTable(api, vpc), '192.168.1.0/24', gateway);
    const answered = await trace('192.168.1.6', '10.0.1.5');
    expect(answered.Return!.Ways[0]!.End).toMatchObject({ State: 'unknown', Findings: ['weak-esp-encryption'] });
  });
});

describe('packets of a gateway itself', () => {
  it('are the probes of a health check, and IKE and ESP to the peer', async () => {
    const { gateway, first } = await makePair();
    await api.succeed('ModifyVpnConnectionAttribute', {
      ...{ VpnConnectionId: first, EnableHealthCheck: true },
      ...{ HealthCheckLocalIp: '169.254.130.1', HealthCheckRemoteIp: '169.254.130.2' },
    });
    const probe = await trace('169.254.130.1', '169.254.130.2', { Protocol: 'icmp' });
    expect(probe).toMatchObject({ Traffic: 'health-check', PortsCount: true, Return: null });
    expect(told(probe.Forward)).toEqual([[`${gateway} health-check ${first}`, `=> tunnel ${first}`]]);
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [gateway] });
    const address = VpnGatewaySet[0]!.PublicIpAddress;
    const ike = await trace(address, '198.51.100.1', { Protocol: 'udp', Port: 4500 });
    expect(ike).toMatchObject({ Traffic: 'ike' });
    expect(told(ike.Forward)).toEqual([[`${gateway} ike ${first}`, '=> uplink']]);
    expect(ike.Forward.Ways[0]!.End.PeerAddress).toBe('198.51.100.1');
    for (const other of [{ Protocol: 'tcp' }, { Protocol: 'udp', Port: 53 }]) {
      const ends = { SourceAddress: address, DestinationAddress: '198.51.100.1', ...other };
      expect((await api.fail('TracePath', ends, landbridge)).Message).toContain(address);
    }
  });
});

describe('other accounts', () => {
  let guest: TestCredential;
  beforeEach(async () => {
    const key = await api.operate('CreateAccessKey', { AccountName: 'guest' });
    const own = await api.operate('CreateAccessKey', { AccountName: 'owner' });
    guest = { secretId: String(key['SecretId']), secretKey: String(key['SecretKey']) };
    owner = { secretId: String(own['SecretId']), secretKey: String(own['SecretKey']) };
  });
  let owner: TestCredential;

  async function makeShared() {
    const asOwner = { credential: owner };
    const asGuest = { credential: guest };
    const vpcOf = async (cidr: string, options: { readonly credential: TestCredential }) => {
      const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'vpc', CidrBlock: `${cidr}.0.0/16` }, options);
      const subnet = { VpcId: Vpc.VpcId, SubnetName: 'subnet', CidrBlock: `${cidr}.1.0/24`, Zone: 'z' };
      const { Subnet } = await api.succeed('CreateSubnet', subnet, options);
      return { vpc: Vpc.VpcId, subnet: Subnet.SubnetId };
    };
    const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'ccn' }, asOwner);
    const [own, theirs] = [await vpcOf('10.1', asOwner), await vpcOf('10.2', asGuest)];
    const instance = (InstanceId: string, InstanceType = 'VPC') => ({
      ...{ InstanceType, InstanceId, InstanceRegion: 'test-1' },
    });
    await api.succeed('AttachCcnInstances', { CcnId: Ccn.CcnId, Instances: [instance(own.vpc)] }, asOwner);
    const { InstanceSet } = await api.succeed('DescribeCcnAttachedInstances', { CcnId: Ccn.CcnId }, asOwner);
    const attach = async (id: string, credential: TestCredential, type?: string) => {
      const asked = { CcnId: Ccn.CcnId, CcnUin: InstanceSet[0]!.CcnUin, Instances: [instance(id, type)] };
      await api.succeed('AttachCcnInstances', asked, { credential });
      await api.succeed('AcceptAttachCcnInstances', { CcnId: Ccn.CcnId, Instances: asked.Instances }, asOwner);
    };
    await attach(theirs.vpc, guest);
    return { ccn: Ccn.CcnId, own, theirs, attach, vpcOf };
  }

  it('of an instance on a shared CCN nothing is told but that it is there; a CCN of others keeps its routes to itself', async () => {
    const { ccn, own, theirs } = await makeShared();
    const there = await trace('10.1.1.5', '10.2.1.6', {}, owner);
    expect(told(there.Forward)).toEqual([
      [`${own.vpc} announcement`, expect.stringMatching(`^${ccn} ccn-route ccnr-`), `=> other-account ${theirs.vpc}`],
    ]);
    // Delivered or not is theirs to know.
    const lostThere = await trace('10.1.1.5', '10.2.1.200', {}, owner);
    expect(told(lostThere.Forward)).toEqual(told(there.Forward));
    expect([there.Return, lostThere.Return]).toEqual([null, null]);
    const back = await trace('10.2.1.6', '10.1.1.5', {}, guest);
    expect(told(back.Forward)).toEqual([[`${theirs.vpc} announcement`, `${ccn} -`, '=> other-account']]);
    expect(JSON.stringify(back)).not.toContain(own.vpc);
    expect(JSON.stringify(back)).not.toContain(own.subnet);
    expect(back.Forward.Ways[0]!.Hops[1]).toMatchObject({ OtherAccount: true, Name: '', Decision: null, Rivals: [] });
    // Who operates the host sees all of it.
    const whole = await trace('10.2.1.6', '10.1.1.5', { SourceId: theirs.subnet });
    expect(told(whole.Forward)[0]!.at(-1)).toBe(`=> subnet ${own.subnet}`);
    expect(told(whole.Return!)[0]!.at(-1)).toBe(`=> subnet ${theirs.subnet}`);
  });

  it('where others are in the way, a guest of the CCN hears of none of them', async () => {
    const { ccn, own, theirs, attach, vpcOf } = await makeShared();
    const third = await makeKey(api, 'third');
    const overlapping = await vpcOf('10.1', { credential: third });
    await attach(overlapping.vpc, third);
    for (const destination of ['10.1.1.5', '10.1.77.1']) {
      const text = JSON.stringify(await trace('10.2.1.6', destination, {}, guest));
      expect(text.includes(ccn)).toBe(destination === '10.1.1.5');
      for (const id of [...Object.values(own), ...Object.values(overlapping), 'ccnr-']) expect(text).not.toContain(id);
    }
    const ofThird = JSON.stringify(await trace('10.1.1.5', '10.2.1.6', {}, third));
    for (const id of [...Object.values(own), ...Object.values(theirs), 'ccnr-']) expect(ofThird).not.toContain(id);
    // Whose CCN it is knows what is attached there.
    const [, hop] = (await trace('10.2.1.6', '10.1.1.5', { SourceId: theirs.subnet })).Forward.Ways[0]!.Hops;
    expect(hop?.Rivals).toMatchObject([{ LostBy: 'overlap', NextHopId: overlapping.vpc }]);
  });

  it('how many tunnels another account has for a range is not told', async () => {
    const { own, attach } = await makeShared();
    const as = { credential: guest };
    const request = { VpcId: '', Type: 'CCN', VpnGatewayName: 'gateway', InternetMaxBandwidthOut: 5 };
    const { VpnGateway } = await api.succeed('CreateVpnGateway', request, as);
    const VpnGatewayId = VpnGateway.VpnGatewayId;
    api.apply(VpnGatewayId);
    for (let number = 1; number <= 18; number++) {
      const device = { CustomerGatewayName: 'peer', IpAddress: `198.51.100.${number}` };
      const { CustomerGateway } = await api.succeed('CreateCustomerGateway', device, as);
      const tunnel = tunnelRequest(VpnGatewayId, CustomerGateway.CustomerGatewayId);
      const { VpnConnection } = await api.succeed('CreateVpnConnection', tunnel, as);
      const hop = { InstanceType: 'VPNCONN', InstanceId: VpnConnection.VpnConnectionId, Priority: 0, Status: 'ENABLE' };
      const Routes = [{ DestinationCidrBlock: '10.9.0.0/24', ...hop }];
      await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId, Routes }, as);
    }
    await attach(VpnGatewayId, guest, 'VPNGW');
    const there = await trace('10.1.1.5', '10.9.0.7', {}, owner);
    expect(told(there.Forward)).toEqual([
      [expect.stringContaining(own.vpc), expect.anything(), `=> other-account ${VpnGatewayId}`],
    ]);
    expect(there.Forward.WayCount).toBe(1);
    const whole = await trace('10.1.1.5', '10.9.0.7', { SourceId: own.subnet });
    expect([whole.Forward.Ways.length, whole.Forward.WayCount]).toEqual([16, 18]);
  });

  it('nobody asks from or to a place of others', async () => {
    const { own, theirs } = await makeShared();
    const ends = { SourceAddress: '10.1.1.5', DestinationAddress: '10.2.1.6' };
    for (const more of [{ SourceId: own.subnet }, { SourceId: 'subnet-00000000' }]) {
      const options = { ...landbridge, credential: guest };
      await expectRefusal(api, ['TracePath', { ...ends, ...more }, options], {
        code: 'ResourceNotFound',
        names: [more.SourceId],
      });
    }
    const nowhere = { SourceAddress: '10.2.1.6', DestinationAddress: '10.250.0.1', DestinationId: own.subnet };
    await expectRefusal(api, ['TracePath', nowhere, { ...landbridge, credential: guest }], {
      code: 'ResourceNotFound',
      names: [own.subnet],
    });
    expect(theirs.subnet).not.toBe(own.subnet);
  });
});

it('an address that is at no place, or at several, has to be told with its place', async () => {
  const { first, second } = await makePair();
  const ask = (SourceAddress: string) =>
    ['TracePath', { SourceAddress, DestinationAddress: '10.0.1.5' }, landbridge] as const;
  await expectRefusal(api, ask('172.20.0.1'), { code: 'InvalidParameterValue', names: ['172.20.0.1'] });
  await expectRefusal(api, ask('192.168.1.6'), {
    code: 'InvalidParameterValue',
    names: ['192.168.1.6', first, second],
  });
  await expectRefusal(api, ask('10.0.1'), { code: 'InvalidParameterValue.Malformed', names: ['SourceAddress'] });
});

it('no table is looked through as a whole', async () => {
  await makePair();
  const all = vi.spyOn(Table.prototype, 'all');
  const { Forward } = await trace('10.0.1.5', '192.168.1.6');
  expect(Forward.Ways).toHaveLength(1);
  expect(all.mock.calls).toHaveLength(0);
});
