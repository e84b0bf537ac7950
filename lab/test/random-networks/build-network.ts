import { createHash } from 'node:crypto';
import type { JsonObject } from '@landbridge/client';
import type { Cidr, IpAddress } from '@landbridge/net';
import {
  defaultRouteTableId,
  type CcnAttachment,
  type CcnRangeChoice,
  type CcnRouteChoice,
} from '@landbridge/server/domain/ccn/ccn';
import { ccnRoutesOf, twinOf } from '@landbridge/server/derive/ccn-routes';
import { rowsOf, type NetworkRows } from '@landbridge/server/testing/image-of';
import type { DirectConnectRange } from '@landbridge/server/domain/direct-connect/direct-connect-gateway';
import type { Subnet } from '@landbridge/server/domain/vpc/subnet';
import { rangesOfVpc } from '@landbridge/server/domain/vpc/vpc';
import type { VpcRoute } from '@landbridge/server/domain/vpc/route-table';
import { assumeUsable } from '@landbridge/server/domain/vpn/tunnel-usability';
import { mappingsOf, type VpnConnection } from '@landbridge/server/domain/vpn/vpn-connection';
import { ccnRangesOf } from '@landbridge/server/derive/vpn-gateway-ccn-range';
import type { VpnGatewayRoute } from '@landbridge/server/domain/vpn/vpn-gateway-route';
import type { World } from '@landbridge/server/simulation/world';
import { Cloud, textAt } from '../../src/cloud.ts';
import { strongNegotiation } from '../../src/negotiation.ts';
import { poll } from '@landbridge/testbed/poll';
import type { World as LabWorld } from '../../src/world.ts';
import type { Ids } from './traces.ts';
import { createDataCentre, createIdcDevice, createSubnetHost, foreignSource, type Place } from './places.ts';

/** What may be built in any order: the order decides what a CCN enables. */
interface Arriving {
  readonly createdAt: number;
  readonly id: string;
  build(): Promise<void>;
}

const instanceTypes = { vpc: 'VPC', 'vpn-gateway': 'VPNGW', 'direct-connect-gateway': 'DIRECTCONNECT' } as const;

/**
 * Builds a world through the public API, each account with a key of its own, and notes the rows in the order in which they
 * came about: `model` is the world that then exists.
 */
export class NetworkBuilder {
  readonly #lab: LabWorld;
  #wanted: World;
  readonly #clouds: ReadonlyMap<string, Cloud>;
  /** Our id → the server's. */
  readonly #ids = new Map<string, string>();
  readonly #gatewayAddresses = new Map<string, string>();
  readonly #places: Place[] = [];
  #rows: NetworkRows;
  #now = 0;

