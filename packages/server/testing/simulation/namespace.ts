import {
  cidrPrefixLength,
  lastAddress,
  normalizeCidr,
  parseIpAddress,
  type Cidr,
  type IpAddress,
} from '@landbridge/net';
import { tables } from '../../src/planner/layout.ts';
import type { ConnectionPlan, LinkPlan, NetnsPlan, RoutePlan, RulePlan } from '../../src/plan/plan.ts';
import { compileFilter, type Filter } from './filter.ts';
import { covers, type Packet } from './packet.ts';

/** A network namespace as the kernel would have it after a plan was applied: what routing and filters ask. */
export interface Namespace {
  readonly name: string;
  readonly links: ReadonlyMap<string, LinkPlan>;
  /** By priority. */
  readonly rules: readonly RulePlan[];
  /** The longest prefix first, then the lowest metric: the first that covers a destination decides. */
  readonly tables: ReadonlyMap<number, readonly RoutePlan[]>;
  readonly localAddresses: ReadonlySet<IpAddress>;
  readonly broadcastAddresses: ReadonlySet<IpAddress>;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly filter: Filter;
  readonly connectionsByIfId: ReadonlyMap<number, ConnectionPlan>;
}

export function namespaceOf(plan: NetnsPlan): Namespace {
  if (plan.netns === null) throw new Error("the host's own namespace is not ours to simulate");
  const reversePath = Object.entries(plan.sysctls).find(
    ([name, value]) => name.endsWith('.rp_filter') && value !== '0',
  );
  if (reversePath !== undefined) throw new Error(`${plan.netns} filters reverse paths, which nothing here does`);
  const addresses = plan.links.flatMap((link) => link.addresses.map(({ address }) => ({ device: link.name, address })));
  const connections = plan.charon?.connections ?? [];
  return {
    name: plan.netns,
    links: uniqueBy(plan.links, ({ name }) => name),
    rules: [...plan.rules].sort((a, b) => a.priority - b.priority),
    tables: tablesOf(plan, addresses.flatMap(connectedRoute)),
    localAddresses: new Set(addresses.map(({ address }) => addressOf(address))),
    broadcastAddresses: new Set(addresses.flatMap(broadcastAddress)),
    sysctls: plan.sysctls,
    filter: compileFilter(plan.filter),
    connectionsByIfId: uniqueBy(connections, ({ ifId }) => ifId),
  };
}

interface DeviceAddress {
  readonly device: string;
  readonly address: string;
}

/** The route that the kernel adds with an address (fib_add_ifaddr). */
function connectedRoute({ device, address }: DeviceAddress): RoutePlan[] {
  const destination = normalizeCidr(address);
  if (cidrPrefixLength(destination) === 32) return [];
  return [{ table: tables.main, destination, metric: 0, kind: 'unicast', nextHops: [{ device }] }];
}

function broadcastAddress({ address }: DeviceAddress): IpAddress[] {
  const block = normalizeCidr(address);
  return cidrPrefixLength(block) < 31 ? [lastAddress(block)] : [];
}

function tablesOf(plan: NetnsPlan, connected: readonly RoutePlan[]): Map<number, RoutePlan[]> {
  const routes = [...connected, ...plan.routes];
  const devices = new Set(plan.links.map(({ name }) => name));
  for (const { nextHops, destination } of routes) {
    const absent = nextHops.find(({ device }) => !devices.has(device));
    if (absent !== undefined)
      throw new Error(`${plan.key}: ${destination} leads to ${absent.device}, which is no link`);
  }
  uniqueBy(routes, ({ table, destination, metric }) => `${table} ${destination} ${metric}`);
  const order = (a: RoutePlan, b: RoutePlan) =>
    cidrPrefixLength(b.destination) - cidrPrefixLength(a.destination) || a.metric - b.metric;
  return new Map([...Map.groupBy(routes, ({ table }) => table)].map(([table, of]) => [table, of.sort(order)]));
}

function uniqueBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T> {
  const found = new Map<K, T>();
  for (const item of items) {
    if (found.has(keyOf(item))) throw new Error(`two of ${String(keyOf(item))}`);
    found.set(keyOf(item), item);
  }
  return found;
}

export type Lookup =
  | { readonly kind: 'local' }
  | { readonly kind: 'unicast'; readonly nextHops: RoutePlan['nextHops'] }
  | { readonly kind: 'none'; readonly why: string };

/** ip-rule(8): the local table, then rule by rule; a table without a fitting route passes on to the next rule. */
export function lookUp(namespace: Namespace, iif: string, packet: Packet): Lookup {
  const { destination } = packet;
  if (namespace.localAddresses.has(destination) || namespace.broadcastAddresses.has(destination)) {
    return { kind: 'local' };
  }
  for (const rule of namespace.rules) {
    if (!selects(rule, iif, packet)) continue;
    if (rule.action.kind === 'blackhole') return { kind: 'none', why: `rule ${rule.priority}` };
    const routes = namespace.tables.get(rule.action.table) ?? [];
    const route = routes.find((candidate) => covers(candidate.destination, destination));
    if (route === undefined) continue;
    if (route.kind === 'unicast') return { kind: 'unicast', nextHops: route.nextHops };
    return { kind: 'none', why: `${route.kind} ${route.destination} in table ${route.table}` };
  }
  return { kind: 'none', why: 'no route' };
}

function selects({ iif, from, to }: RulePlan, arrivedBy: string, { source, destination }: Packet): boolean {
  return (iif === undefined || iif === arrivedBy) && isWithin(source, from) && isWithin(destination, to);
}

function isWithin(address: IpAddress, block: Cidr | undefined): boolean {
  return block === undefined || covers(block, address);
}

const martians = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '255.255.255.255/32'].map(normalizeCidr);

/** Why the kernel refuses a packet before any rule is asked (ip_route_input, fib_validate_source), or undefined. */
export function martian(namespace: Namespace, iif: string, { source, destination }: Packet): string | undefined {
  if (martians.some((block) => covers(block, source))) return `martian source ${source}`;
  if (martians.some((block) => covers(block, destination))) return `martian destination ${destination}`;
  if (namespace.broadcastAddresses.has(source)) return `broadcast source ${source}`;
  const acceptsLocal = ['all', iif].some((name) => namespace.sysctls[`net.ipv4.conf.${name}.accept_local`] === '1');
  if (namespace.localAddresses.has(source) && !acceptsLocal) return `own source ${source}`;
  return undefined;
}

/**
 * Addresses that an ICMP error about a packet that arrived by `iif` may come from (icmp_send, inet_select_addr): that of
 * the device, or, where it has none, any other's. Which one depends on the order in which devices were made.
 */
export function errorSources({ links, sysctls }: Namespace, iif: string): IpAddress[] {
  const addressesOf = (link: LinkPlan | undefined): IpAddress[] =>
    (link?.addresses ?? []).filter(({ scope }) => scope === 'global').map(({ address }) => addressOf(address));
  const usesInbound = sysctls['net.ipv4.icmp_errors_use_inbound_ifaddr'] === '1';
  const [own] = usesInbound ? addressesOf(links.get(iif)) : [];
  return own === undefined ? [...links.values()].flatMap(addressesOf) : [own];
}

/** Of `address/prefix length`. */
function addressOf(text: string): IpAddress {
  return parseIpAddress(text.split('/')[0] ?? '');
}
