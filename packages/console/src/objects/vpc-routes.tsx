import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { say } from '../words/said.ts';
import { directConnectGatewayKind } from './direct-connect-gateway-kind.ts';
import type { Field, PathOf } from './field.ts';
import { pageSize } from './object-kind.ts';
import type { ShownObject } from './readable-kind.ts';
import type { ListedRow } from './row-clashes.ts';
import { RowList } from './row-list.tsx';
import { vpnGatewayKind } from './vpn-gateway-kind.ts';

type NewRoute = Parameters<'CreateRoutes'>['Routes'][number];
type TableId = Parameters<'CreateRoutes'>['RouteTableId'];

const fields = [
  { path: 'DestinationCidrBlock', type: 'text', required: true },
  { path: 'GatewayId', type: 'object', from: [vpnGatewayKind, directConnectGatewayKind] },
  { path: 'RouteDescription', type: 'text' },
  { path: 'Enabled', type: 'truth' },
] as const satisfies readonly (Field & { path: PathOf<NewRoute> })[];

const blank: Form = { DestinationCidrBlock: '', GatewayId: '', RouteDescription: '', Enabled: 'true' };
const columns = ['DestinationCidrBlock', 'GatewayId', 'Enabled', 'RouteDescription', 'RouteType'] as const;

/** The routes of a route table. */
export function VpcRoutes({ object }: { readonly object: ShownObject }) {
  const RouteTableId = object.id as TableId;
  const named = (rows: readonly ListedRow[]) => ({ RouteTableId, RouteItemIds: rows.map(({ id }) => id) });
  return (
    <RowList
      {...{ object, fields, blank, columns: columns.map((column) => say(`field.${column}`)) }}
      heading="routes.vpc"
      addWord="routes.add"
      kinds={['vpcRoutes']}
      within={object.within}
      load={(offset, isBackground) => load(RouteTableId, offset, { region: object.region, isBackground })}
      actions={[
        { word: 'routes.enable', changes: (rows) => [change('EnableRoutes', named(rows))] },
        { word: 'routes.disable', changes: (rows) => [change('DisableRoutes', named(rows))] },
        {
          word: 'routes.delete',
          changes: (rows) => [
            change('DeleteRoutes', { RouteTableId, Routes: rows.map(({ id }) => ({ RouteItemId: id })) }),
          ],
        },
      ]}
      add={(form) => change('CreateRoutes', { RouteTableId, Routes: [routeOf(form)] })}
    />
  );
}

function routeOf({ DestinationCidrBlock = '', GatewayId = '', RouteDescription = '', Enabled }: Form): NewRoute {
  const GatewayType = GatewayId.startsWith('dcg-') ? 'DIRECTCONNECT' : 'VPN';
  return { DestinationCidrBlock, GatewayType, GatewayId, RouteDescription, Enabled: Enabled === 'true' };
}

async function load(id: TableId, Offset: number, options: { region: string; isBackground: boolean }) {
  const Filters = [{ Name: 'route-table-id', Values: [id] }];
  const { RouteSet, TotalCount } = await call('DescribeRoutes', { Filters, Offset, Limit: pageSize }, options);
  const rows = RouteSet.map((route) => ({
    id: route.RouteItemId,
    cells: columns.map((column) => String(route[column])),
    isOwn: route.RouteType === 'USER',
  }));
  return { rows, total: TotalCount };
}
