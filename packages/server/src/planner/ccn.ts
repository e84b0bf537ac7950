import { compareCidr, type Cidr } from '@landbridge/net';
import type { Ccn, CcnInstance } from '../domain/ccn.ts';
import { ccnRoutesOf } from '../domain/ccn-routes.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import type { IsUsable } from '../domain/tunnel-usability.ts';
import { ccnAddress, gatewaySideAddress, netnsName, networkSideAddress, routerSysctls, tables } from './layout.ts';
import type { LinkPlan, NetnsPlan, RoutePlan, RulePlan } from './plan.ts';

const ccnRules = { instance: 100, drop: 300 } as const;

/** The namespace of a CCN: a veth per attached instance, and one table of enabled routes that all of them look into. */
export function planCcn(ccn: Ccn, desired: DesiredState, isUsable: IsUsable): NetnsPlan {
  const instances = desired.ccnAttachments.filter(({ ccnId }) => ccnId === ccn.id).map(({ instance }) => instance);
  return {
    key: ccn.id,
    netns: netnsName(ccn.id),
    generation: ccn.generation,
    sysctls: planSysctls(instances),
    links: [loopback, ...instances.map(({ id }): LinkPlan => ({ kind: 'veth-peer', name: id, addresses: [] }))],
    rules: planRules(instances),
    routes: planRoutes(ccn, desired, isUsable),
    proxies: [],
    filter: renderFilter(instances),
    charon: null,
  };
}

const loopback: LinkPlan = {
  kind: 'loopback',
  name: 'lo',
  addresses: [{ address: `${ccnAddress}/32`, scope: 'link' }],
};

function planSysctls(instances: readonly CcnInstance[]): Record<string, string> {
  return {
    ...routerSysctls,
    ...Object.fromEntries(instances.map(({ id }) => [`net.ipv4.conf.${id}.accept_local`, '1'])),
  };
}

/** A CCN says nothing of its own: what it makes itself finds no rule but the last one. */
function planRules(instances: readonly CcnInstance[]): RulePlan[] {
  return [
    ...instances.map(({ id }): RulePlan => ({
      priority: ccnRules.instance,
      iif: id,
      action: { kind: 'lookup', table: tables.ccn },
    })),
    { priority: ccnRules.drop, action: { kind: 'blackhole' } },
  ];
}

/** Enabled routes; those of the same range become one multipath route. */
function planRoutes(ccn: Ccn, desired: DesiredState, isUsable: IsUsable): RoutePlan[] {
  const enabled = ccnRoutesOf(ccn.id, desired, isUsable).filter((route) => route.enabled);
  const instancesByRange = Map.groupBy(enabled, ({ destination }) => destination);
  return [...instancesByRange]
    .sort(([a], [b]) => compareCidr(a, b))
    .map(([destination, routes]) =>
      planRoute(
        destination,
        routes.map(({ instance }) => instance),
      ),
    );
}

function planRoute(destination: Cidr, instances: readonly CcnInstance[]): RoutePlan {
  const nextHops = instances
    .map(({ id, kind }) => ({ device: id, via: kind === 'vpc' ? networkSideAddress : gatewaySideAddress }))
    .sort((a, b) => (a.device < b.device ? -1 : 1));
  return { table: tables.ccn, destination, metric: 0, kind: 'unicast', nextHops };
}

/** Packets pass between attached instances, also back to the one they came from: from SPD tunnel to SPD tunnel. */
function renderFilter(instances: readonly CcnInstance[]): string {
  const names = instances.map(({ id }) => `"${id}"`).join(', ');
  const accept = instances.length === 0 ? [] : [`  iifname { ${names} } oifname { ${names} } accept`];
  return [
    '',
    'chain input {',
    '  type filter hook input priority filter; policy drop;',
    '}',
    'chain forward {',
    '  type filter hook forward priority filter; policy drop;',
    ...accept,
    '}',
    '',
  ].join('\n');
}
