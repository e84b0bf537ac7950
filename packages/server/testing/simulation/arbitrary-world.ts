import {
  cidrsOverlap,
  everything,
  ipFromBigInt,
  ipToBigInt,
  networkAddress,
  parseCidr,
  parseIpAddress,
  type Cidr,
} from '@landbridge/net';
import * as fc from 'fast-check';
import {
  defaultRouteTableId,
  type Ccn,
  type CcnAttachment,
  type CcnInstance,
  type CcnRangeChoice,
  type CcnRouteChoice,
} from '../../src/domain/ccn/ccn.ts';
import { ccnRoutesOf, twinOf } from '../../src/derive/ccn-routes.ts';
import { rowsOf, type NetworkRows } from '../image-of.ts';
import type { DirectConnectGateway } from '../../src/domain/direct-connect/direct-connect-gateway.ts';
import { defaultQuotas } from '../../src/domain/operator/quotas.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { ResourceId, ResourcePrefix } from '../../src/domain/resource-id.ts';
import type { RouteTable, VpcNextHop, VpcRoute } from '../../src/domain/vpc/route-table.ts';
import { sampleConnection, sampleGatewayRoute, sampleNetwork } from '../sample-network.ts';
import {
  type SpdTunnels,
  checkAgainstOthers,
  checkPolicies,
  isWildcardPolicy,
  mappingsConflict,
} from '../../src/domain/vpn/security-policy.ts';
import type { Subnet } from '../../src/domain/vpc/subnet.ts';
import { assumeUsable } from '../../src/domain/vpn/tunnel-usability.ts';
import { rangesOfVpc, vpcRangeAround, type SecondaryRange, type Vpc } from '../../src/domain/vpc/vpc.ts';
import { mappingsOf, type SecurityPolicyEntry, type VpnConnection } from '../../src/domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../src/domain/vpn/vpn-gateway.ts';
import { ccnRangesOf } from '../../src/derive/vpn-gateway-ccn-range.ts';
import type { VpnGatewayRoute } from '../../src/domain/vpn/vpn-gateway-route.ts';
import { buildCcnRouting, ccnRoutingArbitrary } from './arbitrary-ccn-routing.ts';
import type { Idc, World } from './world.ts';

/**
 * Random networks as the API would let users build them: what a rule of the domain refuses is left out. Ranges come from a
 * small pool, so that they meet: equal, nested, overlapping between accounts, VPCs, IDCs, policies and routes.
 */
