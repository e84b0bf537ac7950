import { cidrContains, cidrRange, everything, type Cidr, type IpAddress } from '@landbridge/net';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import { keptPerRow } from './kept-per-row.ts';
import { tableNumbers } from './kernel-tables.ts';
import { gatewayRules, hostCidr, tables } from './layout.ts';
import { lookup } from './lookup.ts';
import type { RoutePlan, RulePlan } from '../plan/plan.ts';

/**
 * The way into SPD tunnels: for each local range of their mappings a table, whose routes are the remote ranges, and a rule that
 * leads there. A gateway has few local ranges and up to 200 mappings, and a packet walks past every rule. No two mappings of a gateway
 * fit one packet (docs/spec/semantics.md section 5): where the local ranges overlap, the table that does not know the destination
 * leaves it to the next.
 */
export type SpdTables = ReadonlyMap<Cidr, number>;

export function spdTablesOf(connections: readonly VpnConnection[]): SpdTables {
  const locals = new Set(connections.filter(isSpd).flatMap(({ policies }) => policies.map(({ local }) => local)));
  return tableNumbers([...locals].map((local) => [local, digitsOf(local)]));
}

/** One number a range, below 2^38. */
function digitsOf(range: Cidr): number {
  const { first, prefixLength } = cidrRange(range);
  return Number(first) * 33 + prefixLength;
}

export function planSpdRules(spdTables: SpdTables): RulePlan[] {
  return [...spdTables].map(([local, table]) => lookup(gatewayRules.spd, table, { from: local }));
}

/** ICMP errors that are made here from this address go the way of what they answer. */
export function planOwnSpdRules(source: IpAddress, spdTables: SpdTables): RulePlan[] {
  return [...spdTables]
    .filter(([local]) => cidrContains(local, source))
    .map(([, table]) => lookup(gatewayRules.ownSpd, table, { iif: 'lo', from: hostCidr(source) }));
}

/** Into the tunnels' devices. */
export function planSpdRoutes(connections: readonly VpnConnection[], spdTables: SpdTables): RoutePlan[] {
  return connections.filter(isSpd).flatMap((connection) =>
    routesInto(
      connection,
      connection.policies.flatMap(({ local }) => spdTables.get(local) ?? []),
    ),
  );
}

const routesInto = keptPerRow((connection: VpnConnection, tablesOfLocals: readonly number[]): RoutePlan[] => {
  const nextHops = [{ device: connection.id }];
  return connection.policies.flatMap(({ remotes }, at) => {
    const table = tablesOfLocals[at];
    if (table === undefined) return [];
    return remotes.map((destination) => ({ table, destination, metric: 0, kind: 'unicast', nextHops }) as const);
  });
});

/**
 * What the network side sends into an SPD tunnel and no mapping fits has no way, and is dropped. So that it is not dropped without a word, it
 * goes on to the tunnel whose remote ranges it is for, where the packet filter counts it: what has a way never comes here. Of a gateway
 * whose only tunnel it is, all of it is that tunnel's.
 */
export function planUnmappedRules(connections: readonly VpnConnection[], network: string | undefined): RulePlan[] {
  if (network === undefined || !connections.some(isSpd)) return [];
  return [lookup(gatewayRules.unmapped, tables.unmapped, { iif: network })];
}

export function planUnmappedRoutes(connections: readonly VpnConnection[], network: string | undefined): RoutePlan[] {
  if (network === undefined) return [];
  const known = new Set<Cidr>();
  return connections.filter(isSpd).flatMap((connection) => {
    const named = connection.policies.flatMap(({ remotes }) => remotes);
    const ranges = [...named, ...(connections.length === 1 ? [everything] : [])].filter((range) => !known.has(range));
    for (const range of ranges) known.add(range);
    const nextHops = [{ device: connection.id }];
    return [...new Set(ranges)].map((destination): RoutePlan => ({
      table: tables.unmapped,
      destination,
      metric: 0,
      kind: 'unicast',
      nextHops,
    }));
  });
}

function isSpd({ mode }: VpnConnection): boolean {
  return mode === 'spd';
}
