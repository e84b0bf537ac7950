import type { AddressInfo } from 'node:net';
import { vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { startHarness, type ApiHarness } from '../../testing/api-harness.ts';

type Client = InstanceType<typeof vpc.v20170312.Client>;

/** The vendor's own client against a real socket: the proof of the protocol. */
let api: ApiHarness;
let port: number;
beforeAll(async () => {
  api = await startHarness({ clock: systemClock });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = api.app.server.address() as AddressInfo);
});
afterAll(() => api.close());

interface Signing {
  readonly signMethod: 'TC3-HMAC-SHA256' | 'HmacSHA1' | 'HmacSHA256';
  readonly reqMethod: 'GET' | 'POST';
}

function clientFor({ signMethod, reqMethod }: Signing, secretKey = api.admin.secretKey, more: object = {}): Client {
  return new vpc.v20170312.Client({
    credential: { secretId: api.admin.secretId, secretKey, ...more },
    region: 'sdk-1',
    profile: {
      signMethod,
      language: 'en-US',
      httpProfile: { endpoint: `127.0.0.1:${port}`, protocol: 'http://', reqMethod, reqTimeout: 10 },
    },
  });
}

/** What the SDK calls optional and the service always sends. */
function sent<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the reply lacks a field');
  return value;
}

const signings: readonly Signing[] = [
  { signMethod: 'TC3-HMAC-SHA256', reqMethod: 'POST' },
  { signMethod: 'TC3-HMAC-SHA256', reqMethod: 'GET' },
  { signMethod: 'HmacSHA1', reqMethod: 'POST' },
  { signMethod: 'HmacSHA1', reqMethod: 'GET' },
  { signMethod: 'HmacSHA256', reqMethod: 'POST' },
  { signMethod: 'HmacSHA256', reqMethod: 'GET' },
];

async function createNetwork(client: Client) {
  const { Vpc } = await client.CreateVpc({
    VpcName: 'VPC 1 (ä+&=)',
    CidrBlock: '10.0.0.0/16',
    DnsServers: ['10.0.0.2'],
  });
  const vpcId = sent(sent(Vpc).VpcId);
  const { Subnet } = await client.CreateSubnet({
    VpcId: vpcId,
    SubnetName: 'A',
    CidrBlock: '10.0.1.0/24',
    Zone: 'sdk-1-a',
    Tags: [{ Key: 'team', Value: 'net' }],
  });
  return { vpcId, subnetId: sent(sent(Subnet).SubnetId), routeTableId: sent(sent(Subnet).RouteTableId) };
}

async function createTunnel(client: Client, vpcId: string) {
  const { VpnGateway } = await client.CreateVpnGateway({
    VpcId: vpcId,
    VpnGatewayName: 'gw',
    InternetMaxBandwidthOut: 5,
    InstanceChargeType: 'POSTPAID_BY_HOUR',
  });
  const VpnGatewayId = sent(sent(VpnGateway).VpnGatewayId);
  api.applyAll();
  const { VpnGatewaySet } = await client.DescribeVpnGateways({ VpnGatewayIds: [VpnGatewayId] });
  expect(VpnGatewaySet).toMatchObject([{ State: 'AVAILABLE', NetworkInstanceId: '' }]);
  const { CustomerGateway } = await client.CreateCustomerGateway({
    CustomerGatewayName: 'c',
    IpAddress: '203.0.113.11',
  });
  const CustomerGatewayId = sent(sent(CustomerGateway).CustomerGatewayId);
  const { VpnConnection, RequestId } = await client.CreateVpnConnection({
    VpcId: vpcId,
    VpnGatewayId,
    CustomerGatewayId,
    VpnConnectionName: 't1',
    PreShareKey: 'K3y &=+%"\'',
    RouteType: 'StaticRoute',
    IKEOptionsSpecification: { IKEVersion: 'IKEV2', DhGroupName: 'GROUP14' },
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- terraform sends no other
    IPSECOptionsSpecification: { IntegrityAlgorith: 'SHA-256', IPSECSaLifetimeSeconds: 3600 },
    EnableHealthCheck: false,
    DpdEnable: 1,
    DpdTimeout: '45',
  });
  const { Status } = await client.DescribeVpcTaskResult({ TaskId: sent(RequestId) });
  expect(Status).toBe('RUNNING');
  return { VpnGatewayId, CustomerGatewayId, VpnConnectionId: sent(sent(VpnConnection).VpnConnectionId) };
}

