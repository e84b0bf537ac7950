import { cidrContains, type CidrIndex, cidrPrefixLength, cidrsOverlap, everything, type Cidr } from '@landbridge/net';
import type { CcnAttachment } from '../domain/ccn/ccn.ts';
import { listed, type Told } from '../domain/diagnosis/told.ts';
import type { CcnId, RouteTableId, VpcId, VpnGatewayId } from '../domain/resource-id.ts';
import { rangesOfVpc, vpcRangeAround, type Vpc } from '../domain/vpc/vpc.ts';
import { assumeUsable } from '../domain/vpn/tunnel-usability.ts';
import { mappingsOf, type Mapping, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import { isTunnelRoute, type VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import type { Rows } from '../image/rows.ts';
import { announcedToGateway } from './ccn-announcement.ts';
import { attachmentOf, ccnRoutesOf, type CcnRoute } from './ccn-routes.ts';
import { rangesAt, routesAt } from './kept-index.ts';

/**
 * Whether packets find their way into tunnels, by the rows alone, all tunnels taken as working: an error where nothing does, a
 * warning where something does not. Lists are looked at by indexes that are kept with them: it costs the same with one tunnel and
 * with thousands.
 */
export class WayFindings {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  of(connection: VpnConnection): Told[] {
    const gateway = this.#rows.vpnGateways.get(connection.vpnGatewayId);
    if (gateway === undefined) return [];
    const into = this.#rows.vpnGatewayRoutes.of('nextHop', connection.id);
    const routes = into.filter(({ enabled }) => enabled);
    if (connection.mode === 'route') {
      if (routes.length === 0) return [{ code: 'no-gateway-route', evidence: into.map(routeText) }];
      const pairs = routes.map(({ destination }) => ({ local: everything, remote: destination }));
      return [...this.#onTheWay(connection, gateway, pairs), ...this.#neverServing(routes, gateway)];
    }
    const pairs = mappingsOf(connection);
    return [...this.#reached(connection, gateway, pairs), ...outsideMappings(routes, pairs)];
  }

  /** Of an SPD tunnel: without a packet that a mapping names there is no way to look at. */
  #reached(connection: VpnConnection, gateway: VpnGateway, pairs: readonly Mapping[]): Told[] {
    if (gateway.vpcId === null && attachmentOf(gateway.id, this.#rows) === undefined) {
      return [{ code: 'gateway-not-attached', ours: gateway.id }];
    }
    const vain = pairs.filter(({ local }) => !this.#isReached(local, connection, gateway));
    const ours = listed(vain.map(({ local }) => local));
    if (vain.length === pairs.length) return [{ code: 'no-mapping-reached', ours }];
    const others = pairs.filter((pair) => !vain.includes(pair));
    const found = this.#onTheWay(connection, gateway, others);
    return vain.length === 0 ? found : [...found, { code: 'mapping-unreached', ours }];
  }

  #onTheWay(connection: VpnConnection, gateway: VpnGateway, pairs: readonly Mapping[]): Told[] {
    if (gateway.vpcId !== null) return this.#throughVpc(gateway, gateway.vpcId, pairs);
    const attachment = attachmentOf(gateway.id, this.#rows);
    if (attachment !== undefined) return this.#throughCcn(attachment, gateway, pairs);
    const hasOthers = this.#rows.vpnGatewayRoutes
      .of('vpnGateway', gateway.id)
      .some(({ enabled, nextHop }) => enabled && nextHop.kind === 'vpn-connection' && nextHop.id !== connection.id);
    return hasOthers ? [] : [{ code: 'gateway-not-attached', ours: gateway.id }];
  }

  #throughVpc(gateway: VpnGateway, vpcId: VpcId, pairs: readonly Mapping[]): Told[] {
    const vpc = this.#rows.vpcs.get(vpcId);
    if (vpc === undefined) return [];
    const outside = pairs.filter(({ remote }) => vpcRangeAround(vpc, remote) === undefined);
    if (outside.length === 0) return [{ code: 'destination-in-own-vpc', ours: rangesText(pairs) }];
    const unrouted = outside.filter((pair) => !this.#isRouted(pair, vpc, gateway));
    if (unrouted.length === 0) return [];
    const disabled = this.#rows.vpcRoutes.of('nextHop', gateway.id).filter(({ enabled }) => !enabled);
    const evidence = disabled.map(({ id, routeTableId, destination }) => {
      return `${id} (${destination}) of ${routeTableId} is disabled`;
    });
    const code = unrouted.length === pairs.length ? 'no-vpc-route' : 'range-without-vpc-route';
    return [{ code, ours: rangesText(unrouted), evidence }];
  }

  /** True as well where the VPC has nobody who could send. */
  #isRouted({ local, remote }: Mapping, vpc: Vpc, gateway: VpnGateway): boolean {
    const senders = this.#rows.subnets.of('vpc', vpc.id).filter(({ cidr }) => cidrsOverlap(cidr, local));
    const tables = new Set(senders.map(({ routeTableId }) => routeTableId));
    return tables.size === 0 || [...tables].some((tableId) => this.#leads(tableId, remote, gateway.id));
  }

  /** Whether some of the range is led to the gateway. */
  #leads(tableId: RouteTableId, range: Cidr, gatewayId: VpnGatewayId): boolean {
    const table = routesAt(this.#rows.vpcRoutes.of('routeTable', tableId));
    const around = table.around(range).filter(({ enabled }) => enabled);
    const longest = Math.max(...around.map(({ destination }) => cidrPrefixLength(destination)));
    const deciding = around.filter(({ destination }) => cidrPrefixLength(destination) === longest);
    const leading = [...deciding, ...table.within(range).filter(({ enabled }) => enabled)];
    return leading.some(({ nextHop }) => nextHop.id === gatewayId);
  }

  /** Of another account's instance nothing is told but that it is there. */
  #ccnRouteText({ id, destination, obstacle }: CcnRoute, { accountId }: VpnGateway): string {
    if (obstacle?.kind !== 'overlap') return `${id} (${destination}): ${obstacle?.kind ?? 'enabled'}`;
    const { other } = obstacle;
    const isOwn = attachmentOf(other.instance.id, this.#rows)?.accountId === accountId;
    const what = isOwn ? `${other.destination} of ${other.instance.id}` : 'a route of another account';
    return `${id} (${destination}): overlaps ${what}`;
  }

  #throughCcn({ ccnId }: CcnAttachment, gateway: VpnGateway, pairs: readonly Mapping[]): Told[] {
    const tables = this.#tablesOf(ccnId);
    const routesTo = (remote: Cidr) =>
      tables.flatMap((table) =>
        table
          .around(remote)
          .filter(({ destination, instance }) => destination === remote && instance.id === gateway.id),
      );
    const remotes = [...new Set(pairs.map(({ remote }) => remote))];
    const hidden = remotes.filter((remote) => !routesTo(remote).some(({ enabled }) => enabled));
    const waiting = hidden.filter((remote) => routesTo(remote).some(waitsForOther));
    const missing = hidden.filter((remote) => !waiting.includes(remote));
    const evidence = missing.flatMap((remote) => routesTo(remote).map((route) => this.#ccnRouteText(route, gateway)));
    const code = missing.length === remotes.length ? 'no-ccn-route' : 'range-without-ccn-route';
    return [
      ...(missing.length === 0 ? [] : [{ code, ours: listed(missing), evidence } as const]),
      ...(waiting.length === 0 ? [] : [{ code: 'range-waits-on-ccn', ours: listed(waiting) } as const]),
    ];
  }

  #tablesOf(ccnId: CcnId): CidrIndex<CcnRoute>[] {
    return this.#rows.ccnRouteTables
      .of('ccn', ccnId)
      .map(({ id: routeTableId }) => routesAt(ccnRoutesOf({ ccnId, routeTableId }, this.#rows, assumeUsable)));
  }

  /** Whether somebody who has an address there can send through the gateway: of its VPC or CCN, or behind another tunnel. */
  #isReached(local: Cidr, { id }: VpnConnection, gateway: VpnGateway): boolean {
    const { vpcs, vpnGatewayRoutes, vpnConnections } = this.#rows;
    const vpc = gateway.vpcId === null ? undefined : vpcs.get(gateway.vpcId);
    if (vpc !== undefined && rangesOfVpc(vpc).some((range) => cidrsOverlap(range, local))) return true;
    if (local === everything || this.#announcedTo(gateway).overlapping(local).length > 0) return true;
    const routed = vpnGatewayRoutes.overlapping('destinations', [local], gateway.id).filter(isTunnelRoute);
    if (routed.some(({ enabled, nextHop }) => enabled && nextHop.id !== id)) return true;
    // Out of an SPD tunnel packets come back by a CCN alone.
    const mapped = gateway.vpcId === null ? vpnConnections.overlapping('remotes', [local], gateway.id) : [];
    return mapped.some((other) => other.id !== id);
  }

  #announcedTo({ id }: VpnGateway): CidrIndex<Cidr> {
    const attachment = attachmentOf(id, this.#rows);
    return rangesAt(attachment === undefined ? [] : announcedToGateway(attachment, this.#rows, assumeUsable));
  }

  /** Beaten by what stands whether tunnels work or not: the own VPC, the CCN, or another route into the same tunnel. */
  #neverServing(routes: readonly VpnGatewayRoute[], gateway: VpnGateway): Told[] {
    const vpc = gateway.vpcId === null ? undefined : this.#rows.vpcs.get(gateway.vpcId);
    const isLocal = ({ destination }: VpnGatewayRoute) => vpc && vpcRangeAround(vpc, destination) !== undefined;
    const vain = routes.flatMap((route) => {
      const better = this.#rows.vpnGatewayRoutes
        .of('destination', gateway.id, route.destination)
        .find((other) => other.enabled && other.priority < route.priority && this.#standsAsLongAs(route, other));
      return better !== undefined || isLocal(route) ? [{ route, better }] : [];
    });
    // Then a worse thing is told of all of them.
    if (vain.length === 0 || routes.every(isLocal)) return [];
    const evidence = vain.map(({ route, better }) => {
      return `${routeText(route)}: beaten by ${better === undefined ? 'the own VPC' : routeText(better)}`;
    });
    return [{ code: 'route-never-serves', ours: listed(vain.map(({ route }) => route.destination)), evidence }];
  }

  #standsAsLongAs({ nextHop, vpnGatewayId }: VpnGatewayRoute, other: VpnGatewayRoute): boolean {
    if (other.nextHop.kind === 'ccn') return attachmentOf(vpnGatewayId, this.#rows)?.ccnId === other.nextHop.id;
    return other.nextHop.id === nextHop.id;
  }
}

/** Routes into an SPD tunnel lead nowhere where its mappings do not. */
function outsideMappings(routes: readonly VpnGatewayRoute[], mappings: readonly Mapping[]): Told[] {
  const vain = routes.filter(({ destination }) => !mappings.some(({ remote }) => cidrContains(remote, destination)));
  if (vain.length === 0) return [];
  return [
    {
      code: 'route-outside-mappings',
      ours: listed(vain.map(({ destination }) => destination)),
      evidence: vain.map(routeText),
    },
  ];
}

/** It has its turn when the tunnels of the other gateway fail. */
function waitsForOther({ obstacle }: CcnRoute): boolean {
  return obstacle?.kind === 'overlap' && obstacle.other.instance.kind === 'vpn-gateway';
}

function routeText({ id, destination, priority, enabled }: VpnGatewayRoute): string {
  return `${id} (${destination}, priority ${priority}${enabled ? '' : ', disabled'})`;
}

function rangesText(pairs: readonly Mapping[]): string {
  return listed(pairs.map(({ remote }) => remote));
}
