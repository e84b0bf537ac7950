import { cidrPrefixLength, compareCidr, everything, type Cidr } from '@landbridge/net';
import { defaultRouteTableId, type Ccn, type CcnInstance } from '../domain/ccn/ccn.ts';
import { ccnCandidatesOf, isCertain, type CcnCandidate } from '../derive/ccn-candidates.ts';
import type { Rows } from '../image/rows.ts';
import type { CcnRouteTableId } from '../domain/resource-id.ts';
import { adjacent, innerAddress, innerCable } from '../plan/cable.ts';
import { planCcnBandwidth } from './ccn-bandwidth.ts';
import type { FilterRule, TablePlan } from '../plan/packet-filter.ts';
import { accept, filterChain, isIn, tableOf, when } from './filter-words.ts';
import { kernelTables } from './kernel-tables.ts';
import { lastResortMetric, routerSysctls, tables } from './layout.ts';
import type { CcnCandidatePlan, LinkPlan, NetnsPlan, NextHopPlan, RoutePlan, RulePlan } from '../plan/plan.ts';
import { ccnAddress, netnsName } from '../plan/names.ts';

/** A selection policy stands the earlier the longer its source range is: at 10 for a host, at 42 for any source. */
const ccnRules = { selection: 10, instance: 100, drop: 300 } as const;

/** The namespace of a CCN: a veth per attached instance, and route tables that they look into, each into its own. */
export function planCcn(ccn: Ccn, rows: Rows): NetnsPlan {
  const instances = rows.ccnAttachments.of('ccn', ccn.id).map(({ instance }) => instance);
  const tableOf = tablesOf(ccn, rows);
  const bandwidth = planCcnBandwidth(ccn, rows);
  const candidatesIn = [...tableOf].map(([routeTableId, table]) => {
    return { table, candidates: ccnCandidatesOf({ ccnId: ccn.id, routeTableId }, rows) };
  });
  return {
    key: ccn.id,
    netns: netnsName(ccn.id),
    sysctls: planSysctls(instances),
    links: [loopback, ...bandwidth.links, ...instances.map((instance) => planLink(ccn, instance, bandwidth.device))],
    rules: planRules(ccn, rows, tableOf),
    routes: candidatesIn.flatMap(({ table, candidates }) => [
      ...planRoutes(candidates, table),
      ...(table === tables.ccn ? [] : [planLastResort(table)]),
    ]),
    candidates: candidatesIn.flatMap(({ candidates }) => candidates.map(planCandidate)),
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

/** Certain ones among them: who refers to one that was not so before may still have its older plan. */
function planCandidate({ key, destination, instance, tunnels, yieldsTo }: CcnCandidate): CcnCandidatePlan {
  const candidate = { key, destination, instance: instance.id };
  return { ...candidate, ...(tunnels !== null && { tunnels }), ...(yieldsTo.length > 0 && { yieldsTo }) };
}

/** Of those of the same range whatever serves becomes one multipath route. */
function planRoutes(candidates: readonly CcnCandidate[], table: number): RoutePlan[] {
  return [...Map.groupBy(candidates, ({ destination }) => destination)]
    .sort(([a], [b]) => compareCidr(a, b))
    .map(([destination, same]) => {
      const nextHops = same.map(planHop).sort((a, b) => (a.device < b.device ? -1 : 1));
      return { table, destination, metric: 0, kind: 'unicast', nextHops };
    });
}

function planHop(candidate: CcnCandidate): NextHopPlan {
  const { key, instance } = candidate;
  const hop = { device: instance.id, via: innerAddress(instance.id) };
  return isCertain(candidate) ? hop : { ...hop, needs: { ranges: [key] } };
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
