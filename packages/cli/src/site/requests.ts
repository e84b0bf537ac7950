import type { JsonObject } from '@landbridge/client';
import type { Condition, Policy, Selection } from './ccn-policies.ts';
import { siteTag } from './present-objects.ts';
import type { Lookups } from './lookups.ts';
import {
  lastName,
  type FieldValue,
  type Fields,
  type Key,
  type Kind,
  type PresentObject,
  type SiteObject,
} from './site-object.ts';
import { given, tunnelParameters } from './tunnel-fields.ts';

/** A call that is to be made. */
export interface Request {
  readonly action: string;
  readonly parameters: JsonObject;
}

/** What calls are made with. */
export interface Making {
  readonly site: string;
  readonly lookups: Lookups;
  /** Of an object that is there. Throws where it is not yet. */
  readonly idOf: (key: Key) => string;
}

/** How objects of a kind come and go. Those that have no id of their own are known by what they are a part of. */
interface Calls {
  /** The call that makes it. */
  readonly create: (object: SiteObject, making: Making) => Request | Promise<Request>;
  /** Where the reply of that has the id. */
  readonly idAt?: readonly (string | number)[];
  /** What has to follow, once it has an id. */
  readonly complete?: (
    object: SiteObject,
    id: string,
    making: Making,
  ) => readonly Request[] | Promise<readonly Request[]>;
  /** For the fields that differ. */
  readonly change?: (change: Change, making: Making) => readonly Request[] | Promise<readonly Request[]>;
  /** Absent: it goes with what it is of. */
  readonly remove?: (present: PresentObject, making: Making) => Request | Promise<Request>;
}

export interface Change {
  readonly object: SiteObject;
  readonly present: PresentObject;
  /** As they shall be. */
  readonly fields: Fields;
}

const request = (action: string, parameters: JsonObject): Request => ({ action, parameters: given(parameters) });
const refer = ({ idOf }: Making, value: FieldValue | undefined): string =>
  value === undefined || value === '' ? '' : idOf(value as Key);
const parentOf = ({ needs }: SiteObject): Key => {
  const [parent] = needs;
  if (parent === undefined) throw new Error('this kind of object is always a part of another one');
  return parent;
};
const tags = ({ site }: Making) => [{ Key: siteTag, Value: site }];
const name = ({ path }: SiteObject): string => path.at(-1) ?? '';

