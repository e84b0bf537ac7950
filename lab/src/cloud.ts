import { problemOfReply } from '@landbridge/catalogue/reply-check';
import type { ServiceName } from '@landbridge/catalogue/service-versions';
import { ApiError, callAction, type ApiEndpoint, type Credential, type JsonObject } from '@landbridge/client';
import type { Negotiation } from './negotiation.ts';
import { poll } from '@landbridge/testbed/poll';

export interface CreatedVpc {
  readonly vpcId: string;
  /** The default route table. */
  readonly routeTableId: string;
}

export interface CreatedGateway {
  readonly gatewayId: string;
  readonly publicAddress: string;
}

export interface TunnelOptions {
  readonly gatewayId: string;
  readonly customerGatewayId: string;
  readonly vpcId: string;
  readonly name: string;
  readonly preSharedKey: string;
  readonly negotiation: Pick<Negotiation, 'ike' | 'ipsec'>;
  /** Local range → remote ranges; absent means destination routing. */
  readonly policies?: Readonly<Record<string, readonly string[]>>;
  /** Anything else the Action takes. */
  readonly more?: JsonObject;
}

/** A data centre's line, as AttachDirectConnectInterface or AttachDirectConnectVxlan want it, and the range behind it. */
export type DedicatedLine = {
  readonly lan: string;
  readonly localAddress: string;
  readonly peerAddress: string;
} & ({ readonly interfaceName: string } | { readonly vni: number; readonly remoteAddress: string });

/** Between two calls that wait for something: what they cost is missing elsewhere. */
const lookMs = 100;

interface Deletion {
  readonly endpoint: ApiEndpoint;
  readonly service: ServiceName;
  readonly action: string;
  readonly parameters: JsonObject;
}

/**
 * The call sequences of docs/spec/scenarios.md section 0, through the public API only. Remembers what it made and
 * deletes it in the reverse order.
 */
export class Cloud {
  readonly #endpoint: ApiEndpoint;
  readonly #operator: ApiEndpoint;
  readonly #deletions: Deletion[];

  /** Cables and the state of the system are the operator's business, whoever the tenant is. */
  constructor(endpoint: ApiEndpoint, operator = endpoint, deletions: Deletion[] = []) {
    this.#endpoint = endpoint;
    this.#operator = operator;
    this.#deletions = deletions;
  }

  /** The same account in another region. What is made there is deleted along with the rest. */
  inRegion(region: string): Cloud {
    return new Cloud({ ...this.#endpoint, region }, { ...this.#operator, region }, this.#deletions);
  }

  /** What the client names when nobody says otherwise. */
  get region(): string {
    return this.#endpoint.region ?? 'local';
  }

  /** Throws as well when the reply is not what the catalogue says. */
  async call(action: string, parameters: JsonObject = {}, service: ServiceName = 'vpc'): Promise<JsonObject> {
    const reply = await callAction(this.#endpointOf(service), service, action, parameters).catch((error: unknown) => {
      if (error instanceof ApiError) expectCatalogued(service, action, responseOf(error));
      throw error;
    });
    expectCatalogued(service, action, reply);
    return reply;
  }

  /** An account of that name, with a key that has all its rights. */
  async createAccount(AccountName: string): Promise<Credential> {
    const key = await this.call('CreateAccessKey', { AccountName }, 'landbridge');
    return { secretId: textAt(key, 'SecretId'), secretKey: textAt(key, 'SecretKey') };
  }

  #endpointOf(service: ServiceName): ApiEndpoint {
    return service === 'vpc' ? this.#endpoint : this.#operator;
  }

  async createVpc(name: string, cidr: string): Promise<CreatedVpc> {
    const reply = await this.call('CreateVpc', { VpcName: name, CidrBlock: cidr });
    const vpcId = textAt(reply, 'Vpc', 'VpcId');
    this.deleteLater('DeleteVpc', { VpcId: vpcId });
    const tables = await this.call('DescribeRouteTables', {
      Filters: [
        { Name: 'vpc-id', Values: [vpcId] },
        { Name: 'association.main', Values: ['true'] },
      ],
    });
    return { vpcId, routeTableId: textAt(tables, 'RouteTableSet', 0, 'RouteTableId') };
  }