const vpcCidrs = ['10.0.0.0/16', '10.0.0.0/16', '10.0.0.0/20', '172.16.0.0/16', '192.168.0.0/20'].map(parseCidr);
/** Beside another VPC's block, around ranges of the pool, and next to the VPC's own block. */
const secondaryCidrs = ['172.16.0.0/16', '10.200.0.0/16', '192.168.0.0/16', '10.0.16.0/20', '10.1.0.0/16'].map(
  parseCidr,
);
/** Ranges of IDCs, policies and routes. */
export const pool = [
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
      secondary: fc.array(fc.record({ cidr: index, age: fc.nat(3) }), { maxLength: 2 }),
      subnets: fc.array(fc.record({ slot: fc.nat(7), table: fc.nat(2), range: fc.nat(2) }), {
        maxLength: 4,
        size: 'max',
      }),
      age: fc.nat(3),
    }),
    { maxLength: 4, size: 'max' },
  ),
  vpcRoutes: fc.array(
    fc.record({ vpc: index, table: fc.nat(2), range, toIdc: fc.option(index), gateway: index, enabled: mostly }),
    {
      maxLength: 14,
      size: 'max',
    },
  ),
  gateways: fc.array(
    fc.record({ account: index, vpc: fc.option(index, { freq: 2 }), age: fc.nat(3), checksSources: mostly }),
    {
      minLength: 1,
      maxLength: 6,
      size: 'max',
    },
  ),
  idcs: fc.array(fc.record({ account: index, ranges: fc.array(narrowRange, { minLength: 1, maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 12,
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
    { maxLength: 18, size: 'max' },
  ),
  ccns: fc.array(fc.record({ account: index, ecmp: fc.boolean(), overlap: fc.boolean() }), { maxLength: 2 }),
  directConnectGateways: fc.array(
    fc.record({
      account: index,
      vpc: fc.option(index, { freq: 1 }),
      hasLine: mostly,
      ranges: fc.array(fc.record({ range, age: fc.nat(3) }), { maxLength: 2, size: 'max' }),
    }),
    { maxLength: 3 },
  ),
  attachments: fc.array(fc.record({ instance: index, ccn: index, age: fc.nat(3) }), { maxLength: 8, size: 'max' }),
  ccnRouting: ccnRoutingArbitrary,
  ccnRanges: fc.array(fc.record({ gateway: index, range: index, enabled: mostly }), { maxLength: 8, size: 'max' }),
  ccnChoices: fc.array(fc.record({ ccn: index, route: index, enabled: fc.boolean(), age: fc.nat(3) }), {
    maxLength: 4,
  }),
  gatewayRoutesToCcn: fc.array(fc.record({ gateway: index, range, standby: fc.boolean(), enabled: mostly }), {
    maxLength: 4,
  }),
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
  const vpcs = recipe.vpcs.map(({ account, cidr: at, secondary, age }, number): Vpc => {
    const cidr = pick(vpcCidrs, at);
    return {
      ...templateVpc,
      id: idOf('vpc', number),
      accountId: pick(accounts, account),
      cidr,
      secondaryRanges: buildSecondaryRanges(cidr, secondary),
      createdAt: age,
    };
  });
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
  const directConnect = buildDirectConnect(recipe, vpcs);
  const ends = { vpcs, vpnGateways, customerGateways, idcs, ...directConnect };
  const vpnConnections = buildConnections(recipe, ends);
  const desired = addCcns(recipe, {
    ...{ vpcs, vpnGateways, customerGateways, vpnConnections, subnetInterfaces: [], ...directConnect },
    ...{ ccns: [], ccnAttachments: [], ccnRouteChoices: [], ccnRangeChoices: [], ccnBandwidthLimits: [] },
    ...{ ccnRouteTables: [], ccnRoutePolicyLists: [], ccnSelectionPolicies: [] },
    subnets: vpcs.flatMap((vpc, number) => buildSubnets(recipe, vpc, number)),
    routeTables: vpcs.flatMap(buildTables),
    vpcRoutes: buildVpcRoutes(recipe, ends),
    vpnGatewayRoutes: buildGatewayRoutes(recipe, ends, vpnConnections),
  });
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

/** Ranges of a VPC never overlap. */
function buildSecondaryRanges(cidr: Cidr, drawn: Recipe['vpcs'][number]['secondary']): SecondaryRange[] {
  const ranges: SecondaryRange[] = [];
  for (const { cidr: at, age } of drawn) {
    const range = pick(secondaryCidrs, at);
    const taken = [cidr, ...ranges.map((other) => other.cidr)];
    if (!taken.some((other) => cidrsOverlap(other, range))) ranges.push({ cidr: range, addedAt: age });
  }
  return ranges;
}

/** In the first sixteenth of one of the VPC's ranges, at most a /24 each, so that a part of each is always in no subnet. */
function buildSubnets(recipe: Recipe, vpc: Vpc, number: number): Subnet[] {
  const ranges = rangesOfVpc(vpc);
  const wanted = new Map((recipe.vpcs[number]?.subnets ?? []).map((subnet) => [subnet.slot, subnet]));
  return [...wanted.values()].map(({ slot, table, range }) => {
    const base = ipToBigInt(networkAddress(pick(ranges, range)));
    return {
      ...templateSubnet,
      id: idOf('subnet', number * 10 + slot),
      vpcId: vpc.id,
      accountId: vpc.accountId,
      cidr: parseCidr(`${ipFromBigInt(4, base + BigInt(slot) * 256n)}/${slot % 3 === 2 ? 25 : 24}`),
      routeTableId: tableId(number, table),
    };
  });
}

/** At most two gateways on a VPC; a gateway of kind `ccn` where the recipe names no VPC or there is none. */
function buildGateways(recipe: Recipe, vpcs: readonly Vpc[]): VpnGateway[] {
  const gateways: VpnGateway[] = [];
  for (const [number, { account, vpc: at, age, checksSources }] of recipe.gateways.entries()) {
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
      checksSources,
      createdAt: age,
    });
  }
  return gateways;
}

type DirectConnect = Pick<NetworkRows, 'directConnectGateways' | 'directConnectRanges' | 'directConnectLines'>;

/** At most one of them on a VPC; the others are for CCNs. */
function buildDirectConnect(recipe: Recipe, vpcs: readonly Vpc[]): DirectConnect {
  const gateways: DirectConnectGateway[] = [];
  for (const [number, { account, vpc: at }] of recipe.directConnectGateways.entries()) {
    const wanted = at === null || vpcs.length === 0 ? undefined : pick(vpcs, at);
    const vpc = gateways.some(({ vpcId }) => vpcId === wanted?.id) ? undefined : wanted;
    gateways.push({
      ...{ id: idOf('dcg', number), name: 'line', region: 'local', createdAt: 0, modeType: 'standard', asn: null },
      ...{ network: vpc === undefined ? 'ccn' : 'vpc', vpcId: vpc?.id ?? null, tags: [] },
      accountId: vpc?.accountId ?? pick(accounts, account),
    });
  }
  const directConnectRanges = gateways.flatMap(({ id, accountId, network }, number) => {
    const drawn = network === 'vpc' ? [] : (recipe.directConnectGateways[number]?.ranges ?? []);
    const ranges = new Map(drawn.map(({ range: at, age }) => [pick(pool, at), age]));
    return [...ranges].map(([destination, age], at) => ({
      ...{ id: idOf('dcr', number * 10 + at), accountId, region: 'local', createdAt: age, updatedAt: age },
      ...{ directConnectGatewayId: id, destination, description: '' },
    }));
  });
  const directConnectLines = gateways.flatMap(({ id, accountId }, number) => {
    if (recipe.directConnectGateways[number]?.hasLine !== true) return [];
    const port = { kind: 'interface' as const, interfaceName: `line${number}`, vlanId: null, createdAt: 0 };
    const [localAddress, peerAddress] = [`198.18.${number}.1/30`, parseIpAddress(`198.18.${number}.2`)];
    return [{ accountId, directConnectGatewayId: id, ...port, localAddress, peerAddress }];
  });
  return { directConnectGateways: gateways, directConnectRanges, directConnectLines };
}

/** CCNs with what is attached to them, and what users enabled and disabled by hand. */
function addCcns(recipe: Recipe, desired: NetworkRows): NetworkRows {
  const ccns = recipe.ccns.map(({ account, ecmp, overlap }, number): Ccn => ({
    ...{ id: idOf('ccn', number), accountId: pick(accounts, account), region: 'local', createdAt: 0, name: 'ccn' },
    ...{ description: '', qosLevel: 'gold', prepaid: false, metering: 'bandwidth', bandwidthLimit: 'outer-region' },
    ...{ routeEcmp: ecmp, routeOverlap: overlap, tags: [] },
  }));
  const attached = { ...desired, ccns, ccnAttachments: buildAttachments(recipe, ccns, desired) };
  const routable = { ...attached, vpnGatewayRoutes: addRoutesToCcn(recipe, attached) };
  const routed = { ...routable, ...buildCcnRouting(recipe.ccnRouting, routable, pool) };
  const ranged = { ...routed, ccnRangeChoices: buildRangeChoices(recipe, routed) };
  return { ...ranged, ccnRouteChoices: buildRouteChoices(recipe, ranged) };
}

function buildAttachments(recipe: Recipe, ccns: readonly Ccn[], desired: NetworkRows): CcnAttachment[] {
  const { vpcs, vpnGateways, directConnectGateways } = desired;
  const instances: { instance: CcnInstance; accountId: string }[] = [
    ...vpcs.map(({ id, accountId }) => ({ instance: { kind: 'vpc', id } as const, accountId })),
    ...vpnGateways
      .filter(({ kind }) => kind === 'ccn')
      .map(({ id, accountId }) => ({ instance: { kind: 'vpn-gateway', id } as const, accountId })),
    ...directConnectGateways
      .filter(({ network }) => network === 'ccn')
      .map(({ id, accountId }) => ({ instance: { kind: 'direct-connect-gateway', id } as const, accountId })),
  ];
  const attachments: CcnAttachment[] = [];
  for (const [number, { instance: at, ccn, age }] of recipe.attachments.entries()) {
    if (ccns.length === 0 || instances.length === 0) break;
    const { instance, accountId } = pick(instances, at);
    const own = ccns.filter((candidate) => candidate.accountId === accountId);
    if (own.length === 0 || attachments.some((other) => other.instance.id === instance.id)) continue;
    const ccnId = pick(own, ccn).id;
    attachments.push({
      ...{ accountId, region: 'local', createdAt: age, ccnId, instance, description: '', number, generation: 1 },
      ...{ routeTableId: defaultRouteTableId(ccnId), boundAt: age },
    });
  }
  return attachments;
}

/** A destination lies behind tunnels or in the CCN, not both. */
function addRoutesToCcn(
  recipe: Recipe,
  { ccnAttachments, vpnGatewayRoutes }: Pick<NetworkRows, 'ccnAttachments' | 'vpnGatewayRoutes'>,
): VpnGatewayRoute[] {
  const attached = ccnAttachments.filter(({ instance }) => instance.kind === 'vpn-gateway');
  const routes = recipe.gatewayRoutesToCcn.flatMap(({ gateway, range: at, standby, enabled }) => {
    if (attached.length === 0) return [];
    const { ccnId, instance, accountId } = pick(attached, gateway);
    const destination = pick(pool, at);
    const vpnGatewayId = instance.id as VpnGateway['id'];
    const isTaken = vpnGatewayRoutes.some(
      (one) => one.vpnGatewayId === vpnGatewayId && one.destination === destination,
    );
    if (isTaken) return [];
    const route = sampleGatewayRoute(destination, 0, {
      ...{ id: `vpnr-${vpnGatewayId}-${destination}-${standby}` as const, vpnGatewayId, accountId, enabled },
      nextHop: { kind: 'ccn', id: ccnId },
      priority: standby ? 100 : 0,
    });
    return [route];
  });
  return [...vpnGatewayRoutes, ...new Map(routes.map((route) => [route.id, route])).values()];
}

function buildRangeChoices(recipe: Recipe, desired: NetworkRows): CcnRangeChoice[] {
  const gateways = desired.ccnAttachments.flatMap(({ instance }) =>
    instance.kind === 'vpn-gateway' ? [instance.id] : [],
  );
  const rows = rowsOf(desired);
  const choices = recipe.ccnRanges.flatMap(({ gateway, range: at, enabled }) => {
    if (gateways.length === 0) return [];
    const vpnGatewayId = pick(gateways, gateway);
    const ranges = ccnRangesOf(vpnGatewayId, rows, assumeUsable);
    if (ranges.length === 0) return [];
    return [{ vpnGatewayId, destination: pick(ranges, at).destination, enabled, updatedAt: 1 }];
  });
  // One for each gateway and range.
  return [...new Map(choices.map((one) => [`${one.vpnGatewayId} ${one.destination}`, one])).values()];
}

function buildRouteChoices(recipe: Recipe, desired: NetworkRows): CcnRouteChoice[] {
  let rows = desired;
  for (const { ccn: at, route, enabled, age } of recipe.ccnChoices) {
    if (rows.ccns.length === 0) break;
    const { id: routeTableId, ccnId } = pick(rows.ccnRouteTables, at);
    const ccn = rows.ccns.find(({ id }) => id === ccnId);
    const routes = ccnRoutesOf({ ccnId, routeTableId }, rowsOf(rows), assumeUsable);
    if (ccn === undefined) throw new Error(`no ${ccnId}`);
    if (routes.length === 0) continue;
    const { instance, destination, ...chosen } = pick(routes, route);
    if (enabled && !chosen.enabled && twinOf({ ...chosen, instance, destination }, routes, ccn) !== undefined) continue;
    const isOther = (choice: CcnRouteChoice) =>
      choice.routeTableId !== routeTableId || choice.instanceId !== instance.id || choice.destination !== destination;
    const choice = { routeTableId, instanceId: instance.id, destination, enabled, updatedAt: age };
    rows = { ...rows, ccnRouteChoices: [...rows.ccnRouteChoices.filter(isOther), choice] };
  }
  return [...rows.ccnRouteChoices];
}

type Ends = Pick<NetworkRows, 'vpcs' | 'vpnGateways' | 'customerGateways' | 'directConnectGateways'> &
  Pick<World, 'idcs'>;

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
    const vpcRanges = vpcs.filter(({ id }) => id === gateway.vpcId).flatMap(rangesOfVpc);
    const drawn = policies.map((policy) => ({
      local: pick(pool, policy.local),
      remotes: policy.remotes.map((range) => pick(pool, range)),
    }));
    // A gateway of a CCN typically lets anybody there into the tunnel.
    const typical = { local: vpcRanges[0] ?? everything, remotes };
    const wanted = isTypical && drawn.length > 0 ? [typical, ...drawn] : drawn;
    connections.push(
      sampleConnection(number, allowedPolicies(wanted, vpcRanges, others), {
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
  vpcRanges: readonly Cidr[],
  others: readonly VpnConnection[],
): SecurityPolicyEntry[] {
  let accepted: SecurityPolicyEntry[] = [];
  for (const { local, remotes } of wanted) {
    for (const remote of remotes) {
      const entry = { local, remotes: [remote] };
      if (isAllowed([...accepted, entry], vpcRanges, others)) accepted = [...accepted, entry];
    }
  }
  return isWildcardPolicy(accepted) ? [] : accepted;
}

function isAllowed(
  policies: SecurityPolicyEntry[],
  vpcRanges: readonly Cidr[],
  others: readonly VpnConnection[],
): boolean {
  try {
    checkPolicies(policies, vpcRanges);
    checkAgainstOthers(policies, spdTunnelsAmong(others), defaultQuotas);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function spdTunnelsAmong(tunnels: readonly VpnConnection[]): SpdTunnels {
  const spd = tunnels.filter(({ mode }) => mode === 'spd');
  return {
    gatewayId: tunnels[0]?.vpnGatewayId ?? 'vpngw-none',
    countMappings: () => spd.flatMap(mappingsOf).length,
    conflictingWith: (mapping) => spd.filter((one) => mappingsOf(one).some((own) => mappingsConflict(own, mapping))),
  };
}

function buildVpcRoutes(recipe: Recipe, { vpcs, vpnGateways, directConnectGateways, idcs }: Ends): VpcRoute[] {
  const routes: VpcRoute[] = [];
  for (const [number, { vpc: at, table, range: rangeAt, toIdc, gateway, enabled }] of recipe.vpcRoutes.entries()) {
    if (vpcs.length === 0) break;
    const vpc = pick(vpcs, at);
    const gateways: VpcNextHop[] = [
      ...vpnGateways.filter(({ vpcId }) => vpcId === vpc.id).map(({ id }) => ({ kind: 'vpn-gateway', id }) as const),
      ...directConnectGateways
        .filter(({ vpcId }) => vpcId === vpc.id)
        .map(({ id }) => ({ kind: 'direct-connect-gateway', id }) as const),
    ];
    const destination = toIdc === null ? pick(pool, rangeAt) : pick(pick(idcs, toIdc).ranges, 0);
    if (gateways.length === 0 || vpcRangeAround(vpc, destination) !== undefined) continue;
    const routeTableId = tableId(vpcs.indexOf(vpc), table);
    const nextHop = pick(gateways, gateway);
    // The API refuses a second next hop for the same destination today; the planner can spread over both.
    const isDouble = routes.some(
      (route) =>
        route.routeTableId === routeTableId && route.destination === destination && route.nextHop.id === nextHop.id,
    );
    if (isDouble) continue;
    routes.push({
      ...{ id: idOf('rti', number), routeId: number, routeTableId, vpcId: vpc.id, destination, enabled },
      ...{ accountId: vpc.accountId, region: 'local', createdAt: 0, description: '' },
      nextHop,
    });
  }
  return routes;
}

/** Into tunnels without policies, and to nothing inside the gateway's VPC. */
function buildGatewayRoutes(
  recipe: Recipe,
  { idcs, vpcs }: { readonly idcs: readonly Idc[]; readonly vpcs: readonly Vpc[] },
  vpnConnections: readonly VpnConnection[],
): VpnGatewayRoute[] {
  const open = vpnConnections.filter(({ mode }) => mode === 'route');
  if (open.length === 0) return [];
  const routes = recipe.gatewayRoutes.flatMap(({ connection: at, range: rangeAt, isTypical, standby, enabled }) => {
    const { id, vpnGatewayId, accountId, customerGatewayId, vpcId } = pick(open, at);
    const own = idcs.find((idc) => idc.id === customerGatewayId)?.ranges[0];
    const destination = isTypical && own !== undefined ? own : pick(pool, rangeAt);
    const vpc = vpcs.find((one) => one.id === vpcId);
    if (vpc !== undefined && vpcRangeAround(vpc, destination) !== undefined) return [];
    return sampleGatewayRoute(destination, 0, {
      ...{ id: `vpnr-${id}-${destination}-${standby}` as const, vpnGatewayId, accountId, enabled },
      nextHop: { kind: 'vpn-connection', id },
      priority: standby ? 100 : 0,
    });
  });
  return [...new Map(routes.map((route) => [route.id, route])).values()];
}
