import {
  addressCount,
  ipFromBigInt,
  ipToBigInt,
  lastAddress,
  networkAddress,
  parseCidr,
  parseIpAddress,
  firstHost,
  cidrContains,
  type Cidr,
  type IpAddress,
} from '@landbridge/net';
import * as fc from 'fast-check';
import type { DesiredState } from '../../domain/desired-state.ts';
import { everywhere } from '../../domain/forbidden-range.ts';
import { defaultQuotas } from '../../domain/quotas.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { ResourceId, ResourcePrefix } from '../../domain/resource-id.ts';
import type { RouteTable, VpcRoute } from '../../domain/route-table.ts';
import { sampleConnection, sampleGatewayRoute, sampleNetwork } from '../../domain/sample-network.ts';
import { checkAgainstOthers, checkPolicies, isWildcardPolicy } from '../../domain/security-policy.ts';
import type { Subnet } from '../../domain/subnet.ts';
import type { Vpc } from '../../domain/vpc.ts';
import type { SecurityPolicyEntry, VpnConnection } from '../../domain/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn-gateway.ts';
import type { VpnGatewayRoute } from '../../domain/vpn-gateway-route.ts';
import type { Idc, World } from './world.ts';

/**
 * Random networks as the API would let users build them: what a rule of the domain refuses is left out. Ranges come from a
 * small pool, so that they meet: equal, nested, overlapping between accounts, VPCs, IDCs, policies and routes.
 */
const vpcCidrs = ['10.0.0.0/16', '10.0.0.0/16', '10.0.0.0/20', '172.16.0.0/16', '192.168.0.0/20'].map(parseCidr);
const pool = [
  ...['192.168.1.0/24', '192.168.2.0/24', '192.168.3.0/24', '192.168.1.128/25', '192.168.2.7/32', '192.168.0.0/16'],
  ...['10.0.0.0/16', '10.0.1.0/24', '10.0.1.0/26', '10.0.7.0/24', '10.0.0.0/8', '10.200.0.0/16', '100.64.0.0/10'],
  ...['172.16.1.0/24', '172.16.0.0/12', '0.0.0.0/0'],
].map(parseCidr);
const accounts = ['tenant-a', 'tenant-b'];

const index = fc.nat(1023);
const range = fc.nat(pool.length - 1);
/** IDCs and policies mostly have ranges of their own; the whole world would swallow all others. */
const narrowRange = fc.nat(pool.length - 4);
const mostly = fc.integer({ min: 0, max: 9 }).map((value) => value !== 0);

