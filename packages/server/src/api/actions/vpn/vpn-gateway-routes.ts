import type { Cidr } from '@landbridge/net';
import type { Static } from 'typebox';
import { digestId } from '../../../domain/digest-id.ts';
import { isResourceId, type VpnGatewayId } from '../../../domain/resource-id.ts';
import type { VpnGateway } from '../../../domain/vpn/vpn-gateway.ts';
import type { GatewayNextHop, VpnGatewayRoute } from '../../../domain/vpn/vpn-gateway-route.ts';
import type { Caller } from '../../../services/caller.ts';
import type { Services } from '../../../services/create-services.ts';
import type { LearnedRoute, NewVpnGatewayRoute } from '../../../services/vpn/vpn-gateway-routes.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import {
  filterList,
  fullList,
  idOf,
  maybe,
  object,
  oneOf,
  oneOfNumbers,
  paging,
  text,
} from '@landbridge/catalogue/schema/request-schemas';
import { equals, equalsIgnoringCase, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { defined, readDestination, wireTime } from '../../wire/wire-values.ts';

/** Route tables of VPN gateways (docs/spec/actions.md section 1.4). */

const status = () => oneOf('ENABLE', 'DISABLE');
const description = () => maybe(text({ maxLength: 255 }));
const mostRoutes = 100;

const newRoute = object({
  DestinationCidrBlock: text(),
  InstanceType: oneOf('VPNCONN', 'CCN'),
  InstanceId: text(),
  Priority: oneOfNumbers([0, 100]),
  Status: status(),
  RouteId: maybe(text()),
  Type: maybe(text()),
  CreateTime: maybe(text()),
  UpdateTime: maybe(text()),
  Description: description(),
});
const createRequest = object({ VpnGatewayId: idOf('vpngw'), Routes: fullList(newRoute, mostRoutes) });
const describeRequest = object({ VpnGatewayId: idOf('vpngw'), Filters: filterList(), ...paging() });
const modifyRequest = object({
  VpnGatewayId: idOf('vpngw'),
  Routes: fullList(object({ RouteId: text(), Status: maybe(status()), Description: description() }), mostRoutes),
});
const deleteRequest = object({ VpnGatewayId: idOf('vpngw'), RouteIds: fullList(text(), 1000) });

type WireRoute = ReturnType<typeof wireRoute>;

const selection: SelectionRules<WireRoute> = {
  filters: {
    DestinationCidr: equals(({ DestinationCidrBlock }) => DestinationCidrBlock),
    InstanceId: equals(({ InstanceId }) => InstanceId),
    InstanceType: equalsIgnoringCase(({ InstanceType }) => InstanceType),
  },
};

export function vpnGatewayRouteActions({ vpnGatewayRoutes }: Services): Action[] {
  const list = async (caller: Caller, id: VpnGatewayId): Promise<WireRoute[]> => {
    const { gateway, vpcCidr, learned, routes } = await vpnGatewayRoutes.list(caller, id);
    return [
      ...wireVpcEntry(gateway, vpcCidr),
      ...learned.map((entry) => wireLearned(id, entry)),
      ...routes.map(wireRoute),
    ];
  };
  return [
    action('CreateVpnGatewayRoutes', createRequest, async (caller, { VpnGatewayId: id, Routes: routes }) => {
      const created = await vpnGatewayRoutes.create(caller, id, routes.map(readRoute));
      return { Routes: created.map(wireRoute) };
    }),
    action('DescribeVpnGatewayRoutes', describeRequest, async (caller, parameters) => {
      const rows = await list(caller, parameters.VpnGatewayId);
      const { total, page } = selectRows(rows, parameters, selection);
      return { Routes: page, TotalCount: total };
    }),
    action('ModifyVpnGatewayRoutes', modifyRequest, async (caller, { VpnGatewayId: id, Routes: routes }) => {
      const changes = routes.map(({ RouteId, Status, Description }) => ({
        id: RouteId,
        ...defined({ enabled: Status === undefined ? undefined : Status === 'ENABLE', description: Description }),
      }));
      const changed = await vpnGatewayRoutes.modify(caller, id, changes);
      return { Routes: changed.map(wireRoute) };
    }),
    action('DeleteVpnGatewayRoutes', deleteRequest, async (caller, { VpnGatewayId: id, RouteIds: routeIds }) => {
      await vpnGatewayRoutes.remove(caller, id, routeIds);
      return {};
    }),
  ];
}

function readRoute(route: Static<typeof newRoute>, index: number): NewVpnGatewayRoute {
  const name = (field: string) => `Routes.${index}.${field}`;
  return {
    destination: readDestination(route.DestinationCidrBlock, name('DestinationCidrBlock')),
    nextHop: readNextHop(route, name('InstanceId')),
    priority: route.Priority === 0 ? 0 : 100,
    enabled: route.Status === 'ENABLE',
    description: route.Description ?? '',
  };
}

function readNextHop({ InstanceType: type, InstanceId: id }: Static<typeof newRoute>, name: string): GatewayNextHop {
  if (type === 'CCN') {
    if (isResourceId('ccn', id)) return { kind: 'ccn', id };
    reject('malformed-value', { name, rule: 'the id of a CCN, ccn-…, is expected' });
  }
  if (isResourceId('vpnx', id)) return { kind: 'vpn-connection', id };
  return reject('malformed-value', { name, rule: 'the id of a tunnel, vpnx-…, is expected' });
}

function wireRoute(route: VpnGatewayRoute) {
  return {
    DestinationCidrBlock: route.destination as string,
    InstanceType: route.nextHop.kind === 'ccn' ? 'CCN' : 'VPNCONN',
    InstanceId: route.nextHop.id as string,
    Priority: route.priority as number,
    Status: route.enabled ? 'ENABLE' : 'DISABLE',
    RouteId: route.id as string,
    Type: 'Static',
    CreateTime: wireTime(route.createdAt),
    UpdateTime: wireTime(route.updatedAt),
    Description: route.description,
  };
}

/** The gateway's own VPC, which nobody has to enter. Its id is made of the VPC's, so that it stays the same. */
function wireVpcEntry({ vpcId, createdAt }: VpnGateway, vpcCidr: Cidr | null): WireRoute[] {
  if (vpcId === null || vpcCidr === null) return [];
  const time = wireTime(createdAt);
  return [
    {
      DestinationCidrBlock: vpcCidr,
      InstanceType: 'VPC',
      InstanceId: vpcId,
      Priority: 0,
      Status: 'ENABLE',
      RouteId: vpcId.replace('vpc-', 'vpnr-'),
      Type: 'VPC',
      CreateTime: time,
      UpdateTime: time,
      Description: '',
    },
  ];
}

/** What the gateway's CCN announces. Priority 100: a route of the user's own comes first. */
function wireLearned(id: VpnGatewayId, { ccnId, destination, learnedAt }: LearnedRoute): WireRoute {
  const time = wireTime(learnedAt);
  return {
    DestinationCidrBlock: destination,
    InstanceType: 'CCN',
    InstanceId: ccnId,
    Priority: 100,
    Status: 'ENABLE',
    RouteId: digestId('vpnr', id, ccnId, destination),
    Type: 'CCN',
    CreateTime: time,
    UpdateTime: time,
    Description: '',
  };
}