  /** Secondary ranges of a VPC. */
  async addRanges(vpcId: string, ranges: readonly string[]): Promise<void> {
    await this.call('CreateAssistantCidr', { VpcId: vpcId, CidrBlocks: ranges });
    this.deleteLater('DeleteAssistantCidr', { VpcId: vpcId, CidrBlocks: ranges });
  }

  /** With a host interface attached to it. */
  async createSubnet(vpcId: string, name: string, cidr: string, interfaceName: string): Promise<string> {
    const reply = await this.call('CreateSubnet', { VpcId: vpcId, SubnetName: name, CidrBlock: cidr, Zone: 'local-1' });
    const subnetId = textAt(reply, 'Subnet', 'SubnetId');
    this.deleteLater('DeleteSubnet', { SubnetId: subnetId });
    const attachment = { SubnetId: subnetId, InterfaceName: interfaceName };
    await this.call('AttachSubnetInterface', attachment, 'landbridge');
    this.deleteLater('DetachSubnetInterface', attachment, 'landbridge');
    return subnetId;
  }

  /** Of type CCN when `vpcId` is empty. */
  async createVpnGateway(vpcId: string, name: string, bandwidthMbps = 100): Promise<CreatedGateway> {
    const reply = await this.call('CreateVpnGateway', {
      VpcId: vpcId,
      VpnGatewayName: name,
      InternetMaxBandwidthOut: bandwidthMbps,
      Type: vpcId === '' ? 'CCN' : 'IPSEC',
    });
    const gatewayId = textAt(reply, 'VpnGateway', 'VpnGatewayId');
    this.deleteLater('DeleteVpnGateway', { VpnGatewayId: gatewayId });
    const described = await poll(
      `VPN gateway ${gatewayId} is AVAILABLE`,
      () => this.call('DescribeVpnGateways', { VpnGatewayIds: [gatewayId] }),
      (answer) => textAt(answer, 'VpnGatewaySet', 0, 'State') === 'AVAILABLE',
      { within: 30_000, every: lookMs },
    );
    return { gatewayId, publicAddress: textAt(described, 'VpnGatewaySet', 0, 'PublicIpAddress') };
  }

  async createCustomerGateway(name: string, address: string): Promise<string> {
    const reply = await this.call('CreateCustomerGateway', { CustomerGatewayName: name, IpAddress: address });
    const customerGatewayId = textAt(reply, 'CustomerGateway', 'CustomerGatewayId');
    this.deleteLater('DeleteCustomerGateway', { CustomerGatewayId: customerGatewayId });
    return customerGatewayId;
  }

  /** Returns at once with the id; waitUntilConnected waits for the SAs. */
  async createVpnConnection(options: TunnelOptions): Promise<string> {
    const reply = await this.call('CreateVpnConnection', {
      VpnGatewayId: options.gatewayId,
      CustomerGatewayId: options.customerGatewayId,
      VpcId: options.vpcId,
      VpnConnectionName: options.name,
      PreShareKey: options.preSharedKey,
      RouteType: options.policies === undefined ? 'StaticRoute' : 'Policy',
      IKEOptionsSpecification: options.negotiation.ike,
      IPSECOptionsSpecification: options.negotiation.ipsec,
      ...(options.policies === undefined ? {} : { SecurityPolicyDatabases: policyRules(options.policies) }),
      ...options.more,
    });
    const connectionId = textAt(reply, 'VpnConnection', 'VpnConnectionId');
    this.deleteLater('DeleteVpnConnection', { VpnGatewayId: options.gatewayId, VpnConnectionId: connectionId });
    return connectionId;
  }