  constructor(lab: LabWorld, wanted: World, clouds: ReadonlyMap<string, Cloud>) {
    this.#lab = lab;
    this.#wanted = wanted;
    this.#clouds = clouds;
    const { desired } = wanted;
    this.#rows = {
      ...desired,
      ...{ subnets: [], vpnGatewayRoutes: [], ccnAttachments: [], ccnRouteChoices: [], ccnRangeChoices: [] },
      directConnectRanges: [],
    };
  }

  get model(): World {
    return { ...this.#wanted, desired: this.#rows };
  }

  /** Of what was built. */
  get ids(): Ids {
    const models = new Map([...this.#ids].map(([model, real]) => [real, model]));
    return {
      real: (id) => this.#real(id),
      model: (real) => {
        const id = models.get(real);
        if (id === undefined) throw new Error(`nothing that was built is ${real}`);
        return id;
      },
    };
  }

  get places(): readonly Place[] {
    return this.#places;
  }

  async build(): Promise<void> {
    const { desired } = this.#wanted;
    await this.#buildVpcs();
    await this.#buildGateways();
    for (const connection of desired.vpnConnections) await this.#buildTunnel(connection);
    // Before the CCN announces anything: next to its routes the API would refuse equal ones.
    for (const route of desired.vpcRoutes) await this.#buildVpcRoute(route);
    for (const arriving of this.#arrivals()) await arriving.build();
    for (const choice of desired.ccnRangeChoices) await this.#chooseRange(choice);
    for (const choice of desired.ccnRouteChoices) await this.#chooseRoute(choice);
    await this.#waitUntilBuilt();
  }

  /** The device of a tunnel falls silent, and the tunnel is out of use. */
  async fail(id: VpnConnection['id']): Promise<void> {
    const { desired, unusable = new Set() } = this.#wanted;
    const tunnel = desired.vpnConnections.find((connection) => connection.id === id);
    const device = this.#places.find(({ node }) => node.options.place === tunnel?.customerGatewayId);
    if (device?.fail === undefined) throw new Error(`${id} has no device`);
    await device.fail();
    await this.#waitUntilUsed(this.#real(id), false);
    this.#wanted = { ...this.#wanted, unusable: new Set([...unusable, id]) };
  }

  /** Everything that was made, through the API again. */
  async remove(): Promise<void> {
    await this.#lab.cloud.deleteAll();
    for (const cloud of this.#clouds.values()) await cloud.deleteAll();
    for (const place of this.#places) await place.end();
    await this.#lab.deleteResources();
  }

  #foreignSource(own: readonly Cidr[]): IpAddress {
    return foreignSource(this.#wanted, own, this.#places.length);
  }

  async #buildVpcs(): Promise<void> {
    const { vpcs, routeTables } = this.#wanted.desired;
    for (const { id, accountId, cidr, secondaryRanges } of vpcs) {
      const cloud = this.#cloudOf(accountId);
      const vpc = await cloud.createVpc(id, cidr);
      this.#ids.set(id, vpc.vpcId);
      if (secondaryRanges.length > 0) {
        await cloud.addRanges(
          vpc.vpcId,
          secondaryRanges.map((range) => range.cidr),
        );
      }
      for (const table of routeTables.filter(({ vpcId }) => vpcId === id)) {
        this.#ids.set(table.id, table.isMain ? vpc.routeTableId : await this.#createTable(cloud, vpc.vpcId, table.id));
      }
    }
  }

  async #createTable(cloud: Cloud, vpcId: string, name: string): Promise<string> {
    const reply = await cloud.call('CreateRouteTable', { VpcId: vpcId, RouteTableName: name });
    const id = textAt(reply, 'RouteTable', 'RouteTableId');
    cloud.deleteLater('DeleteRouteTable', { RouteTableId: id });
    return id;
  }

  async #buildGateways(): Promise<void> {
    const { vpnGateways, ccns, directConnectGateways, customerGateways } = this.#wanted.desired;
    for (const { id, accountId, routeEcmp } of ccns) {
      const cloud = this.#cloudOf(accountId);
      this.#ids.set(id, await cloud.createCcn(id));
      await cloud.call('ModifyCcnAttribute', { CcnId: this.#real(id), RouteECMPFlag: routeEcmp });
    }
    const made = vpnGateways.map(async ({ id, accountId, vpcId, checksSources }) => {
      const cloud = this.#cloudOf(accountId);
      const gateway = await cloud.createVpnGateway(vpcId === null ? '' : this.#real(vpcId), id);
      await cloud.setSourceCheck(gateway.gatewayId, checksSources);
      this.#ids.set(id, gateway.gatewayId);
      this.#gatewayAddresses.set(id, gateway.publicAddress);
    });
    await Promise.all(made);
    for (const { id, accountId, address } of customerGateways) {
      this.#ids.set(id, await this.#cloudOf(accountId).createCustomerGateway(id, address));
    }
    for (const { id, accountId, vpcId } of directConnectGateways) {
      await this.#buildDirectConnectGateway(id, accountId, vpcId);
    }
  }

  async #buildDirectConnectGateway(id: string, accountId: string, vpcId: string | null): Promise<void> {
    const cloud = this.#cloudOf(accountId);
    const network =
      vpcId === null ? { NetworkType: 'CCN' } : { NetworkType: 'VPC', NetworkInstanceId: this.#real(vpcId) };
    const reply = await cloud.call('CreateDirectConnectGateway', { DirectConnectGatewayName: id, ...network });
    const real = textAt(reply, 'DirectConnectGateway', 'DirectConnectGatewayId');
    cloud.deleteLater('DeleteDirectConnectGateway', { DirectConnectGatewayId: real });
    this.#ids.set(id, real);
    const { directConnectLines, directConnectRanges } = this.#wanted.desired;
    const line = directConnectLines.find(({ directConnectGatewayId }) => directConnectGatewayId === id);
    if (line?.kind !== 'interface') return;
    const ranges = directConnectRanges.filter(({ directConnectGatewayId }) => directConnectGatewayId === id);
    const own = ranges.map(({ destination }) => destination);
    this.#places.push(await createDataCentre(this.#lab, line, own, this.#foreignSource(own)));
    const { interfaceName, localAddress, peerAddress } = line;
    await this.#lab.cloud.call(
      'AttachDirectConnectInterface',
      {
        DirectConnectGatewayId: real,
        InterfaceName: interfaceName,
        LocalAddress: localAddress,
        PeerAddress: peerAddress,
      },
      'landbridge',
    );
    this.#lab.cloud.deleteLater('DetachDirectConnectInterface', { DirectConnectGatewayId: real }, 'landbridge');
  }

  async #buildTunnel(connection: VpnConnection): Promise<void> {
    const { id, accountId, vpnGatewayId, customerGatewayId, vpcId, mode } = connection;
    const idc = this.#wanted.idcs.find((candidate) => candidate.id === customerGatewayId);
    if (idc === undefined) throw new Error(`no IDC for ${id}`);
    const gatewayAddress = this.#gatewayAddresses.get(vpnGatewayId) ?? '';
    const works = this.#wanted.unusable?.has(id) !== true;
    const device = {
      idc,
      connection,
      gatewayAddress,
      preSharedKey: `key of ${id}`,
      works,
      forged: this.#foreignSource(idc.ranges),
    };
    this.#places.push(await createIdcDevice(this.#lab, device));
    const policies = Object.groupBy(mappingsOf(connection), ({ local }) => local);
    const remotes = Object.entries(policies).map(([local, pairs]) => [
      local,
      (pairs ?? []).map(({ remote }) => remote),
    ]);
    const connectionId = await this.#cloudOf(accountId).createVpnConnection({
      gatewayId: this.#real(vpnGatewayId),
      customerGatewayId: this.#real(customerGatewayId),
      vpcId: vpcId === null ? '' : this.#real(vpcId),
      name: id,
      preSharedKey: device.preSharedKey,
      negotiation: strongNegotiation,
      ...(mode === 'spd' ? { policies: Object.fromEntries(remotes) as Record<string, string[]> } : {}),
    });
    this.#ids.set(id, connectionId);
  }

  async #buildVpcRoute({ routeTableId, accountId, destination, nextHop, enabled }: VpcRoute): Promise<void> {
    const cloud = this.#cloudOf(accountId);
    const table = { RouteTableId: this.#real(routeTableId) };
    const route = {
      DestinationCidrBlock: destination,
      GatewayType: nextHop.kind === 'vpn-gateway' ? 'VPN' : 'DIRECTCONNECT',
      GatewayId: this.#real(nextHop.id),
      Enabled: enabled,
    };
    const reply = await cloud.call('CreateRoutes', { ...table, Routes: [route] });
    const RouteItemId = textAt(reply, 'RouteTableSet', 0, 'RouteSet', 0, 'RouteItemId');
    cloud.deleteLater('DeleteRoutes', { ...table, Routes: [{ ...route, RouteItemId }] });
  }

  /** By the ages that were drawn; those of equal age in an order that has nothing to do with their kinds. */
  #arrivals(): Arriving[] {
    const { subnets, ccnAttachments, vpnGatewayRoutes, directConnectRanges } = this.#wanted.desired;
    const all: Arriving[] = [
      ...subnets.map((row, number) => ({ ...row, build: () => this.#buildSubnet(row, number) })),
      ...ccnAttachments.map((row) => ({ ...row, id: row.instance.id, build: () => this.#attach(row) })),
      ...vpnGatewayRoutes.map((row) => ({ ...row, build: () => this.#buildGatewayRoute(row) })),
      ...directConnectRanges.map((row) => ({ ...row, build: () => this.#buildRange(row) })),
    ];
    const digest = ({ id }: Arriving): string => createHash('sha256').update(id).digest('hex');
    return all.sort((a, b) => a.createdAt - b.createdAt || (digest(a) < digest(b) ? -1 : 1));
  }

  async #buildSubnet(row: Subnet, number: number): Promise<void> {
    const { id, accountId, vpcId, cidr, routeTableId } = row;
    const cloud = this.#cloudOf(accountId);
    const label = `net${number}`;
    const own = this.#wanted.desired.vpcs.filter((vpc) => vpc.id === vpcId).flatMap(rangesOfVpc);
    const node = { label, forged: this.#foreignSource(own) };
    this.#places.push(await createSubnetHost(this.#lab, this.#wanted, row, node));
    const request = { VpcId: this.#real(vpcId), SubnetName: id, CidrBlock: cidr, Zone: 'local-1' };
    const SubnetId = textAt(await cloud.call('CreateSubnet', request), 'Subnet', 'SubnetId');
    cloud.deleteLater('DeleteSubnet', { SubnetId });
    this.#rows = { ...this.#rows, subnets: [...this.#rows.subnets, { ...row, createdAt: this.#tick() }] };
    this.#ids.set(id, SubnetId);
    await cloud.call('ReplaceRouteTableAssociation', { RouteTableId: this.#real(routeTableId), SubnetId });
    const attachment = { SubnetId, InterfaceName: label };
    await this.#lab.cloud.call('AttachSubnetInterface', attachment, 'landbridge');
    this.#lab.cloud.deleteLater('DetachSubnetInterface', attachment, 'landbridge');
  }

  async #attach(row: CcnAttachment): Promise<void> {
    const { accountId, ccnId, instance } = row;
    const named = { InstanceId: this.#real(instance.id), InstanceType: instanceTypes[instance.kind] };
    await this.#cloudOf(accountId).attachToCcn(this.#real(ccnId), [named]);
    const now = this.#tick();
    const attachment = { ...row, createdAt: now, number: now };
    this.#rows = { ...this.#rows, ccnAttachments: [...this.#rows.ccnAttachments, attachment] };
  }

  async #buildGatewayRoute(row: VpnGatewayRoute): Promise<void> {
    const { accountId, vpnGatewayId, destination, nextHop, priority, enabled } = row;
    const cloud = this.#cloudOf(accountId);
    const gatewayId = this.#real(vpnGatewayId);
    const routeId = await cloud.createGatewayRoute(gatewayId, destination, this.#real(nextHop.id), priority);
    if (!enabled) await cloud.setGatewayRouteStatus(gatewayId, routeId, 'DISABLE');
    const createdAt = this.#tick();
    this.#rows = { ...this.#rows, vpnGatewayRoutes: [...this.#rows.vpnGatewayRoutes, { ...row, createdAt }] };
  }

  async #buildRange(row: DirectConnectRange): Promise<void> {
    const { accountId, directConnectGatewayId, destination } = row;
    const Routes = [{ DestinationCidrBlock: destination }];
    const request = { DirectConnectGatewayId: this.#real(directConnectGatewayId), Routes };
    await this.#cloudOf(accountId).call('CreateDirectConnectGatewayCcnRoutes', request);
    const now = this.#tick();
    const range = { ...row, createdAt: now, updatedAt: now };
    this.#rows = { ...this.#rows, directConnectRanges: [...this.#rows.directConnectRanges, range] };
  }

  async #chooseRange(row: CcnRangeChoice): Promise<void> {
    const { vpnGatewayId, destination, enabled } = row;
    if (!ccnRangesOf(vpnGatewayId, rowsOf(this.#rows), assumeUsable).some((range) => range.destination === destination))
      return;
    const { accountId } = this.#gateway(vpnGatewayId);
    await this.#cloudOf(accountId).setCcnRanges(this.#real(vpnGatewayId), enabled ? 'ENABLE' : 'DISABLE', destination);
    const isOther = (choice: CcnRangeChoice): boolean =>
      choice.vpnGatewayId !== vpnGatewayId || choice.destination !== destination;
    const choices = [...this.#rows.ccnRangeChoices.filter(isOther), { ...row, updatedAt: this.#tick() }];
    this.#rows = { ...this.#rows, ccnRangeChoices: choices };
  }

  /** Left out where there is no such route by now, and where the API would refuse it. */
  async #chooseRoute(row: CcnRouteChoice): Promise<void> {
    const { routeTableId, instanceId, destination, enabled } = row;
    const ccn = this.#rows.ccns.find(({ id }) => defaultRouteTableId(id) === routeTableId);
    if (ccn === undefined) return;
    const routes = ccnRoutesOf({ ccnId: ccn.id, routeTableId }, rowsOf(this.#rows), assumeUsable);
    const isMeant = (route: { instance: { id: string }; destination: string }): boolean =>
      route.instance.id === instanceId && route.destination === destination;
    const route = routes.find(isMeant);
    if (route === undefined) return;
    const twin = twinOf(route, routes, ccn);
    if (enabled && twin !== undefined && twin.id !== route.id) return;
    const cloud = this.#cloudOf(ccn.accountId);
    const CcnId = this.#real(ccn.id);
    const real = (await cloud.ccnRoutes(CcnId)).find(
      (one) => one['InstanceId'] === this.#real(instanceId) && one['DestinationCidrBlock'] === destination,
    );
    const action = enabled ? 'EnableCcnRoutes' : 'DisableCcnRoutes';
    await cloud.call(action, { CcnId, RouteIds: [textAt(real ?? {}, 'RouteId')] });
    const isOther = (choice: CcnRouteChoice): boolean =>
      choice.routeTableId !== routeTableId || choice.instanceId !== instanceId || choice.destination !== destination;
    const choices = [...this.#rows.ccnRouteChoices.filter(isOther), { ...row, updatedAt: this.#tick() }];
    this.#rows = { ...this.#rows, ccnRouteChoices: choices };
  }

  /** Tunnels that work are connected, those that do not are out of use, and every plan has been applied. */
  async #waitUntilBuilt(): Promise<void> {
    const { desired, unusable } = this.#wanted;
    for (const { id, accountId } of desired.vpnConnections) {
      const works = unusable?.has(id) !== true;
      if (works) await this.#cloudOf(accountId).waitUntilConnected(this.#real(id), 90_000);
      // What comes back waits for a time without a fault, where a wider range serves meanwhile.
      await this.#waitUntilUsed(this.#real(id), works);
    }
    for (const { id } of desired.vpnGateways) await this.#lab.cloud.waitUntilApplied(this.#real(id));
    for (const { id, accountId } of desired.ccns) {
      const count = this.#rows.ccnAttachments.filter(({ ccnId }) => ccnId === id).length;
      await this.#cloudOf(accountId).waitUntilAttached(this.#real(id), count);
    }
  }

  async #waitUntilUsed(connectionId: string, isUsed: boolean): Promise<void> {
    await poll(
      `${connectionId} is ${isUsed ? 'in' : 'out of'} use`,
      () => this.#lab.cloud.tunnelStatus(connectionId),
      (status: JsonObject) => status['Usable'] === isUsed,
      { within: 60_000 },
    );
  }

  #gateway(id: string) {
    const gateway = this.#rows.vpnGateways.find((candidate) => candidate.id === id);
    if (gateway === undefined) throw new Error(`no ${id}`);
    return gateway;
  }

  #tick(): number {
    return ++this.#now;
  }

  #cloudOf(accountId: string): Cloud {
    const cloud = this.#clouds.get(accountId);
    if (cloud === undefined) throw new Error(`no key for ${accountId}`);
    return cloud;
  }

  #real(id: string): string {
    const real = this.#ids.get(id);
    if (real === undefined) throw new Error(`${id} was not built`);
    return real;
  }
}