export const callsOfKind: Readonly<Record<Kind, Calls>> = {
  vpc: {
    create: (object, making) =>
      request('CreateVpc', {
        VpcName: name(object),
        ...vpcOptions(object.fields),
        CidrBlock: object.fields['cidr'],
        Tags: tags(making),
      }),
    idAt: ['Vpc', 'VpcId'],
    change: ({ present, fields }) => [request('ModifyVpcAttribute', { VpcId: present.id, ...vpcOptions(fields) })],
    remove: ({ id }) => request('DeleteVpc', { VpcId: id }),
  },
  range: {
    create: (object, { idOf }) =>
      request('CreateAssistantCidr', { VpcId: idOf(parentOf(object)), CidrBlocks: [rangeOf(object)] }),
    remove: (present) => request('DeleteAssistantCidr', { VpcId: present.id, CidrBlocks: [rangeOf(present)] }),
  },
  routeTable: {
    create: (object, making) =>
      request('CreateRouteTable', {
        VpcId: making.idOf(parentOf(object)),
        RouteTableName: name(object),
        Tags: tags(making),
      }),
    idAt: ['RouteTable', 'RouteTableId'],
    remove: ({ id }) => request('DeleteRouteTable', { RouteTableId: id }),
  },
  subnet: {
    create: (object, making) =>
      request('CreateSubnet', {
        VpcId: making.idOf(parentOf(object)),
        SubnetName: name(object),
        CidrBlock: object.fields['cidr'],
        Zone: object.fields['zone'] ?? 'local-1',
        Tags: tags(making),
      }),
    idAt: ['Subnet', 'SubnetId'],
    complete: ({ fields }, id, making) => associate(fields, id, making),
    change: ({ present, fields }, making) => associate(fields, present.id, making),
    remove: ({ id }) => request('DeleteSubnet', { SubnetId: id }),
  },
  interface: {
    create: (object, { idOf }) =>
      request('AttachSubnetInterface', {
        ...interfaceOf(object, idOf(parentOf(object))),
        Force: object.onCreation?.['force'],
      }),
    remove: (present) => request('DetachSubnetInterface', interfaceOf(present, present.id)),
  },
  customerGateway: {
    create: (object, making) =>
      request('CreateCustomerGateway', {
        CustomerGatewayName: name(object),
        IpAddress: object.fields['address'],
        BgpAsn: object.fields['asn'],
        Tags: tags(making),
      }),
    idAt: ['CustomerGateway', 'CustomerGatewayId'],
    change: ({ object, present, fields }) => [
      request('ModifyCustomerGatewayAttribute', {
        CustomerGatewayId: present.id,
        CustomerGatewayName: name(object),
        BgpAsn: fields['asn'],
      }),
    ],
    remove: ({ id }) => request('DeleteCustomerGateway', { CustomerGatewayId: id }),
  },
  vpnGateway: {
    create: (object, making) => {
      const { vpc, bandwidthMbps = 100, asn } = object.fields;
      return request('CreateVpnGateway', {
        VpcId: refer(making, vpc),
        Type: vpc === '' ? 'CCN' : 'IPSEC',
        VpnGatewayName: name(object),
        InternetMaxBandwidthOut: bandwidthMbps,
        BgpAsn: asn,
        Tags: tags(making),
      });
    },
    idAt: ['VpnGateway', 'VpnGatewayId'],
    complete: ({ fields: { sourceCheck } }, id) => (sourceCheck === false ? changeGateway(id, { sourceCheck }) : []),
    change: ({ present, fields }) => changeGateway(present.id, fields),
    remove: ({ id }) => request('DeleteVpnGateway', { VpnGatewayId: id }),
  },
  tunnel: {
    create: (object, making) => {
      const { customerGateway, mode } = object.fields;
      if (object.fields['preSharedKey'] === undefined) throw new Error('a new tunnel needs `preSharedKey`');
      return request('CreateVpnConnection', {
        VpnGatewayId: making.idOf(parentOf(object)),
        CustomerGatewayId: refer(making, customerGateway),
        VpnConnectionName: name(object),
        RouteType: mode === 'spd' ? 'Policy' : 'StaticRoute',
        ...tunnelParameters(object.fields),
        Tags: tags(making),
      });
    },
    idAt: ['VpnConnection', 'VpnConnectionId'],
    change: ({ present, fields }, making) => [
      request('ModifyVpnConnectionAttribute', {
        VpnConnectionId: present.id,
        ...tunnelParameters(fields),
        CustomerGatewayId:
          fields['customerGateway'] === undefined ? undefined : refer(making, fields['customerGateway']),
      }),
    ],
    remove: ({ id, ...present }, { idOf }) =>
      request('DeleteVpnConnection', { VpnGatewayId: idOf(parentOf(present)), VpnConnectionId: id }),
  },
  gatewayRoute: {
    create: (object, making) => createGatewayRoute(object, making),
    // A priority cannot be changed; the pair of range and next hop is what a route is.
    change: ({ object, present, fields }, making) => {
      const VpnGatewayId = making.idOf(parentOf(object));
      if (fields['priority'] !== undefined) {
        return [
          request('DeleteVpnGatewayRoutes', { VpnGatewayId, RouteIds: [present.id] }),
          createGatewayRoute(withWhatIsLeftOut(object, present), making),
        ];
      }
      const { enabled, description: Description } = fields;
      const Status = enabled === undefined ? undefined : statusOf(enabled);
      return [
        request('ModifyVpnGatewayRoutes', {
          VpnGatewayId,
          Routes: [given({ RouteId: present.id, Status, Description })],
        }),
      ];
    },
    remove: (present, { idOf }) =>
      request('DeleteVpnGatewayRoutes', { VpnGatewayId: idOf(parentOf(present)), RouteIds: [present.id] }),
  },
  announcement: {
    create: (object, making) => announce(object, making),
    change: ({ object, present }, { idOf }) => [announced(idOf(parentOf(object)), present.id)],
  },
  vpcRoute: {
    create: async (object, making) =>
      request('CreateRoutes', { RouteTableId: await routeTableOf(object, making), Routes: [vpcRoute(object, making)] }),
    change: async ({ object, present }, making) => [
      request('ReplaceRoutes', {
        RouteTableId: await routeTableOf(object, making),
        Routes: [{ ...vpcRoute(withWhatIsLeftOut(object, present), making), RouteItemId: present.id }],
      }),
    ],
    remove: async (present, making) =>
      request('DeleteRoutes', {
        RouteTableId: await routeTableOf(present, making),
        Routes: [{ RouteItemId: present.id }],
      }),
  },
  directConnectGateway: {
    create: (object, making) => {
      const { vpc, asn } = object.fields;
      return request('CreateDirectConnectGateway', {
        DirectConnectGatewayName: name(object),
        NetworkType: vpc === '' ? 'CCN' : 'VPC',
        NetworkInstanceId: vpc === '' ? undefined : refer(making, vpc),
        GatewayAsn: asn,
        Tags: tags(making),
      });
    },
    idAt: ['DirectConnectGateway', 'DirectConnectGatewayId'],
    remove: ({ id }) => request('DeleteDirectConnectGateway', { DirectConnectGatewayId: id }),
  },
  dcRange: {
    create: (object, { idOf }) =>
      request('CreateDirectConnectGatewayCcnRoutes', {
        DirectConnectGatewayId: idOf(parentOf(object)),
        Routes: [given({ DestinationCidrBlock: rangeOf(object), Description: object.fields['description'] })],
      }),
    change: ({ object, present, fields }, { idOf }) => [
      request('ReplaceDirectConnectGatewayCcnRoutes', {
        DirectConnectGatewayId: idOf(parentOf(object)),
        Routes: [{ RouteId: present.id, DestinationCidrBlock: rangeOf(object), Description: fields['description'] }],
      }),
    ],
    remove: (present, { idOf }) =>
      request('DeleteDirectConnectGatewayCcnRoutes', {
        DirectConnectGatewayId: idOf(parentOf(present)),
        RouteIds: [present.id],
      }),
  },
  line: {
    create: (object, { idOf }) => attachLine(object, idOf(parentOf(object))),
    change: ({ object, present }) => {
      const line = isVxlan(object) === isVxlan(present) ? withWhatIsLeftOut(object, present) : object;
      return [detachLine(present.id), attachLine(line, present.id)];
    },
    remove: ({ id }) => detachLine(id),
  },
  ccn: {
    create: (object, making) => {
      const { description, bandwidthLimitType } = object.fields;
      return request('CreateCcn', {
        CcnName: name(object),
        CcnDescription: description,
        BandwidthLimitType: bandwidthLimitType,
        Tags: tags(making),
      });
    },
    idAt: ['Ccn', 'CcnId'],
    complete: ({ fields: { ecmp, accepts, tells } }, id, making) => changeCcn(id, { ecmp, accepts, tells }, making),
    change: ({ present, fields }, making) => changeCcn(present.id, fields, making),
    remove: ({ id }) => request('DeleteCcn', { CcnId: id }),
  },
  ccnRouteTable: {
    create: (object, { idOf }) =>
      request('CreateCcnRouteTables', {
        RouteTable: [
          given({ CcnId: idOf(parentOf(object)), Name: name(object), Description: object.fields['description'] }),
        ],
      }),
    idAt: ['CcnRouteTableSet', 0, 'CcnRouteTableId'],
    complete: (object, id, making) => policyRequests(making.idOf(parentOf(object)), id, object.fields, making),
    change: ({ object, present, fields }, making) => {
      const { description: Description } = fields;
      const renamed = { RouteTableInfo: [{ RouteTableId: present.id, Description }] };
      return [
        ...(Description === undefined ? [] : [request('ModifyCcnRouteTables', renamed)]),
        ...policyRequests(making.idOf(parentOf(object)), present.id, fields, making),
      ];
    },
    remove: ({ id }) => request('DeleteCcnRouteTables', { RouteTableId: [id] }),
  },
  ccnInstance: {
    create: async (object, making) => {
      const { routeTable, description: Description } = object.fields;
      const RouteTableId = routeTable === undefined ? undefined : refer(making, routeTable);
      const one = { ...(await placedInstanceOf(object, making)), RouteTableId, Description };
      return request('AttachCcnInstances', { CcnId: making.idOf(parentOf(object)), Instances: [given(one)] });
    },
    change: async ({ object, fields: { routeTable, description: Description } }, making) => {
      const CcnId = making.idOf(parentOf(object));
      const described = { CcnId, Instances: [{ ...(await placedInstanceOf(object, making)), Description }] };
      const bound = { CcnId, RouteTableId: refer(making, routeTable), Instances: [instanceOf(object, making)] };
      return [
        ...(Description === undefined ? [] : [request('ModifyCcnAttachedInstancesAttribute', described)]),
        ...(routeTable === undefined ? [] : [request('AssociateInstancesToCcnRouteTable', bound)]),
      ];
    },
    remove: async (present, making) =>
      request('DetachCcnInstances', {
        CcnId: making.idOf(parentOf(present)),
        Instances: [await placedInstanceOf(present, making)],
      }),
  },
  ccnSelection: {
    create: (object, making) => select(object, making),
    change: ({ object }, making) => [select(object, making)],
    remove: (present, { idOf }) => request('ClearRouteTableSelectionPolicies', { CcnId: idOf(parentOf(present)) }),
  },
  ccnLimit: {
    create: (object, making) => limit(object, making, Number(object.fields['mbps'])),
    change: ({ object }, making) => [limit(object, making, Number(object.fields['mbps']))],
    remove: (present, making) => limit(present, making, 0),
  },
};

