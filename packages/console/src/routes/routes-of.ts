import { rangeOf } from '../ranges/range.ts';
import type { CcnTable, CcnTables, DirectConnectTable, GatewayTable, PolicyTunnel, VpcTables } from './read-routes.ts';
import type { Holder, Obstacle, Route } from './route.ts';

/** What was read; null: not yet, or it cannot be. */
export interface ReadRoutes {
  readonly vpcs: VpcTables | null;
  readonly gateways: readonly GatewayTable[] | null;
  readonly ccns: CcnTables | null;
  readonly policies: readonly PolicyTunnel[] | null;
  readonly directConnect: readonly DirectConnectTable[] | null;
}

/** Everything that packets may follow, as one list. */
export function routesOf({ vpcs, gateways, ccns, policies, directConnect }: ReadRoutes): readonly Route[] {
  return [
    ...(vpcs === null ? [] : ofVpcTables(vpcs)),
    ...(gateways ?? []).flatMap(ofGateway),
    ...(ccns === null ? [] : ofCcnTables(ccns)),
    ...(ccns === null ? [] : (gateways ?? []).flatMap((table) => unheardOf(table, ccns))),
    ...(policies ?? []).flatMap(ofPolicies),
    ...(directConnect ?? []).flatMap(ofDirectConnect),
  ];
}

/** Names of what routes lead to, by ids; tunnels and VPN gateways have books of their own. */
export function namesIn({ vpcs, ccns, directConnect }: ReadRoutes): ReadonlyMap<string, string> {
  return new Map<string, string>([
    ...(vpcs?.vpcs ?? []).map(({ VpcId, VpcName }) => [VpcId, VpcName] as const),
    ...(ccns?.tables ?? []).map(({ ccn }) => [ccn.CcnId, ccn.CcnName] as const),
    ...(directConnect ?? []).map(
      ({ gateway }) => [gateway.DirectConnectGatewayId, gateway.DirectConnectGatewayName] as const,
    ),
  ]);
}

type Facts = Pick<Route, 'hop' | 'holder'> & Partial<Omit<Route, 'key' | 'destination' | 'range'>>;

function route(destination: string, id: string, facts: Facts): Route {
  return {
    ...{ key: `${facts.holder.id} ${id}`, destination, range: rangeOf(destination) ?? { first: 0, size: 1 } },
    ...{ priority: null, order: null, obstacle: null, tunnel: null, gateway: null, isUnseen: false, note: '' },
    ...facts,
  };
}

/** What users made is followed before what a CCN announces, both to VPCs and to VPN gateways. */
const orderOfLearned = 1000;

const disabled: Obstacle = { kind: 'disabled' };

function ofVpcTables({ tables, vpcs }: VpcTables): Route[] {
  const names = new Map<string, string>(vpcs.map(({ VpcId, VpcName }) => [VpcId, VpcName]));
  return tables.flatMap(({ RouteTableId: id, RouteTableName, VpcId, AssociationSet, RouteSet }) => {
    const holder: Holder = { kind: 'vpc-table', id, name: `${names.get(VpcId) ?? VpcId} · ${RouteTableName}` };
    const unbound: Obstacle | null = AssociationSet.length === 0 ? { kind: 'unbound' } : null;
    return RouteSet.map(({ DestinationCidrBlock, GatewayId, RouteItemId, RouteType, Enabled, RouteDescription }) =>
      route(DestinationCidrBlock, RouteItemId, {
        ...{ hop: GatewayId, holder, note: RouteDescription },
        order: RouteType === 'CCN' ? orderOfLearned : 0,
        obstacle: Enabled ? unbound : disabled,
      }),
    );
  });
}

