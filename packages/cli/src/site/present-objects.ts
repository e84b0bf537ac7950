import type { WireCcnAttachment } from '@landbridge/catalogue/ccn/ccn-attachments';
import type { WireRegionBandwidth } from '@landbridge/catalogue/ccn/ccn-bandwidth-limits';
import type { WireBroadcastPolicy, WireCondition, WireInputPolicy } from '@landbridge/catalogue/ccn/ccn-route-policies';
import type { WireCcnRouteTable } from '@landbridge/catalogue/ccn/ccn-route-tables';
import type { WireCcnSelectionPolicy } from '@landbridge/catalogue/ccn/ccn-selection-policies';
import type { WireCcn } from '@landbridge/catalogue/ccn/ccns';
import type { WireDirectConnectGateway } from '@landbridge/catalogue/direct-connect/direct-connect-gateways';
import type { WireDirectConnectLine } from '@landbridge/catalogue/direct-connect/direct-connect-lines';
import type { WireDirectConnectRange } from '@landbridge/catalogue/direct-connect/direct-connect-ranges';
import type { WireRouteTable } from '@landbridge/catalogue/vpc/route-tables';
import type { WireSubnetInterface } from '@landbridge/catalogue/vpc/subnet-interfaces';
import type { WireSubnet } from '@landbridge/catalogue/vpc/subnets';
import type { WireVpcRoute } from '@landbridge/catalogue/vpc/vpc-route';
import type { WireVpc } from '@landbridge/catalogue/vpc/vpcs';
import type { WireCustomerGateway } from '@landbridge/catalogue/vpn/customer-gateways';
import type { WireVpnGatewayCcnRoute } from '@landbridge/catalogue/vpn/vpn-gateway-ccn-routes';
import type { WireVpnGatewayRoute } from '@landbridge/catalogue/vpn/vpn-gateway-routes';
import type { WireVpnGateway } from '@landbridge/catalogue/vpn/vpn-gateways';
import type { JsonObject } from '@landbridge/client';
import { listAll, listByValues, type Call } from '../list-all.ts';
import { fieldsOfTunnel, type WireVpnConnection } from './tunnel-fields.ts';
import { keyOf, lastName, type Fields, type Key, type Kind, type PresentObject } from './site-object.ts';

/** What is to be read of the service. */
export interface Reading {
  /** Names of objects that stand alone; absent: all there are. */
  readonly names?: ReadonlyMap<Kind, readonly string[]>;
  /** Ids of what was made for the site, which is read as well. */
  readonly ownIds: ReadonlySet<string>;
  /** Only with a look at the whole system: whether a gateway checks sources. */
  readonly sourceChecks: boolean;
}

interface Standing {
  readonly kind: Kind;
  readonly list: readonly [action: string, set: string];
  readonly filter: string;
  readonly ids: string;
  readonly prefix: string;
  readonly idField: string;
  readonly nameField: string;
}

/** Kinds of objects that are inside of none. */
const standing = {
  vpc: {
    ...{ kind: 'vpc', list: ['DescribeVpcs', 'VpcSet'], filter: 'vpc-name', ids: 'VpcIds', prefix: 'vpc-' },
    ...{ idField: 'VpcId', nameField: 'VpcName' },
  },
  customerGateway: {
    ...{ kind: 'customerGateway', list: ['DescribeCustomerGateways', 'CustomerGatewaySet'], prefix: 'cgw-' },
    ...{ filter: 'customer-gateway-name', ids: 'CustomerGatewayIds' },
    ...{ idField: 'CustomerGatewayId', nameField: 'CustomerGatewayName' },
  },
  vpnGateway: {
    ...{ kind: 'vpnGateway', list: ['DescribeVpnGateways', 'VpnGatewaySet'], prefix: 'vpngw-' },
    ...{ filter: 'vpn-gateway-name', ids: 'VpnGatewayIds', idField: 'VpnGatewayId', nameField: 'VpnGatewayName' },
  },
  directConnectGateway: {
    ...{ kind: 'directConnectGateway', list: ['DescribeDirectConnectGateways', 'DirectConnectGatewaySet'] },
    ...{ filter: 'direct-connect-gateway-name', ids: 'DirectConnectGatewayIds', prefix: 'dcg-' },
    ...{ idField: 'DirectConnectGatewayId', nameField: 'DirectConnectGatewayName' },
  },
  ccn: {
    ...{ kind: 'ccn', list: ['DescribeCcns', 'CcnSet'], filter: 'ccn-name', ids: 'CcnIds', prefix: 'ccn-' },
    ...{ idField: 'CcnId', nameField: 'CcnName' },
  },
} as const satisfies Partial<Record<Kind, Standing>>;

