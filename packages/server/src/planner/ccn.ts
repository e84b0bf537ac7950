import { cidrPrefixLength, compareCidr, everything, type Cidr } from '@landbridge/net';
import { defaultRouteTableId, type Ccn, type CcnInstance } from '../domain/ccn/ccn.ts';
import { ccnRoutesOf, type CcnRoute } from '../derive/ccn-routes.ts';
import type { Rows } from '../image/rows.ts';
import type { CcnRouteTableId } from '../domain/resource-id.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import { adjacent, innerAddress, innerCable } from '../plan/cable.ts';
import { planCcnBandwidth } from './ccn-bandwidth.ts';
import type { FilterRule, TablePlan } from '../plan/packet-filter.ts';
import { accept, filterChain, isIn, tableOf, when } from './filter-words.ts';
import { kernelTables } from './kernel-tables.ts';
import { lastResortMetric, routerSysctls, tables } from './layout.ts';
import type { LinkPlan, NetnsPlan, RoutePlan, RulePlan } from '../plan/plan.ts';
import { ccnAddress, netnsName } from '../plan/names.ts';

/** A selection policy stands the earlier the longer its source range is: at 10 for a host, at 42 for any source. */
const ccnRules = { selection: 10, instance: 100, drop: 300 } as const;

/** The namespace of a CCN: a veth per attached instance, and route tables that they look into, each into its own. */
export function planCcn(ccn: Ccn, rows: Rows, isUsable: IsUsable): NetnsPlan {
  const instances = rows.ccnAttachments.of('ccn', ccn.id).map(({ instance }) => instance);
  const tableOf = tablesOf(ccn, rows);
  const bandwidth = planCcnBandwidth(ccn, rows);
  return {
    key: ccn.id,
    netns: netnsName(ccn.id),
    sysctls: planSysctls(instances),
    links: [loopback, ...bandwidth.links, ...instances.map((instance) => planLink(ccn, instance, bandwidth.device))],
    rules: planRules(ccn, rows, tableOf),
    routes: [...tableOf].flatMap(([id, table]) => [
      ...planRoutes(ccnRoutesOf({ ccnId: ccn.id, routeTableId: id }, rows, isUsable), table),
      ...(table === tables.ccn ? [] : [planLastResort(table)]),
    ]),
    proxies: [],
    filter: planFilter(instances, bandwidth.rules),
    charon: null,
    switching: { table: tables.ccn, tells: 'ranges' },
    cablesFrom: ['vpc', 'vpn-gateway', 'direct-connect-gateway'],
  };
}

type TableOf = ReadonlyMap<CcnRouteTableId, number>;

function tablesOf(ccn: Ccn, { ccnRouteTables }: Rows): TableOf {
  const own = ccnRouteTables.of('ccn', ccn.id).filter(({ isDefault }) => !isDefault);
  return new Map([[defaultRouteTableId(ccn.id), tables.ccn], ...kernelTables(own)]);
}

const loopback: LinkPlan = {
  kind: 'loopback',
  name: 'lo',
  addresses: [{ address: `${ccnAddress}/32`, scope: 'link' }],
};

function planLink(ccn: Ccn, instance: CcnInstance, redirect: string | null): LinkPlan {
  const { id: name } = instance;
  return {
    kind: 'veth-peer',
    name,
    addresses: [],
    cable: innerCable(ccn.id, name),
    adjacent: adjacent(name),
    ...(redirect !== null && { redirect }),
  };
}

function planSysctls(instances: readonly CcnInstance[]): Record<string, string> {
  return {
    ...routerSysctls,
    ...Object.fromEntries(instances.map(({ id }) => [`net.ipv4.conf.${id}.accept_local`, '1'])),
  };
}

/** A CCN says nothing of its own: what it makes itself finds no rule but the last one. */
function planRules({ id: ccnId }: Ccn, rows: Rows, tableOf: TableOf): RulePlan[] {
  const rule = (priority: number, iif: string, routeTableId: CcnRouteTableId, from?: Cidr): RulePlan[] => {
    const table = tableOf.get(routeTableId);
    if (table === undefined) return [];
    const source = from === undefined || from === everything ? {} : { from };
    return [{ priority, iif, ...source, action: { kind: 'lookup', table } }];
  };
  return [
    ...rows.ccnSelectionPolicies
      .of('ccn', ccnId)
      .flatMap(({ instance, source, routeTableId }) =>
        rule(ccnRules.selection + 32 - cidrPrefixLength(source), instance.id, routeTableId, source),
      ),
    ...rows.ccnAttachments
      .of('ccn', ccnId)
      .flatMap(({ instance, routeTableId }) => rule(ccnRules.instance, instance.id, routeTableId)),
    { priority: ccnRules.drop, action: { kind: 'blackhole' } },
  ];
}

/** What a selected table does not know is not looked up in the table that the instance is bound to. */
function planLastResort(table: number): RoutePlan {
  return { table, destination: everything, metric: lastResortMetric, kind: 'blackhole', nextHops: [] };
}

/** Enabled routes; those of the same range become one multipath route. */
function planRoutes(routes: readonly CcnRoute[], table: number): RoutePlan[] {
  const enabled = routes.filter((route) => route.enabled);
  const instancesByRange = Map.groupBy(enabled, ({ destination }) => destination);
  return [...instancesByRange]
    .sort(([a], [b]) => compareCidr(a, b))
    .map(([destination, routes]) =>
      planRoute(
        table,
        destination,
        routes.map(({ instance }) => instance),
      ),
    );
}

function planRoute(table: number, destination: Cidr, instances: readonly CcnInstance[]): RoutePlan {
  const nextHops = instances
    .map((instance) => ({ device: instance.id, via: innerAddress(instance.id) }))
    .sort((a, b) => (a.device < b.device ? -1 : 1));
  return { table, destination, metric: 0, kind: 'unicast', nextHops };
}

/** Packets pass between attached instances, also back to the one they came from: from SPD tunnel to SPD tunnel. */
function planFilter(instances: readonly CcnInstance[], classification: readonly FilterRule[]): TablePlan {
  const attached = instances.map(({ id }) => id);
  const between = when(isIn('iifname', attached), isIn('oifname', attached)).do(accept);
  return tableOf({
    chains: [
      filterChain('input', 'input', 'drop', []),
      filterChain('forward', 'forward', 'drop', [...classification, ...(attached.length === 0 ? [] : [between])]),
    ],
  });
}
