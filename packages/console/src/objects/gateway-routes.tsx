import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { say } from '../words/said.ts';
import { choices } from './choices.ts';
import { requestOf, type Field, type PathOf } from './field.ts';
import { pageSize } from './object-kind.ts';
import type { ShownObject } from './readable-kind.ts';
import type { ListedRow } from './row-clashes.ts';
import { RowList } from './row-list.tsx';
import { tunnelKind } from './tunnel-kind.ts';

type NewRoute = Parameters<'CreateVpnGatewayRoutes'>['Routes'][number];
type GatewayId = Parameters<'CreateVpnGatewayRoutes'>['VpnGatewayId'];

const isTunnel = ({ InstanceType }: Form) => InstanceType === 'VPNCONN';

/** The next hop is chosen among the gateway's tunnels; a CCN has to be named. */
const fields = [
  { path: 'DestinationCidrBlock', type: 'text', required: true },
  { path: 'InstanceType', type: 'choice', choices: choices.gatewayRouteTarget },
  { path: 'InstanceId', type: 'object', from: [tunnelKind], when: isTunnel },
  { path: 'InstanceId', type: 'text', required: true, when: (form) => !isTunnel(form) },
  { path: 'Priority', type: 'number-choice', choices: choices.gatewayRoutePriority },
  { path: 'Status', type: 'choice', choices: choices.gatewayRouteStatus },
  { path: 'Description', type: 'text' },
] as const satisfies readonly (Field & { path: PathOf<NewRoute> })[];

const blank: Form = {
  ...{ DestinationCidrBlock: '', InstanceType: 'VPNCONN', InstanceId: '', Priority: '0', Status: 'ENABLE' },
  Description: '',
};

/** The cells of a row, and a row of them again. */
const columns = ['DestinationCidrBlock', 'InstanceId', 'Priority', 'Status', 'Description', 'Type'] as const;

/** The route table of a VPN gateway. */
export function GatewayRoutes({ object }: { readonly object: ShownObject }) {
  const VpnGatewayId = object.id as GatewayId;
  const set = (Status: 'ENABLE' | 'DISABLE') => (rows: readonly ListedRow[]) => [
    change('ModifyVpnGatewayRoutes', { VpnGatewayId, Routes: rows.map(({ id }) => ({ RouteId: id, Status })) }),
  ];
  const remove = (rows: readonly ListedRow[]) =>
    change('DeleteVpnGatewayRoutes', { VpnGatewayId, RouteIds: rows.map(({ id }) => id) });
  const create = (Routes: readonly NewRoute[]) =>
    change('CreateVpnGatewayRoutes', { VpnGatewayId, Routes: [...Routes] });
  return (
    <RowList
      {...{ object, fields, blank, columns: columns.map((column) => say(`field.${column}`)) }}
      heading="routes.gateway"
      addWord="routes.add"
      kinds={['vpnGatewayRoutes']}
      load={(offset, isBackground) => load(VpnGatewayId, offset, { region: object.region, isBackground })}
      actions={[
        { word: 'routes.enable', changes: set('ENABLE') },
        { word: 'routes.disable', changes: set('DISABLE') },
        // Priorities do not change: the new ones are there before the old ones go, so that nothing is without a way.
        { word: 'routes.prefer', changes: (rows) => [create(rows.map((row) => movedTo(0, row))), remove(rows)] },
        { word: 'routes.standBy', changes: (rows) => [create(rows.map((row) => movedTo(100, row))), remove(rows)] },
        { word: 'routes.delete', changes: (rows) => [remove(rows)] },
      ]}
      add={(form) => {
        const paths = fields.map(({ path }) => path);
        return create([requestOf(fields, paths, form) as unknown as NewRoute]);
      }}
    />
  );
}

async function load(VpnGatewayId: GatewayId, Offset: number, options: { region: string; isBackground: boolean }) {
  const asked = { VpnGatewayId, Offset, Limit: pageSize };
  const { Routes, TotalCount } = await call('DescribeVpnGatewayRoutes', asked, options);
  const rows = Routes.map((route) => ({
    id: route.RouteId,
    cells: columns.map((column) => String(route[column])),
    isOwn: route.Type === 'Static',
  }));
  return { rows, total: TotalCount };
}

function movedTo(Priority: 0 | 100, { cells }: ListedRow): NewRoute {
  const [DestinationCidrBlock = '', InstanceId = '', , Status, Description = ''] = cells;
  const InstanceType = InstanceId.startsWith('ccn-') ? 'CCN' : 'VPNCONN';
  return {
    ...{ DestinationCidrBlock, InstanceType, InstanceId, Priority, Description },
    Status: Status === 'DISABLE' ? 'DISABLE' : 'ENABLE',
  };
}
