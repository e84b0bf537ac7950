import {
  vpcRouteActions,
  type namedRoute,
  type newRoute,
  type routesToSwitch,
} from '@landbridge/catalogue/vpc/vpc-routes';
import type { Static } from 'typebox';
import { isResourceId } from '../../../domain/resource-id.ts';
import type { VpcNextHop } from '../../../domain/vpc/route-table.ts';
import type { Services } from '../../../services/create-services.ts';
import type { NewVpcRoute, RouteReference } from '../../../services/vpc/vpc-routes.ts';
import type { Handler, Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { equals, startsWith } from '../../wire/row-selection.ts';
import { defined, readDestination } from '../../wire/wire-values.ts';
import { wireRouteTable } from './route-tables.ts';
import { wireVpcRoute } from './vpc-route-wire.ts';

/** Routes of VPC route tables (docs/spec/actions.md section 2.5). */
export function vpcRouteHandlers({ vpcRoutes }: Services): Handlers<typeof vpcRouteActions> {
  const describe = describing(vpcRouteActions.DescribeRoutes, {
    list: (caller) => vpcRoutes.list(caller),
    show: (page) => page.map(wireVpcRoute),
    filters: {
      'vpc-id': equals(({ vpcId }) => vpcId),
      'gateway-id': equals((route) => ('ccnId' in route ? route.ccnId : route.nextHop.id)),
      description: equals((route) => ('ccnId' in route ? '' : route.description)),
      'route-table-id': equals(({ routeTableId }) => routeTableId),
      'dest-cidr': startsWith(({ destination }) => destination),
    },
    defaultLimit: 100,
  });
  const switchTo =
    (enabled: boolean): Handler<typeof vpcRouteActions.EnableRoutes> =>
    async (caller, parameters) => {
      await vpcRoutes.setEnabled(caller, parameters.RouteTableId, switchReferences(parameters), enabled);
      return {};
    };
  const refusePublication: Handler<typeof vpcRouteActions.NotifyRoutes> = (caller, parameters) =>
    vpcRoutes.refusePublication(caller, parameters.RouteTableId, parameters.RouteItemIds);
  return {
    CreateRoutes: async (caller, { RouteTableId: id, Routes: routes }) => {
      const table = await vpcRoutes.create(caller, id, routes.map(readRoute));
      return { TotalCount: table.routes.length, RouteTableSet: [wireRouteTable(table)] };
    },
    DescribeRoutes: describe,
    DescribeRouteList: describe,
    ReplaceRoutes: async (caller, { RouteTableId: id, Routes: routes }) => {
      const inputs = routes.map((route, index) => ({
        ...readRoute(route, index),
        reference: readReference(route, index),
      }));
      const { before, after } = await vpcRoutes.replace(caller, id, inputs);
      return { OldRouteSet: before.map(wireVpcRoute), NewRouteSet: after.map(wireVpcRoute) };
    },
    DeleteRoutes: async (caller, { RouteTableId: id, Routes: routes }) => {
      const removed = await vpcRoutes.remove(caller, id, routes.map(readReference));
      return { RouteSet: removed.map(wireVpcRoute) };
    },
    EnableRoutes: switchTo(true),
    DisableRoutes: switchTo(false),
    NotifyRoutes: refusePublication,
    WithdrawNotifyRoutes: refusePublication,
    ResetRoutes: async (caller, parameters) => {
      const { RouteTableId: id, RouteTableName: name, Routes: routes } = parameters;
      await vpcRoutes.reset(caller, id, name, routes.map(readRoute));
      return {};
    },
  };
}

function readRoute(route: Static<typeof newRoute>, index: number): NewVpcRoute {
  const name = (field: string) => `Routes.${index}.${field}`;
  return {
    destination: readDestination(route.DestinationCidrBlock, name('DestinationCidrBlock')),
    nextHop: readNextHop(route, name),
    description: route.RouteDescription ?? '',
    enabled: route.Enabled ?? true,
  };
}

function readNextHop(
  { GatewayType: type, GatewayId: id }: Static<typeof newRoute>,
  name: (field: string) => string,
): VpcNextHop {
  if (type !== 'VPN' && type !== 'DIRECTCONNECT') {
    reject('feature-not-built', {
      name: name('GatewayType'),
      feature: { en: `the next hop type ${type}`, zh: `${type} 类型的下一跳` },
    });
  }
  if (type === 'VPN' && isResourceId('vpngw', id)) return { kind: 'vpn-gateway', id };
  if (type === 'DIRECTCONNECT' && isResourceId('dcg', id)) return { kind: 'direct-connect-gateway', id };
  const rule =
    type === 'VPN'
      ? { en: 'the id of a VPN gateway, vpngw-…, is expected', zh: '应为 VPN 网关 ID（vpngw-…）' }
      : { en: 'the id of a Direct Connect gateway, dcg-…, is expected', zh: '应为专线网关 ID（dcg-…）' };
  return reject('malformed-value', { name: name('GatewayId'), rule });
}

function readReference(route: Static<typeof namedRoute>, index: number): RouteReference {
  const { RouteId: id, RouteItemId: itemId } = route;
  if (id === undefined && itemId === undefined) reject('missing-parameter', { name: `Routes.${index}.RouteId` });
  return defined({ routeId: id, itemId: itemId === '' ? undefined : itemId });
}

function switchReferences({ RouteIds: ids, RouteItemIds: itemIds }: Static<typeof routesToSwitch>): RouteReference[] {
  if (ids !== undefined && itemIds !== undefined) {
    reject('parameters-exclude-each-other', { name: 'RouteIds', other: 'RouteItemIds' });
  }
  if (ids !== undefined) return ids.map((id) => ({ routeId: id }));
  return (itemIds ?? reject('missing-parameter', { name: 'RouteItemIds' })).map((itemId) => ({ itemId }));
}