/** Two objects have the name by which one is meant. */
export class AmbiguousName extends Error {
  constructor(key: Key, ids: readonly string[]) {
    super(`${key}: ${ids.length} objects have this name (${ids.join(', ')}); rename all but one`);
    this.name = 'AmbiguousName';
  }
}

/** Reads what is there of a site: by names and ids, and what is inside of that. Throws AmbiguousName, and what calls throw. */
export async function readPresent(call: Call, reading: Reading): Promise<readonly PresentObject[]> {
  return new PresentReader(call, reading).read();
}

class PresentReader {
  readonly #call: Call;
  readonly #reading: Reading;
  readonly #objects = new Map<Key, PresentObject>();
  readonly #keys = new Map<string, Key>();

  constructor(call: Call, reading: Reading) {
    this.#call = call;
    this.#reading = reading;
  }

  async read(): Promise<readonly PresentObject[]> {
    const vpcs = await this.#standing<WireVpc>(standing.vpc);
    const peers = await this.#standing<WireCustomerGateway>(standing.customerGateway);
    const gateways = await this.#standing<WireVpnGateway>(standing.vpnGateway);
    const lines = await this.#standing<WireDirectConnectGateway>(standing.directConnectGateway);
    const ccns = await this.#standing<WireCcn>(standing.ccn);
    for (const peer of peers) {
      const fields = { address: peer.IpAddress, asn: peer.BgpAsn || undefined };
      this.#add('customerGateway', [peer.CustomerGatewayName], peer.CustomerGatewayId, { fields });
    }
    for (const vpc of vpcs) await this.#vpc(vpc);
    for (const ccn of ccns) await this.#ccn(ccn);
    for (const gateway of lines) await this.#directConnectGateway(gateway);
    const checks = gateways.length > 0 && this.#reading.sourceChecks ? await this.#sourceChecks() : new Map();
    for (const gateway of gateways)
      await this.#vpnGateway(gateway, checks.get(gateway.VpnGatewayId) as boolean | undefined);
    return [...this.#objects.values()];
  }

  /** Registers the ids at once, so that whatever is read next may refer to them. */
  async #standing<Row extends object>(of: Standing): Promise<Row[]> {
    const { list, filter, ids: idsParameter, prefix, kind, idField, nameField } = of;
    const { names, ownIds } = this.#reading;
    const wanted = names?.get(kind) ?? [];
    const own = [...ownIds].filter((id) => id.startsWith(prefix));
    const found =
      names === undefined ? await listAll(this.#call, ...list) : await listByValues(this.#call, list, filter, wanted);
    const exact = found.filter((row) => names === undefined || wanted.includes(String(row[nameField])));
    const known = new Set(exact.map((row) => String(row[idField])));
    const others: JsonObject[] = [];
    for (const some of chunks(own.filter((id) => !known.has(id)))) {
      others.push(...(await listAll(this.#call, ...list, { [idsParameter]: some })));
    }
    const rows = [...exact, ...others];
    for (const [name, alike] of Map.groupBy(rows, (row) => String(row[nameField]))) {
      if (alike.length > 1)
        throw new AmbiguousName(
          keyOf(kind, name),
          alike.map((row) => String(row[idField])),
        );
      for (const row of alike) this.#keys.set(String(row[idField]), keyOf(kind, name));
    }
    return rows as Row[];
  }

  async #vpc(vpc: WireVpc): Promise<void> {
    const { VpcId: id, VpcName: name } = vpc;
    const self = this.#add('vpc', [name], id, {
      fields: {
        cidr: vpc.CidrBlock,
        dnsServers: vpc.DnsServerSet,
        domainName: vpc.DomainName,
        publishWholeRange: vpc.EnableRouteVpcPublish,
      },
    });
    const ofVpc = [{ Name: 'vpc-id', Values: [id] }];
    for (const { CidrBlock } of vpc.AssistantCidrSet) this.#part('range', [name, CidrBlock], id, { needs: [self] });
    const tables = await listAll<WireRouteTable>(this.#call, 'DescribeRouteTables', 'RouteTableSet', {
      Filters: ofVpc,
    });
    for (const table of tables) {
      const path = table.Main ? [name] : [name, table.RouteTableName];
      if (!table.Main) this.#add('routeTable', [name, table.RouteTableName], table.RouteTableId, { needs: [self] });
      for (const route of table.RouteSet) if (route.RouteType === 'USER') this.#vpcRoute(path as [string], id, route);
    }
    const subnets = await listAll<WireSubnet>(this.#call, 'DescribeSubnets', 'SubnetSet', { Filters: ofVpc });
    const attached = Map.groupBy(subnets.length === 0 ? [] : await this.#interfaces(ofVpc), ({ SubnetId }) => SubnetId);
    for (const subnet of subnets) {
      const table = this.#keys.get(subnet.RouteTableId);
      const key = this.#add('subnet', [name, subnet.SubnetName], subnet.SubnetId, {
        fields: { cidr: subnet.CidrBlock, zone: subnet.Zone, routeTable: table },
        needs: [self, ...(table === undefined ? [] : [table])],
      });
      for (const { InterfaceName: device, VlanId } of attached.get(subnet.SubnetId) ?? []) {
        const label = VlanId === null ? device : `${device}.${VlanId}`;
        const fields = { interface: device, vlan: VlanId ?? undefined };
        this.#part('interface', [name, subnet.SubnetName, label], subnet.SubnetId, { fields, needs: [key] });
      }
    }
  }

