import {
  vpnGatewayRouteActions,
  type newVpnGatewayRoute,
  type WireVpnGatewayRoute,
} from '@landbridge/catalogue/vpn/vpn-gateway-routes';
import type { Cidr } from '@landbridge/net';
import type { Static } from 'typebox';
import { digestId } from '../../../domain/digest-id.ts';
import { isResourceId, type VpnGatewayId } from '../../../domain/resource-id.ts';
import type { VpnGateway } from '../../../domain/vpn/vpn-gateway.ts';
import type { GatewayNextHop, VpnGatewayRoute } from '../../../domain/vpn/vpn-gateway-route.ts';
import type { Caller } from '../../../services/caller.ts';
import type { Services } from '../../../services/create-services.ts';
import type { LearnedRoute, NewVpnGatewayRoute } from '../../../services/vpn/vpn-gateway-routes.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { equals, equalsIgnoringCase } from '../../wire/row-selection.ts';
import { defined, readDestination, wireTime } from '../../wire/wire-values.ts';

/** Route tables of VPN gateways (docs/spec/actions.md section 1.4). */

export function vpnGatewayRouteHandlers({ vpnGatewayRoutes }: Services): Handlers<typeof vpnGatewayRouteActions> {
  const list = async (caller: Caller, id: VpnGatewayId): Promise<WireVpnGatewayRoute[]> => {
    const { gateway, vpcRanges, learned, routes } = await vpnGatewayRoutes.list(caller, id);
    return [
      ...wireVpcEntries(gateway, vpcRanges),
      ...learned.map((entry) => wireLearned(id, entry)),
      ...routes.map(wireRoute),
    ];
  };
  return {
    CreateVpnGatewayRoutes: async (caller, { VpnGatewayId: id, Routes: routes }) => {
      const created = await vpnGatewayRoutes.create(caller, id, routes.map(readRoute));
      return { Routes: created.map(wireRoute) };
    },
    DescribeVpnGatewayRoutes: describing(vpnGatewayRouteActions.DescribeVpnGatewayRoutes, {
      list: (caller, _ids, { VpnGatewayId }) => list(caller, VpnGatewayId),
      show: (page) => page,
      filters: {
        DestinationCidr: equals(({ DestinationCidrBlock }) => DestinationCidrBlock),
        InstanceId: equals(({ InstanceId }) => InstanceId),
        InstanceType: equalsIgnoringCase(({ InstanceType }) => InstanceType),
      },
    }),
    ModifyVpnGatewayRoutes: async (caller, { VpnGatewayId: id, Routes: routes }) => {
      const changes = routes.map(({ RouteId, Status, Description }) => ({
        id: RouteId,
        ...defined({ enabled: Status === undefined ? undefined : Status === 'ENABLE', description: Description }),
      }));
      const changed = await vpnGatewayRoutes.modify(caller, id, changes);
      return { Routes: changed.map(wireRoute) };
    },
    DeleteVpnGatewayRoutes: async (caller, { VpnGatewayId: id, RouteIds: routeIds }) => {
      await vpnGatewayRoutes.remove(caller, id, routeIds);
      return {};
    },
  };
}

type NewRouteParameters = Static<typeof newVpnGatewayRoute>;

function readRoute(route: NewRouteParameters, index: number): NewVpnGatewayRoute {
  const name = (field: string) => `Routes.${index}.${field}`;
  return {
    destination: readDestination(route.DestinationCidrBlock, name('DestinationCidrBlock')),
    nextHop: readNextHop(route, name('InstanceId')),
    priority: route.Priority === 0 ? 0 : 100,
    enabled: route.Status === 'ENABLE',
    description: route.Description ?? '',
  };
}

function readNextHop({ InstanceType: type, InstanceId: id }: NewRouteParameters, name: string): GatewayNextHop {
  if (type === 'CCN') {
    if (isResourceId('ccn', id)) return { kind: 'ccn', id };
    reject('malformed-value', {
      name,
      rule: { en: 'the id of a CCN, ccn-…, is expected', zh: '应为云联网 ID（ccn-…）' },
    });
  }
  if (isResourceId('vpnx', id)) return { kind: 'vpn-connection', id };
  return reject('malformed-value', {
    name,
    rule: { en: 'the id of a tunnel, vpnx-…, is expected', zh: '应为通道 ID（vpnx-…）' },
  });
}

function wireRoute(route: VpnGatewayRoute): WireVpnGatewayRoute {
  return {
    DestinationCidrBlock: route.destination,
    InstanceType: route.nextHop.kind === 'ccn' ? 'CCN' : 'VPNCONN',
    InstanceId: route.nextHop.id,
    Priority: route.priority,
    Status: route.enabled ? 'ENABLE' : 'DISABLE',
    RouteId: route.id,
    Type: 'Static',
    CreateTime: wireTime(route.createdAt),
    UpdateTime: wireTime(route.updatedAt),
    Description: route.description,
  };
}

/** The ranges of the gateway's own VPC, which nobody has to enter. Their ids are made of the VPC's, so that they stay the same. */
function wireVpcEntries({ vpcId, createdAt }: VpnGateway, ranges: readonly Cidr[]): WireVpnGatewayRoute[] {
  if (vpcId === null) return [];
  const time = wireTime(createdAt);
  return ranges.map((range, place) => ({
    DestinationCidrBlock: range,
    InstanceType: 'VPC',
    InstanceId: vpcId,
    Priority: 0,
    Status: 'ENABLE',
    RouteId: place === 0 ? `vpnr-${vpcId.slice('vpc-'.length)}` : digestId('vpnr', vpcId, range),
    Type: 'VPC',
    CreateTime: time,
    UpdateTime: time,
    Description: '',
  }));
}

/** What the gateway's CCN announces. Priority 100: a route of the user's own comes first. */
function wireLearned(id: VpnGatewayId, { ccnId, destination, learnedAt }: LearnedRoute): WireVpnGatewayRoute {
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
