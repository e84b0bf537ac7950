import { allActions } from '@landbridge/catalogue/services';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type VendorAction } from '../../testing/api-harness.ts';
import {
  mainRouteTable,
  makeGateway,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
} from '../../testing/sample-resources.ts';

/**
 * Every parameter of every Action of service vpc that changes something: what is accepted is read back as it was sent. What is not
 * offered (`notOffered`) is refused: listed-errors.test.ts. What else is not read back stands here, with the reason.
 */
const chooses = 'tells which object, or which part of it, is meant';
const nothingExpires = 'kept by nothing that expires: nothing does here, and nothing is paid';
const echoed = 'what replies show may be sent back; the id beside it tells what is meant';
const notReadBack: Readonly<Record<string, string>> = {
  'InstanceChargePrepaid.Period': nothingExpires,
  'Instances.0.OrderType': nothingExpires,
  'SetVpnGatewaysRenewFlag Type': 'chooses between kinds of gateways; there is one',
  'Instances.0.InstanceRegion': chooses,
  'Instances.0.InstanceType': chooses,
  'Instances.0.InstanceId': chooses,
  CcnUin: chooses,
  AddressType: chooses,
  OldCidrBlocks: chooses,
  'DeleteAssistantCidr CidrBlocks': chooses,
  'Routes.0.RouteType': echoed,
  'Routes.0.CreatedTime': echoed,
  'Routes.0.CreateTime': echoed,
  'Routes.0.UpdateTime': echoed,
  'Routes.0.Type': echoed,
  'ModifyVpnGatewayCcnRoutes Routes.0.DestinationCidrBlock': echoed,
  SetDefaultLimitFlag: 'takes the limits back; the next figures are the default ones',
  'ModifyCcnAttribute RouteOverlapFlag': 'true is what every CCN has (docs/adr/0035)',
};
/** These only name what they delete, detach, enable or answer. */
const naming =
  /^(Delete|Detach|Reject|Accept|Reset(?!Routes|VpnGateway)|Enable|Disable|Notify|Withdraw|Clear|RenewVpnGateway$)/;
/** Refused with any value that is more than the default: the code, after docs/spec/actions.md. */
const refused: Readonly<Record<string, unknown>> = {
  'Route.DestinationCidrBlock': '192.168.1.0/24',
  'Route.Priority': 0,
  'Route.Description': 'x',
  'BgpConfig.TunnelCidr': '169.254.9.0/30',
  'BgpConfig.LocalBgpIp': '169.254.9.1',
  'BgpConfig.RemoteBgpIp': '169.254.9.2',
  'Policys.0.OperateAsPath': '65000',
  'Policys.0.AsPathOperateMode': 'add',
  'Policys.0.OperateCommunitySet.0': '65000:1',
  'Policys.0.CommunityOperateMode': 'add',
  'CcnRegionBandwidthLimits.0.IsBm': true,
  'CcnRegionBandwidthLimits.0.DstIsBm': true,
  TrafficMarkingPolicyFlag: true,
  MixedBillingFlag: true,
};