function ofGateway({ gateway, routes }: GatewayTable): Route[] {
  const { VpnGatewayId: id, VpnGatewayName, NetworkInstanceId } = gateway;
  const holder: Holder = { kind: 'vpn-gateway', id, name: VpnGatewayName || id };
  return routes.map((entry) => {
    const { InstanceType, InstanceId, Priority, Status, Type } = entry;
    const unattached: Obstacle | null =
      InstanceType === 'CCN' && InstanceId !== NetworkInstanceId ? { kind: 'unattached' } : null;
    return route(entry.DestinationCidrBlock, entry.RouteId, {
      ...{ hop: InstanceId, holder, priority: Priority, note: entry.Description, gateway: id },
      order: { VPC: -1, Static: Priority, CCN: orderOfLearned }[Type],
      obstacle: Status === 'ENABLE' ? unattached : disabled,
      tunnel: InstanceType === 'VPNCONN' ? InstanceId : null,
    });
  });
}

function ofCcnTables({ tables, reasons }: CcnTables): Route[] {
  return tables.flatMap(({ ccn, table, routes }) => {
    const name = `${ccn.CcnName || ccn.CcnId} · ${table.RouteTableName}`;
    const holder: Holder = { kind: 'ccn-table', id: table.CcnRouteTableId, name };
    return routes.map(({ DestinationCidrBlock, RouteId, InstanceId, Enabled }) =>
      route(DestinationCidrBlock, RouteId, {
        ...{ hop: InstanceId, holder, order: 0 },
        obstacle: Enabled ? null : obstacleOf(reasons.get(RouteId)),
      }),
    );
  });
}

function obstacleOf(reason: string | undefined): Obstacle {
  return reason === undefined ? disabled : { kind: 'refused', reason };
}

/** Ranges behind a gateway that its CCN does not have; those that it has stand among its routes. */
function unheardOf({ gateway, announced }: GatewayTable, ccns: CcnTables): Route[] {
  const { VpnGatewayId: id, VpnGatewayName, NetworkInstanceId: ccnId } = gateway;
  const ownTables = ccns.tables.filter(({ ccn }) => ccn.CcnId === ccnId);
  const heard = rangesFrom(id, ownTables);
  const holder: Holder = { kind: 'announcement', id: `${id} ccn`, name: VpnGatewayName || id };
  return announced
    .filter(({ DestinationCidrBlock }) => !heard.has(DestinationCidrBlock))
    .map(({ DestinationCidrBlock, RouteId, Status }) => {
      const isSeen = ownTables.length > 0;
      const unheard: Obstacle | null = isSeen ? { kind: 'unannounced' } : null;
      const whyNot: Obstacle | null = ccnId === '' ? { kind: 'unattached' } : unheard;
      const obstacle = Status === 'ENABLE' ? whyNot : disabled;
      return route(DestinationCidrBlock, RouteId, { hop: id, holder, obstacle, isUnseen: !isSeen });
    });
}

function rangesFrom(gateway: string, tables: readonly CcnTable[]): ReadonlySet<string> {
  const routes = tables.flatMap((table) => table.routes);
  return new Set(
    routes.filter(({ InstanceId }) => InstanceId === gateway).map(({ DestinationCidrBlock }) => DestinationCidrBlock),
  );
}

/** Policies are asked before any table, but of packets from their own range alone: nothing here competes with them. */
function ofPolicies({ id, name, gateway, policies }: PolicyTunnel): Route[] {
  const holder: Holder = { kind: 'policies', id: `${id} policies`, name: name || id };
  return policies.flatMap(({ LocalCidrBlock, RemoteCidrBlock }) =>
    RemoteCidrBlock.map((remote) =>
      route(remote, `${LocalCidrBlock} ${remote}`, { hop: id, holder, tunnel: id, gateway, note: LocalCidrBlock }),
    ),
  );
}

function ofDirectConnect({ gateway, ranges }: DirectConnectTable): Route[] {
  const { DirectConnectGatewayId: id, DirectConnectGatewayName: name, DirectConnectGatewayIp } = gateway;
  const holder: Holder = { kind: 'direct-connect', id, name: name || id };
  const obstacle: Obstacle | null = DirectConnectGatewayIp === '' ? { kind: 'no-line' } : null;
  return ranges.map(({ DestinationCidrBlock, RouteId, Description }) =>
    route(DestinationCidrBlock, RouteId, { hop: id, holder, order: 0, obstacle, note: Description }),
  );
}