/** For calls that take an object as a whole: fields that the file leaves out stay as they are. */
function withWhatIsLeftOut(object: SiteObject, present: PresentObject): SiteObject {
  const said = Object.entries(object.fields).filter(([, value]) => value !== undefined);
  return { ...object, fields: { ...present.fields, ...Object.fromEntries(said) } };
}

function vpcOptions({ dnsServers, domainName, publishWholeRange }: Fields): JsonObject {
  return given({ DnsServers: dnsServers, DomainName: domainName, EnableRouteVpcPublish: publishWholeRange });
}

/** The path of a part ends with its range, which has a slash of its own. */
function rangeOf({ path }: SiteObject): string {
  return path.at(-1) ?? '';
}

function associate({ routeTable }: Fields, SubnetId: string, making: Making): Request[] {
  if (routeTable === undefined) return [];
  return [request('ReplaceRouteTableAssociation', { SubnetId, RouteTableId: refer(making, routeTable) })];
}

function interfaceOf({ fields }: SiteObject, SubnetId: string): JsonObject {
  return given({ SubnetId, InterfaceName: fields['interface'], VlanId: fields['vlan'] });
}

function changeGateway(VpnGatewayId: string, { bandwidthMbps, asn, sourceCheck }: Fields): Request[] {
  const bandwidth = { VpnGatewayId, InternetMaxBandwidthOut: bandwidthMbps };
  return [
    ...(asn === undefined ? [] : [request('ModifyVpnGatewayAttribute', { VpnGatewayId, BgpAsn: asn })]),
    ...(bandwidthMbps === undefined ? [] : [request('ResetVpnGatewayInternetMaxBandwidth', bandwidth)]),
    ...(sourceCheck === undefined
      ? []
      : [request('ModifyVpnGatewaySourceCheck', { VpnGatewayId, SourceCheck: sourceCheck })]),
  ];
}