interface Schema {
  readonly pattern?: string;
  readonly notOffered?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

function leaves(schema: Schema, path = ''): { path: string; schema: Schema }[] {
  const at = (step: string) => (path === '' ? step : `${path}.${step}`);
  if (schema.notOffered !== undefined) return [{ path, schema }];
  if (schema.items !== undefined) return leaves(schema.items, at('0'));
  if (schema.properties === undefined) return [{ path, schema }];
  return Object.entries(schema.properties).flatMap(([name, part]) => leaves(part, at(name)));
}

const isId = ({ path, schema }: { path: string; schema: Schema }) =>
  /^\^[a-z]+-/.test(schema.pattern ?? '') || /(^|\.)[A-Za-z]*(Ids?|Id\.0|Ids\.0)$/.test(path);

/** Parameters that have to be read back, by Action. */
const owed = new Map(
  allActions
    .filter(
      ({ service, definition, name }) => service === 'vpc' && definition.effect === 'changes' && !naming.test(name),
    )
    .map(({ name, definition }) => {
      const all = leaves(definition.request).filter(
        (leaf) =>
          leaf.schema.notOffered === undefined &&
          !isId(leaf) &&
          !['DryRun', 'ClientToken'].includes(leaf.path) &&
          ![leaf.path, `${name} ${leaf.path}`].some((key) => key in notReadBack || key in refused),
      );
      return [name, all.map(({ path }) => path)] as const;
    })
    .filter(([, paths]) => paths.length > 0),
);

let api: ApiHarness;
let ids: Readonly<
  Record<'vpc' | 'subnet' | 'table' | 'vpngw' | 'ccngw' | 'cgw' | 'cgw2' | 'vpnx' | 'ccn' | 'dcg' | 'prepaid', string>
>;
beforeAll(async () => {
  api = await startHarness();
  const vpc = await makeVpc(api);
  const vpngw = await makeGateway(api, vpc);
  const prepaid = await makeGateway(api, vpc, {
    InstanceChargeType: 'PREPAID',
    InstanceChargePrepaid: { Period: 1, RenewFlag: 'NOTIFY_AND_MANUAL_RENEW' },
  });
  const cgw = await makePeer(api, '198.51.100.1');
  const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'ccn' });
  const ccngw = await makeGateway(api, '');
  const Instances = [{ InstanceType: 'VPNGW', InstanceId: ccngw, InstanceRegion: 'test-1' }];
  await api.succeed('AttachCcnInstances', { CcnId: Ccn.CcnId, Instances });
  const request = { DirectConnectGatewayName: 'dcg', NetworkType: 'CCN', NetworkInstanceId: Ccn.CcnId };
  const { DirectConnectGateway } = await api.succeed('CreateDirectConnectGateway', request);
  ids = {
    ...{ vpc, vpngw, ccngw, prepaid, cgw, ccn: Ccn.CcnId, dcg: DirectConnectGateway.DirectConnectGatewayId },
    subnet: (await makeSubnet(api, vpc)).SubnetId,
    table: await mainRouteTable(api, vpc),
    vpnx: await makeTunnel(api, vpngw, cgw),
    cgw2: await makePeer(api, '198.51.100.2'),
  };
});
afterAll(() => api.close());

type Parameters = Readonly<Record<string, unknown>>;
interface Case {
  readonly request: Parameters;
  /** What shows it afterwards. Its members are compared by name: `as` tells other names, and words that differ. */
  readonly shown: (reply: Parameters) => Promise<unknown>;
  readonly as?: Readonly<Record<string, string>>;
}

const first = async (action: VendorAction, set: string, parameters: object) =>
  ((await api.call(action, parameters))[set] as unknown[])[0];
const Tags = [{ Key: 'k', Value: 'v' }];
const tagSet = { Tags: 'TagSet' };
const set = (name: string) => (reply: Parameters) => Promise.resolve(reply[name]);

const vpcOptions = { EnableMulticast: 'true', DnsServers: ['10.0.0.9'], DomainName: 'x.example' };
const vpcNames = { ...tagSet, DnsServers: 'DnsServerSet' };
const publishing = { EnableRouteVpcPublish: true, EnableRouteVpcPublishIpv6: true };
const negotiation = (part: number) => ({
  SecurityPolicyDatabases: [{ LocalCidrBlock: '0.0.0.0/0', RemoteCidrBlock: ['0.0.0.0/0'] }],
  IKEOptionsSpecification: {
    ...{ PropoEncryAlgorithm: 'AES-CBC-192', PropoAuthenAlgorithm: 'SHA-512', ExchangeMode: 'AGGRESSIVE' },
    ...{
      LocalIdentity: 'ADDRESS',
      LocalAddress: '203.0.113.250',
      RemoteIdentity: 'FQDN',
      RemoteFqdnName: `p${part}.x`,
    },
    ...{ DhGroupName: 'GROUP20', IKESaLifetimeSeconds: 4321, IKEVersion: 'IKEV1' },
  },
  IPSECOptionsSpecification: {
    ...{ EncryptAlgorithm: 'AES-CBC-192', IntegrityAlgorith: 'SHA-512', IntegrityAlgorithm: 'SHA-512' },
    ...{ IPSECSaLifetimeSeconds: 1234, PfsDhGroup: 'DH-GROUP20', IPSECSaLifetimeTraffic: 9999 },
  },
  ...{ EnableHealthCheck: true, HealthCheckLocalIp: `169.254.200.${part}`, HealthCheckRemoteIp: `169.254.201.${part}` },
  ...{ NegotiationType: 'passive', DpdEnable: 0, DpdTimeout: '77', DpdAction: 'clear' },
  HealthCheckConfig: { ProbeType: 'NQA', ProbeInterval: 1111, ProbeThreshold: 7, ProbeTimeout: 222 },
});
const tunnelNames = { ...tagSet, SecurityPolicyDatabases: 'SecurityPolicyDatabaseSet' };
/** The other half of each identity, which excludes the first. */
const otherIdentity = (part: number) => ({
  LocalIdentity: 'FQDN',
  LocalFqdnName: `l${part}.x`,
  RemoteIdentity: 'ADDRESS',
  RemoteAddress: `198.51.100.${part}`,
});
const tunnelOf = (id: unknown) => first('DescribeVpnConnections', 'VpnConnectionSet', { VpnConnectionIds: [id] });
const idcRoute = { DestinationCidrBlock: '192.168.50.0/24', Description: 'range' };

