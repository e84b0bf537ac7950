import { cidrContains } from '@landbridge/net';
import type { Subnet } from '../domain/vpc/subnet.ts';
import { assumeUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Rows } from '../image/rows.ts';
import { ccnRoutesOf, type TableOfCcn } from './ccn-routes.ts';
import { derivation } from './derivation.ts';

/** Of the VPCs of a CCN those that one of its route tables leads to, the oldest first. A failover changes nothing here. */
export function reachedSubnets(table: TableOfCcn, rows: Rows): readonly Subnet[] {
  return subnetsReachedBy(table, rows, assumeUsable);
}

const subnetsReachedBy = derivation(
  'subnets that a route table of a CCN leads to',
  ({ ccnId, routeTableId }: TableOfCcn) => ({ ccnId, routeTableId }),
  (table, rows, isUsable) => {
    const routes = ccnRoutesOf(table, rows, isUsable).filter(({ enabled }) => enabled);
    const routesTo = Map.groupBy(routes, ({ instance }) => instance.id);
    const reached = [...routesTo].flatMap(([id, routesThere]) =>
      rows.subnets
        .of('vpc', id)
        .filter(({ cidr }) => routesThere.some(({ destination }) => cidrContains(destination, cidr))),
    );
    return reached.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  },
);