it.each(signings)('temporary credentials by $signMethod $reqMethod are those of their token alone', async (signing) => {
  const temporary = async () => {
    const { Credentials } = await api.operate('CreateTemporaryCredentials');
    const { TmpSecretId = '', TmpSecretKey = '', Token = '' } = Credentials as Record<string, string>;
    return { secretId: TmpSecretId, secretKey: TmpSecretKey, token: Token };
  };
  const [credential, other] = [await temporary(), await temporary()];
  const codeWith = (chosen: Partial<typeof credential>) =>
    clientFor(signing, chosen.secretKey, chosen)
      .DescribeVpcs({})
      .then(
        () => '',
        (error: unknown) => (error as { readonly code: string }).code,
      );
  expect(await codeWith(credential)).toBe('');
  expect(await codeWith({ ...credential, token: '' })).toBe('AuthFailure.SecretIdNotFound');
  expect(await codeWith({ ...credential, token: other.token })).toBe('AuthFailure.TokenFailure');
  expect(await codeWith({ ...credential, secretKey: other.secretKey })).toBe('AuthFailure.SignatureFailure');
});

describe.each(signings)('scenario 1 by $signMethod $reqMethod', (signing) => {
  it('is created, shown and deleted', async () => {
    const client = clientFor(signing);
    const { vpcId, subnetId, routeTableId } = await createNetwork(client);
    const { VpnGatewayId, CustomerGatewayId, VpnConnectionId } = await createTunnel(client, vpcId);
    const { Routes } = await client.CreateVpnGatewayRoutes({
      VpnGatewayId,
      Routes: [
        {
          DestinationCidrBlock: '192.168.1.0/24',
          InstanceType: 'VPNCONN',
          InstanceId: VpnConnectionId,
          Priority: 0,
          Status: 'ENABLE',
        },
      ],
    });
    const { RouteTableSet } = await client.CreateRoutes({
      RouteTableId: routeTableId,
      Routes: [{ DestinationCidrBlock: '192.168.1.0/24', GatewayType: 'VPN', GatewayId: VpnGatewayId }],
    });
    const route = sent(RouteTableSet?.[0]?.RouteSet?.[0]);
    api.applyAll();
    const shown = await client.DescribeVpnConnections({
      Filters: [{ Name: 'vpn-gateway-id', Values: [VpnGatewayId] }],
      Limit: 100,
    });
    expect(shown).toMatchObject({
      TotalCount: 1,
      VpnConnectionSet: [
        {
          VpnConnectionId,
          PreShareKey: 'K3y &=+%"\'',
          State: 'AVAILABLE',
          NetStatus: 'UNAVAILABLE',
          RouteType: 'StaticRoute',
          SecurityPolicyDatabaseSet: [{ LocalCidrBlock: '0.0.0.0/0', RemoteCidrBlock: ['0.0.0.0/0'] }],
          IKEOptionsSpecification: { IKEVersion: 'IKEV2', DhGroupName: 'GROUP14' },
          IPSECOptionsSpecification: { IntegrityAlgorith: 'SHA-256', IPSECSaLifetimeSeconds: 3600 },
          DpdEnable: 1,
          DpdTimeout: '45',
        },
      ],
    });
    const vpcs = await client.DescribeVpcs({
      Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
      Offset: '0',
      Limit: '20',
    });
    expect(vpcs.VpcSet).toMatchObject([{ VpcName: 'VPC 1 (ä+&=)', DnsServerSet: ['10.0.0.2'] }]);
    await client.DeleteRoutes({ RouteTableId: routeTableId, Routes: [{ RouteId: route.RouteId } as typeof route] });
    await client.DeleteVpnGatewayRoutes({ VpnGatewayId, RouteIds: [sent(Routes?.[0]?.RouteId)] });
    await client.DeleteVpnConnection({ VpnGatewayId, VpnConnectionId });
    await client.DeleteCustomerGateway({ CustomerGatewayId });
    await client.DeleteVpnGateway({ VpnGatewayId });
    await client.DeleteSubnet({ SubnetId: subnetId });
    await client.DeleteVpc({ VpcId: vpcId });
    expect(await client.DescribeVpcs({})).toMatchObject({ TotalCount: 0, VpcSet: [] });
  });

  it('gives a CCN a second route table with policies', async () => {
    const client = clientFor(signing);
    const { vpcId, subnetId } = await createNetwork(client);
    const { Ccn } = await client.CreateCcn({ CcnName: 'ccn' });
    const CcnId = sent(sent(Ccn).CcnId);
    const Instances = [{ InstanceId: vpcId, InstanceRegion: 'sdk-1', InstanceType: 'VPC' }];
    await client.AttachCcnInstances({ CcnId, Instances });
    const { CcnRouteTableSet } = await client.CreateCcnRouteTables({ RouteTable: [{ CcnId, Name: 'custom' }] });
    const RouteTableId = sent(CcnRouteTableSet?.[0]?.CcnRouteTableId);
    const list = { CcnId, RouteTableId };
    await client.AssociateInstancesToCcnRouteTable({
      ...list,
      Instances: [{ InstanceType: 'VPC', InstanceId: vpcId }],
    });
    const bound = await client.DescribeRouteTableAssociatedInstances({
      Filters: [{ Name: 'ccn-route-table-id', Values: [RouteTableId] }],
    });
    expect(bound).toMatchObject({ TotalCount: 1, InstanceBindSet: [{ InstanceId: vpcId, RouteTableId }] });
    const region = { Name: 'instance-region', Values: ['sdk-1'], MatchPattern: 1 };
    const drop = { RouteConditions: [region], Action: 'drop', Description: 'text' };
    await client.ReplaceCcnRouteTableInputPolicys({ ...list, Policys: [drop] });
    const { PolicySet } = await client.DescribeCcnRouteTableInputPolicys(list);
    expect(PolicySet).toMatchObject([{ Policys: [drop], PolicyVersion: 1 }]);
    const ofTable = { CcnId, Filters: [{ Name: 'route-table-id', Values: [RouteTableId] }] };
    expect(await client.DescribeCcnRoutes(ofTable)).toMatchObject({ TotalCount: 0 });
    expect(await client.DescribeCcnRoutes({ CcnId })).toMatchObject({ TotalCount: 1 });
    const toVpcs = { ...drop, BroadcastConditions: [{ Name: 'instance-type', Values: ['VPC'], MatchPattern: 1 }] };
    await client.ReplaceCcnRouteTableBroadcastPolicys({ ...list, Policys: [toVpcs] });
    const selection = { InstanceType: 'VPC', InstanceId: vpcId, SourceCidrBlock: '10.0.1.0/24', RouteTableId };
    await client.ModifyRouteTableSelectionPolicies({ CcnId, SelectionPolicies: [selection] });
    const selected = await client.DescribeRouteTableSelectionPolicies({});
    expect(selected).toMatchObject({ TotalCount: 1, RouteSelectionPolicySet: [selection] });
    await client.DetachCcnInstances({ CcnId, Instances });
    await client.DeleteCcnRouteTables({ RouteTableId: [RouteTableId] });
    await client.DeleteCcn({ CcnId });
    await client.DeleteSubnet({ SubnetId: subnetId });
    await client.DeleteVpc({ VpcId: vpcId });
  });

  it('gets errors as errors', async () => {
    await expect(clientFor(signing).DeleteVpc({ VpcId: 'vpc-00000000' })).rejects.toMatchObject({
      code: 'ResourceNotFound',
      message: 'The resource `vpc-00000000` does not exist.',
    });
    await expect(clientFor(signing, 'wrong').DescribeVpcs({})).rejects.toMatchObject({
      code: 'AuthFailure.SignatureFailure',
    });
  });
});