const cases: Readonly<Record<string, () => Case | readonly Case[] | Promise<Case>>> = {
  CreateVpc: () => ({
    request: { VpcName: 'named', CidrBlock: '10.7.0.0/16', ...vpcOptions, Tags, ...publishing },
    shown: set('Vpc'),
    as: vpcNames,
  }),
  ModifyVpcAttribute: () => ({
    request: { VpcId: ids.vpc, VpcName: 'renamed', ...vpcOptions, ...publishing },
    shown: () => first('DescribeVpcs', 'VpcSet', { VpcIds: [ids.vpc] }),
    as: vpcNames,
  }),
  CreateSubnet: () => ({
    request: { VpcId: ids.vpc, SubnetName: 'named', CidrBlock: '10.0.2.0/24', Zone: 'zone-7', Tags },
    shown: set('Subnet'),
    as: tagSet,
  }),
  ModifySubnetAttribute: () => ({
    request: { SubnetId: ids.subnet, SubnetName: 'renamed', EnableBroadcast: 'true' },
    shown: () => first('DescribeSubnets', 'SubnetSet', { SubnetIds: [ids.subnet] }),
  }),
  CreateRouteTable: () => ({
    request: { VpcId: ids.vpc, RouteTableName: 'named', Tags },
    shown: set('RouteTable'),
    as: tagSet,
  }),
  ModifyRouteTableAttribute: () => ({
    request: { RouteTableId: ids.table, RouteTableName: 'renamed' },
    shown: () => first('DescribeRouteTables', 'RouteTableSet', { RouteTableIds: [ids.table] }),
  }),
  CreateVpnGateway: () => ({
    request: {
      ...{ VpcId: ids.vpc, VpnGatewayName: 'named', InternetMaxBandwidthOut: 50, InstanceChargeType: 'PREPAID' },
      ...{ InstanceChargePrepaid: { Period: 3, RenewFlag: 'NOTIFY_AND_MANUAL_RENEW' }, Zone: 'zone-7', Type: 'IPSEC' },
      ...{ Tags, MaxConnection: 20, BgpAsn: 65001 },
    },
    shown: set('VpnGateway'),
    as: { ...tagSet, 'InstanceChargePrepaid.RenewFlag': 'RenewFlag' },
  }),
  ModifyVpnGatewayAttribute: () => ({
    request: {
      ...{ VpnGatewayId: ids.prepaid, VpnGatewayName: 'renamed', InstanceChargeType: 'POSTPAID_BY_HOUR' },
      ...{ BgpAsn: 65002, MaxConnection: 50 },
    },
    shown: () => first('DescribeVpnGateways', 'VpnGatewaySet', { VpnGatewayIds: [ids.prepaid] }),
  }),
  ResetVpnGatewayInternetMaxBandwidth: () => ({
    request: { VpnGatewayId: ids.vpngw, InternetMaxBandwidthOut: 100 },
    shown: () => first('DescribeVpnGateways', 'VpnGatewaySet', { VpnGatewayIds: [ids.vpngw] }),
  }),
  CreateCustomerGateway: () => ({
    request: { CustomerGatewayName: 'named', IpAddress: '198.51.100.77', Tags, BgpAsn: 65003 },
    shown: async ({ CustomerGateway }) => {
      const { CustomerGatewayId: id } = CustomerGateway as { CustomerGatewayId: string };
      return { ...(CustomerGateway as object), TagSet: await tagsOf('cgw', id) };
    },
    as: tagSet,
  }),
  ModifyCustomerGatewayAttribute: () => ({
    request: { CustomerGatewayId: ids.cgw, CustomerGatewayName: 'renamed', BgpAsn: 65004 },
    shown: () => first('DescribeCustomerGateways', 'CustomerGatewaySet', { CustomerGatewayIds: [ids.cgw] }),
  }),
  CreateVpnConnection: () => {
    const request = (CustomerGatewayId: string, part: number) => ({
      ...{ VpnGatewayId: ids.vpngw, CustomerGatewayId, VpnConnectionName: 'named', PreShareKey: 'k'.repeat(part) },
      ...{ VpcId: ids.vpc, Tags, RouteType: 'STATIC', ...negotiation(part) },
    });
    const shown = ({ VpnConnection }: Parameters) =>
      tunnelOf((VpnConnection as { VpnConnectionId: string }).VpnConnectionId);
    const whole = request(ids.cgw2, 7);
    const named = {
      ...whole.IKEOptionsSpecification,
      ...otherIdentity(7),
      LocalAddress: undefined,
      RemoteFqdnName: undefined,
    };
    return [
      { request: whole, shown, as: tunnelNames },
      {
        request: { ...request(ids.cgw2, 8), VpnGatewayId: ids.prepaid, IKEOptionsSpecification: named },
        ...{ shown, as: tunnelNames },
      },
    ];
  },
  ModifyVpnConnectionAttribute: () => {
    const options = negotiation(9);
    const { IKEOptionsSpecification: ike } = options;
    const shown = () => tunnelOf(ids.vpnx);
    const request = { VpnConnectionId: ids.vpnx, VpnConnectionName: 'renamed', PreShareKey: 'another', ...options };
    return [
      { request, shown, as: tunnelNames },
      {
        request: {
          VpnConnectionId: ids.vpnx,
          IKEOptionsSpecification: { ...ike, ...otherIdentity(9), LocalAddress: undefined, RemoteFqdnName: undefined },
        },
        ...{ shown, as: tunnelNames },
      },
    ];
  },
  CreateCcn: () => ({
    request: {
      ...{ CcnName: 'named', CcnDescription: 'about', QosLevel: 'PT', InstanceChargeType: 'PREPAID', Tags },
      ...{ InstanceMeteringType: 'BANDWIDTH', BandwidthLimitType: 'INTER_REGION_LIMIT' },
    },
    shown: set('Ccn'),
    as: tagSet,
  }),
  ModifyCcnAttribute: () => ({
    request: { CcnId: ids.ccn, CcnName: 'renamed', CcnDescription: 'new', RouteECMPFlag: true },
    shown: () => first('DescribeCcns', 'CcnSet', { CcnIds: [ids.ccn] }),
  }),
  AttachCcnInstances: () => ({
    request: {
      CcnId: ids.ccn,
      Instances: [{ InstanceId: ids.vpc, InstanceRegion: 'test-1', InstanceType: 'VPC', Description: 'why' }],
    },
    shown: async () => ({ Instances: [await attached(ids.vpc)] }),
  }),
  ModifyCcnAttachedInstancesAttribute: () => ({
    request: {
      CcnId: ids.ccn,
      Instances: [{ InstanceId: ids.ccngw, InstanceRegion: 'test-1', InstanceType: 'VPNGW', Description: 'changed' }],
    },
    shown: async () => ({ Instances: [await attached(ids.ccngw)] }),
  }),
  ModifyCcnRegionBandwidthLimitsType: () => ({
    request: { CcnId: ids.ccn, BandwidthLimitType: 'INTER_REGION_LIMIT' },
    shown: () => first('DescribeCcns', 'CcnSet', { CcnIds: [ids.ccn] }),
  }),
  SetCcnRegionBandwidthLimits: () => ({
    request: { CcnId: ids.ccn, CcnRegionBandwidthLimits: [{ Region: 'ap-a', DstRegion: 'ap-b', BandwidthLimit: 123 }] },
    shown: async () => {
      const limit = await first('GetCcnRegionBandwidthLimits', 'CcnBandwidthSet', { CcnId: ids.ccn });
      return { CcnRegionBandwidthLimits: [(limit as { CcnRegionBandwidthLimit: object }).CcnRegionBandwidthLimit] };
    },
  }),
  CreateCcnRouteTables: () => ({
    request: { RouteTable: [{ CcnId: ids.ccn, Name: 'named', Description: 'about' }] },
    shown: ({ CcnRouteTableSet }) => Promise.resolve({ RouteTable: CcnRouteTableSet }),
    as: {
      'RouteTable.0.Name': 'RouteTable.0.RouteTableName',
      'RouteTable.0.Description': 'RouteTable.0.RouteTableDescription',
    },
  }),
  CreateDirectConnectGateway: () => ({
    request: {
      ...{ DirectConnectGatewayName: 'named', NetworkType: 'CCN', NetworkInstanceId: ids.ccn, GatewayType: 'NORMAL' },
      ...{ ModeType: 'exquisite', GatewayAsn: 64600, Tags },
    },
    shown: async ({ DirectConnectGateway }) => {
      const { DirectConnectGatewayId: id } = DirectConnectGateway as { DirectConnectGatewayId: string };
      return { ...(DirectConnectGateway as object), TagSet: await tagsOf('dcg', id) };
    },
    as: tagSet,
  }),
  ModifyDirectConnectGatewayAttribute: () => ({
    request: {
      ...{ DirectConnectGatewayId: ids.dcg, DirectConnectGatewayName: 'renamed', CcnRouteType: 'STATIC' },
      ModeType: 'exquisite',
    },
    shown: () =>
      first('DescribeDirectConnectGateways', 'DirectConnectGatewaySet', { DirectConnectGatewayIds: [ids.dcg] }),
  }),
  CreateDirectConnectGatewayCcnRoutes: () => ({
    request: { DirectConnectGatewayId: ids.dcg, Routes: [idcRoute] },
    shown: async () => ({
      Routes: [await first('DescribeDirectConnectGatewayCcnRoutes', 'RouteSet', { DirectConnectGatewayId: ids.dcg })],
    }),
  }),
  CreateRoutes: () => ({
    request: {
      RouteTableId: ids.table,
      Routes: [
        ...[{ DestinationCidrBlock: '192.168.60.0/24', GatewayType: 'VPN', GatewayId: ids.vpngw }].map((route) => {
          return { ...route, RouteDescription: 'about', Enabled: false };
        }),
      ],
    },
    shown: ({ RouteTableSet }) => Promise.resolve({ Routes: (RouteTableSet as [{ RouteSet: unknown }])[0].RouteSet }),
  }),
  CreateVpnGatewayRoutes: async () => ({
    request: {
      VpnGatewayId: ids.ccngw,
      Routes: [
        {
          ...{ DestinationCidrBlock: '192.168.70.0/24', InstanceType: 'VPNCONN', Priority: 100, Status: 'DISABLE' },
          ...{ InstanceId: await makeTunnel(api, ids.ccngw, ids.cgw), Description: 'about' },
        },
      ],
    },
    shown: ({ Routes }) => Promise.resolve({ Routes }),
  }),
};