  #interfaces(filters: readonly JsonObject[]): Promise<WireSubnetInterface[]> {
    return listAll(this.#call, 'DescribeSubnetInterfaces', 'SubnetInterfaceSet', { Filters: filters });
  }

  /** Of two routes to the same range, of which one is not enabled, that one is left alone. */
  #vpcRoute(path: [string, ...string[]], vpcId: string, route: WireVpcRoute): void {
    const key = keyOf('vpcRoute', ...path, route.DestinationCidrBlock);
    if (this.#objects.has(key) && !route.Enabled) return;
    const via = this.#keyFor(route.GatewayId);
    this.#part('vpcRoute', [...path, route.DestinationCidrBlock], vpcId, {
      id: route.RouteItemId,
      fields: { via, enabled: route.Enabled, description: route.RouteDescription },
      needs: [keyOf('vpc', path[0]), via],
    });
  }

  async #vpnGateway(gateway: WireVpnGateway, sourceCheck: boolean | undefined): Promise<void> {
    const { VpnGatewayId: id, VpnGatewayName: name } = gateway;
    const vpc = gateway.VpcId === '' ? '' : this.#keyFor(gateway.VpcId);
    const self = this.#add('vpnGateway', [name], id, {
      fields: { vpc, bandwidthMbps: gateway.InternetMaxBandwidthOut, asn: gateway.BgpAsn || undefined, sourceCheck },
      needs: vpc === '' ? [] : [vpc],
    });
    const ofGateway = [{ Name: 'vpn-gateway-id', Values: [id] }];
    const tunnels = await listAll<WireVpnConnection>(this.#call, 'DescribeVpnConnections', 'VpnConnectionSet', {
      Filters: ofGateway,
    });
    for (const tunnel of tunnels) {
      const peer = this.#keyFor(tunnel.CustomerGatewayId);
      const fields = { customerGateway: peer, ...fieldsOfTunnel(tunnel) };
      const path = [name, tunnel.VpnConnectionName] as const;
      this.#add('tunnel', [...path], tunnel.VpnConnectionId, { fields, needs: [self, peer] });
    }
    const routes = await listAll<WireVpnGatewayRoute>(this.#call, 'DescribeVpnGatewayRoutes', 'Routes', {
      VpnGatewayId: id,
    });
    for (const route of routes) {
      if (route.Type !== 'Static') continue;
      const via = this.#keyFor(route.InstanceId);
      this.#part('gatewayRoute', [name, route.DestinationCidrBlock, lastName(via)], id, {
        id: route.RouteId,
        fields: { via, priority: route.Priority, enabled: route.Status === 'ENABLE', description: route.Description },
        needs: [self, via],
      });
    }
    const announced = await listAll<WireVpnGatewayCcnRoute>(this.#call, 'DescribeVpnGatewayCcnRoutes', 'RouteSet', {
      VpnGatewayId: id,
    });
    for (const { RouteId, DestinationCidrBlock, Status } of announced) {
      const fields = { enabled: Status === 'ENABLE' };
      this.#part('announcement', [name, DestinationCidrBlock], id, { id: RouteId, fields, needs: [self] });
    }
  }

  /** By id of the gateway. */
  async #sourceChecks(): Promise<Map<string, boolean>> {
    const { Gateways } = await this.#call('DescribeSystemStatus');
    const gateways = Gateways as readonly { readonly VpnGatewayId: string; readonly SourceCheck: boolean }[];
    return new Map(gateways.map(({ VpnGatewayId, SourceCheck }) => [VpnGatewayId, SourceCheck]));
  }

  async #directConnectGateway(gateway: WireDirectConnectGateway): Promise<void> {
    const { DirectConnectGatewayId: id, DirectConnectGatewayName: name } = gateway;
    const vpc = gateway.VpcId === '' ? '' : this.#keyFor(gateway.VpcId);
    const self = this.#add('directConnectGateway', [name], id, {
      fields: { vpc, asn: gateway.GatewayAsn || undefined },
      needs: vpc === '' ? [] : [vpc],
    });
    const ofGateway = { DirectConnectGatewayId: id };
    const ranges = await listAll<WireDirectConnectRange>(
      this.#call,
      'DescribeDirectConnectGatewayCcnRoutes',
      'RouteSet',
      ofGateway,
    );
    for (const { DestinationCidrBlock, Description, RouteId } of ranges) {
      const fields = { description: Description };
      this.#part('dcRange', [name, DestinationCidrBlock], id, { id: RouteId, fields, needs: [self] });
    }
    const lines = await listAll<WireDirectConnectLine>(
      this.#call,
      'DescribeDirectConnectInterfaces',
      'DirectConnectInterfaceSet',
      {
        Filters: [{ Name: 'direct-connect-gateway-id', Values: [id] }],
      },
    );
    for (const line of lines) this.#part('line', [name], id, { fields: fieldsOfLine(line), needs: [self] });
  }

  async #ccn(ccn: WireCcn): Promise<void> {
    const { CcnId: id, CcnName: name } = ccn;
    const ofCcn = [{ Name: 'ccn-id', Values: [id] }];
    const tables = await listAll<WireCcnRouteTable>(this.#call, 'DescribeCcnRouteTables', 'CcnRouteTableSet', {
      Filters: ofCcn,
    });
    const isDefault = ({ IsDefaultTable }: WireCcnRouteTable) => IsDefaultTable;
    const main = tables.find(isDefault);
    const self = this.#add('ccn', [name], id, {
      fields: {
        description: ccn.CcnDescription,
        bandwidthLimitType: ccn.BandwidthLimitType,
        ecmp: ccn.RouteECMPFlag,
        ...(main === undefined ? {} : await this.#policies(id, main.CcnRouteTableId)),
      },
    });
    for (const table of tables.filter((one) => !isDefault(one))) {
      const policies = await this.#policies(id, table.CcnRouteTableId);
      const fields = { description: table.RouteTableDescription, ...policies };
      const key = this.#add('ccnRouteTable', [name, table.RouteTableName], table.CcnRouteTableId, {
        fields,
        needs: [self],
        parent: id,
      });
      this.#keys.set(table.CcnRouteTableId, key);
    }
    const attached = await listAll<WireCcnAttachment>(this.#call, 'DescribeCcnAttachedInstances', 'InstanceSet', {
      CcnId: id,
    });
    for (const one of attached) {
      const instance = this.#keyFor(one.InstanceId);
      const table = this.#keys.get(one.RouteTableId);
      this.#part('ccnInstance', [name, instance.replace(' ', '/')], id, {
        fields: { routeTable: table, description: one.Description },
        needs: [self, instance, ...(table === undefined ? [] : [table])],
      });
    }
    await this.#selection(name, self, ofCcn);
    const limits = await listAll<WireRegionBandwidth>(this.#call, 'GetCcnRegionBandwidthLimits', 'CcnBandwidthSet', {
      CcnId: id,
    });
    for (const { DefaultQosBandwidthFlag, CcnRegionBandwidthLimit: limit } of limits) {
      if (DefaultQosBandwidthFlag) continue;
      const pair = [limit.Region, limit.DstRegion].filter((region) => region !== '').sort();
      this.#part('ccnLimit', [name, pair.join(' ')], id, { fields: { mbps: limit.BandwidthLimit }, needs: [self] });
    }
  }

  async #selection(name: string, self: Key, Filters: readonly JsonObject[]): Promise<void> {
    const action = 'DescribeRouteTableSelectionPolicies';
    const chosen = await listAll<WireCcnSelectionPolicy>(this.#call, action, 'RouteSelectionPolicySet', { Filters });
    if (chosen.length === 0) return;
    const policies = chosen.map((one) => ({
      instance: this.#keyFor(one.InstanceId),
      source: one.SourceCidrBlock,
      routeTable: this.#keyFor(one.RouteTableId),
      description: one.Description,
    }));
    const needs = [self, ...policies.flatMap(({ instance, routeTable }) => [instance, routeTable])];
    this.#part('ccnSelection', [name], chosen[0]?.CcnId ?? '', { fields: { policies }, needs });
  }

  async #policies(CcnId: string, RouteTableId: string): Promise<Fields> {
    const table = { CcnId, RouteTableId };
    const input = await this.#call('DescribeCcnRouteTableInputPolicys', table);
    const broadcast = await this.#call('DescribeCcnRouteTableBroadcastPolicys', table);
    const listOf = <Policy>(reply: JsonObject) => (reply['PolicySet'] as { Policys: Policy[] }[])[0]?.Policys ?? [];
    const policy = ({ Action, Description, RouteConditions }: WireInputPolicy) => ({
      action: Action,
      description: Description,
      routes: RouteConditions.map((one) => this.#condition(one)),
    });
    return {
      accepts: listOf<WireInputPolicy>(input).map(policy),
      tells: listOf<WireBroadcastPolicy>(broadcast).map((one) => ({
        ...policy(one),
        to: one.BroadcastConditions.map((condition) => this.#condition(condition)),
      })),
    };
  }

  #condition({ Name: name, Values: values, MatchPattern }: WireCondition) {
    return {
      name,
      values: name === 'instance-id' ? values.map((id) => this.#keyFor(id)) : values,
      exact: MatchPattern === 1,
    };
  }

  /** Of what is not read, the id itself. */
  #keyFor(id: string): Key {
    return this.#keys.get(id) ?? (id as Key);
  }

  #part(
    kind: Kind,
    path: [string, ...string[]],
    parent: string,
    parts: Partial<Pick<PresentObject, 'id' | 'fields' | 'needs'>>,
  ): Key {
    return this.#add(kind, path, parts.id ?? parent, { ...parts, parent });
  }

  /** @param parts.parent whose part it is; the object itself unless given. */
  #add(
    kind: Kind,
    path: [string, ...string[]],
    id: string,
    parts: { readonly fields?: Fields; readonly needs?: readonly Key[]; readonly parent?: string },
  ): Key {
    const key = keyOf(kind, ...path);
    const known = this.#objects.get(key);
    if (known !== undefined && known.id !== id && kind !== 'vpcRoute') throw new AmbiguousName(key, [known.id, id]);
    const { fields = {}, needs = [], parent = id } = parts;
    this.#objects.set(key, { key, kind, path, id, fields, needs, isOwn: this.#reading.ownIds.has(parent) });
    this.#keys.set(id, this.#keys.get(id) ?? key);
    return key;
  }
}