describe('bandwidth limits of a CCN', () => {
  it('are set, read and given back as terraform does it', async () => {
    const client = clientFor({ signMethod: 'TC3-HMAC-SHA256', reqMethod: 'POST' });
    const { Ccn } = await client.CreateCcn({ CcnName: 'ccn', BandwidthLimitType: 'INTER_REGION_LIMIT' });
    const CcnId = sent(sent(Ccn).CcnId);
    const limit = { Region: 'ap-b', DstRegion: 'ap-a', BandwidthLimit: 20 };
    const read = async () => {
      const { CcnBandwidthSet } = await client.GetCcnRegionBandwidthLimits({ CcnId, Limit: 100, Offset: 0 });
      return sent(CcnBandwidthSet).map((one) => one.CcnRegionBandwidthLimit);
    };
    await client.SetCcnRegionBandwidthLimits({ CcnId, CcnRegionBandwidthLimits: [limit] });
    expect(await read()).toEqual([{ ...limit, IsBm: false, DstIsBm: false }]);
    const { CcnRegionBandwidthLimitSet } = await client.DescribeCcnRegionBandwidthLimits({ CcnId });
    expect(CcnRegionBandwidthLimitSet).toEqual([]);
    await client.SetCcnRegionBandwidthLimits({ CcnId, CcnRegionBandwidthLimits: [limit], SetDefaultLimitFlag: true });
    expect(await read()).toEqual([]);
    await client.ModifyCcnRegionBandwidthLimitsType({ CcnId, BandwidthLimitType: 'OUTER_REGION_LIMIT' });
    await expect(
      client.SetCcnRegionBandwidthLimits({ CcnId, CcnRegionBandwidthLimits: [limit] }),
    ).rejects.toMatchObject({
      code: 'UnsupportedOperation',
    });
    await client.DeleteCcn({ CcnId });
  });
});
