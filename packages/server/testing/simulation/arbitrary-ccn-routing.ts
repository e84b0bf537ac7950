import { everything, parseCidr, type Cidr } from '@landbridge/net';
import * as fc from 'fast-check';
import { defaultRouteTableId, type CcnAttachment } from '../../src/domain/ccn/ccn.ts';
import type { CcnRoutePolicy, CcnRoutePolicyList, InstanceCondition } from '../../src/domain/ccn/ccn-route-policy.ts';
import type { CcnRouteTable, CcnSelectionPolicy } from '../../src/domain/ccn/ccn-route-table.ts';
import type { NetworkRows } from '../image-of.ts';
import { rangesOfVpc } from '../../src/domain/vpc/vpc.ts';
import type { CcnRouteTableId } from '../../src/domain/resource-id.ts';
import { ccnScenario } from './ccn-worlds.ts';
import { byRoute, bySpd, idcRange, route } from './scenario-worlds.ts';
import type { World } from './world.ts';

/** Random route tables of CCNs: what is bound to them, what enters them, what they announce, who selects them. */
const index = fc.nat(1023);
const condition = fc.record({ kind: fc.nat(3), value: index, isExact: fc.boolean() });
const action = fc.constantFrom('accept' as const, 'drop' as const);

export const ccnRoutingArbitrary = fc.record({
  tables: fc.array(fc.record({ ccn: index, age: fc.nat(3) }), { minLength: 2, maxLength: 3, size: 'max' }),
  bindings: fc.array(index, { maxLength: 8, size: 'max' }),
  lists: fc.array(
    fc.record({
      table: index,
      direction: fc.constantFrom('input' as const, 'broadcast' as const),
      policies: fc.array(
        fc.record({
          action,
          routes: fc.array(condition, { maxLength: 2 }),
          hearers: fc.array(condition, { maxLength: 1 }),
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 5, size: 'max' },
  ),
  selections: fc.array(fc.record({ attachment: index, source: index, table: index }), { maxLength: 8, size: 'max' }),
});

const ranges = ['10.0.0.0/16', '10.0.1.0/24', '172.16.0.0/12', '192.168.0.0/16', '192.168.1.0/24', '192.168.9.0/24'];

/** Scenario 4 of docs/spec/scenarios.md, by destination routing and by SPD, with random route tables. */
export const ccnWorldArbitrary: fc.Arbitrary<World> = ccnRoutingArbitrary.map((recipe) => {
  const world = ccnScenario({
    tunnels: [byRoute(1), byRoute(2), bySpd(3, '0.0.0.0/0')],
    routes: [route(1), route(2)],
    announced: { [idcRange(3)]: true },
  });
  return { ...world, desired: { ...world.desired, ...buildCcnRouting(recipe, world.desired, ranges.map(parseCidr)) } };
});

type Recipe = typeof ccnRoutingArbitrary extends fc.Arbitrary<infer T> ? T : never;
type Routing = Pick<NetworkRows, 'ccnRouteTables' | 'ccnAttachments' | 'ccnRoutePolicyLists' | 'ccnSelectionPolicies'>;

export function buildCcnRouting(recipe: Recipe, rows: NetworkRows, pool: readonly Cidr[]): Routing {
  const ccnRouteTables = buildTables(recipe, rows);
  const { bindings } = recipe;
  const ccnAttachments = rows.ccnAttachments.map((attachment, number): CcnAttachment => {
    const own = ccnRouteTables.filter(({ ccnId }) => ccnId === attachment.ccnId);
    return { ...attachment, routeTableId: pick(own, bindings[number] ?? 0).id };
  });
  return {
    ...{ ccnRouteTables, ccnAttachments },
    ccnRoutePolicyLists: buildPolicies(recipe, ccnRouteTables, ccnAttachments, pool),
    ccnSelectionPolicies: buildSelections(recipe, { ...rows, ccnRouteTables, ccnAttachments }),
  };
}

/** Ids whose numbers in the kernel collide, as those of VPCs do. */
function tableId(number: number): CcnRouteTableId {
  return `ccnrtb-${(2_000_000_000 * (1 + number)).toString(36).padStart(8, '0')}`;
}

function buildTables({ tables }: Recipe, { ccns }: NetworkRows): CcnRouteTable[] {
  const standard = ccns.map(({ id: ccnId, accountId }) => ({
    ...{ id: defaultRouteTableId(ccnId), ccnId, accountId, region: 'local', createdAt: 0 },
    ...{ name: 'default', description: '', isDefault: true },
  }));
  if (ccns.length === 0) return [];
  const custom = tables.map(({ ccn, age }, number) => {
    const { id: ccnId, accountId } = pick(ccns, ccn);
    const id = tableId(number);
    return { id, ccnId, accountId, region: 'local', createdAt: age, name: 'custom', description: '', isDefault: false };
  });
  return [...standard, ...custom];
}

function buildPolicies(
  { lists }: Recipe,
  tables: readonly CcnRouteTable[],
  attachments: readonly CcnAttachment[],
  pool: readonly Cidr[],
): CcnRoutePolicyList[] {
  if (tables.length === 0) return [];
  const built = lists.map(({ table, direction, policies }): CcnRoutePolicyList => {
    return {
      ...{ routeTableId: pick(tables, table).id, direction, version: 1, createdAt: 0 },
      policies: policies.map(({ action: wanted, routes, hearers }): CcnRoutePolicy => ({
        ...{ action: wanted, description: '' },
        conditions: routes.map((given) =>
          given.kind === 3
            ? {
                kind: 'destination',
                pattern: given.isExact ? 'exact' : 'within',
                values: [pick(pool, given.value), pick(pool, given.value + 5)],
              }
            : instanceCondition(given, attachments),
        ),
        audience: direction === 'input' ? [] : hearers.map((given) => instanceCondition(given, attachments)),
      })),
    };
  });
  return [...new Map(built.map((list) => [`${list.routeTableId} ${list.direction}`, list])).values()];
}

function instanceCondition(
  { kind, value }: { readonly kind: number; readonly value: number },
  attachments: readonly CcnAttachment[],
): InstanceCondition {
  if (kind === 2) return { kind: 'region', values: [value % 2 === 0 ? 'local' : 'elsewhere'] };
  if (kind === 1 && attachments.length > 0) {
    return { kind: 'instance-id', values: [pick(attachments, value).instance.id] };
  }
  return { kind: 'instance-kind', values: [pick(['vpc', 'vpn-gateway', 'direct-connect-gateway'] as const, value)] };
}

/** One for each instance and source. */
function buildSelections(
  { selections }: Recipe,
  rows: Pick<NetworkRows, 'ccnRouteTables' | 'ccnAttachments' | 'vpcs' | 'subnets' | 'directConnectRanges'>,
): CcnSelectionPolicy[] {
  const { ccnRouteTables: tables, ccnAttachments: attachments, vpcs, subnets, directConnectRanges } = rows;
  const sources = [
    everything,
    ...[...vpcs.flatMap(rangesOfVpc), ...subnets.map(({ cidr }) => cidr)],
    ...directConnectRanges.map(({ destination }) => destination),
  ];
  const built = selections.flatMap(({ attachment, source: at, table }, position): CcnSelectionPolicy[] => {
    if (attachments.length === 0) return [];
    const { ccnId, instance } = pick(attachments, attachment);
    const custom = tables.filter((candidate) => candidate.ccnId === ccnId && !candidate.isDefault);
    if (custom.length === 0) return [];
    const routeTableId = pick(custom, table).id;
    return [{ ccnId, instance, source: pick(sources, at), routeTableId, description: '', position }];
  });
  return [...new Map(built.map((policy) => [`${policy.instance.id} ${policy.source}`, policy])).values()];
}

function pick<T>(list: readonly T[], at: number): T {
  const item = list[at % list.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