function statusOf(enabled: FieldValue): string {
  return enabled === true ? 'ENABLE' : 'DISABLE';
}

function createGatewayRoute(object: SiteObject, making: Making): Request {
  const { via, priority, enabled, description: Description } = object.fields;
  const isCcn = String(via).startsWith('ccn ');
  const route = {
    DestinationCidrBlock: object.path[1],
    InstanceType: isCcn ? 'CCN' : 'VPNCONN',
    InstanceId: refer(making, via),
    Priority: priority,
    Status: statusOf(enabled ?? true),
    Description,
  };
  return request('CreateVpnGatewayRoutes', { VpnGatewayId: making.idOf(parentOf(object)), Routes: [given(route)] });
}

/** Whatever makes the range known to the gateway is there by now. */
async function announce(object: SiteObject, { lookups, idOf }: Making): Promise<Request> {
  const gateway = idOf(parentOf(object));
  const route = await lookups.announcementOf(gateway, rangeOf(object));
  if (route === undefined) throw new Error(`no tunnel of the gateway leads to ${rangeOf(object)}`);
  return announced(gateway, route);
}

function announced(VpnGatewayId: string, RouteId: string): Request {
  return request('ModifyVpnGatewayCcnRoutes', { VpnGatewayId, Routes: [{ RouteId, Status: 'ENABLE' }] });
}

function vpcRoute(object: SiteObject, making: Making): JsonObject {
  const { via, enabled, description } = object.fields;
  return given({
    DestinationCidrBlock: rangeOf(object),
    GatewayType: String(via).startsWith('vpnGateway ') ? 'VPN' : 'DIRECTCONNECT',
    GatewayId: refer(making, via),
    Enabled: enabled,
    RouteDescription: description,
  });
}

/** A route of the VPC itself is in its default table. */
async function routeTableOf({ path }: SiteObject, { lookups, idOf }: Making): Promise<string> {
  const [vpc, table] = path;
  if (path.length === 3) return idOf(`routeTable ${vpc}/${table ?? ''}`);
  const main = await lookups.mainTableOf(idOf(`vpc ${vpc}`));
  if (main === undefined) throw new Error(`vpc ${vpc} has no default route table`);
  return main;
}

function isVxlan({ fields }: SiteObject): boolean {
  return fields['vxlan.vni'] !== undefined;
}