const recipeArbitrary = fc.record({
  vpcs: fc.array(
    fc.record({
      account: index,
      cidr: index,
      subnets: fc.array(fc.record({ slot: fc.nat(7), table: fc.nat(2) }), { maxLength: 3, size: 'max' }),
      age: fc.nat(3),
    }),
    { maxLength: 3, size: 'max' },
  ),
  vpcRoutes: fc.array(
    fc.record({ vpc: index, table: fc.nat(2), range, toIdc: fc.option(index), gateway: index, enabled: mostly }),
    {
      maxLength: 14,
      size: 'max',
    },
  ),
  gateways: fc.array(fc.record({ account: index, vpc: fc.option(index, { freq: 5 }), age: fc.nat(3) }), {
    minLength: 1,
    maxLength: 6,
    size: 'max',
  }),
  idcs: fc.array(fc.record({ account: index, ranges: fc.array(narrowRange, { minLength: 1, maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 8,
    size: 'max',
  }),
  connections: fc.array(
    fc.record({
      gateway: index,
      idc: index,
      age: fc.nat(3),
      isTypical: fc.boolean(),
      works: mostly,
      isProbed: fc.boolean(),
      policies: fc.array(fc.record({ local: range, remotes: fc.array(range, { minLength: 1, maxLength: 3 }) }), {
        maxLength: 3,
      }),
    }),
    { maxLength: 14, size: 'max' },
  ),
  gatewayRoutes: fc.array(
    fc.record({ connection: index, range, isTypical: fc.boolean(), standby: fc.boolean(), enabled: mostly }),
    {
      maxLength: 20,
      size: 'max',
    },
  ),
});

type Recipe = typeof recipeArbitrary extends fc.Arbitrary<infer T> ? T : never;

export const worldArbitrary: fc.Arbitrary<World> = recipeArbitrary.map(buildWorld);

const template = sampleNetwork([]);
const templateVpc = first(template.vpcs);
const templateSubnet = first(template.subnets);
const templateTable = first(template.routeTables);
const templateGateway = first(template.vpnGateways);

function first<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('the sample network is empty');
  return row;
}

const tablesPerVpc = 3;

function buildWorld(recipe: Recipe): World {
  const vpcs = recipe.vpcs.map(({ account, cidr, age }, number): Vpc => ({
    ...templateVpc,
    id: idOf('vpc', number),
    accountId: pick(accounts, account),
    cidr: pick(vpcCidrs, cidr),
    createdAt: age,
  }));
  const idcs = recipe.idcs.map(({ ranges }, number): Idc => ({
    id: idOf('cgw', number),
    address: parseIpAddress(`203.0.113.${10 + number}`),
    ranges: ranges.map((at) => pick(pool, at)),
  }));
  const customerGateways = idcs.map(({ id, address }, number) => ({
    ...{ id, address, name: 'device', bgpAsn: null, tags: [], region: 'local', createdAt: 0 },
    accountId: pick(accounts, recipe.idcs[number]?.account ?? 0),
  }));
  const vpnGateways = buildGateways(recipe, vpcs);
  const ends = { vpcs, vpnGateways, customerGateways, idcs };
  const vpnConnections = buildConnections(recipe, ends);
  const desired: DesiredState = {
    ...{ vpcs, vpnGateways, customerGateways, vpnConnections, subnetInterfaces: [] },
    subnets: vpcs.flatMap((vpc, number) => buildSubnets(recipe, vpc, number)),
    routeTables: vpcs.flatMap(buildTables),
    vpcRoutes: buildVpcRoutes(recipe, ends),
    vpnGatewayRoutes: buildGatewayRoutes(recipe, vpnConnections, idcs),
  };
  const failed = vpnConnections.filter(({ id }) => recipe.connections[numberOf(id)]?.works === false);
  return { desired, idcs, unusable: new Set(failed.map(({ id }) => id)) };
}

function idOf<P extends ResourcePrefix>(prefix: P, number: number): ResourceId<P> {
  return `${prefix}-id${String(number).padStart(6, '0')}`;
}

function numberOf(id: string): number {
  return Number(id.slice(-6));
}

/** Route table ids whose numbers in the kernel collide (the planner counts them modulo 2 000 000 000). */
function tableId(vpc: number, table: number): RouteTable['id'] {
  return `rtb-${(2_000_000_000 * (1 + vpc * tablesPerVpc + table)).toString(36).padStart(8, '0')}`;
}

function pick<T>(list: readonly T[], at: number): T {
  const item = list[at % list.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

function buildTables({ id: vpcId, accountId }: Vpc, number: number): RouteTable[] {
  return [0, 1, 2].map((table) => ({
    ...templateTable,
    id: tableId(number, table),
    vpcId,
    accountId,
    isMain: table === 0,
  }));
}

/** Eighths of the VPC, cut to at most a /24 each, so that a part of the VPC is always in no subnet. */
function buildSubnets(recipe: Recipe, vpc: Vpc, number: number): Subnet[] {
  const wanted = new Map((recipe.vpcs[number]?.subnets ?? []).map(({ slot, table }) => [slot, table]));
  const base = ipToBigInt(networkAddress(vpc.cidr));
  return [...wanted].map(([slot, table]) => ({
    ...templateSubnet,
    id: idOf('subnet', number * 10 + slot),
    vpcId: vpc.id,
    accountId: vpc.accountId,
    cidr: parseCidr(`${ipFromBigInt(4, base + BigInt(slot) * 256n)}/${slot % 3 === 2 ? 25 : 24}`),
    routeTableId: tableId(number, table),
  }));
}

/** At most two gateways on a VPC; a gateway of kind `ccn` where the recipe names no VPC or there is none. */
function buildGateways(recipe: Recipe, vpcs: readonly Vpc[]): VpnGateway[] {
  const gateways: VpnGateway[] = [];
  for (const [number, { account, vpc: at, age }] of recipe.gateways.entries()) {
    const wanted = at === null || vpcs.length === 0 ? undefined : pick(vpcs, at);
    const taken = gateways.filter(({ vpcId }) => vpcId === wanted?.id).length;
    const vpc = taken < 2 ? wanted : undefined;
    gateways.push({
      ...templateGateway,
      id: idOf('vpngw', number),
      accountId: vpc?.accountId ?? pick(accounts, account),
      kind: vpc === undefined ? 'ccn' : 'vpc',
      vpcId: vpc?.id ?? null,
      publicAddress: parseIpAddress(`203.0.113.${128 + number}`),
      createdAt: age,
    });
  }
  return gateways;
}

type Ends = Pick<DesiredState, 'vpcs' | 'vpnGateways' | 'customerGateways'> & Pick<World, 'idcs'>;

/** One tunnel for a pair of gateways of the same account; policies that the API would refuse are left out. */
function buildConnections(recipe: Recipe, { vpcs, vpnGateways, customerGateways, idcs }: Ends): VpnConnection[] {
  const connections: VpnConnection[] = [];
  for (const [number, { gateway: at, idc, age, isTypical, isProbed, policies }] of recipe.connections.entries()) {
    const gateway = pick(vpnGateways, at);
    const peers = customerGateways.filter(({ accountId }) => accountId === gateway.accountId);
    if (peers.length === 0) continue;
    const customerGatewayId = pick(peers, idc).id;
    const remotes = idcs.find(({ id }) => id === customerGatewayId)?.ranges ?? [];
    const others = connections.filter(({ vpnGatewayId }) => vpnGatewayId === gateway.id);
    if (others.some((other) => other.customerGatewayId === customerGatewayId)) continue;
    const vpcCidr = vpcs.find(({ id }) => id === gateway.vpcId)?.cidr ?? null;
    const drawn = policies.map((policy) => ({
      local: pick(pool, policy.local),
      remotes: policy.remotes.map((range) => pick(pool, range)),
    }));
    const wanted = isTypical && vpcCidr !== null && drawn.length > 0 ? [{ local: vpcCidr, remotes }, ...drawn] : drawn;
    connections.push(
      sampleConnection(number, allowedPolicies(wanted, vpcCidr, others), {
        id: idOf('vpnx', number),
        accountId: gateway.accountId,
        vpnGatewayId: gateway.id,
        vpcId: gateway.vpcId,
        customerGatewayId,
        ifId: others.length + 1,
        createdAt: age,
        ...(isProbed ? { healthCheck: healthCheckOf(others.length) } : {}),
      }),
    );
  }
  return connections;
}

/** Neighbouring addresses of 169.254.128.0/17, another pair for each tunnel of a gateway. */
function healthCheckOf(number: number): VpnConnection['healthCheck'] {
  const base = ipToBigInt(parseIpAddress('169.254.128.0')) + BigInt(number) * 4n;
  const addresses = { localAddress: ipFromBigInt(4, base + 1n), remoteAddress: ipFromBigInt(4, base + 2n) };
  return { enabled: true, ...addresses, intervalMs: 5000, threshold: 3, timeoutMs: 150 };
}

function allowedPolicies(
  wanted: readonly SecurityPolicyEntry[],
  vpcCidr: Cidr | null,
  others: readonly VpnConnection[],
): SecurityPolicyEntry[] {
  let accepted: SecurityPolicyEntry[] = [];
  for (const { local, remotes } of wanted) {
    for (const remote of remotes) {
      const entry = { local, remotes: [remote] };
      if (isAllowed([...accepted, entry], vpcCidr, others)) accepted = [...accepted, entry];
    }
  }
  return isWildcardPolicy(accepted) ? [] : accepted;
}

function isAllowed(policies: SecurityPolicyEntry[], vpcCidr: Cidr | null, others: readonly VpnConnection[]): boolean {
  try {
    checkPolicies(policies, vpcCidr, defaultQuotas);
    checkAgainstOthers(policies, others, defaultQuotas);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function buildVpcRoutes(recipe: Recipe, { vpcs, vpnGateways, idcs }: Ends): VpcRoute[] {
  const routes: VpcRoute[] = [];
  for (const [number, { vpc: at, table, range: rangeAt, toIdc, gateway, enabled }] of recipe.vpcRoutes.entries()) {
    if (vpcs.length === 0) break;
    const vpc = pick(vpcs, at);
    const gateways = vpnGateways.filter(({ vpcId }) => vpcId === vpc.id);
    const destination = toIdc === null ? pick(pool, rangeAt) : pick(pick(idcs, toIdc).ranges, 0);
    if (gateways.length === 0 || cidrContains(vpc.cidr, destination)) continue;
    const routeTableId = tableId(vpcs.indexOf(vpc), table);
    const { id: gatewayId } = pick(gateways, gateway);
    // The API refuses a second next hop for the same destination today; the planner can spread over both.
    const isDouble = routes.some(
      (route) =>
        route.routeTableId === routeTableId && route.destination === destination && route.nextHop.id === gatewayId,
    );
    if (isDouble) continue;
    routes.push({
      ...{ id: idOf('rti', number), routeId: number, routeTableId, vpcId: vpc.id, destination, enabled },
      ...{ accountId: vpc.accountId, region: 'local', createdAt: 0, description: '' },
      nextHop: { kind: 'vpn-gateway', id: gatewayId },
    });
  }
  return routes;
}

function buildGatewayRoutes(
  recipe: Recipe,
  vpnConnections: readonly VpnConnection[],
  idcs: readonly Idc[],
): VpnGatewayRoute[] {
  if (vpnConnections.length === 0) return [];
  const routes = recipe.gatewayRoutes.map(({ connection: at, range: rangeAt, isTypical, standby, enabled }) => {
    const { id, vpnGatewayId, accountId, customerGatewayId } = pick(vpnConnections, at);
    const own = idcs.find((idc) => idc.id === customerGatewayId)?.ranges[0];
    const destination = isTypical && own !== undefined ? own : pick(pool, rangeAt);
    return sampleGatewayRoute(destination, 0, {
      ...{ id: `vpnr-${id}-${destination}-${standby}` as const, vpnGatewayId, accountId, enabled },
      nextHop: { kind: 'vpn-connection', id },
      priority: standby ? 100 : 0,
    });
  });
  return [...new Map(routes.map((route) => [route.id, route])).values()];
}

/** Addresses to try in a world: hosts, holes in VPCs, the edges of every range, and the world outside. */
export function hostAddresses({ desired, idcs }: World): IpAddress[] {
  const blocks = [
    ...desired.subnets.map(({ cidr }) => cidr),
    ...idcs.flatMap(({ ranges }) => ranges),
    ...pool.filter((block) => block !== everywhere),
  ];
  const candidates = [
    ...blocks.flatMap((block) => [offset(block, 5n), offset(block, 130n)]),
    ...desired.vpcs.map(({ cidr }) => offset(cidr, 9n * 256n + 5n)),
    ...['8.8.8.8', '203.0.113.10', '224.0.0.5', '127.0.0.1'].map(parseIpAddress),
  ];
  const special = new Set(routerAddresses(desired));
  return [...new Set(candidates)].filter((address) => !special.has(address));
}

function offset(block: Cidr, distance: bigint): IpAddress {
  const step = distance < addressCount(block) ? distance : addressCount(block) - 1n;
  return ipFromBigInt(4, ipToBigInt(networkAddress(block)) + step);
}

/** Addresses that no host can have: they belong to routers, or to a subnet as a whole. */
export function routerAddresses(desired: DesiredState): IpAddress[] {
  return [
    ...desired.subnets.flatMap(({ cidr }) => [networkAddress(cidr), firstHost(cidr), lastAddress(cidr)]),
    ...desired.vpnGateways.map(({ publicAddress }) => publicAddress),
    ...['169.254.0.1', '169.254.0.2', '192.0.0.2'].map(parseIpAddress),
  ];
}