/** Read back by tests of their own, which look at every field: the lists are replaced as a whole. */
const elsewhere: Readonly<Record<string, string>> = {
  CreateSubnets: 'each as CreateSubnet: actions/vpc/subnets.test.ts',
  CreateAssistantCidr: 'actions/vpc/secondary-ranges.test.ts',
  ModifyAssistantCidr: 'actions/vpc/secondary-ranges.test.ts',
  ReplaceRoutes: 'the reply shows both: actions/vpc/vpc-routes.test.ts',
  ResetRoutes: 'actions/vpc/vpc-routes.test.ts',
  SetVpnGatewaysRenewFlag: 'a number that is shown as a word: actions/vpn/vpn-gateways.test.ts',
  ModifyVpnGatewayRoutes: 'actions/vpn/vpn-gateway-routes.test.ts',
  ModifyVpnGatewayCcnRoutes: 'actions/ccn/ccns.test.ts',
  ModifyCcnRouteTables: 'actions/ccn/ccn-route-tables.test.ts',
  ReplaceCcnRouteTableInputPolicys: 'actions/ccn/ccn-route-tables.test.ts',
  ReplaceCcnRouteTableBroadcastPolicys: 'actions/ccn/ccn-route-tables.test.ts',
  ModifyRouteTableSelectionPolicies: 'actions/ccn/ccn-route-tables.test.ts',
  ReplaceDirectConnectGatewayCcnRoutes: 'actions/direct-connect/direct-connect-gateways.test.ts',
};