function fieldsOfLine({ InterfaceName, VlanId, Vxlan, LocalAddress, PeerAddress }: WireDirectConnectLine): Fields {
  const vxlan = {
    'vxlan.vni': Vxlan?.Vni,
    'vxlan.remoteAddress': Vxlan?.RemoteAddress,
    'vxlan.underlayAddress': Vxlan?.UnderlayAddress ?? undefined,
    'vxlan.port': Vxlan?.Port,
    'vxlan.underlayMtu': Vxlan?.UnderlayMtu,
  };
  const device = { interface: InterfaceName === '' ? undefined : InterfaceName, vlan: VlanId ?? undefined };
  return { ...device, ...vxlan, localAddress: LocalAddress, peerAddress: PeerAddress };
}

const mostIds = 100;

function chunks(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / mostIds);
  return Array.from({ length: count }, (_, index) => ids.slice(index * mostIds, (index + 1) * mostIds));
}

/** Ids of what was made for the site: they bear its tag. */
export async function ownIds(call: Call, site: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let token = '';
  do {
    const reply = await call('GetResources', {
      TagFilters: [{ TagKey: siteTag, TagValue: [site] }],
      MaxResults: 200,
      ...(token === '' ? {} : { PaginationToken: token }),
    });
    for (const { Resource } of reply['ResourceTagMappingList'] as readonly { readonly Resource: string }[]) {
      ids.add(Resource.slice(Resource.lastIndexOf('/') + 1));
    }
    token = reply['PaginationToken'] as string;
  } while (token !== '');
  return ids;
}

export const siteTag = 'landbridge:site';
