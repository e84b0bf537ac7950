import { compareCidr, type Cidr } from '@landbridge/net';
import { offeredToVpc } from '../derive/ccn-offers.ts';
import { attachmentOf } from '../derive/ccn-routes.ts';
import type { Rows } from '../image/rows.ts';
import type { RouteTableId } from '../domain/resource-id.ts';
import type { VpcNextHop } from '../domain/vpc/route-table.ts';
import { subnetGatewayAddress, type Subnet, type SubnetInterface } from '../domain/vpc/subnet.ts';
import { rangesOfVpc, type Vpc } from '../domain/vpc/vpc.ts';
import { adjacent, innerCable } from '../plan/cable.ts';
import { hopWhileServed } from './hop-while-served.ts';
import { kernelTables } from './kernel-tables.ts';
import { hostCidr, lastResortMetric, learnedMetric, routerSysctls, tables, vpcRules } from './layout.ts';
import { stableMac } from '../plan/mac-address.ts';
import { boundHosts } from './neighbour-bound.ts';
import { accept, filterChain, is, tableOf, when } from './filter-words.ts';
import type { ChainPlan, TablePlan } from '../plan/packet-filter.ts';
import { checkVpcSources, refuseOthersSources } from './vpc-sources.ts';
import { type LinkPlan, type NetnsPlan, type RoutePlan, type RulePlan } from '../plan/plan.ts';
import { routerInput } from './router-input.ts';
import {
  anySubnet,
  ccnAddress,
  gatewaySideAddress,
  netnsName,
  networkSideAddress,
  attachedDeviceName,
} from '../plan/names.ts';

/**
 * The namespace of a VPC: a bridge per subnet, a veth per gateway and CCN, a table per route table
 * (docs/spec/semantics.md section 10).
 */
export function planVpc(vpc: Vpc, rows: Rows): NetnsPlan {
  const subnets = rows.subnets.of('vpc', vpc.id);
  const tableOf = kernelTables(rows.routeTables.of('vpc', vpc.id));
  return {
    key: vpc.id,
    netns: netnsName(vpc.id),
    sysctls: planSysctls(vpc, rows),
    links: planLinks(vpc, subnets, rows),
    rules: planRules(subnets, tableOf),
    routes: [
      ...planLocalRoutes(vpc),
      ...planUserRoutes(vpc, rows, tableOf),
      ...planCcnRoutes(vpc, rows, [...tableOf.values()]),
    ],
    proxies: [],
    filter: planFilter(vpc, rows),
    neighbourBound: boundHosts,
    cablesFrom: ['vpn-gateway', 'direct-connect-gateway'],
    charon: null,
  };
}

/**
 * Gateways speak (ARP, ICMP errors) with the address of a subnet's gateway, which is one of our own. No filter is meant for
 * frames that a subnet only bridges.
 */
function planSysctls(vpc: Vpc, rows: Rows): Record<string, string> {
  const { ccnId } = attachmentOf(vpc.id, rows) ?? {};
  const neighbours = [...gatewaysOf(vpc, rows), ...(ccnId === undefined ? [] : [ccnId])];
  return {
    ...routerSysctls,
    'net.bridge.bridge-nf-call-iptables': '0',
    ...Object.fromEntries(neighbours.map((id) => [`net.ipv4.conf.${id}.accept_local`, '1'])),
  };
}

/** Packets pass between subnets, and between a subnet and a gateway; a VPC transits nothing. */
function forward(vpc: Vpc, rows: Rows): ChainPlan {
  return filterChain('forward', 'forward', 'drop', [
    ...refuseOthersSources(vpc, rows),
    when(is('iifname', anySubnet)).do(accept),
    when(is('oifname', anySubnet)).do(accept),
  ]);
}

function planFilter(vpc: Vpc, rows: Rows): TablePlan {
  return tableOf(checkVpcSources(vpc), { chains: [forward(vpc, rows), routerInput] });
}

function planLinks(vpc: Vpc, subnets: readonly Subnet[], rows: Rows): LinkPlan[] {
  const loopback: LinkPlan = {
    kind: 'loopback',
    name: 'lo',
    addresses: [{ address: `${networkSideAddress}/32`, scope: 'link' }],
  };
  const bridges = subnets.map((subnet): LinkPlan => {
    const prefixLength = subnet.cidr.split('/')[1] ?? '';
    const address = `${subnetGatewayAddress(subnet)}/${prefixLength}`;
    return { kind: 'bridge', name: subnet.id, mac: stableMac(subnet.id), addresses: [{ address, scope: 'global' }] };
  });
  const attached = rows.subnetInterfaces.of('vpc', vpc.id).map(planAttachment);
  const gateways = gatewaysOf(vpc, rows).map((name): LinkPlan => {
    return { kind: 'veth-peer', name, addresses: [], cable: innerCable(vpc.id, name), adjacent: adjacent(name) };
  });
  return [loopback, ...bridges, ...attached, ...gateways, ...planCcnLink(vpc, rows)];
}

