import { flag, type Flag } from './columns.ts';

interface Route {
  readonly nextHop: { readonly kind: string; readonly id: string };
  readonly enabled: boolean;
}

/** What a route has more of, such as its destination, is kept as it is. */
type RouteColumns<Row extends Route> = Omit<Row, 'nextHop' | 'enabled'> & {
  nextHopKind: Row['nextHop']['kind'];
  nextHopId: Row['nextHop']['id'];
  enabled: Flag;
};

/** Of a VPC's route table, or of a VPN gateway's. */
export function routeColumns<Row extends Route>({ nextHop, enabled, ...route }: Row): RouteColumns<Row> {
  return { ...route, nextHopKind: nextHop.kind, nextHopId: nextHop.id, enabled: flag(enabled) };
}

export function routeOf<Row extends Route>({ nextHopKind, nextHopId, enabled, ...columns }: RouteColumns<Row>): Row {
  return { ...columns, nextHop: { kind: nextHopKind, id: nextHopId }, enabled: enabled === 1 } as unknown as Row;
}