/** Of objects whose replies have none: as the service `tag` tells them. */
async function tagsOf(prefix: string, id: string): Promise<unknown> {
  const ResourceList = [`qcs::vpc:test-1:uin/:${prefix}/${id}`];
  const { ResourceTagMappingList } = await api.call('GetResources', { ResourceList }, { service: 'tag' });
  const [{ Tags: tags }] = ResourceTagMappingList as [{ Tags: { TagKey: string; TagValue: string }[] }];
  return tags.map(({ TagKey: Key, TagValue: Value }) => ({ Key, Value }));
}

async function attached(id: string): Promise<unknown> {
  const { InstanceSet } = await api.succeed('DescribeCcnAttachedInstances', { CcnId: ids.ccn });
  return InstanceSet.find(({ InstanceId }) => InstanceId === id);
}

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce((node: unknown, step) => (node as Parameters | undefined)?.[step], value);

/** As the reply names it. */
const named = (path: string, as: Readonly<Record<string, string>>) => {
  const [top = '', ...rest] = path.split('.');
  return as[path] ?? [as[top] ?? top, ...rest].join('.');
};

/** Truth is text in some requests, and never in replies. */
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

describe('parameters', () => {
  it('are walked: each Action that owes a reading back has a case, or a test of its own', () => {
    expect([...Object.keys(cases), ...Object.keys(elsewhere)].sort()).toEqual([...owed.keys()].sort());
  });

  it.each(Object.entries(cases))('of %s are all read back as they were sent', async (action, make) => {
    const made = await make();
    const seen = new Set<string>();
    for (const { request, shown, as = {} } of [made].flat()) {
      const reply = await api.call(action, request);
      expect(reply['Error']).toBeUndefined();
      const answer = await shown(reply);
      for (const path of owed.get(action) ?? []) {
        const sent = at(request, path);
        if (sent === undefined) continue;
        seen.add(path);
        expect([path, text(at(answer, named(path, as)))]).toEqual([path, text(sent)]);
      }
    }
    expect([...seen].sort()).toEqual([...(owed.get(action) ?? [])].sort());
  });

  it.each(refusedPlaces())('of what is not offered are refused: %s %s', async (action, path) => {
    const made = await cases[action]?.();
    const [first] = made === undefined ? [] : [made].flat();
    const request = first?.request ?? policiesOf(action);
    const group = Object.entries(refused).filter(([other]) => other === path || groupOf(other) === groupOf(path));
    const asked = group.reduce((whole: unknown, [name, value]) => withValue(whole, name.split('.'), value), request);
    expect((await api.fail(action, asked as object)).Code).toMatch(/^UnsupportedOperation/);
  });
});

/** Objects that make sense as a whole only. */
function groupOf(path: string): string {
  const [top = ''] = path.split('.');
  return ['Route', 'BgpConfig'].includes(top) ? top : path;
}

function refusedPlaces(): (readonly [string, string])[] {
  return allActions
    .filter(({ definition }) => definition.effect === 'changes')
    .flatMap(({ name, definition }) => leaves(definition.request).map(({ path }) => [name, path] as const))
    .filter(([, path]) => path in refused);
}

function policiesOf(action: string): Parameters {
  const condition = { Name: 'instance-type', Values: ['VPC'], MatchPattern: 1 };
  const broadcast = action.includes('Broadcast') ? { BroadcastConditions: [condition] } : {};
  const policy = { RouteConditions: [condition], Action: 'accept', Description: 'x', ...broadcast };
  return { CcnId: ids.ccn, RouteTableId: `ccnrtb-${ids.ccn.slice('ccn-'.length)}`, Policys: [policy] };
}

function withValue(request: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  if (step === '0') return [withValue((request as unknown[] | undefined)?.[0], rest, value)];
  const object = (request ?? {}) as Parameters;
  return { ...object, [step]: withValue(object[step], rest, value) };
}