  async netStatus(connectionId: string): Promise<string> {
    return textAt(await this.#describeConnection(connectionId), 'NetStatus');
  }

  /** The provisioning state; AVAILABLE does not mean connected. */
  async state(connectionId: string): Promise<string> {
    return textAt(await this.#describeConnection(connectionId), 'State');
  }

  async waitUntilConnected(connectionId: string, within = 30_000): Promise<void> {
    await this.#waitForConnection(connectionId, 'State', 'AVAILABLE', within);
    await this.#waitForConnection(connectionId, 'NetStatus', 'AVAILABLE', within);
  }

  async waitUntilDown(connectionId: string, within = 30_000): Promise<void> {
    await this.#waitForConnection(connectionId, 'NetStatus', 'UNAVAILABLE', within);
  }

  /** What DescribeSystemStatus says about one tunnel. */
  async tunnelStatus(connectionId: string): Promise<JsonObject> {
    const { Gateways } = await this.call('DescribeSystemStatus', {}, 'landbridge');
    const tunnels = (Gateways as JsonObject[]).flatMap((gateway) => gateway['Tunnels'] as JsonObject[]);
    return tunnels.find((tunnel) => tunnel['VpnConnectionId'] === connectionId) ?? {};
  }

  /** Waits until the newest plan of a gateway is in the network: for changes that nothing else shows. */
  async waitUntilApplied(gatewayId: string): Promise<void> {
    await poll(
      `the plan of ${gatewayId} is applied`,
      async () => {
        const { Gateways } = await this.call('DescribeSystemStatus', {}, 'landbridge');
        return (Gateways as JsonObject[]).find((gateway) => gateway['VpnGatewayId'] === gatewayId);
      },
      (gateway) =>
        gateway !== undefined && Number(gateway['Applied']) >= Number(gateway['Generation']) && gateway['Error'] === '',
      { within: 15_000, every: lookMs },
    );
  }

  /** Changes a tunnel; what is left out stays. */
  async modifyVpnConnection(connectionId: string, changes: JsonObject): Promise<void> {
    await this.call('ModifyVpnConnectionAttribute', { VpnConnectionId: connectionId, ...changes });
  }

  async resetVpnConnection(gatewayId: string, connectionId: string): Promise<void> {
    await this.call('ResetVpnConnection', { VpnGatewayId: gatewayId, VpnConnectionId: connectionId });
  }

  /** An entry of the gateway's route table that leads to a tunnel. */
  async createGatewayRoute(gatewayId: string, cidr: string, connectionId: string, priority = 0): Promise<string> {
    const route = {
      DestinationCidrBlock: cidr,
      InstanceType: 'VPNCONN',
      InstanceId: connectionId,
      Priority: priority,
      Status: 'ENABLE',
    };
    const reply = await this.call('CreateVpnGatewayRoutes', { VpnGatewayId: gatewayId, Routes: [route] });
    const routeId = textAt(reply, 'Routes', 0, 'RouteId');
    this.deleteLater('DeleteVpnGatewayRoutes', { VpnGatewayId: gatewayId, RouteIds: [routeId] });
    return routeId;
  }

  async setGatewayRouteStatus(gatewayId: string, routeId: string, status: 'ENABLE' | 'DISABLE'): Promise<void> {
    await this.call('ModifyVpnGatewayRoutes', {
      VpnGatewayId: gatewayId,
      Routes: [{ RouteId: routeId, Status: status }],
    });
  }

  /** Whether sources out of the gateway's destination-routing tunnels are checked; returns when it is so. */
  async setSourceCheck(gatewayId: string, isChecked: boolean): Promise<void> {
    const request = { VpnGatewayId: gatewayId, SourceCheck: isChecked };
    await this.call('ModifyVpnGatewaySourceCheck', request, 'landbridge');
    await this.waitUntilApplied(gatewayId);
  }

  /** `REASON` → packets that were dropped for it where they come out of the resource. */
  async droppedPackets(resourceId: string): Promise<Record<string, number>> {
    const Filters = [{ Name: 'resource-id', Values: [resourceId] }];
    const { DroppedPacketSet } = await this.call('DescribeDroppedPackets', { Filters, Limit: 100 }, 'landbridge');
    const counts = DroppedPacketSet as readonly { readonly Reason: string; readonly Packets: number }[];
    return Object.fromEntries(counts.map(({ Reason, Packets }) => [Reason, Packets]));
  }

  /** An entry of a VPC route table that leads to the gateway. Returns its RouteItemId. */
  async createVpcRoute(routeTableId: string, cidr: string, gatewayId: string): Promise<string> {
    const GatewayType = gatewayId.startsWith('dcg-') ? 'DIRECTCONNECT' : 'VPN';
    const route = { DestinationCidrBlock: cidr, GatewayType, GatewayId: gatewayId };
    const reply = await this.call('CreateRoutes', { RouteTableId: routeTableId, Routes: [route] });
    const routeItemId = textAt(reply, 'RouteTableSet', 0, 'RouteSet', 0, 'RouteItemId');
    this.deleteLater('DeleteRoutes', { RouteTableId: routeTableId, Routes: [{ ...route, RouteItemId: routeItemId }] });
    return routeItemId;
  }

  /** How many things were made here and not deleted yet: a mark for deleteBackTo. */
  get made(): number {
    return this.#deletions.length;
  }

  async createCcn(name: string): Promise<string> {
    const ccnId = textAt(await this.call('CreateCcn', { CcnName: name }), 'Ccn', 'CcnId');
    this.deleteLater('DeleteCcn', { CcnId: ccnId });
    return ccnId;
  }

  /** All in the region of this caller. */
  async attachToCcn(ccnId: string, instances: readonly JsonObject[]): Promise<void> {
    const named = instances.map((one) => ({ InstanceRegion: this.region, ...one }));
    await this.call('AttachCcnInstances', { CcnId: ccnId, Instances: named });
    for (const one of named) this.deleteLater('DetachCcnInstances', { CcnId: ccnId, Instances: [one] });
  }

  async waitUntilAttached(ccnId: string, count: number): Promise<void> {
    await poll(
      `${count} instances of ${ccnId} are ACTIVE`,
      async () => (await this.call('DescribeCcnAttachedInstances', { CcnId: ccnId }))['InstanceSet'] as JsonObject[],
      (instances) => instances.length === count && instances.every((one) => one['State'] === 'ACTIVE'),
      { within: 30_000, every: lookMs },
    );
  }

  /** On a CCN with the line's range, or on a VPC, whose route tables need a route to it. */
  async createDirectConnectGateway(name: string, networkId: string, line: DedicatedLine): Promise<string> {
    const isOfVpc = networkId.startsWith('vpc-');
    const reply = await this.call('CreateDirectConnectGateway', {
      DirectConnectGatewayName: name,
      NetworkType: isOfVpc ? 'VPC' : 'CCN',
      NetworkInstanceId: networkId,
    });
    const id = textAt(reply, 'DirectConnectGateway', 'DirectConnectGatewayId');
    this.deleteLater('DeleteDirectConnectGateway', { DirectConnectGatewayId: id });
    if (!isOfVpc) {
      const routes = [{ DestinationCidrBlock: line.lan }];
      await this.call('CreateDirectConnectGatewayCcnRoutes', { DirectConnectGatewayId: id, Routes: routes });
    }
    await this.attachLine(id, line);
    return id;
  }

  async attachLine(id: string, line: DedicatedLine): Promise<void> {
    const ends = { DirectConnectGatewayId: id, LocalAddress: line.localAddress, PeerAddress: line.peerAddress };
    if ('vni' in line) {
      const vxlan = { ...ends, Vni: line.vni, RemoteAddress: line.remoteAddress };
      await this.call('AttachDirectConnectVxlan', vxlan, 'landbridge');
    } else {
      await this.call('AttachDirectConnectInterface', { ...ends, InterfaceName: line.interfaceName }, 'landbridge');
    }
    this.deleteLater('DetachDirectConnectInterface', { DirectConnectGatewayId: id }, 'landbridge');
  }

  async detachLine(id: string): Promise<void> {
    await this.call('DetachDirectConnectInterface', { DirectConnectGatewayId: id }, 'landbridge');
  }

  /** Announces, or not, ranges of a gateway to its CCN; all of them unless some are named. */
  async setCcnRanges(gatewayId: string, status: 'ENABLE' | 'DISABLE', ...only: readonly string[]): Promise<void> {
    const { RouteSet } = await this.call('DescribeVpnGatewayCcnRoutes', { VpnGatewayId: gatewayId });
    const routes = (RouteSet as JsonObject[])
      .filter((route) => only.length === 0 || only.includes(String(route['DestinationCidrBlock'])))
      .map((route) => ({ RouteId: route['RouteId'], Status: status }));
    await this.call('ModifyVpnGatewayCcnRoutes', { VpnGatewayId: gatewayId, Routes: routes });
  }

  /** A route table besides the default one. */
  async createCcnRouteTable(ccnId: string, name: string): Promise<string> {
    const reply = await this.call('CreateCcnRouteTables', { RouteTable: [{ CcnId: ccnId, Name: name }] });
    const tableId = textAt(reply, 'CcnRouteTableSet', 0, 'CcnRouteTableId');
    this.deleteLater('DeleteCcnRouteTables', { RouteTableId: [tableId] });
    return tableId;
  }

  /** Until everything is deleted: then to the default table again. */
  async bindToCcnRouteTable(ccnId: string, tableId: string, instance: JsonObject): Promise<void> {
    const binding = (RouteTableId: string) => ({ CcnId: ccnId, RouteTableId, Instances: [instance] });
    await this.call('AssociateInstancesToCcnRouteTable', binding(tableId));
    this.deleteLater('AssociateInstancesToCcnRouteTable', binding(ccnId.replace('ccn-', 'ccnrtb-')));
  }

  /** Puts these in the place of all selection policies. */
  async selectCcnRouteTables(ccnId: string, policies: readonly JsonObject[]): Promise<void> {
    await this.call('ModifyRouteTableSelectionPolicies', { CcnId: ccnId, SelectionPolicies: policies });
    this.deleteLater('ClearRouteTableSelectionPolicies', { CcnId: ccnId });
  }

  /** Routes of a CCN by their ranges. */
  async ccnRoutes(ccnId: string): Promise<JsonObject[]> {
    return (await this.call('DescribeCcnRoutes', { CcnId: ccnId, Limit: 100 }))['RouteSet'] as JsonObject[];
  }

  /** Deletes everything that was made here and is still there. */
  deleteAll(): Promise<void> {
    return this.deleteBackTo(0);
  }

  /** Deletes everything that was made after `made` had this value. */
  async deleteBackTo(mark: number): Promise<void> {
    while (this.#deletions.length > mark) {
      const next = this.#deletions.pop();
      if (next === undefined) return;
      const { endpoint, service, action, parameters } = next;
      await callAction(endpoint, service, action, parameters).catch((error: unknown) => {
        if (!(error instanceof ApiError) || !isGone(error)) throw error;
      });
    }
  }

  /** Names the call that takes away what was just made by a call of its own. */
  deleteLater(action: string, parameters: JsonObject, service: ServiceName = 'vpc'): void {
    this.#deletions.push({ endpoint: this.#endpointOf(service), service, action, parameters });
  }

  async #waitForConnection(connectionId: string, field: string, value: string, within: number): Promise<void> {
    await poll(
      `${field} of ${connectionId} is ${value}`,
      async () => textAt(await this.#describeConnection(connectionId), field),
      (seen) => seen === value,
      { within, every: lookMs },
    );
  }

  async #describeConnection(connectionId: string): Promise<JsonObject> {
    const reply = await this.call('DescribeVpnConnections', { VpnConnectionIds: [connectionId] });
    return (reply['VpnConnectionSet'] as JsonObject[])[0] ?? {};
  }
}

function expectCatalogued(service: ServiceName, action: string, response: JsonObject): void {
  const problem = problemOfReply(service, action, response);
  if (problem !== undefined) throw new Error(problem);
}

function responseOf({ code, message, requestId }: ApiError): JsonObject {
  return { RequestId: requestId, Error: { Code: code, Message: message } };
}

/** What a test removed itself. */
function isGone({ code }: ApiError): boolean {
  return code.startsWith('ResourceNotFound') || code === 'UnsupportedOperation.CcnNotAttached';
}

function policyRules(policies: Readonly<Record<string, readonly string[]>>): JsonObject[] {
  return Object.entries(policies).map(([local, remotes]) => ({ LocalCidrBlock: local, RemoteCidrBlock: remotes }));
}

/** The text at a place in a reply; throws when it is something else. */
export function textAt(reply: JsonObject, ...path: readonly (string | number)[]): string {
  let value: unknown = reply;
  for (const key of path) value = (value as Record<string | number, unknown> | undefined)?.[key];
  if (typeof value !== 'string') throw new Error(`no text at ${path.join('.')} of ${JSON.stringify(reply)}`);
  return value;
}