function attachLine(object: SiteObject, DirectConnectGatewayId: string): Request {
  const { fields, onCreation } = object;
  const ends = { DirectConnectGatewayId, LocalAddress: fields['localAddress'], PeerAddress: fields['peerAddress'] };
  if (fields['interface'] !== undefined) {
    const device = { InterfaceName: fields['interface'], VlanId: fields['vlan'], Force: onCreation?.['force'] };
    return request('AttachDirectConnectInterface', { ...ends, ...device });
  }
  return request('AttachDirectConnectVxlan', {
    ...ends,
    Vni: fields['vxlan.vni'],
    RemoteAddress: fields['vxlan.remoteAddress'],
    UnderlayAddress: fields['vxlan.underlayAddress'],
    Port: fields['vxlan.port'],
    UnderlayMtu: fields['vxlan.underlayMtu'],
  });
}

function detachLine(DirectConnectGatewayId: string): Request {
  return request('DetachDirectConnectInterface', { DirectConnectGatewayId });
}

function changeCcn(CcnId: string, fields: Fields, making: Making): Request[] {
  const { description, ecmp } = fields;
  const options = given({ CcnId, CcnDescription: description, RouteECMPFlag: ecmp });
  const isChanged = Object.keys(options).length > 1;
  const main = CcnId.replace('ccn-', 'ccnrtb-');
  return [
    ...(isChanged ? [request('ModifyCcnAttribute', options)] : []),
    ...policyRequests(CcnId, main, fields, making),
  ];
}

function policyRequests(CcnId: string, RouteTableId: string, { accepts, tells }: Fields, making: Making): Request[] {
  const table = { CcnId, RouteTableId };
  const lists = [
    ['ReplaceCcnRouteTableInputPolicys', accepts],
    ['ReplaceCcnRouteTableBroadcastPolicys', tells],
  ] as const;
  return lists.flatMap(([action, policies]) =>
    policies === undefined
      ? []
      : [request(action, { ...table, Policys: (policies as readonly Policy[]).map((one) => policy(one, making)) })],
  );
}

function policy({ action, description, routes, to }: Policy, making: Making): JsonObject {
  const conditions = (all: readonly Condition[]) => all.map((one) => condition(one, making));
  return given({
    Action: action,
    Description: description,
    RouteConditions: conditions(routes),
    BroadcastConditions: to === undefined ? undefined : conditions(to),
  });
}

function condition({ name: what, values, exact }: Condition, { idOf }: Making): JsonObject {
  return {
    Name: what,
    Values: what === 'instance-id' ? values.map((value) => idOf(value as Key)) : values,
    MatchPattern: exact ? 1 : 0,
  };
}

/** By the beginning of an id: of what was not read nothing else is known. */
const instanceTypes = [
  ['vpngw-', 'VPNGW'],
  ['dcg-', 'DIRECTCONNECT'],
] as const;

interface Instance {
  readonly InstanceType: string;
  readonly InstanceId: string;
}

/** @param object attaches the instance that it needs besides its CCN. */
function instanceOf({ needs }: SiteObject, { idOf }: Making): Instance {
  const [, instance] = needs;
  if (instance === undefined) throw new Error('an attachment is of an instance');
  return typed(instance, idOf);
}

async function placedInstanceOf(object: SiteObject, making: Making): Promise<JsonObject> {
  const instance = instanceOf(object, making);
  return { ...instance, InstanceRegion: await making.lookups.regionOf(instance.InstanceId) };
}

function typed(instance: Key, idOf: Making['idOf']): Instance {
  const id = idOf(instance);
  const InstanceType = instanceTypes.find(([prefix]) => id.startsWith(prefix))?.[1] ?? 'VPC';
  return { InstanceType, InstanceId: id };
}

function select(object: SiteObject, { idOf }: Making): Request {
  const policies = object.fields['policies'] as readonly Selection[];
  return request('ModifyRouteTableSelectionPolicies', {
    CcnId: idOf(parentOf(object)),
    SelectionPolicies: policies.map(({ instance, source, routeTable, description }) => ({
      ...typed(instance, idOf),
      SourceCidrBlock: source,
      RouteTableId: idOf(routeTable),
      Description: description,
    })),
  });
}

/** @param mbps 0 for the default. */
function limit(object: SiteObject, { idOf }: Making, mbps: number): Request {
  const [Region, DstRegion] = lastName(object.key).split(' ');
  return request('SetCcnRegionBandwidthLimits', {
    CcnId: idOf(parentOf(object)),
    CcnRegionBandwidthLimits: [given({ Region, DstRegion, BandwidthLimit: mbps })],
  });
}
