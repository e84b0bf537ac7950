import { Type, type Static } from 'typebox';
import { isResourceId } from '../../../domain/resource-id.ts';
import type { VpcCcnRoute, VpcNextHop, VpcRoute } from '../../../domain/vpc/route-table.ts';
import type { Services } from '../../../services/create-services.ts';
import type { NewVpcRoute, RouteReference } from '../../../services/vpc/vpc-routes.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import {
  filterList,
  fullList,
  idOf,
  integer,
  list,
  maybe,
  nameInBytes,
  object,
  oneOf,
  paging,
  text,
} from '@landbridge/catalogue/schema/request-schemas';
import { wireRouteTable } from './route-tables.ts';
import { equals, selectRows, startsWith, type SelectionRules } from '../../wire/row-selection.ts';
import { wireVpcRoute } from './vpc-route-wire.ts';
import { defined, readDestination } from '../../wire/wire-values.ts';

/** Routes of VPC route tables (docs/spec/actions.md section 2.5). */

const gatewayType = () =>
  oneOf(
    'CVM',
    'VPN',
    'DIRECTCONNECT',
    'PEERCONNECTION',
    'HAVIP',
    'NAT',
    'NORMAL_CVM',
    'EIP',
    'LOCAL_GATEWAY',
    'INTRANAT',
    'USER_CCN',
    'GWLB_ENDPOINT',
    'CCN',
  );

/** Fields that replies have and requests may repeat. */
const echoed = () => ({
  RouteDescription: maybe(text({ maxLength: 255 })),
  Enabled: maybe(Type.Boolean()),
  RouteType: maybe(text()),
  RouteTableId: maybe(text()),
  DestinationIpv6CidrBlock: maybe(text()),
  PublishedToVbc: maybe(Type.Boolean()),
  CreatedTime: maybe(text()),
  CdcId: maybe(text()),
});

const routeId = () => integer(0, Number.MAX_SAFE_INTEGER);
const reference = () => ({ RouteId: maybe(routeId()), RouteItemId: maybe(text()) });

const newRoute = object({
  DestinationCidrBlock: text(),
  GatewayType: gatewayType(),
  GatewayId: text(),
  ...reference(),
  ...echoed(),
});

const namedRoute = object({
  DestinationCidrBlock: maybe(text()),
  GatewayType: maybe(text()),
  GatewayId: maybe(text()),
  ...reference(),
  ...echoed(),
});

const mostRoutes = 100;
const routesRequest = object({ RouteTableId: idOf('rtb'), Routes: fullList(newRoute, mostRoutes) });
const deleteRequest = object({ RouteTableId: idOf('rtb'), Routes: fullList(namedRoute, mostRoutes) });
const describeRequest = object({ Filters: filterList(), ...paging() });
const resetRequest = object({
  RouteTableId: idOf('rtb'),
  RouteTableName: nameInBytes(),
  Routes: Type.Array(newRoute, { maxItems: mostRoutes, keepEmpty: true }),
});
const switchRequest = object({
  RouteTableId: idOf('rtb'),
  RouteIds: maybe(list(routeId(), mostRoutes)),
  RouteItemIds: maybe(list(text(), mostRoutes)),
});
const publicationRequest = object({ RouteTableId: idOf('rtb'), RouteItemIds: fullList(text(), mostRoutes) });

const selection: SelectionRules<VpcRoute | VpcCcnRoute> = {
  filters: {
    'vpc-id': equals(({ vpcId }) => vpcId),
    'gateway-id': equals((route) => ('ccnId' in route ? route.ccnId : route.nextHop.id)),
    description: equals((route) => ('ccnId' in route ? '' : route.description)),
    'route-table-id': equals(({ routeTableId }) => routeTableId),
    'dest-cidr': startsWith(({ destination }) => destination),
  },
  defaultLimit: 100,
};

export function vpcRouteActions({ vpcRoutes }: Services): Action[] {
  const describe = (name: string) =>
    action(name, describeRequest, async (caller, parameters) => {
      const { total, page } = selectRows(await vpcRoutes.list(caller), parameters, selection);
      return { RouteSet: page.map(wireVpcRoute), TotalCount: total };
    });
  const switchTo = (name: string, enabled: boolean) =>
    action(name, switchRequest, async (caller, parameters) => {
      await vpcRoutes.setEnabled(caller, parameters.RouteTableId, switchReferences(parameters), enabled);
      return {};
    });
  const refusePublication = (name: string) =>
    action(name, publicationRequest, (caller, { RouteTableId: id, RouteItemIds: itemIds }) =>
      vpcRoutes.refusePublication(caller, id, itemIds),
    );
  return [
    action('CreateRoutes', routesRequest, async (caller, { RouteTableId: id, Routes: routes }) => {
      const table = await vpcRoutes.create(caller, id, routes.map(readRoute));
      return { TotalCount: table.routes.length, RouteTableSet: [wireRouteTable(table, true)] };
    }),
    describe('DescribeRoutes'),
    describe('DescribeRouteList'),
    action('ReplaceRoutes', routesRequest, async (caller, { RouteTableId: id, Routes: routes }) => {
      const inputs = routes.map((route, index) => ({
        ...readRoute(route, index),
        reference: readReference(route, index),
      }));
      const { before, after } = await vpcRoutes.replace(caller, id, inputs);
      return { OldRouteSet: before.map(wireVpcRoute), NewRouteSet: after.map(wireVpcRoute) };
    }),
    action('DeleteRoutes', deleteRequest, async (caller, { RouteTableId: id, Routes: routes }) => {
      const removed = await vpcRoutes.remove(caller, id, routes.map(readReference));
      return { RouteSet: removed.map(wireVpcRoute) };
    }),
    switchTo('EnableRoutes', true),
    switchTo('DisableRoutes', false),
    refusePublication('NotifyRoutes'),
    refusePublication('WithdrawNotifyRoutes'),
    action('ResetRoutes', resetRequest, async (caller, parameters) => {
      const { RouteTableId: id, RouteTableName: name, Routes: routes } = parameters;
      await vpcRoutes.reset(caller, id, name, routes.map(readRoute));
      return {};
    }),
  ];
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
    reject('feature-not-built', { name: name('GatewayType'), feature: `the next hop type ${type}` });
  }
  if (type === 'VPN' && isResourceId('vpngw', id)) return { kind: 'vpn-gateway', id };
  if (type === 'DIRECTCONNECT' && isResourceId('dcg', id)) return { kind: 'direct-connect-gateway', id };
  const kind = type === 'VPN' ? 'VPN gateway, vpngw-…,' : 'Direct Connect gateway, dcg-…,';
  return reject('malformed-value', { name: name('GatewayId'), rule: `the id of a ${kind} is expected` });
}

function readReference(route: Static<typeof namedRoute>, index: number): RouteReference {
  const { RouteId: id, RouteItemId: itemId } = route;
  if (id === undefined && itemId === undefined) reject('missing-parameter', { name: `Routes.${index}.RouteId` });
  return defined({ routeId: id, itemId: itemId === '' ? undefined : itemId });
}

function switchReferences({ RouteIds: ids, RouteItemIds: itemIds }: Static<typeof switchRequest>): RouteReference[] {
  if (ids !== undefined && itemIds !== undefined) {
    reject('parameters-exclude-each-other', { name: 'RouteIds', other: 'RouteItemIds' });
  }
  if (ids !== undefined) return ids.map((id) => ({ routeId: id }));
  return (itemIds ?? reject('missing-parameter', { name: 'RouteItemIds' })).map((itemId) => ({ itemId }));
}