function gatewaysOf(vpc: Vpc, { vpnGateways, directConnectGateways }: Rows): VpcNextHop['id'][] {
  return [...vpnGateways.of('vpc', vpc.id), ...directConnectGateways.of('vpc', vpc.id)].map(({ id }) => id);
}

function planCcnLink(vpc: Vpc, rows: Rows): LinkPlan[] {
  const attachment = attachmentOf(vpc.id, rows);
  if (attachment === undefined) return [];
  const { ccnId } = attachment;
  const peer = { netns: netnsName(ccnId), name: vpc.id };
  return [
    { kind: 'veth', name: ccnId, peer, addresses: [], cable: innerCable(vpc.id, ccnId), adjacent: adjacent(ccnId) },
  ];
}

/** What the CCN announces, in every route table. */
function planCcnRoutes(vpc: Vpc, rows: Rows, routeTables: readonly number[]): RoutePlan[] {
  const attachment = attachmentOf(vpc.id, rows);
  if (attachment === undefined) return [];
  const toCcn = { device: attachment.ccnId, via: ccnAddress };
  const offers = offeredToVpc(attachment, vpc, rows).map(({ destination, ranges }) => {
    return { destination, nextHops: [hopWhileServed(toCcn, ranges)] };
  });
  return routeTables.flatMap((table) =>
    offers.map(({ destination, nextHops }) => ({
      table,
      destination,
      metric: learnedMetric,
      kind: 'unicast',
      nextHops,
    })),
  );
}

function planAttachment({ interfaceName, vlanId, subnetId }: SubnetInterface): LinkPlan {
  return {
    kind: 'attached',
    name: attachedDeviceName(interfaceName, vlanId),
    hostInterface: interfaceName,
    vlanId,
    master: subnetId,
    addresses: [],
  };
}

/** VPC-local traffic first, then the table that the packet's subnet is bound to; nothing else. */
function planRules(subnets: readonly Subnet[], tableOf: ReadonlyMap<RouteTableId, number>): RulePlan[] {
  const perSubnet = subnets.flatMap((subnet): RulePlan[] => {
    const table = tableOf.get(subnet.routeTableId);
    if (table === undefined) return [];
    const action = { kind: 'lookup', table } as const;
    return [
      { priority: vpcRules.subnet, iif: subnet.id, action },
      { priority: vpcRules.subnet, iif: 'lo', from: hostCidr(subnetGatewayAddress(subnet)), action },
    ];
  });
  return [
    { priority: vpcRules.local, action: { kind: 'lookup', table: tables.main } },
    ...perSubnet,
    { priority: vpcRules.drop, action: { kind: 'blackhole' } },
  ];
}

/** The VPC's own ranges never leave it, with or without a subnet there. */
function planLocalRoutes(vpc: Vpc): RoutePlan[] {
  return rangesOfVpc(vpc).map((destination) => {
    return { table: tables.main, destination, metric: lastResortMetric, kind: 'blackhole', nextHops: [] };
  });
}

/** Routes of the same destination to several gateways become one multipath route. */
function planUserRoutes(vpc: Vpc, rows: Rows, tableOf: ReadonlyMap<RouteTableId, number>): RoutePlan[] {
  const gateways = new Set(gatewaysOf(vpc, rows));
  const enabled = rows.vpcRoutes.of('vpc', vpc.id).filter((route) => route.enabled && gateways.has(route.nextHop.id));
  const devicesByRoute = new Map<string, { table: number; destination: Cidr; devices: Set<string> }>();
  for (const { routeTableId, destination, nextHop } of enabled) {
    const table = tableOf.get(routeTableId);
    if (table === undefined) continue;
    const key = `${table} ${destination}`;
    const entry = devicesByRoute.get(key) ?? { table, destination, devices: new Set<string>() };
    entry.devices.add(nextHop.id);
    devicesByRoute.set(key, entry);
  }
  return [...devicesByRoute.values()]
    .sort((a, b) => a.table - b.table || compareCidr(a.destination, b.destination))
    .map(({ table, destination, devices }) => ({
      table,
      destination,
      metric: 0,
      kind: 'unicast',
      nextHops: [...devices].sort().map((device) => ({ device, via: gatewaySideAddress })),
    }));
}
